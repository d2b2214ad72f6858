"""States of devices: all that the page documents, and what becomes of work on a device that is taken away."""

import pytest
from support.account import device

from chapters.conftest import MakeAccount
from chapters.devices.test_addresses import ORDER
from emulator.clock import ManualClock
from emulator.testing import WorldClient

DEVICE = "cpm-an5a9wv4"
PARTLY = '\n[[faults]]\naction = "BuyDevice"\nerror = 100188\npartly = true\ntimes = 1\n'


@pytest.mark.parametrize("number", range(1, 15))
def test_every_device_status_of_the_page_can_be_set(bm_world: WorldClient, number: int) -> None:
    bm_world.inventory.set_device(DEVICE, device_status=number)
    wanted = {"instanceIds": [DEVICE]}
    rows = bm_world.call("DescribeDevice", **wanted)["data"]["deviceList"]
    rows += bm_world.call("DescribeDeviceTrash", **wanted)["data"]["deviceList"]
    assert [row["deviceStatus"] for row in rows] == [str(number)]


@pytest.mark.parametrize("number", range(1, 16))
def test_every_operate_status_of_the_page_can_be_set(bm_world: WorldClient, number: int) -> None:
    bm_world.inventory.set_device(DEVICE, operate_status=number)
    [row] = bm_world.call("DescribeDevice", instanceIds=[DEVICE])["data"]["deviceList"]
    assert row["operateStatus"] == str(number)


def test_an_order_may_be_paid_and_delivered_in_part(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account("balance = 100000000\n", PARTLY)
    before = api.data("DescribeDevice")["totalNum"]
    assert api.call("BuyDevice", **{**ORDER, "goodsNum": 4})["code"] == 100188
    assert api.data("DescribeDevice")["totalNum"] == before + 2
    clock.advance(3600)
    assert {row["deviceStatus"] for row in api.data("DescribeDevice")["deviceList"]} == {"4"}


def test_only_an_action_that_works_in_parts_can_do_so(bm_world: WorldClient) -> None:
    for rule in ({"action": "BuyDevice", "cut": True}, {"action": "RebootDevice", "error": 9001}):
        with pytest.raises(Exception, match="`partly` goes with an `error`"):
            bm_world.faults.set(partly=True, **rule)


def test_an_operation_fails_when_its_server_is_isolated(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device(more="deadline = 2017-10-20 10:00:10"))
    task = api.data("RebootDevice", **{"instanceIds.0": "cpm-aaaaaaaa", "opUin": "1"})["taskId"]
    clock.advance(11)  # the reboot would take a minute and more
    assert api.data("DescriptionOperationResult", taskId=task)["status"] == 2
    assert api.data("DescribeDeviceTrash")["totalNum"] == 1


def test_a_return_that_fails_after_the_deadline_leaves_the_server_isolated(
    make_account: MakeAccount, clock: ManualClock
) -> None:
    fault = '\n[[faults]]\naction = "OfflineDevice"\noperation = "late"\nlate_by = 600\n'
    api = make_account(device(more="deadline = 2017-10-20 10:01:00"), fault)
    task = api.data("OfflineDevice", **{"instanceIds.0": "cpm-aaaaaaaa"})["taskId"]
    clock.advance(120)
    assert api.data("DescriptionOperationResult", taskId=task)["status"] in (1, 2)
    assert api.data("DescribeDevice")["totalNum"] == 0
