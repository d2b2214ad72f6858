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
from emulator.testing import Emulator, WorldClient
from emulator.world.database import Database
from emulator.world.differences import differences
from emulator.world.rules import all_faults
from emulator.world.world import World

LAN_IP_EXISTS = 18110


def assert_equal(world: World, loaded: World) -> None:
    assert differences(world.image(), loaded.image()) == {}
    assert loaded.counters() == world.counters()
    assert all_faults(loaded) == all_faults(world)
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


def test_each_step_of_the_histories_can_succeed() -> None:
    """Or else the histories would be poorer than they look."""
    for step in STEPS:
        history = History(3)
        if step[0] == "UnbindHostedLanIP":
            bind = next(step for step in STEPS if step[0] == "BindHostedLanIP")
            assert history.take(bind, 0) in (0, LAN_IP_EXISTS)
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
