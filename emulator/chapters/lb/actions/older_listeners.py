"""The older form of listeners (host lb): of tcp, with one port of all servers that are registered with the balancer.

They are the same listeners: each form lists and changes those of the other; what was made in the newer form has
instancePort 0 here, and listeners of udp and of layer 7 are not listed. The pages have no error for a port that is
taken, nor for most states: a bad parameter. A port of theirs has one protocol only, while in the newer form one of udp
may stand beside it. The server ports of an internal load balancer may not repeat.
"""

from typing import Any

from emulator.call import BadParameter, Body, Call
from emulator.chapters.lb.actions.binding import Wanted, new_backend
from emulator.chapters.lb.actions.finding import (
    MODULE,
    idle_balancer,
    layer_4,
    listener_of,
    own_balancer,
    task_body,
    why_busy,
)
from emulator.chapters.lb.actions.layer_4 import SETTINGS, changes, check_ports, chosen, new_listener, settled
from emulator.chapters.lb.records.backends import BOUND, SERVER, Backend, backends_of, backends_of_balancer
from emulator.chapters.lb.records.balancers import INTERNAL, LoadBalancer
from emulator.chapters.lb.records.listeners import Listener, listeners_of
from emulator.chapters.lb.records.status import Status
from emulator.chapters.lb.work.backends import bind_now
from emulator.chapters.lb.work.listeners import begin_change, begin_creation, begin_deletion
from emulator.chapters.registry import action

_TCP = 2
_SHORTEST_SESSION = 900


@action("CreateBmLoadBalancerListeners", MODULE, begins_operations=True)
def create_bm_load_balancer_listeners(call: Call) -> Body:
    """Begin to make listeners (负载均衡相关接口/创建负载均衡监听器.md)."""
    balancer = idle_balancer(call)
    wanted = call["listeners"]
    check_ports(call, balancer, [("tcp", item["loadBalancerPort"]) for item in wanted], taken=None, one_protocol=True)
    if balancer.kind == INTERNAL:
        _check_server_ports(call, balancer, [item["instancePort"] for item in wanted])
    listeners = [_listener(call, balancer, item) for item in wanted]
    registered = [it for it in backends_of(call.world, balancer.lb_id) if it.state == BOUND]
    new = [it for listener in listeners for it in behind(call, balancer, listener, registered)]
    if taken := taken_ports(call, balancer, new):
        raise BadParameter("instancePort", taken)
    number = begin_creation(call, listeners)
    bind_now(call.world, new)
    return task_body(number)


@action("DescribeBmLoadBalancerListeners", MODULE)
def describe_bm_load_balancer_listeners(call: Call) -> Body:
    """List listeners (负载均衡相关接口/获取负载均衡监听器列表.md)."""
    found = chosen(listeners_of(call.world, own_balancer(call).lb_id, ("tcp",)), call.get("listenerIds"))
    port = call.get("loadBalancerPort")
    call.get("protocol")  # tcp, which all of them have
    rows = [_row(listener) for listener in found if port in (None, listener.port)]
    return {"listenerSet": rows, "totalCount": len(rows)}


@action("ModifyBmLoadBalancerListener", MODULE, begins_operations=True)
def modify_bm_load_balancer_listener(call: Call) -> Body:
    """Begin to change a listener (负载均衡相关接口/修改负载均衡监听器.md)."""
    balancer = _idle(call)
    listener = layer_4(call, balancer, unknown=None)
    if listener.status != Status.RUNNING:
        raise BadParameter("listenerId", f"{listener.listener_id} is not running: it has status {listener.status}")
    expire = call.get("sessionExpire")
    if expire and expire < _SHORTEST_SESSION:
        raise BadParameter("sessionExpire", f"it is 0, or {_SHORTEST_SESSION} to 3600 seconds")
    return task_body(begin_change(call, listener, changes(call, balancer, listener)))


@action("DeleteBmLoadBalancerListeners", MODULE, begins_operations=True)
def delete_bm_load_balancer_listeners(call: Call) -> Body:
    """Begin to delete listeners (负载均衡相关接口/删除负载均衡监听器.md)."""
    balancer, ids = _idle(call), dict.fromkeys(call["listenerIds"])
    leaving = [listener_of(call, balancer, id, unknown=None, subject="listenerIds") for id in ids]
    return task_body(begin_deletion(call, leaving))


def behind(call: Call, balancer: LoadBalancer, listener: Listener, registered: list[Backend]) -> list[Backend]:
    """What registered servers are behind a listener of the older form: its own port of each."""
    found = []
    for backend in registered:
        wanted = Wanted(backend.target, SERVER, listener.instance_port, backend.weight, 0)
        found.append(new_backend(call, balancer, "listeners", listener.listener_id, wanted, BOUND))
    return found


def taken_ports(call: Call, balancer: LoadBalancer, new: list[Backend]) -> str:
    """Why servers cannot be behind older listeners: a port of theirs is behind one of tcp of the newer form, which
    allows no second one. Empty: they can.
    """
    alike = {it.listener_id for it in listeners_of(call.world, balancer.lb_id, ("tcp",)) if not it.instance_port}
    every = backends_of_balancer(call.world, balancer.lb_id, {it.target for it in new})
    taken = {(it.target, it.port): it.holder for it in every if it.holder in alike}
    twice = next((it for it in new if (it.target, it.port) in taken), None)
    if twice is None:
        return ""
    return f"port {twice.port} of {twice.target} is behind {taken[twice.target, twice.port]} already"


def _idle(call: Call) -> LoadBalancer:
    """The load balancer, of which the page documents no state: it is a bad parameter while anything works on it."""
    balancer = own_balancer(call, unknown=None)
    if why := why_busy(call, balancer):
        raise BadParameter("loadBalancerId", why)
    return balancer


def _listener(call: Call, balancer: LoadBalancer, item: dict[str, Any]) -> Listener:
    columns = {column: item[name] for name, column in SETTINGS.items() if item.get(name) not in (None, "")}
    columns |= {"protocol": "tcp", "port": item["loadBalancerPort"], "instance_port": item["instancePort"]}
    return settled(balancer, new_listener(call, balancer, **{"name": "", **columns}))


def _check_server_ports(call: Call, balancer: LoadBalancer, ports: list[int]) -> None:
    used = {listener.instance_port for listener in listeners_of(call.world, balancer.lb_id)}
    for port in ports:
        if port in used:
            raise BadParameter("instancePort", f"{balancer.lb_id} has a listener with the server port {port} already")
        used.add(port)


def _row(listener: Listener) -> Body:
    return {
        "loadBalancerPort": listener.port,
        "instancePort": listener.instance_port,
        "protocol": _TCP,
        "status": listener.status,
        "bandwidth": listener.bandwidth,
        "listenerName": listener.name,
        "listenerId": listener.listener_id,
        "sessionExpire": listener.session_expire,
        "healthSwitch": listener.health_switch,
        "timeOut": listener.time_out,
        "intervalTime": listener.interval_time,
        "healthNum": listener.health_num,
        "unhealthNum": listener.unhealth_num,
    }
