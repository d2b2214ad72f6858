"""What stands where: by load balancer, by listener, and by what is bound.

DescribeBmBindInfo shows the bindings of the servers and addresses that the call names alone; the lists of listeners
show the listeners that have any of them, with all their rules, or all listeners where nothing is named.
"""

from collections.abc import Iterable
from typing import Any

from emulator.call import Body, Call
from emulator.chapters.lb.actions.backend_rows import backend_rows, present
from emulator.chapters.lb.actions.finding import MODULE, own_balancer
from emulator.chapters.lb.actions.layer_4 import fields, head
from emulator.chapters.lb.actions.layer_7 import row as layer_7_row
from emulator.chapters.lb.actions.rules import path_row
from emulator.chapters.lb.actions.rules import row as domain_row
from emulator.chapters.lb.records.backends import Backend, backends_of, backends_of_balancer, own_backends
from emulator.chapters.lb.records.balancers import LOAD_BALANCERS, LoadBalancer
from emulator.chapters.lb.records.forward_listeners import ForwardListener, forward_listeners_of
from emulator.chapters.lb.records.listeners import Listener, listeners_of
from emulator.chapters.lb.records.rules import Location, domains_of, locations_of
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.networks import Networks

_OF_LAYER_4 = (
    *("listenerId", "listenerName", "listenerType", "protocol", "loadBalancerPort", "status", "sessionExpire"),
    *("bandwidth", "healthSwitch", "healthNum", "unhealthNum", "intervalTime", "timeOut", "addTimestamp"),
)
"""In printed order."""


@action("DescribeBmVportInfo", MODULE)
def describe_bm_vport_info(call: Call) -> Body:
    """List the ports of a load balancer (负载均衡相关接口/通用接口/获取负载均衡端口信息.md)."""
    lb_id = own_balancer(call).lb_id
    found: list[Listener | ForwardListener] = [*listeners_of(call.world, lb_id)]
    found += forward_listeners_of(call.world, lb_id)
    return {"listenerSet": [{**head(it), "status": it.status} for it in found], "totalCount": len(found)}


@action("DescribeBmListenerInfo", MODULE)
def describe_bm_listener_info(call: Call) -> Body:
    """Find listeners of layer 4 by name or by what is bound.

    负载均衡相关接口/四层监听器相关接口/获取负载均衡四层监听器详细信息.md
    """
    balancer, key = own_balancer(call), (call.get("searchKey") or "").lower()
    holders = _holders(call, balancer, call.get("instanceIds"))
    found = [
        listener
        for listener in listeners_of(call.world, balancer.lb_id)
        if key in listener.name.lower() and (holders is None or listener.listener_id in holders)
    ]
    rows = [{name: fields(it)[name] for name in _OF_LAYER_4} for it in found]
    return {"listenerSet": rows}


@action("DescribeBmForwardListenerInfo", MODULE)
def describe_bm_forward_listener_info(call: Call) -> Body:
    """Find listeners of layer 7 by domain or by what is bound.

    负载均衡相关接口/七层监听器相关接口/获取负载均衡七层监听器详细信息.md
    """
    balancer, key = own_balancer(call), (call.get("searchKey") or "").lower()
    holders = _holders(call, balancer, call.get("instanceIds"))
    rows = []
    for listener in forward_listeners_of(call.world, balancer.lb_id):
        domains = domains_of(call.world, listener.listener_id)
        paths = {it.domain_id: locations_of(call.world, it.domain_id) for it in domains}
        named = not key or any(key in domain.domain.lower() for domain in domains)
        holds = holders is None or any(path.location_id in holders for found in paths.values() for path in found)
        if named and holds:
            rules = [{**domain_row(it), "locations": _paths(call, paths[it.domain_id])} for it in domains]
            rows.append({**layer_7_row(listener), "ruleSet": rules})
    return {"listenerSet": rows, "totalCount": len(rows)}


@action("DescribeBmBindInfo", MODULE)
def describe_bm_bind_info(call: Call) -> Body:
    """Find what servers and addresses are bound to (负载均衡相关接口/通用接口/获取主机的负载均衡的绑定详情.md)."""
    networks = Networks(call.world, call.account_id)
    by_balancer: dict[str, list[Backend]] = {}
    for backend in present(own_backends(call.world, call.account_id, call["instanceIds"])):
        by_balancer.setdefault(backend.lb_id, []).append(backend)
    rows = []
    for lb_id, bound in sorted(by_balancer.items()):
        balancer = LOAD_BALANCERS.find(call.world, call.account_id, lb_id)
        vpc = networks.vpc(balancer.vpc) if balancer else None
        number = vpc.id if vpc else 0
        if balancer is None or call.get("vpcId") not in (None, number):
            continue
        found = _bindings(call, balancer, bound)
        if any(found.values()) and call.get("unVpcId") in (None, "", balancer.vpc):
            rows.append({**_balancer_row(call, balancer, number), **found})
    return {"loadBalancerSet": rows, "totalCount": len(rows)}


def _holders(call: Call, balancer: LoadBalancer, targets: list[str] | None) -> set[str] | None:
    """The listeners and paths that have any of the targets; None: no target was named."""
    if not targets:
        return None
    return {backend.holder for backend in present(backends_of_balancer(call.world, balancer.lb_id, targets))}


def _paths(call: Call, paths: list[Location]) -> list[Body]:
    if not call.get("ifGetRsInfo"):
        return [path_row(path) for path in paths]
    return [{**path_row(path), "rsList": _servers(call, path)} for path in paths]


def _servers(call: Call, path: Location) -> list[Body]:
    names = ("bindType", "instanceId", "alias", "lanIp", "rsPort", "weight", "status")
    return backend_rows(call, backends_of(call.world, path.location_id), path.check, names)


def _balancer_row(call: Call, balancer: LoadBalancer, vpc: int) -> Body:
    return {
        "loadBalancerId": balancer.lb_id,
        "appId": int(call.app_id),
        "projectId": balancer.project_id,
        "vpcId": vpc,
        "unVpcId": balancer.vpc,
        "vip": balancer.vip,
        "tgwSetType": balancer.tgw_set_type,
        "exclusive": balancer.exclusive,
    }


def _bindings(call: Call, balancer: LoadBalancer, bound: list[Backend]) -> dict[str, list[Body]]:
    by_holder: dict[str, list[Body]] = {}
    for backend in bound:
        by_holder.setdefault(backend.holder, []).append({"instanceId": backend.target, "rsPort": backend.port})
    layer_4 = [
        {**_named(listener), "rsList": by_holder[listener.listener_id]}
        for listener in listeners_of(call.world, balancer.lb_id)
        if listener.listener_id in by_holder
    ]
    layer_7 = []
    for listener in forward_listeners_of(call.world, balancer.lb_id):
        rules = list(_rules(call, listener, by_holder))
        if rules:
            layer_7.append({**_named(listener), "ruleSet": rules})
    return {"L4ListenerSet": layer_4, "L7ListenerSet": layer_7}


def _named(listener: Listener | ForwardListener) -> Body:
    names: dict[str, Any] = head(listener)
    del names["bandwidth"]
    return names


def _rules(call: Call, listener: ForwardListener, by_holder: dict[str, list[Body]]) -> Iterable[Body]:
    for domain in domains_of(call.world, listener.listener_id):
        paths = [
            {"url": path.url, "locationId": path.location_id, "rsList": by_holder[path.location_id]}
            for path in locations_of(call.world, domain.domain_id)
            if path.location_id in by_holder
        ]
        if paths:
            yield {"domain": domain.domain, "domainId": domain.domain_id, "locations": paths}
