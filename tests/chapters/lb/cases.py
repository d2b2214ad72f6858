"""Load balancers: parameters that each action accepts, and a case for each documented error."""

from typing import Any

from support.account import fault
from support.cases import Call, Case, Params, changed, errors_of

from chapters.vpc.cases import TASK
from chapters.vpc.world import EMPTY, FAR, FULL, GOING, VPC, WEB, table
from chapters.vpc.world import world as network

PUBLIC, PRIVATE = "lb-aaaaaaaa", "lb-bbbbbbbb"
_BALANCERS = (
    table("load_balancers", lb_id=PUBLIC, name="front", vip="140.140.9.9", vpc=VPC, domain="front.hslb.myqcloud.com"),
    table("load_balancers", lb_id=PRIVATE, name="back", vip="10.0.1.40", vpc=VPC, subnet=WEB) + 'kind = "internal"\n',
)
_TAKEN = {"lb_id": "lb-cccccccc", "name": "c", "vip": "1.2.3.4", "vpc": EMPTY, "domain": "c.hslb.myqcloud.com"}
INSIDE = {"unVpcId": VPC, "unSubnetId": WEB, "loadBalancerType": "internal"}
GOOD: dict[str, Params] = {
    "CreateBmLoadBalancer": {"unVpcId": VPC, "loadBalancerType": "open"},
    "DeleteBmLoadBalancers": {"loadBalancerId": PUBLIC},
    "DescribeBmLoadBalancers": {"loadBalancerIds.0": PUBLIC},
    "DescribeBmLoadBalancersTaskResult": {"requestId": 7},
    "InquiryBmLBPrice": {"loadBalancerType": "open"},
    "ModifyBmLoadBalancerAttributes": {"loadBalancerId": PUBLIC, "loadBalancerName": "renamed"},
}


def world(quotas: str = "", *tables: str) -> str:
    return network(quotas, TASK, *_BALANCERS, *tables)


def poor(balance: int) -> str:
    return world().replace('app_id = "1251001002"', f'app_id = "1251001002"\nbalance = {balance}', 1)


WORLD = world()
NO_BUYER = WORLD.replace('app_id = "1251001002"', 'app_id = "1251001002"\nmay_buy = false', 1)
_BAD, _BUSY, _NO_NETWORK = 9003, 12003, 20002
_BY_FAULT = (9006, 9009, 500008, 700104, 700108, 700102)


def case(action: str, code: int, world: str = WORLD, earlier: Call | None = None, **changes: Any) -> Case:
    return Case(action, code, changed(GOOD[action], **changes), world, earlier=earlier, module="bmlb")


_CHANGE: Call = ("ModifyBmLoadBalancerAttributes", GOOD["ModifyBmLoadBalancerAttributes"])
_CREATE = "CreateBmLoadBalancer"
CASES = [
    *(
        case(name, code, WORLD + fault(name, code))
        for name, code in errors_of(*GOOD, module="bmlb")
        if code in _BY_FAULT
    ),
    case(_CREATE, _BAD, loadBalancerType="shared"),
    case(_CREATE, _BAD, goodsNum=0),
    case(_CREATE, _BAD, poor(2_999)),
    case(_CREATE, _BAD, loadBalancerType="internal"),
    case(_CREATE, _BAD, **{**INSIDE, "tgwSetType": "dnat"}),
    case(_CREATE, _BAD, ipProtocolType="ipv6", unVpcId="vpc-bbbbbbbb"),
    case(_CREATE, _BAD, **{"specifiedVips.0": "1.2.3.4", "specifiedVips.1": "1.2.3.5"}),
    case(_CREATE, _BAD, **{"specifiedVips.0": "ten"}),
    case(_CREATE, _BAD, **{"specifiedVips.0": "140.140.9.9"}),
    case(_CREATE, _BAD, **{"specifiedVips.0": "183.60.0.3"}),
    case(_CREATE, _BAD, **{**INSIDE, "specifiedVips.0": "10.0.1.10"}),
    case(_CREATE, _BAD, **{**INSIDE, "unSubnetId": FULL}),
    case(_CREATE, 12010, goodsNum=21),
    case(_CREATE, 12011, world("load_balancers = 2")),
    case(_CREATE, _NO_NETWORK, unVpcId="vpc-unknown1"),
    case(_CREATE, _NO_NETWORK, unVpcId=GOING),
    case(_CREATE, _NO_NETWORK, **{**INSIDE, "unSubnetId": FAR}),
    case("DescribeBmLoadBalancers", _BAD, limit=-1),
    case("DeleteBmLoadBalancers", _BAD, loadBalancerId=None),
    case("DeleteBmLoadBalancers", 11041, loadBalancerId="lb-unknown1"),
    case("DeleteBmLoadBalancers", _BUSY, earlier=_CHANGE),
    case("DeleteBmLoadBalancers", _BUSY, earlier=("DeleteBmLoadBalancers", GOOD["DeleteBmLoadBalancers"])),
    case("InquiryBmLBPrice", 100001, loadBalancerType="shared"),
    case("InquiryBmLBPrice", 100004, NO_BUYER),
    case("ModifyBmLoadBalancerAttributes", _BAD, loadBalancerId="lb-unknown1"),
    case("ModifyBmLoadBalancerAttributes", _BAD, loadBalancerName="a b"),
    case("ModifyBmLoadBalancerAttributes", _BAD, loadBalancerName=None),
    case("ModifyBmLoadBalancerAttributes", _BAD, loadBalancerId=PRIVATE, domainPrefix="back"),
    case("ModifyBmLoadBalancerAttributes", _BAD, earlier=_CHANGE),
    case("ModifyBmLoadBalancerAttributes", _BAD, world("", table("load_balancers", **_TAKEN)), domainPrefix="c"),
]
