"""Devices: tasks, and the log of operations."""

from typing import Any

import pytest
from conftest import MakeApi
from support.account import HEAD, OWNER, device
from support.client import Api

from chapters.conftest import MakeAccount
from chapters.devices.cases import TWO
from emulator.clock import NEVER, ManualClock
from emulator.testing import WorldClient

SECONDS = 3600
"""Longer than any operation takes."""


def test_a_task_reports_each_device_and_the_whole(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa"), device("cpm-bbbbbbbb"))
    both = {"instanceIds.1": "cpm-aaaaaaaa", "instanceIds.2": "cpm-bbbbbbbb"}
    task = api.data("RebootDevice", opUin="1", **both)["taskId"]
    seen = []
    for _ in range(200):
        data = api.data("DescriptionOperationResult", taskId=task)
        seen.append((data["status"], sorted(row["status"] for row in data["instanceIds"])))
        clock.advance(1)
    assert [step for n, step in enumerate(seen) if step not in seen[:n]] == [(4, [4, 4]), (5, [1, 4]), (1, [1, 1])]


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [("1", 1), ("2", 2), ("12", 3), ("0", 4), ("01", 5), ("02", 6), ("012", 7)],
)
@pytest.mark.bm_devices(3)
@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_every_mixture_has_its_documented_number(bm_world: WorldClient, outcomes: str, whole: int) -> None:
    """An outcome is 0 for an operation in progress, 1 for one that succeeded, 2 for one that failed."""
    devices = bm_world.inventory.ids("devices")[: len(outcomes)]
    task = bm_world.call("RebootDevice", instanceIds=devices, opUin="1")["data"]["taskId"]
    for operation, outcome in zip(bm_world.inventory.operations(), outcomes, strict=True):
        if outcome != "0":
            bm_world.inventory.set_operation(operation["id"], fails=outcome == "2", due_in=0)
    assert bm_world.call("DescriptionOperationResult", taskId=task)["data"]["status"] == whole


def test_another_accounts_task_is_unknown(make_api: MakeApi) -> None:
    api = make_api(HEAD + device("cpm-aaaaaaaa"))
    task = Api(api.http, *OWNER).data("RebootDevice", **TWO)["taskId"]
    assert api.call("DescriptionOperationResult", taskId=task)["code"] == 10001


def test_the_log_lists_what_was_done_newest_first(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device("cpm-aaaaaaaa"))
    task = api.data("RebootDevice", **{**TWO, "opUin": "1307774067"})["taskId"]
    clock.advance(SECONDS)
    api.call("ShutdownDevice", **TWO)
    data = api.data("DescribeDeviceOperationLog", instanceId="cpm-aaaaaaaa")
    assert data["totalCount"] == 2
    shutdown, reboot = data["logs"]
    assert (shutdown["taskName"], shutdown["status"], shutdown["endTime"]) == ("shutdownDevice", "0", NEVER)
    assert (reboot["taskName"], reboot["taskCName"], reboot["status"]) == ("rebootDevice", "重启", "1")
    assert (reboot["taskId"], reboot["opUin"], reboot["startTime"]) == (str(task), "1307774067", "2017-10-20 10:00:00")
    assert "2017-10-20 10:01:30" <= reboot["endTime"] <= "2017-10-20 10:03:00"


@pytest.mark.parametrize(
    ("params", "number"),
    [
        ({}, 1),
        ({"startTime": "2017-10-01"}, 2),
        ({"startTime": "2017-10-20", "endTime": "2017-10-20"}, 1),
        ({"startTime": "2017-10-21", "endTime": "2017-10-27"}, 0),
        ({"startTime": "2017-10-01", "limit": 1}, 1),
        ({"startTime": "2017-10-01", "offset": 2}, 0),
        ({"startTime": "0001-01-01", "endTime": "9999-12-31"}, 2),
    ],
)
def test_the_log_is_cut_by_days(
    make_account: MakeAccount, clock: ManualClock, params: dict[str, Any], number: int
) -> None:
    api = make_account(device("cpm-aaaaaaaa"))
    api.data("RebootDevice", **TWO)
    clock.advance(8 * 24 * 3600)
    api.data("RebootDevice", **TWO)
    assert len(api.data("DescribeDeviceOperationLog", instanceId="cpm-aaaaaaaa", **params)["logs"]) == number
