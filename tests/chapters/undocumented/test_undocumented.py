"""What the vendor's command line calls and no page documents."""

from typing import Any

import pytest
from conftest import MakeApi
from support.client import Api

from chapters.devices.test_operations import HEAD, ONE, device
from emulator import contract
from emulator.clock import ManualClock

GOOD: dict[str, dict[str, Any]] = {
    "DescribeBmInstances": {},
    "DescribeDeviceInventory": {"zoneId": 1000100003, "deviceClassCode": "PS100v1"},
    "DescribeDevicePartition": {"instanceId": "cpm-aaaaaaaa"},
    "DescribeDevicePrice": {**ONE, "timeSpan": 2},
    "GetDeviceDeployProcess": {"instanceId": "cpm-aaaaaaaa"},
    "OfflineDevice": ONE,
}
ACTIONS = {action.name: action for action in contract.load() if action.undocumented}
FAULT = '\n[[faults]]\naction = "{}"\nerror = 9001\n'
ORDER = {"zoneId": 1000100003, "unVpcId": "vpc-8e0ypm3z", "unSubnetId": "subnet-34xt45as", "deviceClassCode": "PS100v1"}
ORDER |= {"osTypeId": 1, "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": 2}


@pytest.fixture
def fleet(make_api: MakeApi) -> Any:
    def make(more: str = "", rules: str = "") -> Api:
        return Api(make_api(HEAD + device("cpm-aaaaaaaa", more) + rules).http, "AKIDfleet", "fleetkey")

    return make


def test_they_are_marked_in_the_contract() -> None:
    assert ACTIONS.keys() == GOOD.keys()


@pytest.mark.parametrize("name", GOOD)
def test_they_answer_in_the_manner_of_their_neighbours(fleet: Any, name: str) -> None:
    answer = fleet().call(name, **GOOD[name])
    assert list(answer) == ["code", "message", "codeDesc", "data"]
    assert (answer["code"], answer["codeDesc"]) == (0, "Success")


@pytest.mark.parametrize("name", GOOD)
def test_a_broken_database_is_their_error_too(fleet: Any, name: str) -> None:
    assert fleet(rules=FAULT.format(name)).call(name, **GOOD[name])["code"] == 9001


@pytest.mark.parametrize(
    ("name", "code", "params"),
    [
        ("DescribeDeviceInventory", 10001, {"zoneId": 1}),
        ("DescribeDeviceInventory", 10001, {"deviceClassCode": "none"}),
        ("DescribeDeviceInventory", 10001, {"deviceClassCode": ""}),
        ("DescribeDevicePartition", 10001, {"instanceId": "cpm-an5a9wv4"}),
        ("DescribeDevicePrice", 10001, {"instanceIds.0": "cpm-unknown1"}),
        ("DescribeDevicePrice", 10001, {"timeSpan": 0}),
        ("GetDeviceDeployProcess", 10001, {"instanceId": "x"}),
        ("OfflineDevice", 10001, {"instanceIds.0": "cpm-an5a9wv4"}),
    ],
)
def test_bad_parameters_are_refused(fleet: Any, name: str, code: int, params: dict[str, Any]) -> None:
    assert fleet().call(name, **{**GOOD[name], **params})["code"] == code


def test_the_inventory_shrinks_with_each_sale(fleet: Any) -> None:
    api = fleet()
    stock = {"zoneId": 1000100003, "deviceClassCode": "PS100v1"}
    before = api.data("DescribeDeviceInventory", **stock)["inventory"]
    api.data("BuyDevice", **ORDER)
    assert api.data("DescribeDeviceInventory", **stock)["inventory"] == before - 2
    custom = {"zoneId": 1000100003, "cpuId": 1, "mem": 64, "diskTypeId1": 1, "diskNum1": 2}
    assert api.data("DescribeDeviceInventory", **custom)["deviceClassCode"] == "Y0-BS05v1"


def test_a_servers_partitions_are_those_of_its_raid_type(fleet: Any) -> None:
    api = fleet("raid_id = 7")
    whole = api.call("DescribeDeviceClassPartition", deviceClassCode="PS100v1")["data"]
    assert api.data("DescribeDevicePartition", instanceId="cpm-aaaaaaaa") == whole["7"]


