"""A world that is exported loads as an equal world."""

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from support.histories import STEPS, History

from emulator.chapters import RESOURCES
from emulator.cli import main
from emulator.clock import ManualClock
from emulator.seeding.export import export_world, to_json, to_toml
from emulator.seeding.fixture import Fixture
from emulator.seeding.loading import load_fixture
from emulator.testing import ControlError, Emulator, WorldClient
from emulator.world.database import Database
from emulator.world.differences import differences
from emulator.world.row_numbers import last_numbers
from emulator.world.rules import all_faults
from emulator.world.world import World

LAN_IP_EXISTS = 18110


def assert_equal(world: World, loaded: World) -> None:
    assert differences(world.image(), loaded.image()) == {}
    assert loaded.counters() == world.counters()
    assert all_faults(loaded) == all_faults(world)
    assert last_numbers(loaded) == last_numbers(world)
    assert loaded.seed == world.seed


def loaded_from(text: str, kind: str, clock: ManualClock, world: World) -> World:
    data = json.loads(text) if kind == "json" else tomllib.loads(text)
    fresh = World(Database(), clock, world.catalogue, RESOURCES)
    with fresh.transaction:
        load_fixture(fresh, msgspec.convert(data, Fixture), "exported")
    return fresh


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 50)), max_size=14),
    kind=st.sampled_from(["toml", "json"]),
    devices=st.sampled_from([0, 3]),
)
def test_an_exported_world_loads_as_an_equal_world(steps: list[Any], kind: str, devices: int) -> None:
    history = History(devices)
    world = history.world
    for step, number in steps:
        history.take(step, number)
    fixture = export_world(world)
    loaded = loaded_from(to_json(fixture) if kind == "json" else to_toml(fixture), kind, history.clock, world)
    assert_equal(world, loaded)
    assert export_world(loaded) == fixture


def test_numbers_are_not_given_twice_by_the_copy(bm_emulator: Emulator, bm_world: WorldClient) -> None:
    def add_script(world: WorldClient) -> Any:
        world.call("AddUserCmd", alias="a", osType="linux", content="bHM=")
        newest = world.call("GetUserCmdList", limit=1)["data"]["list"][0]
        return world.call("GetUserCmd", cmdId=newest["cmdId"])["data"]

    bm_world.call("DeleteUserCmd", cmdIds=[add_script(bm_world)["cmdId"]])
    first, second = (bm_world.faults.set(action, error=9001) for action in ("StartDevice", "RebootDevice"))
    first.remove()
    copy = bm_emulator.new_world(fixture=json.loads(bm_world.export("json")))
    try:
        assert [rule["id"] for rule in copy.faults.all()] == [second.id]
        assert add_script(copy)["autoId"] == add_script(bm_world)["autoId"]
        second.remove()
    finally:
        copy.delete()


DATE = {"kind": "device expiry", "about": "cpm-aaaaaaaa", "then": "[]", "due_at": "2017-11-01 00:00:00"}
WORK = {**DATE, "kind": "device operation", "due_at": None, "otherwise": "[]", "left": 5}
WRITE = '[["devices", "cpm-an5a9wv4", {columns}, null]]'


@pytest.mark.parametrize(
    "operation",
    [
        {**WORK, "then": "not json"},
        {**WORK, "then": "5"},
        {**WORK, "otherwise": "[5]"},
        {**WORK, "then": '[["nothing", "x", {}, null]]'},
        {**WORK, "then": WRITE.replace("{columns}", '{"nothing": 1}')},
        {**WORK, "then": WRITE.replace("{columns}", '{"alias": null}')},
        {**WORK, "then": WRITE.replace("{columns}", '{"device_status": "running"}')},
        {**WORK, "then": WRITE.replace("{columns}", f'{{"deadline": {2**70}}}')},
        {**WORK, "kind": "script run", "subject": "run/999999", "then": "{}"},
        {**WORK, "subject": "nothing/1"},
        {**WORK, "left": 1e300},
        {**WORK, "id": 2**70},
        {**WORK, "left": None},
        {**WORK, "began_at": "0001-01-01 00:00:00"},
        {**DATE, "due_at": None},
    ],
)
def test_work_that_could_not_end_is_refused_when_the_fixture_is_loaded(
    bm_emulator: Emulator, bm_world: WorldClient, operation: dict[str, Any]
) -> None:
    """Otherwise every later call would fail."""
    operations = [{name: value for name, value in operation.items() if value is not None}]
    with pytest.raises(ControlError) as caught:
        bm_emulator.new_world(fixture=json.loads(bm_world.export("json")) | {"operations": operations})
    assert caught.value.status == 422


@pytest.mark.parametrize(
    "change",
    [
        {"counters": {"": {"order": 2**63 - 1}}},
        {"last_numbers": {"nothing": 1}},
        {"last_numbers": {"scripts": 2**70}},
        {"stock": [{"zone_id": 1000100003, "class_code": "PS100v1", "total": 2**70}]},
        {"set_faults": [{"rule": {"error": 9001}, "age": 1e300}]},
    ],
)
def test_numbers_that_are_too_large_are_refused(
    bm_emulator: Emulator, bm_world: WorldClient, change: dict[str, Any]
) -> None:
    with pytest.raises(ControlError) as caught:
        bm_emulator.new_world(fixture=json.loads(bm_world.export("json")) | change)
    assert caught.value.status == 422


