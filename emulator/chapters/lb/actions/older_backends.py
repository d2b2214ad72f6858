"""The older form of backends (host lb): servers are registered with a load balancer, behind all its older listeners.

A server that is bound in the newer form is one of the load balancer's here too, and DeregisterInstances… takes it off
every listener and path. A registration has one weight for all older listeners; the newer form may change the weight and
the port at each of them, or take the server off it, which the older lists do not tell. 50 servers may be registered
(12013); one of another VPC answers 9824, one that does not exist, is not in operation, is busy, is named twice, or has
the port behind another listener 10005.
"""

from collections.abc import Iterable
from typing import Any

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.records.device import SCRIPT_RUN, Device, DeviceStatus, OperateStatus
from emulator.chapters.devices.records.devices import BY_ID, DEVICES, by_ids
from emulator.chapters.lb.actions.backend_rows import present
from emulator.chapters.lb.actions.binding import TOO_MANY, Wanted, new_backend
from emulator.chapters.lb.actions.finding import BUSY, MODULE, check_idle, idle_balancer, own_balancer, task_body
from emulator.chapters.lb.actions.older_listeners import behind, taken_ports
from emulator.chapters.lb.records.backends import (
    BACKENDS,
    BOUND,
    SERVER,
    Backend,
    backends_of,
    backends_of_balancer,
    own_backends,
)
from emulator.chapters.lb.records.balancers import LOAD_BALANCERS, OPEN, LoadBalancer
from emulator.chapters.lb.records.health import is_alive
from emulator.chapters.lb.records.listeners import Listener, listeners_of
from emulator.chapters.lb.work.backends import begin_binding, begin_change, begin_unbinding
from emulator.chapters.registry import action
from emulator.clock import to_wire
from emulator.world.accounts import account_of, quotas_of
from emulator.world.paging import equals, listed
from emulator.world.pending import work_on

_OTHER_VPC, _WRONG_SERVER, _NO_BALANCER = 9824, 10005, 12012
_KINDS = {OPEN: 2}
_INTERNAL = 3
_NOTHING_TO_PROBE = -1


@action("RegisterInstancesWithBmLoadBalancer", MODULE, begins_operations=True)
def register_instances_with_bm_load_balancer(call: Call) -> Body:
    """Begin to register servers (负载均衡相关接口/绑定后端服务器到负载均衡.md)."""
    balancer = idle_balancer(call)
    ids = [item["instanceId"] for item in call["backends"]]
    weights = {item["instanceId"]: item["weight"] for item in call["backends"]}
    if len(ids) > len(weights):
        raise Refusal(_WRONG_SERVER, why="a server is named twice")
    has = backends_of(call.world, balancer.lb_id)
    known = {backend.target for backend in has}
    for id in weights:
        _usable(call, balancer, id)
        if id in known:
            raise Refusal(_WRONG_SERVER, why=f"{id} is registered with {balancer.lb_id} already")
    most = quotas_of(account_of(call.world, call.account_id)).balancer_servers
    if len(has) + len(weights) > most:
        raise Refusal(TOO_MANY, why=f"{balancer.lb_id} has {len(has)} servers and may have {most}")
    new = [_registration(call, balancer, id, weight) for id, weight in weights.items()]
    older = [it for it in listeners_of(call.world, balancer.lb_id, ("tcp",)) if it.instance_port]
    bound = {backend.id: backend for backend in backends_of_balancer(call.world, balancer.lb_id, weights)}
    everywhere = [it for listener in older for it in behind(call, balancer, listener, new)]
    at_ports = [it for it in everywhere if it.id not in bound]
    if taken := taken_ports(call, balancer, at_ports):
        raise Refusal(_WRONG_SERVER, why=taken)
    for backend in everywhere:
        if backend.id in bound:
            BACKENDS.change(call.world, backend.id, weight=backend.weight)
    wanted = [*new, *(it._replace(state=new[0].state) for it in at_ports)]
    return task_body(begin_binding(call, balancer.lb_id, wanted))


