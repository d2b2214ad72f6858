"""NAT gateways: what is bound to them, and their work one after another."""

from typing import Any

import pytest

from chapters.vpc.conftest import MakeVpc, Vpc
from chapters.vpc.world import BIG, FREE, LEFT, NAT, ONE, OTHER, TWO, VMS, VPC, WEB

NEW = {"natName": "new", "unVpcId": VPC, "maxConcurrent": 3_000_000, "forwardMode": 0}
OF_NAT = {"unVpcId": VPC, "natId": NAT}


def row(vpc: Vpc, **by: Any) -> dict[str, Any]:
    [found] = vpc.ask("DescribeBmNatGateway", **by)["data"]
    return dict(found)


def bound(vpc: Vpc, nat: str) -> list[tuple[str, int]]:
    subnets = vpc.ask("DescribeBmNatBindSubnets", natId=nat)["data"]["subnets"]
    return [(subnet["unSubnetId"], subnet["subnetNatType"]) for subnet in subnets]


def test_a_gateway_is_made_with_subnets_and_elastic_ips(vpc: Vpc) -> None:
    parts = {"assignedEipSet.0": FREE, "autoAllocEipNum": 1, "unSubnetIds.0": LEFT}
    task = vpc.begin("CreateBmNatGateway", **NEW, **parts)
    made = row(vpc, natName="new")
    assert (made["productionStatus"], made["state"], made["eipCount"]) == (0, 0, 0)
    assert bound(vpc, made["natId"]) == []
    vpc.clock.advance(60)
    assert vpc.state(task) == 0
    made = row(vpc, natName="new")
    assert (made["productionStatus"], made["state"], made["eipCount"], made["ntype"]) == (1, 1, 2, "middle")
    assert FREE in made["eipSet"]
    assert bound(vpc, made["natId"]) == [(LEFT, 1)]


def test_a_gateway_whose_creation_fails_holds_nothing(make_vpc: MakeVpc) -> None:
    vpc = make_vpc("", '\n[[faults]]\naction = "CreateBmNatGateway"\noperation = "fail"\ntimes = 1\n')
    parts = {"assignedEipSet.0": FREE, "autoAllocEipNum": 1, "unSubnetIds.0": LEFT}
    assert vpc.do("CreateBmNatGateway", **NEW, **parts) == 1
    failed = row(vpc, natName="new")
    assert (failed["productionStatus"], failed["eipSet"]) == (2, [])
    assert vpc.do("CreateBmNatGateway", **{**NEW, "natName": "again"}, **parts) == 0
    late = {"unVpcId": VPC, "natId": failed["natId"]}
    assert vpc.call("EipBindBmNatGateway", **late, autoAllocEipNum=1)["code"] == 13014
    assert vpc.do("DeleteBmNatGateway", **late) == 0


def test_elastic_ips_for_a_gateway_whose_creation_fails_are_free_again(make_vpc: MakeVpc) -> None:
    vpc = make_vpc("", '\n[[faults]]\naction = "CreateBmNatGateway"\noperation = "fail"\ntimes = 1\n')
    vpc.begin("CreateBmNatGateway", **NEW, autoAllocEipNum=1)
    nat = row(vpc, natName="new")["natId"]
    assert vpc.do("EipBindBmNatGateway", unVpcId=VPC, natId=nat, autoAllocEipNum=1, **{"assignedEipSet.0": FREE}) == 1
    eips = vpc.api.call("DescribeEipBm", host="bmeip.api.qcloud.com", limit=100)["data"]["eipSet"]
    assert [eip["status"] for eip in eips if eip["eip"] == FREE] == [4]
    assert not [eip for eip in eips if eip["natUid"] == nat or eip["status"] == 0]


def test_a_gateway_that_is_deleted_frees_what_it_had(vpc: Vpc) -> None:
    assert vpc.do("DeleteBmNatGateway", **OF_NAT) == 0
    assert vpc.call("DescribeBmNatGateway", natId=NAT)["code"] == 13014
    again = {"assignedEipSet.0": ONE, "assignedEipSet.1": TWO, "unSubnetIds.0": WEB}
    assert vpc.do("CreateBmNatGateway", **NEW, **again) == 0


