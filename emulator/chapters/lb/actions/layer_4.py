"""Listeners of layer 4: made, listed, changed, deleted.

timeOut is less than intervalTime. A probe of the user's own needs the health check, and TOA a balancer of the fullnat
kind; where either is off, its settings are not kept. What ModifyBmListener does not name stays as it is. The older form
of these actions, on the host lb, works on the same listeners (older_listeners.py).
"""

from collections.abc import Iterable
from string import hexdigits
from typing import Any, TypeVar

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.lb.actions.finding import (
    LAYER_4_NOT_RUNNING,
    MODULE,
    NO_LAYER_4,
    NOT_ALLOWED,
    check_idle,
    check_running,
    idle_balancer,
    layer_4,
    listener_of,
    made_balancer,
    own_balancer,
    sent,
    task_body,
)
from emulator.chapters.lb.records.balancers import LoadBalancer
from emulator.chapters.lb.records.forward_listeners import ForwardListener, forward_listeners_of
from emulator.chapters.lb.records.listeners import LAYER_4, LISTENERS, Listener, listeners_of
from emulator.chapters.lb.records.status import Status
from emulator.chapters.lb.work.listeners import begin_change, begin_creation, begin_deletion
from emulator.chapters.registry import action
from emulator.clock import to_wire
from emulator.world.accounts import account_of, quotas_of

L = TypeVar("L", Listener, ForwardListener)
TOO_MANY, PORT_TAKEN = 12014, -12013
SETTINGS = {
    "listenerName": "name",
    "sessionExpire": "session_expire",
    "healthSwitch": "health_switch",
    "timeOut": "time_out",
    "intervalTime": "interval_time",
    "healthNum": "health_num",
    "unhealthNum": "unhealth_num",
    "bandwidth": "bandwidth",
    "customHealthSwitch": "custom_health_switch",
    "inputType": "input_type",
    "lineSeparatorType": "line_separator",
    "healthRequest": "health_request",
    "healthResponse": "health_response",
    "toaFlag": "toa_flag",
}
_OF_OWN_PROBE: dict[str, Any] = {"input_type": "", "line_separator": 0, "health_request": "", "health_response": ""}
DEFAULTS: dict[str, Any] = {
    "bandwidth": 0,
    "session_expire": 0,
    "health_switch": 0,
    "time_out": 2,
    "interval_time": 5,
    "health_num": 3,
    "unhealth_num": 3,
    "custom_health_switch": 0,
    **_OF_OWN_PROBE,
    "toa_flag": 0,
    "instance_port": 0,
}


@action("CreateBmListeners", MODULE, begins_operations=True)
def create_bm_listeners(call: Call) -> Body:
    """Begin to make listeners (负载均衡相关接口/四层监听器相关接口/创建负载均衡四层监听器.md)."""
    balancer = idle_balancer(call)
    wanted = call["listeners"]
    check_ports(call, balancer, [(item["protocol"], item["loadBalancerPort"]) for item in wanted], taken=PORT_TAKEN)
    listeners = [_listener(call, balancer, item) for item in wanted]
    return task_body(begin_creation(call, listeners))


@action("DescribeBmListeners", MODULE)
def describe_bm_listeners(call: Call) -> Body:
    """List listeners (负载均衡相关接口/四层监听器相关接口/获取负载均衡四层监听器.md)."""
    found = chosen(listeners_of(call.world, own_balancer(call).lb_id), call.get("listenerIds"))
    return {"listenerSet": [fields(listener) for listener in found], "totalCount": len(found)}


@action("ModifyBmListener", MODULE, begins_operations=True)
def modify_bm_listener(call: Call) -> Body:
    """Begin to change a listener (负载均衡相关接口/四层监听器相关接口/修改负载均衡四层监听器.md)."""
    balancer = made_balancer(call)
    listener = layer_4(call, balancer)
    check_running(listener, LAYER_4_NOT_RUNNING)
    check_idle(call, balancer, busy=NOT_ALLOWED)
    return task_body(begin_change(call, listener, changes(call, balancer, listener)))


@action("DeleteBmListeners", MODULE, begins_operations=True)
def delete_bm_listeners(call: Call) -> Body:
    """Begin to delete listeners (负载均衡相关接口/四层监听器相关接口/删除负载均衡四层监听器.md)."""
    balancer = idle_balancer(call)
    ids = dict.fromkeys(call["listenerIds"])
    leaving = [listener_of(call, balancer, id, unknown=NO_LAYER_4, subject="listenerIds") for id in ids]
    return task_body(begin_deletion(call, leaving))


def chosen(listeners: list[L], ids: list[str] | None) -> list[L]:
    """Those of the ids, or all where none are sent."""
    return [listener for listener in listeners if not ids or listener.listener_id in ids]


