"""Traffic mirrors: parameters that each action accepts, and a case for each documented error."""

from typing import Any

from support.account import fault
from support.cases import Call, Case, Params, changed, errors_of

from chapters.lb.world import FAR_SERVER, HTTP, HTTP_AWAY, HTTPS, ISOLATED, MIRROR, ORPHAN, TCP, world
from chapters.vpc.world import FAR, GOING, SECOND, SERVER, VPC

_MIRROR = {"trafficMirrorId": MIRROR}
GOOD: dict[str, Params] = {
    "AddTrafficMirror": {"alias": "new", "unVpcId": VPC},
    "BindTrafficMirrorListeners": {**_MIRROR, "listenerIds.0": HTTP},
    "BindTrafficMirrorReceivers": {
        **_MIRROR,
        "receivers.0.rsPort": 80,
        "receivers.0.instanceId": SECOND,
        "receivers.0.weight": 5,
    },
    "DeleteTrafficMirror": {"trafficMirrorIds.0": MIRROR},
    "GetTrafficMirror": _MIRROR,
    "GetTrafficMirrorList": {},
    "GetTrafficMirrorListenerList": _MIRROR,
    "GetTrafficMirrorReceiverList": _MIRROR,
    "SetTrafficMirrorAlias": {**_MIRROR, "alias": "renamed"},
    "SetTrafficMirrorHealthSwitch": {**_MIRROR, "healthSwitch": 1},
    "SetTrafficMirrorLBType": {**_MIRROR, "LBType": 1},
    "UnbindTrafficMirrorListeners": {**_MIRROR, "listenerIds.0": HTTPS},
    "UnbindTrafficMirrorReceivers": {**_MIRROR, "receivers.0.rsPort": 8080, "receivers.0.instanceId": SERVER},
}
WORLD = world()
_BAD, _WRONG_VPC, _NO_MIRROR = 9003, 30001, 30002


def case(action: str, code: int, world: str = WORLD, earlier: Call | None = None, **changes: Any) -> Case:
    return Case(action, code, changed(GOOD[action], **changes), world, earlier=earlier, module="bmlb")


def _general(name: str, code: int) -> list[Case]:
    """What many pages document in the same way."""
    mirror = next(iter(GOOD[name]), "")
    if code == 9006:
        return [case(name, code, WORLD + fault(name, code))]
    if code == _BAD:
        return [case(name, code, limit=-1) if name == "GetTrafficMirrorList" else case(name, code, **{mirror: None})]
    if code == _NO_MIRROR:
        return [case(name, code, **{mirror: "tm-unknown1"})]
    return [case(name, code, trafficMirrorId=ORPHAN)] if code == _WRONG_VPC and mirror == "trafficMirrorId" else []


CASES = [
    *(found for name, code in errors_of(*GOOD, module="bmlb") for found in _general(name, code)),
    case("AddTrafficMirror", _WRONG_VPC, unVpcId="vpc-unknown1"),
    case("AddTrafficMirror", _WRONG_VPC, unVpcId=GOING),
    case("AddTrafficMirror", _BAD, unSubnetId=FAR),
    case("BindTrafficMirrorListeners", _BAD, **{"listenerIds.0": TCP}),
    case("BindTrafficMirrorListeners", _WRONG_VPC, **{"listenerIds.0": HTTP_AWAY}),
    case("BindTrafficMirrorListeners", 30003, **{"listenerIds.0": HTTPS}),
    case("BindTrafficMirrorReceivers", _WRONG_VPC, **{"receivers.0.instanceId": FAR_SERVER}),
    case("BindTrafficMirrorReceivers", _BAD, **{"receivers.0.instanceId": ISOLATED}),
    case("BindTrafficMirrorReceivers", 30005, **{"receivers.0.instanceId": SERVER, "receivers.0.rsPort": 8080}),
    case("DeleteTrafficMirror", _BAD, **{f"trafficMirrorIds.{place}": MIRROR for place in range(21)}),
    case("SetTrafficMirrorHealthSwitch", _BAD, healthNum=11),
    case("SetTrafficMirrorHealthSwitch", _BAD, **{"httpCode.0": 6}),
    case("SetTrafficMirrorLBType", _BAD, LBType=3),
    case("UnbindTrafficMirrorListeners", 30004, **{"listenerIds.0": HTTP}),
    case("UnbindTrafficMirrorReceivers", 30006, **{"receivers.0.rsPort": 8081}),
]
