"""Listeners of layer 7: made, listed, changed.

They are made without a task: the ids are answered at once, and a listener is being created for some seconds. An
internal load balancer has none of https. An https listener needs the server's certificate, and with SSLMode 2 the
authority's of its clients, by id or by content; a content becomes a certificate of the account. No page deletes such a
listener: it goes with its load balancer.
"""

from typing import Any

from emulator.call import BadParameter, Body, Call
from emulator.chapters.lb.actions.certificates import keep, usable
from emulator.chapters.lb.actions.finding import (
    LAYER_7_NOT_RUNNING,
    MODULE,
    check_idle,
    check_running,
    idle_balancer,
    layer_7,
    made_balancer,
    own_balancer,
    sent,
    task_body,
)
from emulator.chapters.lb.actions.layer_4 import PORT_TAKEN, check_ports, chosen, head
from emulator.chapters.lb.records.balancers import INTERNAL, LoadBalancer
from emulator.chapters.lb.records.forward_listeners import (
    FORWARD_LISTENERS,
    ForwardListener,
    forward_listeners_of,
)
from emulator.chapters.lb.records.status import Status
from emulator.chapters.lb.work.listeners import begin_creation_without_task, begin_forward_change
from emulator.chapters.registry import action
from emulator.clock import to_wire

_NONE, _ONE_WAY, _TWO_WAY = 0, 1, 2


@action("CreateBmForwardListeners", MODULE, begins_operations=True)
def create_bm_forward_listeners(call: Call) -> Body:
    """Make listeners (负载均衡相关接口/七层监听器相关接口/创建负载均衡七层监听器.md)."""
    balancer = idle_balancer(call)
    wanted = call["listeners"]
    check_ports(call, balancer, [(item["protocol"], item["loadBalancerPort"]) for item in wanted], taken=PORT_TAKEN)
    listeners = [_listener(call, balancer, item) for item in wanted]
    begin_creation_without_task(call, listeners)
    return {"listenerIds": [listener.listener_id for listener in listeners]}


@action("DescribeBmForwardListeners", MODULE)
def describe_bm_forward_listeners(call: Call) -> Body:
    """List listeners (负载均衡相关接口/七层监听器相关接口/获取负载均衡七层监听器.md)."""
    every = forward_listeners_of(call.world, own_balancer(call, unknown=None).lb_id)
    found = chosen(every, call.get("listenerIds"))
    return {"listenerSet": [row(listener) for listener in found], "totalCount": len(found)}


@action("ModifyBmForwardListener", MODULE, begins_operations=True)
def modify_bm_forward_listener(call: Call) -> Body:
    """Begin to change a listener (负载均衡相关接口/七层监听器相关接口/修改负载均衡七层监听器.md)."""
    balancer = made_balancer(call)
    listener = layer_7(call, balancer)
    check_running(listener, LAYER_7_NOT_RUNNING)
    check_idle(call, balancer)
    wanted = sent(call, {"listenerName": "name", "bandwidth": "bandwidth"})
    secured = {name: value for name in _SECURITY if (value := call.get(name)) not in (None, "")}
    if not wanted and not secured:
        raise BadParameter("listenerName", "nothing is to be changed: send any of the settings")
    if secured:
        given = _security(call, listener.protocol, {**_kept(listener, secured), **secured}, mode_name="sslMode")
        wanted |= {name: it for name, it in zip(_COLUMNS, given, strict=True) if it != getattr(listener, name)}
    return task_body(begin_forward_change(call, listener, wanted))


_OF_CLIENTS = ("certCaId", "certCaName", "certCaContent")
_COLUMNS = ("ssl_mode", "cert_id", "cert_ca_id")
_SECURITY = ("sslMode", "certId", "certName", "certContent", "certKey", "certCaId", "certCaName", "certCaContent")


def row(listener: ForwardListener) -> Body:
    return {
        **head(listener),
        "listenerType": "L7Listener",
        "SSLMode": listener.ssl_mode,
        "certId": listener.cert_id,
        "certCaId": listener.cert_ca_id,
        "status": listener.status,
        "addTimestamp": to_wire(listener.created_at),
    }


def _listener(call: Call, balancer: LoadBalancer, item: dict[str, Any]) -> ForwardListener:
    protocol = item["protocol"]
    if protocol == "https" and balancer.kind == INTERNAL:
        raise BadParameter("protocol", f"{balancer.lb_id} is internal: it has listeners of http alone")
    own = (FORWARD_LISTENERS.new_id(call.world, call.app_id), call.account_id, balancer.lb_id)
    secured = _security(call, protocol, {**item, "sslMode": item.get("SSLMode")})
    where = (item["listenerName"], protocol, item["loadBalancerPort"])
    return ForwardListener(*own, *where, Status.CREATING, call.now, item.get("bandwidth") or 0, *secured)


def _kept(listener: ForwardListener, sent: dict[str, Any]) -> dict[str, Any]:
    """What a listener keeps where the call sends nothing in its place."""
    mode = sent.get("sslMode", listener.ssl_mode)
    kept: dict[str, Any] = {"sslMode": mode}
    if "certContent" not in sent:
        kept["certId"] = listener.cert_id
    if mode == _TWO_WAY and "certCaContent" not in sent:
        kept["certCaId"] = listener.cert_ca_id
    return kept


def _security(call: Call, protocol: str, wanted: dict[str, Any], mode_name: str = "SSLMode") -> tuple[int, str, str]:
    """How a listener is secured: ssl_mode, cert_id, cert_ca_id."""
    mode = wanted.get("sslMode")
    if protocol == "http":
        if mode or any(wanted.get(name) for name in _SECURITY[1:]):
            raise BadParameter(mode_name, "certificates are for https; a listener of http has SSLMode 0")
        return _NONE, "", ""
    mode = _ONE_WAY if mode is None else mode
    if mode == _NONE:
        raise BadParameter(mode_name, "a listener of https has SSLMode 1 or 2")
    if mode == _ONE_WAY and (unwanted := next((name for name in _OF_CLIENTS if wanted.get(name)), None)):
        raise BadParameter(unwanted, f"the certificate of an authority is for {mode_name} 2")
    server = _certificate(call, wanted, "SVR", "certId", "certName", "certContent", "certKey")
    clients = _certificate(call, wanted, "CA", "certCaId", "certCaName", "certCaContent") if mode == _TWO_WAY else ""
    return mode, server, clients


def _certificate(call: Call, wanted: dict[str, Any], kind: str, id: str, name: str, content: str, key: str = "") -> str:
    """The id of the certificate that is named, or that is sent and kept."""
    if wanted.get(content) and wanted.get(id):
        raise BadParameter(id, f"send {id} or {content}, not both")
    if wanted.get(content):
        return keep(call, kind, wanted.get(name) or "", wanted[content], wanted.get(key) or "")
    if not wanted.get(id):
        raise BadParameter(id, f"{id} or {content} is required")
    return usable(call, kind, wanted[id], id)
