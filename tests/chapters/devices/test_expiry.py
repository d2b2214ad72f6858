"""Devices: expiry, the recycle bin and renewal."""

import pytest
from conftest import MakeApi
from support.account import device

from chapters.conftest import MakeAccount
from chapters.devices.cases import TWO
from emulator.clock import ManualClock

DAY = 24 * 3600
SECONDS = 3600
"""Longer than any operation takes."""
SOON = "deadline = 2017-10-21 10:00:00"


def test_a_server_expires_into_the_recycle_bin_and_is_gone_after_a_week_and_a_day(
    make_account: MakeAccount, clock: ManualClock
) -> None:
    api = make_account(device("cpm-aaaaaaaa", SOON))
    seen = []
    for _ in range(11):
        kept = [row["deviceStatus"] for row in api.data("DescribeDevice")["deviceList"]]
        trash = [row["deviceStatus"] for row in api.data("DescribeDeviceTrash")["deviceList"]]
        seen.append((kept, trash))
        clock.advance(DAY)
    assert seen == [(["4"], []), *[([], ["8"])] * 7, ([], ["12"]), ([], []), ([], [])]


def test_what_expired_cannot_be_worked_on(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa", SOON))
    clock.advance(DAY)
    assert api.call("StartDevice", **TWO)["code"] == 12002


def test_a_renewed_server_goes_on_as_long_as_the_balance_suffices(
    make_account: MakeAccount, clock: ManualClock
) -> None:
    api = make_account("balance = 1000000\n", device("cpm-aaaaaaaa", f"{SOON}\nauto_renew = true"))
    clock.advance(2 * DAY)
    assert api.data("DescribeDevice")["deviceList"][0]["deadline"] == "2017-11-21 10:00:00"
    clock.advance(31 * DAY)
    assert api.data("DescribeDevice")["totalNum"] == 0
    assert api.data("DescribeDeviceTrash")["totalNum"] == 1


def test_an_operation_fails_if_the_server_expires_meanwhile(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa", "deadline = 2017-10-20 10:00:30"), device("cpm-bbbbbbbb"))
    both = {"instanceIds.0": "cpm-aaaaaaaa", "instanceIds.1": "cpm-bbbbbbbb"}
    task = api.data("RebootDevice", opUin="1", **both)["taskId"]
    clock.advance(SECONDS)
    result = api.data("DescriptionOperationResult", taskId=task)
    assert (result["status"], [row["status"] for row in result["instanceIds"]]) == (3, [2, 1])
    [row] = api.data("DescribeDeviceTrash")["deviceList"]
    assert (row["deviceStatus"], row["operateStatus"]) == ("8", "3")


def test_a_bought_server_expires_too(make_api: MakeApi, clock: ManualClock) -> None:
    api = make_api()
    order = {"zoneId": 1000100003, "unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m", "deviceClassCode": "M1"}
    more = {"osTypeId": 1, "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": 1}
    api.data("BuyDevice", **order, **more)
    before = api.data("DescribeDevice")["totalNum"]
    clock.advance(29 * DAY)
    assert api.data("DescribeDevice")["totalNum"] == before
    clock.advance(2 * DAY + 3600)
    assert api.data("DescribeDevice")["totalNum"] == before - 1


@pytest.mark.parametrize("state", ["init-failed", "fault", "network-fault", "lifting-failed"])
def test_a_server_with_a_fault_meets_its_deadline_too(
    make_account: MakeAccount, clock: ManualClock, state: str
) -> None:
    api = make_account(device("cpm-aaaaaaaa", f'{SOON}\nstate = "{state}"'))
    assert api.data("DescribeDevice")["totalNum"] == 1
    clock.advance(DAY)
    assert api.data("DescribeDeviceTrash")["totalNum"] == 1


ORDER = {"zoneId": 1000100003, "unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m", "deviceClassCode": "M1"}
MONTH = {"osTypeId": 1, "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": 1}
DELIVERY_FAILS = '\n[[faults]]\naction = "BuyDevice"\noperation = "fail"\n'


@pytest.mark.parametrize("given_back", [True, False])
def test_what_a_failed_delivery_took_is_free_again_when_it_is_given_back_or_expires(
    make_api: MakeApi, clock: ManualClock, given_back: bool
) -> None:
    api = make_api(DELIVERY_FAILS)
    stock = api.data("DescribeDeviceInventory", zoneId=1000100003, deviceClassCode="M1")["inventory"]
    [[bought]] = api.data("BuyDevice", **ORDER, **MONTH)["resourceIds"].values()
    clock.advance(SECONDS)
    assert api.data("DescribeDevice", **{"instanceIds.0": bought})["deviceList"][0]["deviceStatus"] == "3"
    assert api.data("DescribeDeviceInventory", zoneId=1000100003, deviceClassCode="M1")["inventory"] == stock - 1
    if given_back:
        api.data("OfflineDevice", **{"instanceIds.0": bought})
        clock.advance(SECONDS)
    else:
        clock.advance(40 * DAY)
    assert api.data("DescribeDeviceInventory", zoneId=1000100003, deviceClassCode="M1")["inventory"] == stock


@pytest.mark.parametrize(
    ("more", "deadline"),
    [
        ('state = "isolated"', "2017-10-19 10:00:00"),
        ('state = "going-offline"', "2017-10-13 10:00:00"),
        ('state = "isolated"\ndelivered_at = 2017-10-20 08:00:00', "2017-10-20 08:00:00"),
        ('state = "isolated"\ndeadline = 2017-10-02 00:00:00', "2017-10-02 00:00:00"),
    ],
)
def test_what_a_fixture_puts_into_the_recycle_bin_has_expired(
    make_account: MakeAccount, more: str, deadline: str
) -> None:
    [row] = make_account(device("cpm-aaaaaaaa", more)).data("DescribeDeviceTrash")["deviceList"]
    assert row["deadline"] == deadline
