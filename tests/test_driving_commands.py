"""The commands that drive a running emulator, as a person types them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from emulator.cli import main
from emulator.testing import Emulator, WorldClient

Run = Callable[..., Result]
DEVICE = "cpm-an5a9wv4"
IN_A_WORLD = {"clock", "fault", "incident", "journal", "inventory", "outcome", "stock"}


@pytest.fixture
def run(bm_emulator: Emulator, bm_world: WorldClient) -> Run:
    """Run a command against the test's emulator. Groups that work in a world are given the test's own."""

    def command(*words: str) -> Result:
        in_a_world = ["--world", bm_world.name] if words[0] in IN_A_WORLD else []
        return CliRunner().invoke(main, [*words, *in_a_world, "--endpoint", bm_emulator.url])

    return command


def answer(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_worlds_are_made_listed_forked_reset_and_deleted(
    run: Run, bm_emulator: Emulator, bm_world: WorldClient
) -> None:
    made = answer(run("world", "new", "name=typed", "devices=2", "seed=7"))
    assert (made["name"], made["seed"]) == ("typed", "7")
    assert {"default", "typed", bm_world.name} <= {found["name"] for found in answer(run("world", "list"))}
    assert answer(run("world", "fork", bm_world.name, "--name", "copy"))["name"] == "copy"
    for name in ("typed", "copy"):
        assert run("world", "delete", name).exit_code == 0
    assert answer(run("world", "reset", bm_world.name))["name"] == bm_world.name
    assert answer(run("world", "show", bm_world.name))["name"] == bm_world.name


def test_snapshots_are_kept_compared_and_restored(run: Run, bm_world: WorldClient) -> None:
    assert answer(run("world", "snapshot", bm_world.name, "before"))["name"] == "before"
    bm_world.inventory.set_device(DEVICE, alias="changed")
    [change] = answer(run("world", "diff", bm_world.name, "before"))["devices"]["changed"]
    assert change["after"]["alias"] == "changed"
    answer(run("world", "restore", bm_world.name, "before"))
    assert bm_world.inventory.device(DEVICE)["alias"] == "web-1"


def test_outcomes_are_set_listed_and_removed(run: Run) -> None:
    assert answer(run("outcome", "set", "exit_code=1"))["outcome"] == {"exit_code": 1}
    made = answer(run("outcome", "set", "command=deploy", "exit_code=3", "output=no space left"))
    assert made["outcome"] == {"command": "deploy", "exit_code": 3, "output": "no space left"}
    assert answer(run("outcome", "list"))[0] == made
    assert made["id"] < 0
    assert answer(run("outcome", "remove", str(made["id"]))) == made
    assert run("outcome", "clear").exit_code == 0
    assert answer(run("outcome", "list")) == []


def test_the_clock_is_moved(run: Run) -> None:
    assert answer(run("clock", "freeze", "2017-10-20T10:00:00"))["clock"]["rate"] == 0
    assert answer(run("clock", "advance", "60"))["clock"]["time"] == "2017-10-20 10:01:00"
    assert answer(run("clock", "advance-to-idle"))["ended"] == 0
    assert answer(run("clock", "rate", "60"))["clock"]["rate"] == 60
    assert answer(run("clock", "real"))["clock"]["real"] is True
    assert answer(run("clock", "show"))["real"] is True


def test_faults_are_set_listed_and_taken_back(run: Run, bm_world: WorldClient) -> None:
    rule = answer(run("fault", "set", "action=GetUserCmdList", "error=9001", "times=1"))
    assert (rule["does"], rule["fired"]) == (f"fault {rule['id']}: error 9001", 0)
    assert bm_world.call("GetUserCmdList")["code"] == 9001
    assert answer(run("fault", "list", "--unfired")) == []
    assert answer(run("fault", "remove", str(rule["id"])))["fired"] == 1
    assert run("fault", "clear").exit_code == 0
    refused = run("fault", "set", "action=GetUserCmdList", "error=18005")
    assert (refused.exit_code, "does not document the error 18005" in refused.stderr) == (1, True)


def test_incidents_are_listed_started_and_stopped(run: Run, bm_world: WorldClient) -> None:
    answer(run("incident", "start", "over-quota"))
    listed = run("incident", "list").stdout
    assert "* over-quota " in listed
    assert "  stock-runs-out " in listed
    assert bm_world.call("DescribeRegions")["code"] == 4400
    assert answer(run("incident", "stop", "over-quota"))[0]["fired"] == 1


def test_the_journal_is_shown_verified_explained_and_cleared(run: Run, bm_world: WorldClient) -> None:
    bm_world.call("GetUserCmdList", limit="many")
    shown = run("journal", "show", "code=10001").stdout
    assert "GetUserCmdList" in shown
    assert "limit: 'many' is no whole number" in shown
    [story] = [json.loads(line) for line in run("journal", "show", "--json").stdout.splitlines()]
    explained = run("explain", story["request_id"])
    assert "authentication       verified" in explained.stdout
    assert run("journal", "verify", "GetUserCmdList", "--with", "limit=many", "--times", "1").exit_code == 0
    failed = run("journal", "verify", "GetUserCmdList", "--with", "limit=1")
    assert (failed.exit_code, "limit: 'many' instead of '1'" in failed.stderr) == (1, True)
    assert run("journal", "clear").exit_code == 0
    assert run("journal", "show").stdout == ""


def test_the_inventory_is_listed_shown_and_set(run: Run, bm_world: WorldClient) -> None:
    assert DEVICE in answer(run("inventory", "list", "devices", "--json"))["ids"]
    heading, *rows = run("inventory", "list", "devices").stdout.splitlines()
    assert heading.split()[:4] == ["instance_id", "state", "alias", "lan_ip"]
    assert [row.split()[:3] for row in rows if DEVICE in row] == [[DEVICE, "running", "web-1"]]
    few = run("inventory", "list", "devices", "--limit", "2", "--offset", "1")
    assert (few.stdout.count("\n"), "2 of 31 devices" in few.stderr) == (3, True)
    assert answer(run("inventory", "set", "devices", DEVICE, "state=fault", "out_of_band=null"))["out_of_band"] is None
    assert answer(run("inventory", "show", "devices", DEVICE))["state"] == "fault"
    assert answer(run("inventory", "list", "operations", "--json")) == []
    assert run("inventory", "list", "operations").stderr == "0 of 0 operations\n"
    assert "balance" in run("inventory", "list", "accounts").stdout
    refused = run("inventory", "set", "devices", DEVICE, "state=melting")
    assert (refused.exit_code, "no device is ever 'melting'" in refused.stderr) == (1, True)


def test_the_stock_is_listed_and_set(run: Run) -> None:
    assert answer(run("stock", "set", "1000100003", "PS100v1", "3"))["left"] == 3
    row = {"zone_id": 1000100003, "class_code": "PS100v1", "left": 3}
    assert row in answer(run("stock", "list", "--json"))
    heading, *rows = run("stock", "list").stdout.splitlines()
    assert heading.split() == ["zone_id", "class_code", "left"]
    assert ["1000100003", "PS100v1", "3"] in [line.split() for line in rows]


def test_an_action_that_does_not_exist_is_told_to_who_looks_for_its_calls(run: Run) -> None:
    done = run("journal", "show", "action=DescribeDevices")
    assert (done.stdout, done.exit_code) == ("", 0)
    assert "no action is named DescribeDevices; did you mean DescribeDevice?" in done.stderr


def test_what_cannot_be_read_or_reached_is_one_clear_line(run: Run) -> None:
    assert "is not of the form key=value" in run("fault", "set", "nonsense").stderr
    gone = CliRunner().invoke(main, ["world", "list", "--endpoint", "http://127.0.0.1:1"])
    assert (gone.exit_code, "is `bm-emulator serve` running?" in gone.stderr) == (1, True)


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_the_journal_is_shown_for_people(run: Run, bm_world: WorldClient) -> None:
    assert "the journal is empty" in run("journal", "show").stderr
    task = bm_world.call("RebootDevice", instanceIds=[DEVICE], opUin="1", colour="red")["data"]["taskId"]
    for _ in range(3):
        bm_world.call("DescriptionOperationResult", taskId=task)
    begun, polls = run("journal", "show").stdout.splitlines()
    assert begun.startswith("2017-10-20 10:00:00 (real ")
    assert f"RebootDevice instanceIds.0={DEVICE} opUin=1 colour=red: 0, " in begun
    assert f" ms, began device operation on {DEVICE}, colour was sent, but the action has no such parameter" in begun
    assert f"DescriptionOperationResult taskId={task}: 0, " in polls
    assert ", 3 times until 2017-10-20 10:00:00 (real " in polls
    assert "Signature" not in begun + polls
    assert "none of the 4 calls matches" in run("journal", "show", "action=BuyDevice").stderr
    assert "the newest 1 of 4 calls" in run("journal", "show", "limit=1").stderr
