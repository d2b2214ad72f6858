"""Hosted servers: parameters that each action accepts, and a case for each documented error."""

from typing import Any

from support.account import HEAD, fault, hosted_server
from support.cases import Case, Params, changed, errors_of

PLACE = {"unVpcId": "vpc-6t44o010", "unSubnetId": "subnet-fa1lzxhz", "gatewayIp": "10.10.2.1"}
CONTACT = {"operateMode": 0, "contacts": "张三", "mobile": "13800000000"}
SECONDS = 240
"""Longer than a LAN IP takes to be bound or unbound."""


def instances(*names: str, password: str = "password") -> dict[str, str]:
    """The servers that a binding is asked for, with their logins."""
    return {
        f"instances.{n}.{field}": value
        for n, name in enumerate(names)
        for field, value in (("instanceId", name), ("userName", "root"), ("password", password))
    }


GOOD: dict[str, Params] = {
    "BindHostedLanIP": {**instances("chm-gr9wprj0"), **PLACE, **CONTACT},
    "UnbindHostedLanIP": {"instanceIds.0": "chm-gr9wprj0"},
    "DescribeHostedDevice": {},
    "DescribeHostedDeviceOutBandIP": {"instanceIds.0": "chm-gr9wprj0"},
    "GetBindHostedLanIPStatus": {"instanceId": "chm-gr9wprj0"},
    "ModifyHostedAlias": {"instanceId": "chm-gr9wprj0", "alias": "test"},
}
WORLD = HEAD + hosted_server()
BINDING = ("BindHostedLanIP", GOOD["BindHostedLanIP"])


def case(action: str, code: int, more: str = "", **changes: Any) -> Case:
    """The good parameters with these changes, for a server with these columns."""
    return Case(action, code, changed(GOOD[action], **changes), HEAD + hosted_server(more=more))


def after_binding(action: str, code: int, seconds: float = 0) -> Case:
    """The good parameters, sent this many seconds after a binding began."""
    return Case(action, code, GOOD[action], WORLD, earlier=BINDING, seconds=seconds)


ID = "instances.0.instanceId"
CASES = [
    *(
        Case(name, code, GOOD[name], WORLD + fault(name, code))
        for name, code in errors_of(*GOOD)
        if code in (9001, 9006, 18131)  # what only a broken backend explains
    ),
    *(
        case(name, code, appId=app_id)
        for name, code in errors_of(*GOOD)
        if code in (18100, 10008)
        for app_id in ("77", "me")
    ),
    case("BindHostedLanIP", 9003, gatewayIp="10.10.2"),
    case("BindHostedLanIP", 9003, contacts=None),
    case("BindHostedLanIP", 9003, **{ID: None}),
    *(case("BindHostedLanIP", 18101, **{ID: name}) for name in ("web-1", "chm-SHOUTING")),
    case("BindHostedLanIP", 9003, **{ID: ""}),
    case("BindHostedLanIP", 18113, **{ID: "chm-unknown1"}),
    case("BindHostedLanIP", 18102, unVpcId="main"),
    case("BindHostedLanIP", 18111, unVpcId="vpc-34cxlz7z"),  # another account's
    case("BindHostedLanIP", 18103, unSubnetId="web"),
    case("BindHostedLanIP", 18112, unSubnetId="subnet-1so5ae8m"),
    case("BindHostedLanIP", 18106, operateMode=2),
    case("BindHostedLanIP", 18108, contacts=" "),
    case("BindHostedLanIP", 18109, mobile="call me"),
    case("BindHostedLanIP", 18107, **{"instances.0.userName": "a b"}),
    case("BindHostedLanIP", 18115, **{"instances.0.password": ""}),
    after_binding("BindHostedLanIP", 18110, SECONDS),
    after_binding("BindHostedLanIP", 18134),
    case("BindHostedLanIP", 18133, "in_order = false"),
    case("UnbindHostedLanIP", 9003, **{"instanceIds.0": None}),
    case("UnbindHostedLanIP", 18101),
    case("UnbindHostedLanIP", 18101, **{"instanceIds.0": "web-1"}),
    case("UnbindHostedLanIP", 18113, **{"instanceIds.0": "chm-unknown1"}),
    case("UnbindHostedLanIP", 18108, contacts=" "),
    case("UnbindHostedLanIP", 18109, mobile="x"),
    after_binding("UnbindHostedLanIP", 18134),
    case("DescribeHostedDevice", 9003, limit="many"),
    case("DescribeHostedDevice", 18021, orderBy="alias"),
    case("DescribeHostedDevice", 18022, orderType=7),
    case("DescribeHostedDeviceOutBandIP", 9003, **{"instanceIds.0": None}),
    *(case("DescribeHostedDeviceOutBandIP", 18137, **{"instanceIds.0": name}) for name in ("x", "chm-unknown1")),
    case("GetBindHostedLanIPStatus", 9003, instanceId=None),
    *(case("GetBindHostedLanIPStatus", 18137, instanceId=name) for name in ("x", "chm-unknown1")),
    case("ModifyHostedAlias", 9003, alias=None),
    case("ModifyHostedAlias", 18136, alias=" "),
    case("ModifyHostedAlias", 18137, instanceId="x"),
    case("ModifyHostedAlias", 18113, instanceId="chm-unknown1"),
]
