"""Devices set by hand, with their tasks, operations and stock: any situation in one step."""

from typing import Any

import pytest
from support.client import Api

from emulator.testing import ControlError, WorldClient

DEVICE = "cpm-an5a9wv4"
OUT_OF_BAND = {"ip": "100.1.1.1", "user_name": "u", "password": "p", "serial_number": "S"}


def described(api: Api) -> dict[str, Any]:
    [row] = api.data("DescribeDevice", **{"instanceIds.0": DEVICE})["deviceList"]
    return row


def test_a_device_is_read_with_all_its_fields(bm_world: WorldClient) -> None:
    device = bm_world.inventory.device(DEVICE)
    assert (device["state"], device["alias"], device["app_id"]) == ("running", "web-1", "251000873")
    assert device["out_of_band"]["ip"] == "100.68.134.36"
    assert device["busy_with"] is None


@pytest.mark.parametrize(
    ("state", "shown"),
    [("fault", ("5", "3")), ("shutdown", ("4", "3")), ("reboot-failed", ("4", "8")), ("reinstall-failed", ("4", "10"))],
)
def test_a_devices_state_is_set(bm_world: WorldClient, world_api: Api, state: str, shown: tuple[str, str]) -> None:
    bm_world.inventory.set_device(DEVICE, state=state)
    row = described(world_api)
    assert (row["deviceStatus"], row["operateStatus"]) == shown


