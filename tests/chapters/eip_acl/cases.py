"""ACLs of elastic IPs: parameters that each action accepts, and a case for each documented error."""

from typing import Any

from support.account import fault
from support.cases import Call, Case, Params, changed, errors_of

from chapters.eip.world import ACL, FREE, OF_NAT, SPARE, TUNNEL, USED, world

PAIR = {"eipAcl.0.eipId": FREE, "eipAcl.0.aclId": ACL}
RULE = {"rule.0.ip": "10.0.0.0/8", "rule.0.action": "accept"}
GOOD: dict[str, Params] = {
    "DescribeEipAclBm": {"aclIds.0": ACL},
    "EipAclBmApply": {"aclName": "new", "status": 1},
    "EipAclBmBind": PAIR,
    "EipAclBmDelete": {"aclId": SPARE},
    "EipAclBmSet": {"aclId": ACL, "type": "in", **RULE},
    "EipAclBmUnBind": {**PAIR, "eipAcl.0.eipId": USED},
}
WORLD = world().replace('bound_to = "cpm-aaaaaaaa"', f'bound_to = "cpm-aaaaaaaa"\nacl = "{ACL}"')
"""The elastic IP of a server has the ACL."""
_BAD = 9003


def case(action: str, code: int, world: str = WORLD, earlier: Call | None = None, **changes: Any) -> Case:
    return Case(action, code, changed(GOOD[action], **changes), world, earlier=earlier, module="bmeip")


def _broken() -> list[Case]:
    """What only a broken backend explains."""
    pairs = errors_of(*GOOD, module="bmeip")
    return [case(name, code, WORLD + fault(name, code)) for name, code in pairs if code in (9000, 9006)]


_ODD_RULES: tuple[Params, ...] = (
    {"type": None},
    {"type": "both"},
    {"rule.0.ip": "ten"},
    {"rule.0.ip": None},
    {"rule.0.action": None},
    {"rule.0.action": "allow"},
    {"rule.0.protocol": "GRE"},
    {"rule.0.port": "0"},
    {"rule.0.port": "90-80"},
    {"rule.0.port": "80-90-100"},
    {"rule.0.port": "http"},
    {"rule.0.port": "65536"},
)
CASES = [
    *_broken(),
    *(case(name, 40001, aclId="bmeipacl-unknown1") for name in ("EipAclBmDelete", "EipAclBmSet")),
    *(case(name, 40001, **{"eipAcl.0.aclId": "bmeipacl-unknown1"}) for name in ("EipAclBmBind", "EipAclBmUnBind")),
    case("DescribeEipAclBm", _BAD, **{"query.0": "appId"}),
    case("DescribeEipAclBm", _BAD, limit=-1),
    case("EipAclBmApply", _BAD, status=2),
    case("EipAclBmApply", _BAD, aclName=None),
    case("EipAclBmApply", 40002, WORLD.replace("subnets = [", "quotas = { eip_acls = 2 }\nsubnets = [", 1)),
    *(case("EipAclBmSet", _BAD, **odd) for odd in _ODD_RULES),
    case("EipAclBmSet", _BAD, aclName=""),
    case("EipAclBmDelete", _BAD, aclId=ACL),
    case("EipAclBmBind", _BAD, **{"eipAcl.0.eipId": None, "eipAcl.0.aclId": None}),
    *(case("EipAclBmBind", _BAD, **{"eipAcl.0.eipId": id}) for id in ("eip-unknown1", TUNNEL, OF_NAT)),
    case("EipAclBmUnBind", 30009, **{"eipAcl.0.eipId": "eip-unknown1"}),
    case("EipAclBmUnBind", _BAD, **{"eipAcl.0.eipId": FREE}),
]
