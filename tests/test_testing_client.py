"""The test client: what a test holds is exported and typed, and reaches scripts' outcomes and other processes."""

import inspect
import json
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any, Unpack, get_origin

import pytest

import emulator.testing as client
from emulator.testing import ControlError, Emulator, Inventory, WorldClient, environment
from emulator.testing.driver import Driver, Reply

RUN = {"cmdId": "cmd-nozcbhuw", "userName": "root", "password": "123456", "cmdParam": "", "instanceIds": ["sdfrfss"]}
CALL = """
import json, os, sys, urllib.request
from emulator.testing.api import ApiClient
from emulator.testing.driver import Reply

def exchange(method, target, headers, body):
    request = urllib.request.Request("https://bm.api.qcloud.com" + target, body or None, headers, method=method)
    with urllib.request.urlopen(request) as response:
        return Reply(response.status, {}, response.read())

key_pair = os.environ["BM_EMULATOR_SECRET_ID"], os.environ["BM_EMULATOR_SECRET_KEY"]
print(json.dumps(ApiClient(exchange, *key_pair).call("GetUserCmdList", {"searchKey": "mine"})))
"""


def test_what_a_test_holds_is_exported(bm_world: WorldClient) -> None:
    held = [bm_world, bm_world.clock, bm_world.faults, bm_world.incidents, bm_world.journal, bm_world.inventory]
    held += [bm_world.outcomes, bm_world.outcomes.set("x"), bm_world.faults.set("DescribeRegions", delay=0)]
    bm_world.call("DescribeRegions")
    for thing in held:
        name = type(thing).__name__
        assert name in client.__all__
        assert type(thing).__doc__, name
    assert all(hasattr(client, name) for name in client.__all__)


def test_every_keyword_of_the_client_has_a_name_and_a_type() -> None:
    """`Setters.set` has an overload for each kind of thing, and `call` any action."""
    loose = set()
    for name in client.__all__:
        kind = getattr(client, name)
        for _name, function in inspect.getmembers(kind, inspect.isfunction) if inspect.isclass(kind) else ():
            keywords = [it for it in inspect.signature(function).parameters.values() if it.kind is it.VAR_KEYWORD]
            loose |= {function.__qualname__ for it in keywords if get_origin(it.annotation) is not Unpack}
    assert loose == {"Setters.set", "WorldClient.call"}


class Recording(Driver):
    """A driver that answers nothing and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(lambda *_request: Reply(200, {}, b"{}"))
        self.asked: list[tuple[str, str, Any]] = []

    def ask(self, method: str, path: str, body: Any = None, query: Any = None) -> Any:
        self.asked.append((method, path, body))
        return {}


def test_vpcs_and_subnets_have_methods_of_their_own() -> None:
    driver = Recording()
    inventory = Inventory(driver, "/worlds/w")
    inventory.vpc("vpc-1")
    inventory.set_vpc("vpc-1", tgw_mode="exclusive")
    inventory.subnet("subnet-1")
    inventory.set_subnet("subnet-1", docker=True)
    assert driver.asked == [
        ("GET", "/worlds/w/inventory/vpcs/vpc-1", None),
        ("PATCH", "/worlds/w/inventory/vpcs/vpc-1", {"tgw_mode": "exclusive"}),
        ("GET", "/worlds/w/inventory/subnets/subnet-1", None),
        ("PATCH", "/worlds/w/inventory/subnets/subnet-1", {"docker": True}),
    ]


def result(world: WorldClient) -> tuple[int, str]:
    """The exit code and the output of a run that begins now."""
    world.call("RunUserCmd", **RUN)
    world.clock.advance_to_idle()
    task = world.call("GetUserCmdTaskList", limit=1)["data"]["list"][0]["taskId"]
    [run] = world.call("GetUserCmdTaskDetailList", taskId=task)["data"]["list"]
    return run["lastShellExit"], b64decode(run["cmdResult"]).decode()


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_the_outcome_of_a_script_is_set_while_the_world_runs(bm_world: WorldClient) -> None:
    assert result(bm_world)[0] == 0
    bm_world.outcomes.set(device="sdfrfss", exit_code=3, output="no space left\n", duration=1.5)
    assert result(bm_world) == (3, "no space left\n")
    newer = bm_world.outcomes.set("cmd-nozcbhuw", exit_code=4)
    assert result(bm_world)[0] == 4
    assert [outcome["outcome"]["exit_code"] for outcome in bm_world.outcomes.all()][:2] == [4, 3]
    newer.remove()
    assert result(bm_world)[0] == 3
    bm_world.outcomes.clear()
    assert (bm_world.outcomes.all(), result(bm_world)[0]) == ([], 0)
    with pytest.raises(ControlError, match="no outcome '-1'"):
        newer.remove()


def test_outcomes_that_were_set_are_exported_in_their_order(bm_emulator: Emulator, bm_world: WorldClient) -> None:
    bm_world.outcomes.set("a", exit_code=1)
    bm_world.outcomes.set("b", exit_code=2)
    wanted = [outcome["outcome"] for outcome in bm_world.outcomes.all()]
    copy = bm_emulator.new_world(fixture=json.loads(bm_world.export("json")))
    assert [outcome["outcome"] for outcome in copy.outcomes.all()] == wanted
    copy.delete()


def test_a_process_that_a_test_starts_calls_its_world(tmp_path: Path) -> None:
    with Emulator(proxy_port=0, ca_dir=tmp_path) as emulator:
        world = emulator.new_world()
        world.call("AddUserCmd", alias="mine", osType="linux", content="bHM=")
        assert environment(world)["BM_EMULATOR_ENDPOINT"] == emulator.url
        done = subprocess.run(
            [sys.executable, "-c", CALL], env=emulator.environment(world), capture_output=True, timeout=60, check=True
        )
        assert json.loads(done.stdout)["data"]["totalNum"] == 1
        assert environment(world, {"HOME": "/h"})["HOME"] == "/h"


def test_a_world_without_a_proxy_says_how_to_have_one(bm_emulator: Emulator, bm_world: WorldClient) -> None:
    with pytest.raises(RuntimeError, match=r"proxy_port=0.*bm_emulator_settings"):
        bm_emulator.environment(bm_world)
