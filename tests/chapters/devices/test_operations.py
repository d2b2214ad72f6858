"""Devices: power, passwords and installations."""

import pytest
from support.account import device
from support.client import Api

from chapters.conftest import MakeAccount
from chapters.devices.cases import GOOD, ONE, TWO
from emulator.clock import ManualClock

SECONDS = 3600
"""Longer than any operation takes."""


def states(api: Api, *instance_ids: str) -> list[tuple[str, str]]:
    rows = api.data("DescribeDevice", **{f"instanceIds.{n}": name for n, name in enumerate(instance_ids)})["deviceList"]
    by_id = {row["instanceId"]: (row["deviceStatus"], row["operateStatus"]) for row in rows}
    return [by_id[name] for name in instance_ids]


@pytest.mark.parametrize(
    ("action", "state", "meanwhile", "afterwards"),
    [
        ("StartDevice", "shutdown", "5", "1"),
        ("ShutdownDevice", "running", "2", "3"),
        ("RebootDevice", "running", "7", "1"),
        ("ResetDevicePasswd", "running", "11", "1"),
        ("ReloadDeviceOs", "running", "9", "1"),
        ("ReloadDeviceOs", "shutdown", "9", "1"),
    ],
)
def test_an_operation_shows_while_it_lasts_and_when_it_is_over(
    make_account: MakeAccount, clock: ManualClock, action: str, state: str, meanwhile: str, afterwards: str
) -> None:
    api = make_account(device("cpm-aaaaaaaa", f'state = "{state}"'))
    assert api.call(action, **GOOD[action])["code"] == 0
    assert states(api, "cpm-aaaaaaaa") == [("4", meanwhile)]
    assert api.call("RebootDevice", **TWO)["code"] == 12002
    clock.advance(SECONDS)
    assert states(api, "cpm-aaaaaaaa") == [("4", afterwards)]


def test_if_one_device_cannot_none_does(make_account: MakeAccount) -> None:
    api = make_account(device("cpm-aaaaaaaa"), device("cpm-bbbbbbbb", 'state = "shutdown"'))
    both = {"instanceIds.0": "cpm-aaaaaaaa", "instanceIds.1": "cpm-bbbbbbbb", "opUin": "1"}
    assert api.call("RebootDevice", **both)["code"] == 12002
    assert states(api, "cpm-aaaaaaaa", "cpm-bbbbbbbb") == [("4", "1"), ("4", "3")]


def _run(api: Api, clock: ManualClock, user_name: str, password: str, system: str = "linux") -> str:
    """The status of a script's run with that login."""
    api.data("AddUserCmd", alias="x", osType=system, content="bHM=")
    script = api.data("GetUserCmdList", limit=1)["list"][0]["cmdId"]
    api.data("RunUserCmd", cmdId=script, userName=user_name, password=password, cmdParam="", **ONE)
    clock.advance(SECONDS)
    task = api.data("GetUserCmdTaskList", limit=1)["list"][0]["taskId"]
    return api.data("GetUserCmdTaskDetailList", taskId=task)["list"][0]["status"]


def test_a_new_password_is_what_scripts_then_need(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa"))
    assert _run(api, clock, "root", "old12345") == "0"
    api.data("ResetDevicePasswd", **ONE, passwd="new!2345")
    clock.advance(SECONDS)
    assert _run(api, clock, "root", "old12345") == "1"
    assert _run(api, clock, "root", "new!2345") == "0"


def test_a_device_that_is_shut_down_runs_no_script_until_it_is_started(
    make_account: MakeAccount, clock: ManualClock
) -> None:
    api = make_account(device("cpm-aaaaaaaa"))
    api.call("ShutdownDevice", **TWO)
    clock.advance(SECONDS)
    assert _run(api, clock, "root", "old12345") == "2"
    api.call("StartDevice", **TWO)
    clock.advance(SECONDS)
    assert _run(api, clock, "root", "old12345") == "0"


def test_a_reinstalled_device_has_the_new_system_and_password(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa", 'class_code = "PC000v1"'))
    changes = {"osTypeId": 7, "raidId": 6, "passwd": "Adm1n!strator", "lanIp": "10.6.10.99"}
    api.data("ReloadDeviceOs", **{**GOOD["ReloadDeviceOs"], **changes})
    clock.advance(SECONDS)
    [row] = api.data("DescribeDevice")["deviceList"]
    assert (row["osTypeId"], row["raidId"], row["lanIp"]) == ("7", "6", "10.6.10.99")
    assert _run(api, clock, "Administrator", "Adm1n!strator", "xserver") == "0"


def test_a_reinstallation_without_changes_keeps_system_raid_and_network(
    make_account: MakeAccount, clock: ManualClock
) -> None:
    api = make_account(device("cpm-aaaaaaaa", "system_id = 3\nraid_id = 2"))
    before = api.data("DescribeDevice")["deviceList"]
    api.data("ReloadDeviceOs", **GOOD["ReloadDeviceOs"])
    clock.advance(SECONDS)
    assert api.data("DescribeDevice")["deviceList"] == before