@pytest.mark.parametrize(
    ("kind", "parts", "change"),
    [
        ("tasks", "runs", {"place": {"nothing": "x"}}),
        ("tasks", "runs", {"place": {"task_id": "x"}}),
        ("numbered_tasks", "parts", {"status": 7}),
        ("numbered_tasks", "parts", {"status": -1}),
    ],
)
def test_a_task_that_could_not_be_is_refused(
    bm_emulator: Emulator, bm_world: WorldClient, kind: str, parts: str, change: dict[str, Any]
) -> None:
    bm_world.call("RebootDevice", instanceIds=["cpm-an5a9wv4"], opUin="1")
    fixture = json.loads(bm_world.export("json"))
    task = next(account[kind][0] for account in fixture["accounts"] if account.get(kind))
    task[parts][0] |= change
    with pytest.raises(ControlError) as caught:
        bm_emulator.new_world(fixture=fixture)
    assert caught.value.status == 422


def test_each_step_of_the_histories_can_succeed() -> None:
    """Or else the histories would be poorer than they look."""
    for step in STEPS:
        history = History(3)
        if step[0] == "UnbindHostedLanIP":
            bind = next(step for step in STEPS if step[0] == "BindHostedLanIP")
            assert history.take(bind, 0) in (0, LAN_IP_EXISTS)
            history.clock.advance(600)
        if step[0] == "DeleteBmVpc":
            assert history.take(next(step for step in STEPS if step[0] == "CreateBmVpc"), 0) == 0
            history.clock.advance(600)
        if step[0] == "EipBmUnBindVpcIp":
            assert 0 in {history.take(("EipBmBindVpcIp", {}), chosen) for chosen in range(8)}
            history.clock.advance(600)
        codes = {history.take(step, chosen) for chosen in range(8)}
        assert 0 in codes or step[0] == "StartDevice", (step, codes)
        history.world.close()


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
@pytest.mark.parametrize("kind", ["toml", "json"])
def test_work_goes_on_where_it_was(bm_emulator: Emulator, bm_world: WorldClient, tmp_path: Path, kind: str) -> None:
    bm_world.configure(time_scale=1)
    bm_world.call("RebootDevice", instanceIds=["cpm-an5a9wv4"], opUin="1")
    bm_world.clock.advance(30)
    file = tmp_path / f"world.{kind}"
    file.write_text(bm_world.export(kind), encoding="utf-8")  # type: ignore[arg-type]
    later = bm_emulator.new_world(fixture=file, frozen_at="2020-01-01T00:00:00")
    try:
        assert later.inventory.device("cpm-an5a9wv4")["state"] == "rebooting"
        [left] = [operation for operation in later.inventory.operations() if operation["about"] == "cpm-an5a9wv4"]
        assert "2020-01-01 00:00:00" < left["due_at"] < "2020-01-01 00:03:00"
        later.clock.advance_to_idle()
        assert later.inventory.device("cpm-an5a9wv4")["state"] == "running"
    finally:
        later.delete()


def test_the_command_writes_a_file_that_serve_takes(
    bm_emulator: Emulator, bm_world: WorldClient, tmp_path: Path
) -> None:
    file = tmp_path / "world.toml"
    done = CliRunner().invoke(main, ["world", "export", bm_world.name, str(file), "--endpoint", bm_emulator.url])
    assert done.exit_code == 0, done.output
    with Emulator(listen=False, fixtures=(str(file),)) as emulator:
        assert emulator.world.secret_id == bm_world.secret_id
        assert emulator.world.inventory.ids("devices") == bm_world.inventory.ids("devices")


def test_a_file_that_cannot_be_written_is_one_clear_line(bm_emulator: Emulator, tmp_path: Path) -> None:
    words = ["world", "export", "default", str(tmp_path / "none" / "w.toml"), "--endpoint", bm_emulator.url]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert "cannot write" in done.output


def test_the_command_makes_a_world_of_what_it_wrote(
    bm_emulator: Emulator, bm_world: WorldClient, tmp_path: Path
) -> None:
    end = ["--endpoint", bm_emulator.url]
    done = CliRunner().invoke(main, ["world", "export", bm_world.name, "-", *end])
    file = tmp_path / "w.toml"
    file.write_text(done.output, encoding="utf-8")
    made = CliRunner().invoke(main, ["world", "new", "name=copy-of-it", f"fixture={file}", *end])
    assert made.exit_code == 0, made.output
    copy = bm_emulator.find_world("copy-of-it")
    assert copy.inventory.ids("devices") == bm_world.inventory.ids("devices")
    copy.delete()


@pytest.mark.parametrize(
    ("setup", "told"),
    [({"sysRootSpace": "ten"}, "sysRootSpace"), ({"sysRoot": 1}, "sysRoot"), ({"agentIds": [None]}, "agentIds")],
)
def test_an_installation_that_could_not_be_is_refused(bm_emulator: Emulator, setup: Any, told: str) -> None:
    account = {"app_id": "1", "devices": [{"instance_id": "cpm-00000000", "setup": setup}]}
    with pytest.raises(ControlError, match=told):
        bm_emulator.new_world(fixture={"accounts": [account]})
