"""Devices: orders that are refused for their alias or partitions, and servers that are billed afterwards."""

from typing import Any

import pytest
from support.account import device
from support.client import Api

from chapters.conftest import MakeAccount
from chapters.devices.cases import DOCKER, DOCKER_OWNER, ORDER
from emulator.clock import ManualClock

NEVER = "0000-00-00 00:00:00"


@pytest.mark.parametrize("alias", ["x" * 61, "   ", "a\tb"])
def test_a_bought_server_is_named_by_the_rule_of_names(make_account: MakeAccount, alias: str) -> None:
    assert make_account().call("BuyDevice", **{**ORDER, "alias": alias})["code"] != 0


@pytest.mark.parametrize(
    ("sizes", "named"),
    [
        ({"sysRootSpace": 9000}, "sysRootSpace"),
        ({"sysRootSpace": 20, "sysDataSpace": 9000}, "sysDataSpace"),
        ({"sysSwaporuefiSpace": 9000}, "sysSwaporuefiSpace"),
    ],
)
def test_partitions_that_do_not_fit_are_refused_by_the_largest(
    make_account: MakeAccount, sizes: dict[str, int], named: str
) -> None:
    answer = make_account().call("BuyDevice", **{**ORDER, **sizes})
    assert (answer["code"], answer["message"].endswith(f"[{named}]")) == (700102, True)


def test_a_root_partition_has_a_size(make_account: MakeAccount) -> None:
    answer = make_account().call("BuyDevice", **{**ORDER, "sysRootSpace": 0})
    assert answer["message"].endswith("[sysRootSpace]")


def test_what_is_billed_afterwards_has_no_deadline(make_account: MakeAccount) -> None:
    api = make_account("may_postpay = true\n", device(more="deadline = 2017-12-01 00:00:00"))
    wanted = {"deadlineStartTime": "2017-11-01 00:00:00", "deadlineEndTime": "2018-01-01 00:00:00"}
    assert api.data("DescribeDevice", **wanted)["totalNum"] == 1
    api.data("ModifyPayModePre2Post", **{"instanceIds.0": "cpm-aaaaaaaa"})
    assert api.data("DescribeDevice")["deviceList"][0]["deadline"] == NEVER
    assert api.data("DescribeDevicePosition")["deviceList"][0]["deadline"] == NEVER
    assert api.data("DescribeDevice", **wanted)["totalNum"] == 0


def test_what_has_expired_cannot_be_billed_afterwards(make_account: MakeAccount) -> None:
    api = make_account("may_postpay = true\n", device(more='state = "isolated"'))
    assert api.call("ModifyPayModePre2Post", **{"instanceIds.0": "cpm-aaaaaaaa"})["code"] == 10001


def test_a_subnet_that_a_server_is_on_its_way_to_is_not_available(make_account: MakeAccount) -> None:
    api = Api(make_account(DOCKER).http, *DOCKER_OWNER)
    [subnet] = api.data("ZhDockerSubnetAvailable")
    [server, *_] = api.data("DescribeDevice")["deviceList"] or [None]
    if server is None:
        pytest.fail("the customer's world has a server")
    place = {"unVpcId": subnet["unVpcId"], "unSubnetId": subnet["unSubnetId"]}
    api.data("ReloadDeviceOs", instanceId=server["instanceId"], passwd="abce1234", **place)
    assert api.data("ZhDockerSubnetAvailable") == []


def test_no_work_ends_before_it_began(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device())
    api.data("RebootDevice", opUin="1", **{"instanceIds.0": "cpm-aaaaaaaa"})
    past: dict[str, Any] = {"deadline": "2017-10-18T00:00:00"}
    assert api.http.patch("/_emulator/worlds/default/inventory/devices/cpm-aaaaaaaa", json=past).status_code == 200
    clock.advance(1)
    wanted = {"instanceId": "cpm-aaaaaaaa", "startTime": "2017-10-01", "endTime": "2017-10-30"}
    [entry] = api.data("DescribeDeviceOperationLog", **wanted)["logs"]
    assert entry["startTime"] <= entry["endTime"] == "2017-10-20 10:00:00"
