"""Scripts and their tasks set by hand: any situation in one step."""

import pytest
from support.client import Api

from emulator.testing import ControlError, WorldClient

RUN = {"cmdId": "cmd-nozcbhuw", "userName": "root", "password": "123456", "cmdParam": ""}


def test_a_script_is_set(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.inventory.set_script("cmd-nozcbhuw", alias="other", created_at="2016-01-01T00:00:00", content="bHM=")
    row = world_api.data("GetUserCmd", cmdId="cmd-nozcbhuw")
    assert (row["alias"], row["content"], row["createTime"]) == ("other", "bHM=", "2016-01-01 00:00:00")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"content": "no Base64!"}, "Base64"),
        ({"alias": ""}, "alias"),
        ({"modified_at": "1999-01-01T00:00:00"}, "not modified before it is created"),
        ({"cmd_id": "x"}, "there is no such field"),
    ],
)
def test_a_script_that_cannot_be_is_refused(bm_world: WorldClient, changes: dict, reason: str) -> None:
    with pytest.raises(ControlError, match=reason):
        bm_world.inventory.set_script("cmd-nozcbhuw", **changes)


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_scripts_task_is_made_to_fail_now(bm_world: WorldClient, world_api: Api) -> None:
    world_api.data("RunUserCmd", **RUN, **{"instanceIds.0": "sdfrfss", "instanceIds.1": "sdfrfdw"})
    [task] = world_api.data("GetUserCmdTaskList", limit=1)["list"]
    assert [part["status"] for part in bm_world.inventory.task(task["taskId"])["parts"]] == ["running", "running"]
    task = bm_world.inventory.set_task(task["taskId"], fails=True, due_in=0)
    assert [part["status"] for part in task["parts"]] == ["failed", "failed"]
    assert world_api.data("GetUserCmdTaskList", limit=1)["list"][0]["failureCount"] == "2"


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_device_that_runs_a_script_is_not_busy(bm_world: WorldClient, world_api: Api) -> None:
    world_api.data("RunUserCmd", **RUN, **{"instanceIds.0": "sdfrfss"})
    assert bm_world.inventory.device("sdfrfss")["busy_with"] is None
    assert bm_world.inventory.set_device("sdfrfss", state="fault")["state"] == "fault"
