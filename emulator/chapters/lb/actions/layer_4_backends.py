"""What is behind a listener of layer 4: bound, listed, changed, unbound.

A port of a server is behind one listener of a protocol at most, of one load balancer (-12022). A probe port needs the
listener's custom health check. What is not bound and is to be changed or unbound does not exist (30011), or is a bad
parameter where it is an address.
"""

from typing import Any

from emulator.call import BadParameter, Body, Call
from emulator.chapters.lb.actions.backend_rows import backend_rows
from emulator.chapters.lb.actions.binding import (
    NO_SERVER,
    Wanted,
    bound,
    check_free_for,
    check_number,
    check_state,
    check_target,
    new_backend,
)
from emulator.chapters.lb.actions.finding import (
    LAYER_4_NOT_RUNNING,
    MODULE,
    NO_LAYER_4,
    NOT_ALLOWED,
    check_idle,
    check_running,
    idle_balancer,
    layer_4,
    made_balancer,
    own_balancer,
    task_body,
)
from emulator.chapters.lb.records.backends import BACKENDS, SERVER, Backend, backends_of
from emulator.chapters.lb.records.balancers import LoadBalancer
from emulator.chapters.lb.records.listeners import Listener
from emulator.chapters.lb.work.backends import begin_binding, begin_change, begin_unbinding
from emulator.chapters.registry import action

_PRINTED = ("bindType", "lanIp", "rsPort", "weight", "status", "instanceId", "alias", "operates")


@action("BindBmL4ListenerRs", MODULE, begins_operations=True)
def bind_bm_l4_listener_rs(call: Call) -> Body:
    """Begin to bind ports of servers (负载均衡相关接口/四层监听器相关接口/绑定物理服务器到四层监听器.md)."""
    return _bind(call, Wanted.servers(call["backends"]), "backends")


@action("BindBmL4ListenerVmIp", MODULE, begins_operations=True)
def bind_bm_l4_listener_vm_ip(call: Call) -> Body:
    """Begin to bind ports of addresses (负载均衡相关接口/四层监听器相关接口/绑定虚机IP到负载均衡四层监听器.md)."""
    return _bind(call, Wanted.addresses(call["vmList"]), "vmList")


@action("UnbindBmL4ListenerRs", MODULE, begins_operations=True)
def unbind_bm_l4_listener_rs(call: Call) -> Body:
    """Begin to unbind ports of servers (负载均衡相关接口/四层监听器相关接口/解绑负载均衡四层监听器物理服务器.md)."""
    balancer, listener = _running(call)
    leaving = [
        bound(call, listener, it, unknown=NO_SERVER, subject="backends") for it in Wanted.servers(call["backends"])
    ]
    for id in {backend.target for backend in leaving}:
        check_state(call, id)
    check_idle(call, balancer, busy=NOT_ALLOWED)
    return task_body(begin_unbinding(call, balancer.lb_id, _once(leaving)))


@action("UnbindBmL4ListenerVmIp", MODULE, begins_operations=True)
def unbind_bm_l4_listener_vm_ip(call: Call) -> Body:
    """Begin to unbind ports of addresses (负载均衡相关接口/四层监听器相关接口/解绑负载均衡四层监听器虚机IP.md)."""
    balancer = made_balancer(call)
    listener = layer_4(call, balancer)
    leaving = [bound(call, listener, it, unknown=None, subject="vmList") for it in Wanted.addresses(call["vmList"])]
    check_idle(call, balancer, busy=NOT_ALLOWED)
    return task_body(begin_unbinding(call, balancer.lb_id, _once(leaving)))


@action("DescribeBmL4ListenerBackends", MODULE)
def describe_bm_l4_listener_backends(call: Call) -> Body:
    """List what is behind a listener (负载均衡相关接口/四层监听器相关接口/获取负载均衡四层监听器绑定的主机列表.md)."""
    listener = layer_4(call, own_balancer(call), unknown=None)
    wanted = {(item["instanceId"], item["port"]) for item in call.get("backends") or ()}
    found = [it for it in backends_of(call.world, listener.listener_id) if not wanted or (it.target, it.port) in wanted]
    return {"data": backend_rows(call, found, listener.check, _PRINTED)}


@action("ModifyBmL4ListenerBackendPort", MODULE, begins_operations=True)
def modify_bm_l4_listener_backend_port(call: Call) -> Body:
    """Begin to change a server's port (负载均衡相关接口/四层监听器相关接口/修改负载均衡四层监听器后端实例端口.md)."""
    balancer, listener, backend = _bound_server(call)
    check_state(call, backend.target)
    moved = Wanted(backend.target, SERVER, call["newPort"], backend.weight, backend.probe_port)
    check_free_for(call, balancer, listener, [moved])
    check_idle(call, balancer, busy=NOT_ALLOWED)
    return _change(call, balancer, backend, port=moved.port)


@action("ModifyBmL4ListenerBackendProbePort", MODULE, begins_operations=True)
def modify_bm_l4_listener_backend_probe_port(call: Call) -> Body:
    """Begin to change a probe port (负载均衡相关接口/四层监听器相关接口/修改负载均衡四层监听器后端探测端口.md)."""
    balancer, listener, backend = _bound_server(call)
    _check_probe_port(listener, call["probePort"], "probePort")
    check_idle(call, balancer, busy=NOT_ALLOWED)
    return _change(call, balancer, backend, probe_port=call["probePort"])


@action("ModifyBmL4ListenerBackendWeight", MODULE)
def modify_bm_l4_listener_backend_weight(call: Call) -> Body:
    """Change a weight (负载均衡相关接口/四层监听器相关接口/修改负载均衡四层监听器后端实例权重.md)."""
    backend = _bound_server(call)[2]
    idle_balancer(call)
    BACKENDS.change(call.world, backend.id, weight=call["weight"])
    return {}


def _bind(call: Call, wanted: list[Wanted], parameter: str) -> Body:
    balancer, listener = _running(call)
    for item in wanted:
        check_target(call, balancer, item)
        _check_probe_port(listener, item.probe_port, parameter)
    check_free_for(call, balancer, listener, wanted)
    check_number(call, listener.listener_id, wanted)
    check_idle(call, balancer, busy=NOT_ALLOWED)
    backends = [new_backend(call, balancer, "listeners", listener.listener_id, item) for item in wanted]
    return task_body(begin_binding(call, balancer.lb_id, backends))


def _running(call: Call) -> tuple[LoadBalancer, Listener]:
    balancer = made_balancer(call)
    listener = layer_4(call, balancer, unknown=NO_LAYER_4)
    check_running(listener, LAYER_4_NOT_RUNNING)
    return balancer, listener


def _bound_server(call: Call) -> tuple[LoadBalancer, Listener, Backend]:
    """What the call is about: the pages have no error for a listener that is not there."""
    balancer = made_balancer(call)
    listener = layer_4(call, balancer, unknown=None)
    wanted = Wanted(call["instanceId"], SERVER, call["port"], 0, 0)
    return balancer, listener, bound(call, listener, wanted, unknown=NO_SERVER, subject="instanceId")


def _check_probe_port(listener: Listener, port: int, parameter: str) -> None:
    if port and not listener.custom_health_switch:
        raise BadParameter(parameter, f"{listener.listener_id} has no custom health check, so that it has no probePort")


def _change(call: Call, balancer: LoadBalancer, backend: Backend, **columns: Any) -> Body:
    return task_body(begin_change(call, balancer.lb_id, {backend.id: columns}))


def _once(backends: list[Backend]) -> list[Backend]:
    return list({backend.id: backend for backend in backends}.values())