def test_prices_are_told_for_each_server_and_together(fleet: Any) -> None:
    data = fleet().data("DescribeDevicePrice", **{**ONE, "instanceIds.1": "cpm-aaaaaaaa"}, timeSpan=3)
    assert data["totalPrice"] == 2 * 3 * 590000
    assert data["priceList"][0] == {"instanceId": "cpm-aaaaaaaa", "unitPrice": 590000, "realPrice": 1770000}


def test_the_steps_of_a_delivery_are_told(fleet: Any, clock: ManualClock) -> None:
    api = fleet()
    [names] = api.data("BuyDevice", **ORDER)["resourceIds"].values()
    seen = []
    for _ in range(700):
        steps = api.data("GetDeviceDeployProcess", instanceId=names[0], isElastic=0)["steps"]
        seen.append([step["status"] for step in steps])
        clock.advance(1)
    assert [step for n, step in enumerate(seen) if step not in seen[:n]] == [[1, 0], [2, 1], [2, 2]]


def test_a_server_that_is_given_back_goes_offline_and_is_gone(fleet: Any, clock: ManualClock) -> None:
    api = fleet()
    task = api.data("OfflineDevice", **ONE)["taskId"]
    assert api.data("DescribeBmInstances")["totalNum"] == 0
    assert [row["deviceStatus"] for row in api.data("DescribeDeviceTrash")["deviceList"]] == ["12"]
    assert api.call("OfflineDevice", **ONE)["code"] == 12002
    clock.advance(300)
    assert api.data("DescribeDeviceTrash")["totalNum"] == 0
    done = {"status": 1, "instanceIds": [{"instanceId": "cpm-aaaaaaaa", "status": 1}]}
    assert api.data("DescriptionOperationResult", taskId=task) == done


def test_a_server_that_is_not_delivered_cannot_be_given_back(fleet: Any) -> None:
    api = fleet()
    [names] = api.data("BuyDevice", **ORDER)["resourceIds"].values()
    assert api.call("OfflineDevice", **{"instanceIds.0": names[0]})["code"] == 12002


def test_servers_are_listed_in_short(fleet: Any) -> None:
    [row] = fleet().data("DescribeBmInstances")["instanceList"]
    assert row["instanceId"] == "cpm-aaaaaaaa"
    assert (row["lanIp"], row["deviceStatus"]) == ("10.6.10.67", "4")


SIZES = ("sysRootSpace", "sysSwaporuefiSpace", "sysUsrlocalSpace", "sysDataSpace")


@pytest.mark.parametrize(
    ("asked_for", "sizes"),
    [
        ({}, (10, 2, 20, 3320)),
        ({"sysRootSpace": 50}, (50, 2, 0, 3300)),
        ({"sysRootSpace": 50, "sysSwaporuefiSpace": 8}, (50, 8, 0, 3294)),
        ({"sysRootSpace": 50, "sysDataSpace": 1000}, (50, 2, 0, 3300)),
        ({"sysRootSpace": 3345, "sysSwaporuefiSpace": 4}, (3348, 4, 0, 0)),
    ],
)
def test_a_server_is_partitioned_as_it_was_ordered(
    fleet: Any, asked_for: dict[str, int], sizes: tuple[int, ...]
) -> None:
    api = fleet()
    [names] = api.data("BuyDevice", **ORDER, **asked_for)["resourceIds"].values()
    told = api.data("DescribeDevicePartition", instanceId=names[0])
    assert tuple(told[name] for name in SIZES) == sizes


def test_a_reinstallation_keeps_the_partitions_unless_it_names_some(fleet: Any, clock: ManualClock) -> None:
    api = fleet()

    def reinstalled(**partitions: int) -> tuple[int, ...]:
        api.data("ReloadDeviceOs", instanceId="cpm-aaaaaaaa", passwd="abce1234", **partitions)
        clock.advance(700)
        told = api.data("DescribeDevicePartition", instanceId="cpm-aaaaaaaa")
        return tuple(told[name] for name in SIZES)

    assert reinstalled() == (10, 2, 20, 3320)
    assert reinstalled(sysRootSpace=100) == (100, 2, 0, 3250)
    assert reinstalled() == (100, 2, 0, 3250)
    too_much = {"instanceId": "cpm-aaaaaaaa", "passwd": "abce1234", "sysDataSpace": 99999}
    assert api.call("ReloadDeviceOs", **too_much)["code"] == 10001
