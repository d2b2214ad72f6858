"""LAN addresses: one server at a time has one, counting those that pending work will take."""

from typing import Any

import pytest
from support.account import device
from support.client import Api

from chapters.conftest import MakeAccount
from emulator.clock import ManualClock

SUBNET = "subnet-34xt45as"
VPC = "vpc-8e0ypm3z"
OTHER = 'vpc = "vpc-8e0ypm3z"\nsubnet = "subnet-34xt45as"\nlan_ip = "10.6.10.68"\n'
ORDER: dict[str, Any] = {
    "zoneId": 1000800001,
    "unVpcId": VPC,
    "unSubnetId": SUBNET,
    "deviceClassCode": "PS100v1",
    "osTypeId": 1,
    "raidId": 3,
    "timeUnit": "m",
    "timeSpan": 1,
    "goodsNum": 1,
}
PASSWD = "abce1234"


def reload(api: Api, name: str, **params: Any) -> dict[str, Any]:
    return api.call("ReloadDeviceOs", instanceId=name, passwd=PASSWD, **params)


def row(api: Api, name: str) -> dict[str, Any]:
    return api.data("DescribeDevice", **{"instanceIds.0": name})["deviceList"][0]


def test_a_move_without_an_address_takes_the_lowest_free_one(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa"))
    assert reload(api, "cpm-aaaaaaaa", unVpcId=VPC, unSubnetId="subnet-small005")["code"] == 0
    clock.advance(3600)
    found = row(api, "cpm-aaaaaaaa")
    assert (found["unSubnetId"], found["lanIp"]) == ("subnet-small005", "10.6.11.2")


def test_a_move_may_name_its_network_by_numbers(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa"))
    assert reload(api, "cpm-aaaaaaaa", vpcId=1025, subnetId=99)["message"] == "(10001)参数错误:[subnetId]"
    assert reload(api, "cpm-aaaaaaaa", vpcId=1025, subnetId=5)["code"] == 0
    clock.advance(3600)
    assert row(api, "cpm-aaaaaaaa")["unSubnetId"] == "subnet-small005"


def test_a_move_with_the_old_address_is_refused(make_account: MakeAccount) -> None:
    api = make_account(device("cpm-aaaaaaaa"))
    answer = reload(
        api, "cpm-aaaaaaaa", unVpcId=VPC, unSubnetId="subnet-small005", lanIp=row(api, "cpm-aaaaaaaa")["lanIp"]
    )
    assert answer["code"] == 10001
    assert answer["message"].endswith("[lanIp]")


def test_an_address_that_a_reinstallation_will_take_is_taken(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa"), device("cpm-bbbbbbbb", place=OTHER))
    assert reload(api, "cpm-aaaaaaaa", lanIp="10.6.10.77")["code"] == 0
    assert reload(api, "cpm-bbbbbbbb", lanIp="10.6.10.77")["code"] == 10001
    assert api.call("BuyDevice", **{**ORDER, "ipList.0": "10.6.10.77"})["code"] == 700102
    clock.advance(3600)
    assert api.data("DescribeDevice", **{"lanIps.0": "10.6.10.77"})["totalNum"] == 1


def test_an_address_of_a_reinstallation_that_fails_is_free(make_account: MakeAccount) -> None:
    fault = '\n[[faults]]\naction = "ReloadDeviceOs"\noperation = "fail"\ntimes = 1\n'
    api = make_account(device("cpm-aaaaaaaa"), device("cpm-bbbbbbbb", place=OTHER) + fault)
    assert reload(api, "cpm-aaaaaaaa", lanIp="10.6.10.77")["code"] == 0
    assert reload(api, "cpm-bbbbbbbb", lanIp="10.6.10.77")["code"] == 0


@pytest.mark.parametrize("action", ["BuyDevice", "ReloadDeviceOs"])
def test_a_subnet_of_another_vpc_is_refused(make_account: MakeAccount, action: str) -> None:
    api = make_account(device("cpm-aaaaaaaa"))
    place = {"unVpcId": VPC, "unSubnetId": "subnet-fa1lzxhz"}
    answer = api.call(action, **{**ORDER, "instanceId": "cpm-aaaaaaaa", "passwd": PASSWD, **place})
    assert answer["code"] == (700102 if action == "BuyDevice" else 10001)
    assert answer["message"].endswith("[unSubnetId]")


def test_a_full_subnet_is_named(make_account: MakeAccount) -> None:
    api = make_account()
    place = {"unVpcId": "vpc-6t44o010", "unSubnetId": "subnet-small081"}
    assert api.call("BuyDevice", **{**ORDER, **place})["code"] == 0  # a /30 has one beside the gateway
    answer = api.call("BuyDevice", **{**ORDER, **place})
    assert (answer["code"], answer["message"].endswith("[unSubnetId]")) == (700102, True)


def test_a_server_that_is_gone_is_in_stock_again(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account()
    stock = {"zoneId": ORDER["zoneId"], "deviceClassCode": "PS100v1"}
    before = api.data("DescribeDeviceInventory", **stock)["inventory"]
    [names] = api.data("BuyDevice", **ORDER)["resourceIds"].values()
    assert api.data("DescribeDeviceInventory", **stock)["inventory"] == before - 1
    clock.advance(3600)
    api.data("OfflineDevice", **{"instanceIds.0": names[0]})
    clock.advance(3600)
    assert api.data("DescribeDeviceInventory", **stock)["inventory"] == before


def test_months_are_those_of_the_calendar_and_count_from_the_delivery(
    make_account: MakeAccount, clock: ManualClock
) -> None:
    api = make_account()
    [[name]] = api.data("BuyDevice", **{**ORDER, "timeSpan": 8})["resourceIds"].values()
    assert row(api, name)["deliverTime"] == "0000-00-00 00:00:00"
    clock.advance(3600)
    found = row(api, name)
    assert found["deliverTime"].startswith("2017-10-20 10:")
    assert found["deadline"] == found["deliverTime"].replace("2017-10-20", "2018-06-20")


def test_a_server_that_is_billed_afterwards_does_not_expire(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa", "deadline = 2017-10-25 10:00:00"))
    api.data("ModifyPayModePre2Post", **{"instanceIds.0": "cpm-aaaaaaaa"})
    clock.advance(400 * 24 * 3600)
    assert row(api, "cpm-aaaaaaaa")["deviceStatus"] == "4"


def test_an_account_may_be_kept_from_being_billed_afterwards(make_account: MakeAccount) -> None:
    api = make_account("may_postpay = false\n", device("cpm-aaaaaaaa"))
    assert api.call("ModifyPayModePre2Post", **{"instanceIds.0": "cpm-aaaaaaaa"})["code"] == 10001


def test_a_vpc_is_switched_once_at_a_time(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account()
    task = api.data("SwitchToBmExclusiveCluster", unVpcId=VPC)["taskId"]
    assert api.call("SwitchToBmSharedCluster", unVpcId=VPC)["code"] == 10001
    clock.advance(3600)
    assert api.data("DescriptionOperationResult", taskId=task)["status"] == 1
    assert api.data("QueryBmTgwClusterMode", unVpcId=VPC) == "exclusive"
    assert api.call("RecoveryBmTgwCluster", unVpcId=VPC)["code"] == 0


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, {"sysRootSpace": 50, "sysSwaporuefiSpace": 8}),
        ({"sysRootSpace": 10}, {"sysRootSpace": 10, "sysUsrlocalSpace": 20}),
        ({"sysSwaporuefiSpace": 4}, {"sysRootSpace": 10, "sysSwaporuefiSpace": 4}),
        ({"sysDataSpace": 0}, {"sysRootSpace": 10, "sysUsrlocalSpace": 0}),
    ],
)
def test_partitions_that_are_sent_replace_those_before(
    make_account: MakeAccount, clock: ManualClock, sent: dict[str, int], expected: dict[str, int]
) -> None:
    """Whatever their value: one that is the default was sent too."""
    api = make_account(device("cpm-aaaaaaaa", "setup = {sysRootSpace = 50, sysSwaporuefiSpace = 8}"))
    assert reload(api, "cpm-aaaaaaaa", **sent)["code"] == 0
    clock.advance(3600)
    found = api.data("DescribeDevicePartition", instanceId="cpm-aaaaaaaa")
    assert {name: found[name] for name in expected} == expected


def test_partitions_that_do_not_fit_the_new_raid_type_are_refused(make_account: MakeAccount) -> None:
    api = make_account(device("cpm-aaaaaaaa", "raid_id = 3\nsetup = {sysRootSpace = 1500}"))
    answer = reload(api, "cpm-aaaaaaaa", raidId=6)
    assert (answer["code"], answer["message"].endswith("[sysRootSpace]")) == (10001, True)


def test_a_reinstallation_brings_a_dead_agent_back(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa", "agent_alive = false"))
    reset = {"instanceIds.0": "cpm-aaaaaaaa", "passwd": PASSWD}
    assert api.call("ResetDevicePasswd", **reset)["code"] == 12006
    assert reload(api, "cpm-aaaaaaaa", **{"agentIds.0": 2})["code"] == 0
    clock.advance(3600)
    assert api.call("ResetDevicePasswd", **reset)["code"] == 0
