"""What the vendor's command line calls and no page documents."""

import pytest
from conftest import MakeApi
from support.account import device
from support.cases import Case, check_complete, check_refused

from chapters.conftest import MakeAccount
from chapters.undocumented.cases import CASES, GOOD, ONE
from emulator import contract
from emulator.clock import ManualClock

ORDER = {"zoneId": 1000100003, "unVpcId": "vpc-8e0ypm3z", "unSubnetId": "subnet-34xt45as", "deviceClassCode": "PS100v1"}
ORDER |= {"osTypeId": 1, "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": 2}


def test_they_are_marked_in_the_contract() -> None:
    undocumented = {action.name for action in contract.load() if action.undocumented}
    assert {name for name in undocumented if "ContainerSubnet" not in name} == GOOD.keys()


@pytest.mark.parametrize("name", GOOD)
def test_they_answer_in_the_manner_of_their_neighbours(make_account: MakeAccount, name: str) -> None:
    answer = make_account(device()).call(name, **GOOD[name])
    assert list(answer) == ["code", "message", "codeDesc", "data"]
    assert (answer["code"], answer["codeDesc"]) == (0, "Success")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_error_of_the_contract_is_answered_and_changes_nothing(
    make_api: MakeApi, clock: ManualClock, case: Case
) -> None:
    check_refused(case, make_api, clock, [("DescribeDevice", {}), ("DescribeDeviceTrash", {})])


def test_all_errors_of_the_contract_are_among_the_cases() -> None:
    check_complete("undocumented", GOOD, CASES)


def test_the_inventory_shrinks_with_each_sale(make_account: MakeAccount) -> None:
    api = make_account(device())
    stock = {"zoneId": 1000100003, "deviceClassCode": "PS100v1"}
    before = api.data("DescribeDeviceInventory", **stock)["inventory"]
    api.data("BuyDevice", **ORDER)
    assert api.data("DescribeDeviceInventory", **stock)["inventory"] == before - 2
    custom = {"zoneId": 1000100003, "cpuId": 1, "mem": 64, "diskTypeId1": 1, "diskNum1": 2}
    assert api.data("DescribeDeviceInventory", **custom)["deviceClassCode"] == "Y0-BS05v1"


def test_a_servers_partitions_are_those_of_its_raid_type(make_account: MakeAccount) -> None:
    api = make_account(device(more="raid_id = 7"))
    whole = api.call("DescribeDeviceClassPartition", deviceClassCode="PS100v1")["data"]
    assert api.data("DescribeDevicePartition", instanceId="cpm-aaaaaaaa") == whole["7"]


def test_prices_are_listed_for_each_server_and_together(make_account: MakeAccount) -> None:
    data = make_account(device()).data("DescribeDevicePrice", **{**ONE, "instanceIds.1": "cpm-aaaaaaaa"}, timeSpan=3)
    assert data["totalPrice"] == 2 * 3 * 590000
    assert data["priceList"][0] == {"instanceId": "cpm-aaaaaaaa", "unitPrice": 590000, "realPrice": 1770000}


def test_the_steps_of_a_delivery_are_listed(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device())
    [names] = api.data("BuyDevice", **ORDER)["resourceIds"].values()
    seen = []
    for _ in range(700):
        steps = api.data("GetDeviceDeployProcess", instanceId=names[0], isElastic=0)["steps"]
        seen.append([step["status"] for step in steps])
        clock.advance(1)
    assert [step for n, step in enumerate(seen) if step not in seen[:n]] == [[1, 0], [2, 1], [2, 2]]


def test_a_server_that_is_given_back_goes_offline_and_is_gone(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device())
    task = api.data("OfflineDevice", **ONE)["taskId"]
    assert api.data("DescribeBmInstances")["totalNum"] == 0
    assert [row["deviceStatus"] for row in api.data("DescribeDeviceTrash")["deviceList"]] == ["12"]
    assert api.call("OfflineDevice", **ONE)["code"] == 12002
    clock.advance(300)
    assert api.data("DescribeDeviceTrash")["totalNum"] == 0
    done = {"status": 1, "instanceIds": [{"instanceId": "cpm-aaaaaaaa", "status": 1}]}
    assert api.data("DescriptionOperationResult", taskId=task) == done


def test_a_server_that_is_not_delivered_cannot_be_given_back(make_account: MakeAccount) -> None:
    api = make_account(device())
    [names] = api.data("BuyDevice", **ORDER)["resourceIds"].values()
    assert api.call("OfflineDevice", **{"instanceIds.0": names[0]})["code"] == 12002


def test_servers_are_listed_in_short(make_account: MakeAccount) -> None:
    [row] = make_account(device()).data("DescribeBmInstances")["instanceList"]
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
    make_account: MakeAccount, asked_for: dict[str, int], sizes: tuple[int, ...]
) -> None:
    api = make_account(device())
    [names] = api.data("BuyDevice", **ORDER, **asked_for)["resourceIds"].values()
    partitions = api.data("DescribeDevicePartition", instanceId=names[0])
    assert tuple(partitions[name] for name in SIZES) == sizes


def test_a_reinstallation_keeps_the_partitions_unless_it_names_some(
    make_account: MakeAccount, clock: ManualClock
) -> None:
    api = make_account(device())

    def reinstalled(**asked_for: int) -> tuple[int, ...]:
        api.data("ReloadDeviceOs", instanceId="cpm-aaaaaaaa", passwd="abce1234", **asked_for)
        clock.advance(700)
        partitions = api.data("DescribeDevicePartition", instanceId="cpm-aaaaaaaa")
        return tuple(partitions[name] for name in SIZES)

    assert reinstalled() == (10, 2, 20, 3320)
    assert reinstalled(sysRootSpace=100) == (100, 2, 0, 3250)
    assert reinstalled() == (100, 2, 0, 3250)
    too_much = {"instanceId": "cpm-aaaaaaaa", "passwd": "abce1234", "sysDataSpace": 99999}
    assert api.call("ReloadDeviceOs", **too_much)["code"] == 10001
    assert reinstalled(sysUsrlocalSpace=40) == (10, 2, 40, 3300)