def test_an_isolated_device_is_in_the_recycle_bin_and_back_again(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.inventory.set_device(DEVICE, state="isolated")
    assert world_api.data("DescribeDeviceTrash")["totalNum"] == 1
    bm_world.inventory.set_device(DEVICE, state="running")
    assert described(world_api)["deviceStatus"] == "4"


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_device_that_is_isolated_by_hand_has_expired_until_it_is_put_back(
    bm_world: WorldClient, world_api: Api
) -> None:
    bm_world.inventory.set_device(DEVICE, state="isolated")
    [row] = world_api.data("DescribeDeviceTrash")["deviceList"]
    assert row["deadline"] == "2017-10-19 10:00:00"
    bm_world.inventory.set_device(DEVICE, state="running")
    assert described(world_api)["deadline"] == "2017-11-20 10:00:00"
    changed = bm_world.inventory.set_device(DEVICE, state="isolated", deadline="2017-10-18T00:00:00")
    assert changed["deadline"] == "2017-10-18 00:00:00"


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_device_expires_at_a_deadline_that_is_set(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.inventory.set_device(DEVICE, deadline="2017-10-20T10:00:05", auto_renew=False)
    assert described(world_api)["deadline"] == "2017-10-20 10:00:05"
    bm_world.clock.advance(5)
    assert bm_world.inventory.device(DEVICE)["state"] == "isolated"


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_device_whose_deadline_is_moved_does_not_expire_at_the_old_one(bm_world: WorldClient) -> None:
    bm_world.inventory.set_device(DEVICE, deadline="2017-10-20T10:00:05")
    bm_world.inventory.set_device(DEVICE, deadline="2018-10-20T10:00:05")
    bm_world.clock.advance(60)
    assert bm_world.inventory.device(DEVICE)["state"] == "running"


def test_an_out_of_band_record_is_gone_and_comes_back(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.inventory.set_device(DEVICE, out_of_band=None)
    assert world_api.call("GetDeviceOutBandInfo", instanceId=DEVICE)["code"] == 10106
    bm_world.inventory.set_device(DEVICE, out_of_band=OUT_OF_BAND)
    info = world_api.data("GetDeviceOutBandInfo", instanceId=DEVICE)["outbandInfo"]
    assert (info["dhcp_ip"], info["sn"]) == ("100.1.1.1", "S")


def test_other_fields_of_a_device_are_set(bm_world: WorldClient, world_api: Api) -> None:
    changes = {"alias": "new", "wan_ip": "1.2.3.4", "lan_ip": "10.10.1.77", "tags": {"env": "prod"}}
    device = bm_world.inventory.set_device(DEVICE, **changes, login_type="key", login_key="k", agent_alive=False)
    assert {name: device[name] for name in changes} == changes
    row = described(world_api)
    assert (row["alias"], row["wanIp"], row["lanIp"]) == ("new", "1.2.3.4", "10.10.1.77")
    assert world_api.call("ResetDevicePasswd", **{"instanceIds.0": DEVICE, "passwd": "abce1234"})["code"] == 12006


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"colour": "red"}, "colour: there is no such field"),
        ({"state": "melting"}, "no device is ever 'melting'"),
        ({"state": "rebooting"}, "rebooting passes: call the action that begins it"),
        ({"lan_ip": "10.99.0.1"}, "'10.99.0.1' is not free in subnet-1so5ae8m"),
        ({"lan_ip": "10.10.1.6"}, "is not free"),
        ({"deadline": "soon"}, "deadline"),
        ({"deadline": "1900-01-01T00:00:00"}, "between 1970 and 9998"),
        ({"agent_alive": "maybe"}, "agent_alive"),
        ({"out_of_band": {"ip": "1.1.1.1"}}, "user_name"),
        ({"pay_mode": 3}, "pay_mode"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_nothing_is_set(
    bm_world: WorldClient, changes: dict, reason: str
) -> None:
    before = bm_world.inventory.device(DEVICE)
    with pytest.raises(ControlError, match=reason) as refused:
        bm_world.inventory.set_device(DEVICE, alias="changed", **changes)
    assert refused.value.status == 422
    assert bm_world.inventory.device(DEVICE) == before


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_busy_device_keeps_its_state(bm_world: WorldClient) -> None:
    bm_world.call("RebootDevice", instanceIds=[DEVICE], opUin="1")
    assert bm_world.inventory.device(DEVICE)["busy_with"] == "device operation"
    with pytest.raises(ControlError, match="is busy with a device operation"):
        bm_world.inventory.set_device(DEVICE, state="shutdown")


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_devices_task_is_made_to_hang_and_to_go_on(bm_world: WorldClient) -> None:
    task = bm_world.call("RebootDevice", instanceIds=[DEVICE], opUin="1")["data"]["taskId"]
    bm_world.inventory.set_task(task, hangs_at=70)
    bm_world.clock.advance(100_000)
    assert bm_world.inventory.task(task)["parts"][0]["operation"]["hangs_at"] == 70
    bm_world.inventory.set_task(task, due_in=5)
    bm_world.clock.advance(5)
    assert bm_world.inventory.task(task)["parts"] == [{"about": DEVICE, "status": "succeeded", "operation": None}]
    with pytest.raises(ControlError, match="is over"):
        bm_world.inventory.set_task(task, fails=True)


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_an_operation_is_set_by_its_number(bm_world: WorldClient) -> None:
    bm_world.call("RebootDevice", instanceIds=[DEVICE], opUin="1")
    [operation] = bm_world.inventory.operations()
    assert (operation["about"], operation["fails"]) == (DEVICE, False)
    bm_world.inventory.set_operation(operation["id"], fails=True)
    bm_world.clock.advance_to_idle()
    assert bm_world.inventory.device(DEVICE)["state"] == "reboot-failed"
    with pytest.raises(ControlError, match="nothing that is going on"):
        bm_world.inventory.set_operation(operation["id"], fails=True)


ORDER = {"zoneId": 1000100003, "unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m", "osTypeId": 1, "raidId": 1}
ORDER |= {"deviceClassCode": "PS100v1", "timeUnit": "m", "timeSpan": 1, "goodsNum": 1}


def test_stock_is_set(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.inventory.set_stock(1000100003, "PS100v1", 1)
    assert world_api.call("BuyDevice", **ORDER)["code"] == 0
    assert world_api.call("BuyDevice", **ORDER)["codeDesc"] == "TradeError.ResourceLimit"
    [found] = [
        row for row in bm_world.inventory.stock() if (row["zone_id"], row["class_code"]) == (1000100003, "PS100v1")
    ]
    assert found["left"] == 0
    with pytest.raises(ControlError, match="no zone '1'; it has"):
        bm_world.inventory.set_stock(1, "PS100v1", 1)