@action("DeregisterInstancesFromBmLoadBalancer", MODULE, begins_operations=True)
def deregister_instances_from_bm_load_balancer(call: Call) -> Body:
    """Begin to take servers off a load balancer (负载均衡相关接口/解绑后端服务器到负载均衡.md)."""
    balancer = own_balancer(call)
    leaving = _backends(call, balancer, [item["instanceId"] for item in call["backends"]])
    check_idle(call, balancer, busy=_WRONG_SERVER)
    return task_body(begin_unbinding(call, balancer.lb_id, leaving))


@action("ModifyBmLoadBalancerBackends", MODULE, begins_operations=True)
def modify_bm_load_balancer_backends(call: Call) -> Body:
    """Begin to change the weights of servers (负载均衡相关接口/修改负载均衡器后端服务器权重.md)."""
    balancer = idle_balancer(call, busy=BUSY)
    weights = {item["instanceId"]: item["weight"] for item in call["backends"]}
    wanted = {it.id: {"weight": weights[it.target]} for it in _backends(call, balancer, weights)}
    return task_body(begin_change(call, balancer.lb_id, wanted))


@action("DescribeBmLoadBalancerBackends", MODULE)
def describe_bm_load_balancer_backends(call: Call) -> Body:
    """List the servers of a load balancer (负载均衡相关接口/获取负载均衡后端服务器列表.md)."""
    weights = _weights(backends_of_balancer(call.world, own_balancer(call).lb_id))
    rows = [_server_row(device, weights[device.instance_id]) for device in by_ids(call.world, weights)]
    return {"data": [], "totalCount": len(rows), "backendSet": rows}


@action("DescribeBmLoadBalancersByInstances", MODULE)
def describe_bm_load_balancers_by_instances(call: Call) -> Body:
    """List the load balancers of servers (负载均衡相关接口/获取服务器关联的负载均衡.md). Both filters hold together."""
    found = present(own_backends(call.world, call.account_id, _wanted(call)))
    pairs = sorted({(it.target, it.lb_id) for it in found if it.bind_type == SERVER})
    page = pairs[call["offset"] :][: call["limit"]]
    devices = {device.instance_id: device for device in by_ids(call.world, {id for id, _lb_id in page})}
    rows = []
    for id, lb_id in page:
        balancer = LOAD_BALANCERS.find(call.world, call.account_id, lb_id)
        if balancer is not None and id in devices:
            rows.append(_balancer_row(balancer, devices[id]))
    return {"loadBalancerSet": rows, "totalCount": len(pairs)}


@action("DescribeBmLBHealthStatus", MODULE)
def describe_bm_lb_health_status(call: Call) -> Body:
    """Tell the health of what is behind listeners of layer 4 (负载均衡相关接口/查询负载均衡健康状态.md).

    healthStatus -1: nothing is behind the listener. 12012: the load balancer does not exist.
    """
    balancer = LOAD_BALANCERS.find(call.world, call.account_id, call["loadBalanceId"])
    if balancer is None:
        raise Refusal(_NO_BALANCER, why=f"the account has no load balancer {call['loadBalanceId']!r}")
    wanted = call.get("listenerId")
    found = [it for it in listeners_of(call.world, balancer.lb_id) if wanted in (None, "", it.listener_id)]
    return {"data": {balancer.lb_id: [row for listener in found for row in _health_rows(call, listener)]}}


def _wanted(call: Call) -> list[str] | None:
    """The ids of the servers that are asked for; None: of all."""
    ids, name = call.get("backendInstanceIds"), call.get("backendInstanceName")
    if not name:
        return ids or None
    wheres = [equals("account_id", call.account_id), equals("alias", name)]
    named = [device.instance_id for device in listed(call.world, DEVICES, wheres, BY_ID)[0]]
    return [id for id in named if not ids or id in ids]