def test_addresses_of_a_subnet_are_bound_and_unbound(vpc: Vpc) -> None:
    more = {"ips.0.unSubnetId": VMS, "ips.0.ipList.0": "10.0.2.100", "ips.0.ipList.1": "10.0.2.10"}
    assert vpc.do("BindIpsToBmNatGateway", **OF_NAT, **more) == 0
    [part] = vpc.ask("DescribeBmNatPartSubnetBindIps", natId=NAT)["data"]
    assert (part["unSubnetId"], part["natIpList"]) == (VMS, ["10.0.2.9", "10.0.2.10", "10.0.2.100"])
    assert vpc.do("UnbindIpsToBmNatGateway", **OF_NAT, **more) == 0
    [part] = vpc.ask("DescribeBmNatPartSubnetBindIps", natId=NAT, **{"unSubnetIds.1": VMS})["data"]
    assert part["natIpList"] == ["10.0.2.9"]
    assert vpc.ask("DescribeBmNatPartSubnetBindIps", natId=NAT, **{"unSubnetIds.0": WEB})["data"] == []


def test_a_whole_subnet_is_bound_and_unbound(vpc: Vpc) -> None:
    assert vpc.do("SubnetBindBmNatGateway", **OF_NAT, **{"unSubnetIds.0": LEFT}) == 0
    assert bound(vpc, NAT) == [(LEFT, 1), (VMS, 0), (WEB, 1)]
    assert vpc.do("SubnetUnBindBmNatGateway", **OF_NAT, **{"unSubnetIds.0": LEFT, "unSubnetIds.1": VMS}) == 0
    assert bound(vpc, NAT) == [(WEB, 1)]
    assert bound(vpc, BIG) == [("subnet-far00000", 2)]


def test_elastic_ips_are_bound_and_all_but_one_unbound(vpc: Vpc) -> None:
    assert vpc.do("EipBindBmNatGateway", **OF_NAT, **{"assignedEipSet.0": FREE, "autoAllocEipNum": 2}) == 0
    every = row(vpc, natId=NAT)["eipSet"]
    assert len(every) == 5
    leaving = {f"assignedEipSet.{place}": address for place, address in enumerate(every[1:])}
    assert vpc.do("EipUnBindBmNatGateway", **OF_NAT, **leaving) == 0
    assert row(vpc, natId=NAT)["eipSet"] == every[:1]
    assert vpc.call("EipUnBindBmNatGateway", **OF_NAT, **{"assignedEipSet.0": every[0]})["code"] == 13008


def test_a_gateway_does_one_thing_after_another(vpc: Vpc) -> None:
    first = vpc.begin("UpgradeBmNatGateway", **OF_NAT, maxConcurrent=10_000_000)
    second = vpc.begin("UpgradeBmNatGateway", **OF_NAT, maxConcurrent=3_000_000)
    last = vpc.begin("DeleteBmNatGateway", **OF_NAT)
    late = vpc.begin("SubnetBindBmNatGateway", **OF_NAT, **{"unSubnetIds.0": LEFT})
    seen = set()
    for _ in range(200):
        vpc.clock.advance(1)
        found = vpc.ask("DescribeBmNatGateway", unVpcId=VPC)["data"]
        seen.add((*(vpc.state(task) for task in (first, second, last)), *(nat["ntype"] for nat in found)))
    assert seen == {(2, 2, 2, "small"), (0, 2, 2, "big"), (0, 0, 2, "middle"), (0, 0, 0)}
    assert vpc.state(late) == 1
    assert vpc.ask("DescribeBmSubnetEx", unSubnetId=LEFT)["totalCount"] == 1
    assert vpc.ask("DeleteBmSubnet", unVpcId=VPC, unSubnetId=LEFT)["code"] == 0


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ({}, ["one", "two"]),
        ({"orderField": "natId"}, ["two", "one"]),
        ({"orderField": "natId", "orderDirection": "asc"}, ["one", "two"]),
        ({"natName": "W"}, ["two"]),
        ({"unVpcId": OTHER}, ["two"]),
        ({"unVpcId": "1"}, ["one"]),
        ({"offset": 1, "limit": 1}, ["two"]),
    ],
)
def test_gateways_are_found_and_sorted(vpc: Vpc, by: dict[str, Any], names: list[str]) -> None:
    assert [nat["natName"] for nat in vpc.ask("DescribeBmNatGateway", **by)["data"]] == names
