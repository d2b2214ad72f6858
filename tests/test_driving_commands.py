"""The commands that drive a running emulator, as a person types them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from emulator.cli import main
from emulator.testing import Emulator, World

Run = Callable[..., Result]
DEVICE = "cpm-an5a9wv4"


@pytest.fixture
def run(bm_emulator: Emulator, bm_world: World) -> Run:
    def command(*words: str, world: str = bm_world.name) -> Result:
        where = ["--endpoint", bm_emulator.url, *(["--world", world] if world else [])]
        return CliRunner().invoke(main, [*words, *where])

    return command


def told(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_worlds_are_made_listed_forked_reset_and_deleted(run: Run, bm_emulator: Emulator, bm_world: World) -> None:
    made = told(run("world", "new", "name=typed", "devices=2", "seed=7", world=""))
    assert (made["name"], made["seed"]) == ("typed", "7")
    assert {"default", "typed", bm_world.name} <= {found["name"] for found in told(run("world", "list"))}
    assert told(run("world", "fork", "--name", "copy"))["name"] == "copy"
    for name in ("typed", "copy"):
        assert run("world", "delete", world=name).exit_code == 0
    assert told(run("world", "reset"))["name"] == told(run("world", "show"))["name"] == bm_world.name


def test_snapshots_are_kept_compared_and_restored(run: Run, bm_world: World) -> None:
    assert told(run("world", "snapshot", "before"))["name"] == "before"
    bm_world.inventory.set_device(DEVICE, alias="changed")
    [change] = told(run("world", "diff", "before"))["devices"]["changed"]
    assert change["after"]["alias"] == "changed"
    told(run("world", "restore", "before"))
    assert bm_world.inventory.device(DEVICE)["alias"] == "web-1"


def test_the_clock_is_moved(run: Run) -> None:
    assert told(run("clock", "freeze", "2017-10-20T10:00:00"))["clock"]["rate"] == 0
    assert told(run("clock", "advance", "60"))["clock"]["time"] == "2017-10-20 10:01:00"
    assert told(run("clock", "advance-to-idle"))["ended"] == 0
    assert told(run("clock", "rate", "60"))["clock"]["rate"] == 60
    assert told(run("clock", "real"))["clock"]["real"] is True
    assert told(run("clock", "show"))["real"] is True


def test_faults_are_set_listed_and_taken_back(run: Run, bm_world: World) -> None:
    rule = told(run("fault", "set", "action=GetUserCmdList", "error=9001", "times=1"))
    assert (rule["does"], rule["fired"]) == (f"fault {rule['id']}: error 9001", 0)
    assert bm_world.call("GetUserCmdList")["code"] == 9001
    assert told(run("fault", "list", "--unfired")) == []
    assert told(run("fault", "remove", str(rule["id"])))["fired"] == 1
    assert run("fault", "clear").exit_code == 0
    refused = run("fault", "set", "action=GetUserCmdList", "error=18005")
    assert (refused.exit_code, "does not document the error 18005" in refused.stderr) == (1, True)


def test_incidents_are_listed_started_and_stopped(run: Run, bm_world: World) -> None:
    told(run("incident", "start", "over-quota"))
    listed = run("incident", "list").stdout
    assert "* over-quota " in listed
    assert "  stock-runs-out " in listed
    assert bm_world.call("DescribeRegions")["code"] == 4400
    assert told(run("incident", "stop", "over-quota"))[0]["fired"] == 1


def test_the_journal_is_shown_verified_explained_and_cleared(run: Run, bm_world: World) -> None:
    bm_world.call("GetUserCmdList", limit="many")
    shown = run("journal", "show", "code=10001").stdout
    assert "GetUserCmdList" in shown
    assert "limit: 'many' is no whole number" in shown
    [story] = [json.loads(line) for line in run("journal", "show", "--json").stdout.splitlines()]
    explained = run("explain", story["request_id"], world="")
    assert "authentication       verified" in explained.stdout
    assert run("journal", "verify", "GetUserCmdList", "--with", "limit=many", "--times", "1").exit_code == 0
    failed = run("journal", "verify", "GetUserCmdList", "--with", "limit=1")
    assert (failed.exit_code, "limit: 'many' instead of '1'" in failed.stderr) == (1, True)
    assert run("journal", "clear").exit_code == 0
    assert run("journal", "show").stdout == ""


def test_the_inventory_is_listed_shown_and_set(run: Run, bm_world: World) -> None:
    assert DEVICE in told(run("inventory", "list", "devices"))["ids"]
    assert told(run("inventory", "set", "devices", DEVICE, "state=fault", "out_of_band=null"))["out_of_band"] is None
    assert told(run("inventory", "show", "devices", DEVICE))["state"] == "fault"
    assert told(run("inventory", "set-stock", "1000100003", "PS100v1", "3"))["left"] == 3
    assert told(run("inventory", "list", "operations")) == []
    refused = run("inventory", "set", "devices", DEVICE, "state=melting")
    assert (refused.exit_code, "no device is ever 'melting'" in refused.stderr) == (1, True)


def test_what_cannot_be_read_or_reached_is_one_clear_line(run: Run) -> None:
    assert "is not of the form key=value" in run("fault", "set", "nonsense").stderr
    gone = CliRunner().invoke(main, ["world", "list", "--endpoint", "http://127.0.0.1:1"])
    assert (gone.exit_code, "is `bm-emulator serve` running?" in gone.stderr) == (1, True)