def _usable(call: Call, balancer: LoadBalancer, id: str) -> None:
    device, work = DEVICES.find(call.world, call.account_id, id), work_on(call.world, id, but=SCRIPT_RUN)
    if device is None or device.device_status != DeviceStatus.IN_OPERATION or work is not None:
        raise Refusal(_WRONG_SERVER, why=f"the account has no server {id!r} that is in operation and not busy")
    if device.vpc != balancer.vpc:
        raise Refusal(_OTHER_VPC, why=f"{id} is in {device.vpc}, {balancer.lb_id} in {balancer.vpc}")


def _registration(call: Call, balancer: LoadBalancer, id: str, weight: int) -> Backend:
    return new_backend(call, balancer, "load_balancers", balancer.lb_id, Wanted(id, SERVER, 0, weight, 0))


def _backends(call: Call, balancer: LoadBalancer, ids: Iterable[str]) -> list[Backend]:
    """All that servers have behind a load balancer."""
    found = [it for it in backends_of_balancer(call.world, balancer.lb_id, ids) if it.state == BOUND]
    bound = {backend.target for backend in found}
    for id in ids:
        device = DEVICES.find(call.world, call.account_id, id)
        if device is not None and device.vpc != balancer.vpc:
            raise Refusal(_OTHER_VPC, why=f"{id} is in {device.vpc}, {balancer.lb_id} in {balancer.vpc}")
        if id not in bound:
            raise Refusal(_WRONG_SERVER, why=f"{id} is not bound to {balancer.lb_id}, or is just changing")
    return found


def _weights(backends: list[Backend]) -> dict[str, int]:
    """The weight of each server: that of its registration, or of the first of its ports."""
    ordered = sorted(present(backends), key=lambda it: (it.port != 0, it.id), reverse=True)
    return {backend.target: backend.weight for backend in ordered if backend.bind_type == SERVER}


def _server_row(device: Device, weight: int) -> Body:
    return {
        "instanceId": device.instance_id,
        "instanceName": device.alias,
        "lanIp": device.lan_ip or "",
        "wanIpSet": [device.wan_ip] if device.wan_ip else [],
        "instanceStatus": str(_status(device)),
        "weight": weight,
    }


def _status(device: Device) -> int:
    """As the page's table has it, which knows nothing of load balancers: a server that is being bound to one runs."""
    return device.operate_status if device.operate_status <= OperateStatus.UNBINDING_EIP else OperateStatus.RUNNING


def _balancer_row(balancer: LoadBalancer, device: Device) -> dict[str, Any]:
    return {
        "loadBalancerId": balancer.lb_id,
        "loadBalancerName": balancer.name,
        "loadBalancerType": _KINDS.get(balancer.kind, _INTERNAL),
        "domain": balancer.domain,
        "loadBalancerVips": [balancer.vip],
        "status": balancer.status,
        "createTime": to_wire(balancer.created_at),
        "statusTime": to_wire(balancer.status_at),
        "projectId": balancer.project_id,
        "vpcId": balancer.vpc,
        "subnetId": balancer.subnet or "0",
        "unInstanceId": device.instance_id,
        "backendLanIp": device.lan_ip or "",
        "backendWanIpSet": [device.wan_ip] if device.wan_ip else [],
        "instanceName": device.alias,
    }


def _health_rows(call: Call, listener: Listener) -> list[Body]:
    found = present(backends_of(call.world, listener.listener_id))
    servers = {device.instance_id: device.lan_ip or "" for device in by_ids(call.world, {it.target for it in found})}
    end = {"protocol": listener.protocol}
    if not found:
        port = listener.instance_port or listener.port
        return [{"ip": "", **end, "port": port, "vport": listener.port, "healthStatus": _NOTHING_TO_PROBE}]
    return [
        {
            "ip": servers.get(backend.target, backend.target),
            **end,
            "port": backend.port,
            "vport": listener.port,
            "healthStatus": int(is_alive(backend, listener.check, call.now)),
        }
        for backend in found
    ]
