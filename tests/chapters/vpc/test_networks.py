"""VPCs and subnets: made, listed, deleted."""

from chapters.vpc.conftest import MakeVpc, Vpc
from chapters.vpc.world import EMPTY, GOING, LEFT, OTHER, SERVER, VPC, WEB

NEW = {"vpcName": "new", "cidrBlock": "192.168.0.0/16", "zoneId": 1000800001}
WITH_SUBNET = {**NEW, "subnetSet.0.subnetName": "one", "subnetSet.0.cidrBlock": "192.168.1.0/24"}


def names(answer: dict[str, list[dict[str, str]]], key: str) -> list[str]:
    return [row[key] for row in answer["data"]]


def test_a_vpc_is_being_created_and_then_runs_with_its_subnets(vpc: Vpc) -> None:
    task = vpc.begin("CreateBmVpc", **WITH_SUBNET)
    [row] = vpc.ask("DescribeBmVpcEx", vpcName="new")["data"]
    assert (row["productionStatus"], row["subnetNum"], row["zoneId"]) == (2, 1, 1000800001)
    vpc.clock.advance(60)
    assert vpc.state(task) == 0
    [row] = vpc.ask("DescribeBmVpcEx", vpcStatus=0, vpcName="new")["data"]
    [subnet] = vpc.ask("DescribeBmSubnetEx", unVpcId=row["unVpcId"])["data"]
    assert (subnet["vpcId"], subnet["vlanId"], subnet["zoneId"]) == (row["vpcId"], 5, 1000800001)


def test_a_vpc_whose_creation_fails_is_seen_without_subnets_and_can_be_deleted(make_vpc: MakeVpc) -> None:
    vpc = make_vpc("", '\n[[faults]]\naction = "CreateBmVpc"\noperation = "fail"\n')
    assert vpc.do("CreateBmVpc", **WITH_SUBNET) == 1
    [row] = vpc.ask("DescribeBmVpcEx", vpcStatus=1)["data"]
    assert row["subnetNum"] == 0
    assert vpc.do("DeleteBmVpc", unVpcId=row["unVpcId"]) == 0
    assert vpc.ask("DescribeBmVpcEx", vpcStatus=1)["totalCount"] == 0


def test_a_vpc_is_being_deleted_and_then_gone(vpc: Vpc) -> None:
    task = vpc.begin("DeleteBmVpc", unVpcId=EMPTY)
    assert names(vpc.ask("DescribeBmVpcEx", vpcStatus=3), "unVpcId") == [EMPTY]
    assert vpc.call("CreateBmSubnet", unVpcId=EMPTY, **{"subnetSet.0.subnetName": "a"})["code"] != 0
    vpc.clock.advance(60)
    assert vpc.state(task) == 0
    assert vpc.call("DescribeBmVpcEx", unVpcId=EMPTY)["code"] == -3047


def test_vpcs_are_found_by_name_zone_and_state_and_sorted(vpc: Vpc) -> None:
    assert names(vpc.ask("DescribeBmVpcEx"), "unVpcId") == [VPC, OTHER, GOING, EMPTY]
    assert names(vpc.ask("DescribeBmVpcEx", orderDirection="desc"), "unVpcId") == [EMPTY, GOING, OTHER, VPC]
    assert names(vpc.ask("DescribeBmVpcEx", orderField="vpcName"), "vpcName") == ["empty", "going", "main", "other"]
    assert names(vpc.ask("DescribeBmVpcEx", vpcName="O"), "vpcName") == ["other", "going"]
    assert names(vpc.ask("DescribeBmVpcEx", **{"zoneIds.0": 1000100003}), "vpcName") == ["other", "going"]
    page = vpc.ask("DescribeBmVpcEx", offset=1, limit=2)
    assert (page["totalCount"], names(page, "unVpcId")) == (4, [OTHER, GOING])
    assert names(vpc.ask("DescribeBmVpcEx", unVpcId="1"), "unVpcId") == [VPC]


def test_subnets_are_found_and_sorted(vpc: Vpc) -> None:
    assert names(vpc.ask("DescribeBmSubnetEx", unVpcId=VPC), "subnetName") == ["web", "vms", "left", "full"]
    by_name = vpc.ask("DescribeBmSubnetEx", orderField="subnetName", orderDirection="desc")
    assert names(by_name, "subnetName") == ["web", "vms", "left", "full", "far"]
    assert names(vpc.ask("DescribeBmSubnetEx", vlanId=2000), "subnetName") == ["vms"]
    assert names(vpc.ask("DescribeBmSubnetEx", subnetName="f"), "subnetName") == ["left", "full", "far"]
    assert names(vpc.ask("DescribeBmSubnetEx", offset=4, limit=1), "subnetName") == ["far"]
    assert vpc.call("DescribeBmSubnetEx", unVpcId=OTHER, unSubnetId=WEB)["code"] == -3030


