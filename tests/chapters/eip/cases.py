"""Elastic IPs: parameters that each action accepts, and a case for each documented error."""

from typing import Any

from support.account import fault
from support.cases import Call, Case, Params, changed, errors_of

from chapters.eip.world import (
    APPLIED,
    AT_IP,
    AWAY,
    BARE,
    BROKEN,
    FREE,
    ISOLATED,
    OF_NAT,
    TAKEN,
    TUNNEL,
    USED,
    in_arrears,
    world,
)
from chapters.vpc.world import SERVER, VPC

IN_VPC = {"unVpcId": VPC}
GOOD: dict[str, Params] = {
    "DescribeEipBm": {"eipIds.0": FREE},
    "DescribeEipBmQuota": {},
    "EipBmApply": IN_VPC,
    "EipBmBindRs": {"eipId": FREE, "instanceId": BARE},
    "EipBmBindVpcIp": {"eipId": FREE, **IN_VPC, "vpcIp": APPLIED},
    "EipBmDelete": {"eipIds.0": FREE},
    "EipBmModifyCharge": {"eipIds.0": FREE, "payMode": "bandwidth", "bandwidth": 5},
    "EipBmQueryTask": {"requestId": 7},
    "EipBmUnBindVpcIp": {"eipId": AT_IP, **IN_VPC, "vpcIp": TAKEN},
    "EipBmUnbindRs": {"eipId": USED, "instanceId": SERVER},
    "ModifyEipAlias": {"eipId": FREE, "eipName": "front-1"},
}
WORLD = world()
_BAD, _NOT_THERE, _STATE, _ARREARS = 9003, 30009, 30010, 30012
_BY_FAULT = (-8000, -8001, 9000, 9006, 9032)


def case(action: str, code: int, world: str = WORLD, earlier: Call | None = None, **changes: Any) -> Case:
    return Case(action, code, changed(GOOD[action], **changes), world, earlier=earlier, module="bmeip")


def _broken() -> list[Case]:
    """What only a broken backend explains."""
    pairs = errors_of(*GOOD, module="bmeip")
    return [case(name, code, WORLD + fault(name, code)) for name, code in pairs if code in _BY_FAULT]


def _addresses() -> list[Case]:
    """The seven errors of what an elastic IP is bound to or unbound from."""
    wrong: dict[int, list[Params]] = {
        -50000: [{"unVpcId": "vpc-unknown1"}, {"unVpcId": "vpc-bbbbbbbb"}],
        -49998: [{"vpcIp": "10.9.0.1"}, {"vpcIp": "ten"}],
        -49997: [{"vpcIp": "10.0.1.10"}],
        -49996: [{"vpcIp": "10.0.200.9"}, {"vpcIp": "10.0.1.1"}],
        -49995: [{"eipId": TUNNEL}],
        -49994: [{"vpcIp": "10.0.1.99"}],
    }
    actions = ("EipBmBindVpcIp", "EipBmUnBindVpcIp")
    found = [case(name, code, **change) for name in actions for code, changes in wrong.items() for change in changes]
    return [*found, case(actions[0], -49999, vpcIp=TAKEN), case(actions[1], -49999, eipId=USED)]


def _strangers() -> list[Case]:
    names = ("EipBmBindRs", "EipBmBindVpcIp", "EipBmUnBindVpcIp", "EipBmUnbindRs", "ModifyEipAlias")
    return [case(name, _NOT_THERE, eipId="eip-unknown1") for name in names]


CASES = [
    *_broken(),
    *_addresses(),
    *_strangers(),
    case("DescribeEipBm", _BAD, limit=101),
    case("DescribeEipBm", _BAD, limit=-1),
    case("DescribeEipBm", _BAD, offset=-1),
    case("EipBmApply", _BAD, goodsNum=21),
    case("EipBmApply", _BAD, goodsNum=0),
    case("EipBmApply", _BAD, unVpcId="vpc-unknown1"),
    case("EipBmApply", _BAD, unVpcId="vpc-gggggggg"),
    case("EipBmApply", _BAD, **{"IpList.0": "8.8.8.8"}),
    case("EipBmApply", _BAD, **{"IpList.0": "ten"}),
    case("EipBmApply", _BAD, goodsNum=2, **{"IpList.0": "140.140.0.9", "IpList.1": "140.140.0.9"}),
    case("EipBmApply", 30001, world("eips = 9"), goodsNum=2),
    case("EipBmApply", 30003, world("eips_a_day = 2"), earlier=("EipBmApply", IN_VPC), goodsNum=2),
    case("EipBmApply", 30016, **{"IpList.0": "61.135.0.9"}),
    case("EipBmBindRs", _BAD, instanceId="cpm-unknown1"),
    case("EipBmBindRs", _BAD, instanceId=ISOLATED),
    case("EipBmBindRs", _BAD, instanceId="cpm-bbbbbbbb"),  # its subnet uses a NAT gateway
    case("EipBmBindRs", _BAD, earlier=("RebootDevice", {"instanceIds.0": BARE, "opUin": "1"})),
    case("EipBmBindRs", _STATE, eipId=OF_NAT),
    case("EipBmBindRs", _STATE, eipId=AT_IP),
    case("EipBmBindRs", _STATE, earlier=("EipBmBindVpcIp", GOOD["EipBmBindVpcIp"])),
    case("EipBmBindRs", _ARREARS, in_arrears()),
    case("EipBmBindRs", 30017, eipId=USED),
    case("EipBmBindRs", 30017, instanceId=SERVER),
    case("EipBmBindRs", 30021, instanceId=AWAY),
    case("EipBmBindVpcIp", _BAD, vpcIp=None),
    case("EipBmBindVpcIp", _STATE, eipId=AT_IP),
    case("EipBmBindVpcIp", _ARREARS, in_arrears()),
    case("EipBmDelete", _BAD, **{"eipIds.0": None}),
    case("EipBmDelete", _NOT_THERE, **{"eipIds.0": "eip-unknown1"}),
    case("EipBmDelete", _STATE, **{"eipIds.1": USED}),
    case("EipBmDelete", _STATE, earlier=("EipBmDelete", GOOD["EipBmDelete"])),
    case("EipBmDelete", 30013, **{"eipIds.0": "front"}),
    case("EipBmModifyCharge", _BAD, **{"eipIds.0": None}),
    case("EipBmModifyCharge", _BAD, **{"eipIds.0": BROKEN}),
    case("EipBmModifyCharge", _BAD, **{"eipIds.0": "eip-unknown1"}),
    case("EipBmModifyCharge", _BAD, bandwidth=1001),
    case("EipBmModifyCharge", 30016, payMode="flow", **{"eipIds.0": AT_IP}),
    case("EipBmUnBindVpcIp", _BAD, vpcIp=None),
    case("EipBmUnBindVpcIp", _STATE, eipId=FREE, vpcIp=APPLIED),
    case("EipBmUnBindVpcIp", _STATE, earlier=("EipBmUnBindVpcIp", GOOD["EipBmUnBindVpcIp"])),
    case("EipBmUnbindRs", _BAD, eipId=None, instanceId=None),
    case("EipBmUnbindRs", _NOT_THERE, eipId=None, instanceId=BARE),
    case("EipBmUnbindRs", _STATE, eipId=FREE),
    case("EipBmUnbindRs", _STATE, eipId=OF_NAT),
    case("EipBmUnbindRs", _STATE, instanceId=BARE),
    case("EipBmUnbindRs", _STATE, earlier=("EipBmUnbindRs", GOOD["EipBmUnbindRs"])),
    case("ModifyEipAlias", _BAD, eipName="a b"),
]