def check_ports(
    call: Call,
    balancer: LoadBalancer,
    ports: Iterable[tuple[str, int]],
    *,
    taken: int | None,
    one_protocol: bool = False,
) -> None:
    """Whether listeners of these protocols and ports may be made: 50 of each layer, and a port belongs to one listener
    of udp and to one of any other protocol. `taken`: the error for one that does; None: a bad parameter. In the older
    form a port has one protocol.
    """
    wanted, most = list(ports), quotas_of(account_of(call.world, call.account_id)).listeners
    every: list[Listener | ForwardListener] = [*listeners_of(call.world, balancer.lb_id)]
    every += forward_listeners_of(call.world, balancer.lb_id)
    of_layer_4 = wanted[0][0] in LAYER_4
    has = sum((listener.protocol in LAYER_4) == of_layer_4 for listener in every)
    if has + len(wanted) > most:
        raise Refusal(TOO_MANY, why=f"{balancer.lb_id} has {has} such listeners and may have {most}")
    used = {(listener.protocol == "udp", listener.port) for listener in every}
    older = {it.port for it in listeners_of(call.world, balancer.lb_id) if it.instance_port}
    used |= {(True, port) for port in older} | {(False, port) for is_udp, port in used if is_udp and one_protocol}
    for protocol, port in wanted:
        key = (protocol == "udp", port)
        if key in used and taken is None:
            raise BadParameter("loadBalancerPort", f"{balancer.lb_id} has a listener on port {port}")
        if key in used:
            raise Refusal(taken or 0, why=f"{balancer.lb_id} has a listener on port {port} already")
        used.add(key)


def new_listener(call: Call, balancer: LoadBalancer, **columns: Any) -> Listener:
    """A listener that is being created."""
    listener_id = LISTENERS.new_id(call.world, call.app_id)
    own = {"listener_id": listener_id, "account_id": call.account_id, "lb_id": balancer.lb_id}
    return Listener(**{**DEFAULTS, **own, "status": Status.CREATING, "created_at": call.now, **columns})


def changes(call: Call, balancer: LoadBalancer, listener: Listener) -> dict[str, Any]:
    """What a call wants to change of a listener, checked against what stays."""
    wanted = sent(call, SETTINGS)
    if not wanted:
        raise BadParameter("listenerName", "nothing is to be changed: send any of the settings")
    changed = settled(balancer, listener._replace(**wanted))
    return {name: value for name, value in changed._asdict().items() if value != getattr(listener, name)}


def settled(balancer: LoadBalancer, listener: Listener) -> Listener:
    """A listener whose settings agree with each other. Raises BadParameter where they cannot."""
    if listener.time_out >= listener.interval_time:
        why = f"{listener.time_out} seconds are not less than an intervalTime of {listener.interval_time}"
        raise BadParameter("timeOut", why)
    if listener.custom_health_switch and not listener.health_switch:
        raise BadParameter("customHealthSwitch", "a probe of its own needs the health check: send healthSwitch=1")
    if listener.toa_flag and balancer.tgw_set_type != "fullnat":
        raise BadParameter("toaFlag", f"it is for load balancers of the fullnat kind, not {balancer.tgw_set_type}")
    if not listener.custom_health_switch:
        return listener._replace(**_OF_OWN_PROBE)
    probe = listener.health_request + listener.health_response
    if listener.input_type == "hexadecimal" and not set(probe) <= set(hexdigits):
        raise BadParameter("healthRequest", "a hexadecimal probe consists of 0-9 and a-f")
    return listener._replace(input_type=listener.input_type or "text")


def _listener(call: Call, balancer: LoadBalancer, item: dict[str, Any]) -> Listener:
    columns = {column: item[name] for name, column in SETTINGS.items() if item.get(name) not in (None, "")}
    columns |= {"name": item["listenerName"], "protocol": item["protocol"], "port": item["loadBalancerPort"]}
    return settled(balancer, new_listener(call, balancer, **columns))


def fields(listener: Listener) -> Body:
    """All that a list may print of a listener."""
    return {
        **head(listener),
        "listenerType": "L4Listener",
        "sessionExpire": listener.session_expire,
        "healthSwitch": listener.health_switch,
        "timeOut": listener.time_out,
        "intervalTime": listener.interval_time,
        "healthNum": listener.health_num,
        "unhealthNum": listener.unhealth_num,
        "customHealthSwitch": listener.custom_health_switch,
        "inputType": listener.input_type,
        "lineSeparatorType": listener.line_separator,
        "healthRequest": listener.health_request,
        "healthResponse": listener.health_response,
        "toaFlag": listener.toa_flag,
        "status": listener.status,
        "addTimestamp": to_wire(listener.created_at),
    }


def head(listener: Listener | ForwardListener) -> Body:
    """What every list of listeners begins with."""
    return {
        "listenerId": listener.listener_id,
        "listenerName": listener.name,
        "protocol": listener.protocol,
        "loadBalancerPort": listener.port,
        "bandwidth": listener.bandwidth,
    }