def test_a_subnet_counts_its_addresses(vpc: Vpc) -> None:
    [row] = vpc.ask("DescribeBmSubnetEx", unSubnetId=WEB)["data"]
    assert (row["totalIpNum"], row["cpmNum"], row["availableIpNum"]) == (253, 2, 250)
    assert list(row["dhcpServerIp"]) == []


def test_a_subnet_is_made_numbered_and_deleted(vpc: Vpc) -> None:
    sent = {"subnetSet.0.subnetName": "new", "subnetSet.0.cidrBlock": "10.0.9.0/28", "vlanId": 2100}
    [made] = vpc.ask("CreateBmSubnet", unVpcId=VPC, **sent)["subnetSet"]
    [row] = vpc.ask("DescribeBmSubnetEx", vlanId=2100)["data"]
    assert made["subnetId"] == f"gz_subnet_{row['subnetId']}"
    assert (row["unSubnetId"], row["totalIpNum"]) == (made["unSubnetId"], 13)
    vpc.ask("DeleteBmSubnet", unVpcId=VPC, unSubnetId=made["unSubnetId"])
    assert vpc.ask("DescribeBmSubnetEx", vlanId=2100)["totalCount"] == 0


def test_all_subnets_of_a_call_are_made_or_none(vpc: Vpc) -> None:
    first = {"subnetSet.0.subnetName": "a", "subnetSet.0.cidrBlock": "10.0.9.0/24"}
    second = {"subnetSet.1.subnetName": "b", "subnetSet.1.cidrBlock": "10.0.9.0/25"}
    assert vpc.call("CreateBmSubnet", unVpcId=VPC, **first, **second)["code"] == -3046
    assert vpc.ask("DescribeBmSubnetEx", unVpcId=VPC)["totalCount"] == 4


def test_dhcp_keeps_the_highest_addresses_to_itself(vpc: Vpc) -> None:
    dhcp = {"dhcpEnable": 1, "dhcpServerIp.0": "10.0.1.10", "ipReserve": 4}
    vpc.ask("ModifySubnetDhcpRelayFlag", unVpcId=VPC, unSubnetId=LEFT, **dhcp)
    [row] = vpc.ask("DescribeBmSubnetEx", unSubnetId=LEFT)["data"]
    assert (row["dhcpEnable"], row["dhcpServerIp"], row["ipReserve"]) == (1, ["10.0.1.10"], 4)
    assert (row["availableIpNum"], row["totalIpNum"]) == (249, 253)
    free = vpc.ask("DescribeBmSubnetAvailableIp", unSubnetId=LEFT)["data"]
    assert free == ["10.0.3.2-10.0.3.250"]


def test_a_server_that_is_bought_stands_in_a_subnet_that_was_made(vpc: Vpc) -> None:
    order = {"goodsNum": 1, "timeSpan": 1, "timeUnit": "m", "deviceClassCode": "PS100v1", "raidId": 1, "osTypeId": 1}
    place = {"unVpcId": VPC, "unSubnetId": LEFT, "zoneId": 1000800001}
    assert vpc.api.call("BuyDevice", **order, **place)["code"] == 0
    assert vpc.ask("DescribeBmSubnetIps", unVpcId=VPC, unSubnetId=LEFT)["data"]["cpmSet"] == ["10.0.3.2"]
    assert vpc.call("DeleteBmSubnet", unVpcId=VPC, unSubnetId=LEFT)["code"] == -3067


def test_the_observed_service_numbers_subnets_and_tells_tasks_by_what_they_are_about(make_vpc: MakeVpc) -> None:
    vpc = make_vpc("", profile="observed", region="note")
    sent = {"subnetSet.0.subnetName": "new", "subnetSet.0.cidrBlock": "10.0.9.0/24"}
    [made] = vpc.ask("CreateBmSubnet", unVpcId=VPC, **sent)["subnetSet"]
    assert made["subnetId"] == 16
    joined = vpc.ask("CreateBmInterface", unVpcId=VPC, unSubnetId="subnet-vms00000", **{"instanceIds.0": SERVER})
    answer = vpc.ask("QueryBmTaskResult", taskId=joined["data"]["taskId"])
    assert (answer["code"], answer["data"]) == (0, {SERVER: "doing"})
    vpc.clock.advance(60)
    assert vpc.ask("QueryBmTaskResult", taskId=joined["data"]["taskId"])["data"] == {SERVER: "success"}
