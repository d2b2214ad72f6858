"""The life of a load balancer."""

from typing import Any

import pytest

from chapters.lb.cases import GOOD, INSIDE, poor
from chapters.lb.conftest import DONE, FAILED, RUNNING, SECONDS, Balancers, MakeBalancers
from chapters.lb.world import AWAY, NEW, PRIVATE, PUBLIC, world
from chapters.vpc.world import EMPTY, VPC, WEB
from emulator.chapters import BEGINS_WORK

DAY = 24 * 3600
BEGINNERS = ("DeleteBmLoadBalancers", "ModifyBmLoadBalancerAttributes")


def subnet_of(balancers: Balancers) -> dict[str, Any]:
    answer = balancers.api.call("DescribeBmSubnetIps", host="bmvpc.api.qcloud.com", unVpcId=VPC, unSubnetId=WEB)
    return dict(answer["data"])


def test_public_ones_are_bought_with_addresses_of_their_own(make: MakeBalancers) -> None:
    balancers = make(poor(10_000))
    made = balancers.ask("CreateBmLoadBalancer", unVpcId=VPC, loadBalancerType="open", goodsNum=2)["loadBalancerIds"]
    rows = balancers.rows(**{f"loadBalancerIds.{place}": id for place, id in enumerate(made)})
    assert [(row["status"], row["loadBalancerType"], row["unSubnetId"]) for row in rows] == [(0, "open", "0")] * 2
    assert len({row["loadBalancerVips"][0] for row in rows} | {row["domain"] for row in rows}) == 4
    assert balancers.balance() == 4_000
    balancers.clock.advance(SECONDS)
    assert {row["status"] for row in balancers.rows() if row["loadBalancerId"] in made} == {1}
    vip = rows[0]["loadBalancerVips"][0]
    wanted = {"unVpcId": VPC, "IpList.0": vip}
    assert balancers.api.call("EipBmApply", host="bmeip.api.qcloud.com", **wanted)["code"] == 9003


def test_an_internal_one_has_an_address_of_its_subnet_and_is_free(make: MakeBalancers) -> None:
    balancers = make(poor(0))
    before = subnet_of(balancers)["tgSet"]
    [made] = balancers.ask("CreateBmLoadBalancer", **INSIDE)["loadBalancerIds"]
    [row] = balancers.rows(**{"loadBalancerIds.0": made})
    assert (row["domain"], row["unSubnetId"], row["subnetId"]) == ("", WEB, 11)
    assert subnet_of(balancers)["tgSet"] == sorted([*before, *row["loadBalancerVips"]], key=lambda it: it.split(".")[3])
    assert balancers.balance() == 0
    balancers.clock.advance(SECONDS)
    assert balancers.do("DeleteBmLoadBalancers", loadBalancerId=made) == DONE
    assert subnet_of(balancers)["tgSet"] == before


@pytest.mark.parametrize(("days", "left"), [(0, 9_900), (2.5, 9_700), (40, 5_900)])
def test_the_days_that_it_stood_are_paid(make: MakeBalancers, days: float, left: int) -> None:
    balancers = make(poor(10_000))
    [made] = balancers.ask("CreateBmLoadBalancer", **GOOD["CreateBmLoadBalancer"])["loadBalancerIds"]
    balancers.clock.advance(SECONDS + days * DAY)
    assert balancers.do("DeleteBmLoadBalancers", loadBalancerId=made) == DONE
    assert balancers.balance() == left
    assert balancers.rows(**{"loadBalancerIds.0": made}) == []


def test_one_whose_creation_fails_is_gone_and_costs_nothing(make: MakeBalancers) -> None:
    balancers = make(poor(10_000) + '\n[[faults]]\naction = "CreateBmLoadBalancer"\noperation = "fail"\n')
    [made] = balancers.ask("CreateBmLoadBalancer", **GOOD["CreateBmLoadBalancer"])["loadBalancerIds"]
    balancers.clock.advance(SECONDS)
    assert balancers.rows(**{"loadBalancerIds.0": made}) == []
    assert balancers.balance() == 10_000


def test_its_name_and_domain_change(make: MakeBalancers) -> None:
    balancers = make()
    changes = {"loadBalancerId": PUBLIC, "loadBalancerName": "新-1", "domainPrefix": "new"}
    assert balancers.do("ModifyBmLoadBalancerAttributes", **changes) == DONE
    [row] = balancers.rows(**{"loadBalancerIds.0": PUBLIC})
    assert (row["loadBalancerName"], row["domain"]) == ("新-1", "new.hslb.myqcloud.com")


