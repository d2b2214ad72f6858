"""Listeners whose traffic a mirror copies. A listener is in one mirror at most (30003)."""

from emulator.call import Body, Call, Refusal
from emulator.chapters.finding import find
from emulator.chapters.lb.records.balancers import LOAD_BALANCERS
from emulator.chapters.lb.records.forward_listeners import FORWARD_LISTENERS
from emulator.chapters.registry import action
from emulator.chapters.traffic_mirror.actions.finding import MODULE, WRONG_VPC, own, own_in_vpc, own_that_stays, page
from emulator.chapters.traffic_mirror.records import (
    Binding,
    Mirror,
    listeners_of_mirror,
    mirror_bindings_of,
)
from emulator.chapters.traffic_mirror.work import (
    BEING_BOUND,
    BEING_UNBOUND,
    begin_binding,
    begin_unbinding,
)

_HAS_LISTENER, _NO_LISTENER = 30003, 30004


@action("BindTrafficMirrorListeners", MODULE, begins_operations=True)
def bind_traffic_mirror_listeners(call: Call) -> Body:
    """Bind listeners of layer 7 (负载均衡相关接口/流量镜像相关接口/绑定流量镜像监听器.md)."""
    mirror = own_in_vpc(call)
    own_that_stays(call)
    bindings = []
    for id in dict.fromkeys(call["listenerIds"]):
        _check_listener(call, mirror, id)
        if others := mirror_bindings_of(call.world, id):
            raise Refusal(_HAS_LISTENER, why=f"{id} is bound to {others[0].mirror_id}")
        bindings.append(Binding(f"{mirror.mirror_id}/{id}", call.account_id, mirror.mirror_id, id, BEING_BOUND))
    begin_binding(call, bindings)
    return {}


@action("UnbindTrafficMirrorListeners", MODULE, begins_operations=True)
def unbind_traffic_mirror_listeners(call: Call) -> Body:
    """Unbind listeners of layer 7 (负载均衡相关接口/流量镜像相关接口/解绑流量镜像监听器.md)."""
    mirror = own_in_vpc(call)
    bound = {it.listener_id: it for it in listeners_of_mirror(call.world, mirror.mirror_id)}
    ids = list(dict.fromkeys(call["listenerIds"]))
    for id in ids:
        if id not in bound or bound[id].status in (BEING_BOUND, BEING_UNBOUND):
            raise Refusal(_NO_LISTENER, why=f"{id} is not bound to {mirror.mirror_id}, or is just changing")
    begin_unbinding(call, [bound[id] for id in ids])
    return {}


@action("GetTrafficMirrorListenerList", MODULE)
def get_traffic_mirror_listener_list(call: Call) -> Body:
    """List the listeners of a traffic mirror (负载均衡相关接口/流量镜像相关接口/获取流量镜像监听器列表.md)."""
    rows = []
    for binding in listeners_of_mirror(call.world, own(call).mirror_id):
        listener = FORWARD_LISTENERS.find_any(call.world, binding.listener_id)
        if listener is not None:
            kind, port = int(listener.protocol == "https"), listener.port
            ids = {"unListenerId": listener.listener_id, "trafficMonitPort": port, "unLBId": listener.lb_id}
            rows.append({"trafficMonitorType": kind, **ids, "status": binding.status})
    filters = {"listenerIds": "unListenerId", "trafficListenerPorts": "trafficMonitPort", "unLBIds": "unLBId"}
    return page(call, rows, filters)


def _check_listener(call: Call, mirror: Mirror, id: str) -> None:
    listener = find(call, FORWARD_LISTENERS, id, unknown=None, subject="listenerIds")
    balancer = LOAD_BALANCERS.find_any(call.world, listener.lb_id)
    if balancer is None or balancer.vpc != mirror.vpc:
        raise Refusal(WRONG_VPC, why=f"{id} is not in {mirror.vpc}, the VPC of {mirror.mirror_id}")
