"""Devices: lists, filters, pages, aliases and flags."""

from typing import Any

import pytest
from conftest import MakeApi
from support.account import HEAD, device
from support.client import Api

from chapters.conftest import MakeAccount

LOGIN = '{ip = "100.1.1.2", user_name = "a", password = "b", serial_number = "c"}'


@pytest.fixture
def four(make_account: MakeAccount) -> Api:
    return make_account(
        device("cpm-aaaaaaaa", 'wan_ip = "1.1.1.1"\ndeadline = 2018-01-01 00:00:00'),
        device("cpm-bbbbbbbb", f'rack = "M7"\nauto_renew = true\nout_of_band = {LOGIN}'),
        device("cpm-cccccccc", 'class_code = "PI102v1"\nrack = "M9"\nswitches = "s1/s2"\nrack_position = "7"'),
        device("cpm-dddddddd", 'state = "isolated"\nsystem_id = 3\nraid_id = 2'),
    )


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "abc"),
        ({"limit": 2}, "ab"),
        ({"limit": 2, "offset": 2}, "c"),
        ({"instanceIds.0": "cpm-cccccccc", "instanceIds.1": "cpm-aaaaaaaa"}, "ac"),
        ({"instanceIds.0": "cpm-dddddddd"}, ""),
        ({"instanceIds.0": "cpm-an5a9wv4"}, ""),
        ({"unVpcId": "vpc-8e0ypm3z"}, "abc"),
        ({"unVpcId": "vpc-other"}, ""),
        ({"unSubnetId": "subnet-34xt45as"}, "abc"),
        ({"deviceClassCode": "PI102v1"}, "c"),
        ({"deviceClass": "TS60"}, "c"),
        ({"deviceClass": "M10"}, "ab"),
        ({"deviceClass": "none"}, ""),
        ({"lanIps.0": "10.6.10.67"}, "a"),
        ({"wanIps.0": "1.1.1.1"}, "a"),
        ({"alias": "BBBB"}, "b"),
        ({"autoRenewFlag": 1}, "b"),
        ({"autoRenewFlag": 0}, "ac"),
        ({"deadlineEndTime": "2018-01-01 00:00:00"}, "a"),
        ({"deadlineStartTime": "2018-01-01 00:00:01"}, "bc"),
        ({"status": 4}, "abc"),
        ({"status": 5}, ""),
        ({"vpcId": 1025}, "abc"),
        ({"vpcId": 1}, ""),
        ({"subnetId": 4}, "abc"),
        ({"subnetIds.0": 4, "subnetIds.1": 1}, "abc"),
        ({"subnetIds.0": 1}, ""),
        ({"unSubnetIds.0": "subnet-34xt45as"}, "abc"),
        ({"unSubnetIds.0": "subnet-other"}, ""),
        ({"mgtIps.0": "100.1.1.2"}, "b"),
        ({"mgtIps.0": "100.1.1.9"}, ""),
        ({"vagueIp": "1.1.1."}, "a"),
        ({"vagueIp": "10.6."}, "abc"),
        ({"projectId": 0}, "abc"),
        ({"projectId": 1}, ""),
        ({"order": 1}, "cba"),
        ({"orderField": "deviceClassCode"}, "cab"),
        ({"orderField": "deviceClassCode", "order": "desc"}, "bac"),
        ({"orderField": "deadline", "order": "0", "limit": 1}, "a"),
        ({"deadlineStartTime": "2017-01-01 00:00:00", "deadlineEndTime": "2040-01-01 00:00:00"}, "abc"),
    ],
)
def test_devices_are_filtered_and_paged(four: Api, params: dict[str, Any], expected: str) -> None:
    data = four.data("DescribeDevice", **params)
    assert "".join(row["instanceId"][4] for row in data["deviceList"]) == expected
    assert data["totalNum"] == (3 if "limit" in params else len(expected))


def test_the_recycle_bin_holds_the_others(four: Api) -> None:
    data = four.data("DescribeDeviceTrash")
    [row] = data["deviceList"]
    assert data["totalNum"] == 1
    assert (row["instanceId"], row["deviceStatus"]) == ("cpm-dddddddd", "8")
    assert (row["vpcName"], row["subnetCidrBlock"]) == ("beijing", "10.6.10.0/24")
    assert (row["osName"], row["raid"], row["autoRenewFlag"]) == ("BM-debian7.8", "RAID5", 0)


def test_positions_are_listed(four: Api) -> None:
    [row] = four.data("DescribeDevicePosition", **{"instanceIds.0": "cpm-cccccccc"})["deviceList"]
    assert (row["rckName"], row["posCode"], row["switchName"]) == ("M9", "7", "s1/s2")
    assert (row["vpcId"], row["subnetId"], row["zoneId"]) == (1025, 4, 1000100003)


def test_another_account_sees_nothing_of_it(make_api: MakeApi) -> None:
    api = make_api(HEAD + device("cpm-aaaaaaaa"))
    assert "cpm-aaaaaaaa" not in str(api.data("DescribeDevice"))


def test_aliases_and_flags_are_changed_one_by_one(four: Api) -> None:
    pair = {"instanceIds.0": "cpm-aaaaaaaa", "instanceIds.1": "cpm-bbbbbbbb"}
    assert four.call("ModifyDeviceAlias", **pair, **{"aliases.0": "web", "aliases.1": "数据库"})["code"] == 0
    assert four.call("ModifyDeviceAutoRenewFlag", **pair, autoRenewFlag=1)["code"] == 0
    rows = four.data("DescribeDevice", **pair)["deviceList"]
    assert [(row["alias"], row["autoRenewFlag"]) for row in rows] == [("web", "1"), ("数据库", "1")]


@pytest.mark.parametrize(("params", "expected"), [({"vpcId": 1025}, 3), ({"subnetId": 4}, 3), ({"subnetId": 5}, 0)])
def test_positions_are_filtered_by_the_numbers_of_networks(four: Api, params: dict[str, Any], expected: int) -> None:
    assert four.data("DescribeDevicePosition", **params)["totalNum"] == expected


def test_a_list_is_not_sorted_by_what_is_no_field(four: Api) -> None:
    assert four.call("DescribeDevice", orderField="colour")["message"] == "(10001)参数错误:[orderField]"