@pytest.mark.parametrize(("operation", "state"), [("fail", FAILED), ("hang", RUNNING), ("late", RUNNING)])
@pytest.mark.parametrize("action", BEGINNERS)
def test_its_work_fails_hangs_or_is_late(make: MakeBalancers, action: str, operation: str, state: int) -> None:
    assert ("bmlb", action) in BEGINS_WORK
    rule = f'\n[[faults]]\naction = "{action}"\noperation = "{operation}"\nlate_by = 600\n'
    balancers = make(world() + rule)
    [before] = balancers.rows(**{"loadBalancerIds.0": PUBLIC})
    assert balancers.do(action, **GOOD[action]) == state
    assert balancers.rows(**{"loadBalancerIds.0": PUBLIC}) == [before]


def test_a_vpc_with_one_cannot_be_deleted(make: MakeBalancers) -> None:
    balancers = make()
    balancers.ask("CreateBmLoadBalancer", unVpcId=EMPTY, loadBalancerType="open")
    answer = balancers.api.call("DeleteBmVpc", host="bmvpc.api.qcloud.com", unVpcId=EMPTY)
    assert answer["code"] == 16006


@pytest.mark.parametrize(
    ("by", "ids"),
    [
        ({}, [AWAY, NEW, PRIVATE, PUBLIC]),
        ({"loadBalancerType": "internal"}, [PRIVATE]),
        ({"loadBalancerName": "front"}, [PUBLIC]),
        ({"loadBalancerName": "fron"}, []),
        ({"domain": "front.hslb.myqcloud.com"}, [PUBLIC]),
        ({"loadBalancerVips.0": "10.0.1.40"}, [PRIVATE]),
        ({"searchKey": "FRONT.H"}, [PUBLIC]),
        ({"searchKey": "10.0.1"}, [PRIVATE]),
        ({"orderBy": "loadBalancerName"}, [AWAY, PRIVATE, PUBLIC, NEW]),
        ({"orderBy": "loadBalancerName", "orderType": 1}, [NEW, PUBLIC, PRIVATE, AWAY]),
        ({"projectId": 1}, []),
        ({"exclusive": 1}, []),
        ({"tgwSetType": "tunnel"}, []),
        ({"unVpcId": EMPTY}, []),
        ({"offset": 1, "limit": 1}, [NEW]),
    ],
)
def test_they_are_found_and_sorted(make: MakeBalancers, by: dict[str, Any], ids: list[str]) -> None:
    assert [row["loadBalancerId"] for row in make().rows(**by)] == ids


def test_prices(make: MakeBalancers) -> None:
    prices = [make().ask("InquiryBmLBPrice", loadBalancerType=kind)["price"] for kind in ("open", "internal")]
    assert prices == [100, 0]


def test_a_domain_that_another_change_has_promised_is_taken(make: MakeBalancers) -> None:
    balancers = make()
    balancers.ask("ModifyBmLoadBalancerAttributes", loadBalancerId=PUBLIC, domainPrefix="race")
    assert balancers.call("ModifyBmLoadBalancerAttributes", loadBalancerId=AWAY, domainPrefix="race")["code"] == 9003


def test_empty_texts_count_as_left_out(make: MakeBalancers) -> None:
    balancers = make()
    assert len(balancers.rows(domain="", loadBalancerName="", searchKey="")) == 4
    change = {"loadBalancerId": PUBLIC, "loadBalancerName": "abc", "domainPrefix": ""}
    assert balancers.do("ModifyBmLoadBalancerAttributes", **change) == DONE
    assert balancers.rows(loadBalancerName="abc")[0]["domain"] == "front.hslb.myqcloud.com"


def test_one_of_ipv6_says_so(make: MakeBalancers) -> None:
    balancers = make()
    made = balancers.ask("CreateBmLoadBalancer", unVpcId=EMPTY, loadBalancerType="open", ipProtocolType="ipv6")
    rows = {row["loadBalancerId"]: row for row in balancers.rows()}
    assert rows[made["loadBalancerIds"][0]]["ipProtocolType"] == "ipv6"
    assert "ipProtocolType" not in rows[PUBLIC]
