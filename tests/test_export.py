"""A world that is exported loads as an equal world."""

import json
import tomllib
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from support.client import Api
from support.in_process import in_process

from emulator.app import create_app, open_world
from emulator.chapters import RESOURCES
from emulator.cli import main
from emulator.clock import ManualClock
from emulator.seeding.export import export_world, to_json, to_toml
from emulator.seeding.fixture import Fixture
from emulator.seeding.loading import load_fixture
from emulator.settings import Settings
from emulator.testing import Emulator, WorldClient
from emulator.world.database import Database
from emulator.world.differences import differences
from emulator.world.rules import FaultRule, add_fault, all_faults
from emulator.world.world import World

NOW = 1_508_464_800_000
BUY = {
    "zoneId": 1000100003,
    "osTypeId": 1,
    "deviceClassCode": "PS100v1",
    "raidId": 1,
    "timeUnit": "m",
    "timeSpan": 1,
    "goodsNum": 1,
    "hasWanIp": 1,
    "sysSwaporuefiSpace": 4,
    "tagDetail.0.tagKey": "env",
    "tagDetail.0.tagValue": "prod",
}
STEPS = [
    ("RebootDevice", {"opUin": "1"}),
    ("ShutdownDevice", {"opUin": "2"}),
    ("StartDevice", {"opUin": "3"}),
    ("ResetDevicePasswd", {"passwd": "abce1234"}),
    ("OfflineDevice", {}),
    ("AddUserCmd", {"alias": 'a "quoted" name', "osType": "linux", "content": "ZWNobyBoaQ=="}),
    ("RunUserCmd", {"userName": "root", "password": "x", "cmdParam": "YQ=="}),
    ("SwitchToBmExclusiveCluster", {}),
    ("BindHostedLanIP", {}),
    ("BuyDevice", BUY),
    ("advance", 60),
    ("advance", 3 * 30 * 24 * 3600),
    ("fault", {"action": "RebootDevice", "operation": "fail", "times": 2}),
    ("fault", {"action": "RunUserCmd", "operation": "hang", "hangs_at": 70}),
    ("fault", {"error": 4500, "action": "StartDevice", "skip": 1}),
]


def take(api: Api, world: World, clock: ManualClock, step: tuple[str, Any], chosen: int) -> int:
    """One step of a history, and the code of its answer. A call may be refused: that is part of it."""
    name, how = step
    if name == "advance":
        clock.advance(how)
        return 0
    if name == "fault":
        add_fault(world, msgspec.convert(how, FaultRule))
        return 0
    devices, vpcs = RESOURCES["devices"].ids(world), RESOURCES["vpcs"].every(world)
    subnets, hosted = RESOURCES["subnets"].every(world), RESOURCES["hosted"].every(world)
    params = dict(how)
    if name in ("RebootDevice", "ShutdownDevice", "StartDevice", "ResetDevicePasswd", "OfflineDevice", "RunUserCmd"):
        params["instanceIds.0"] = devices[chosen % len(devices)] if devices else "cpm-gone0000"
    if name == "RunUserCmd":
        scripts = RESOURCES["scripts"].ids(world)
        params["cmdId"] = scripts[chosen % len(scripts)]
    if name == "SwitchToBmExclusiveCluster":
        params["unVpcId"] = vpcs[chosen % len(vpcs)].un_id
    if name in ("BindHostedLanIP", "BuyDevice"):
        subnet = subnets[chosen % len(subnets)]
        params |= {"unVpcId": subnet.vpc, "unSubnetId": subnet.un_id}
    if name == "BindHostedLanIP":
        server = hosted[-1]
        login = {"userName": server.user_name, "password": server.password, "instanceId": server.instance_id}
        params |= {f"instances.0.{key}": value for key, value in login.items()}
        params |= {
            "gatewayIp": str(next(IPv4Network(subnet.cidr).hosts())),
            "operateMode": 1,
            "contacts": "张三",
            "mobile": "13800000000",
        }
    return int(api.call(name, **params)["code"])


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
    clock = ManualClock(NOW)
    chosen = Settings(time_scale=1.0, devices=devices)
    world = open_world(chosen, clock)
    api = Api(httpx.Client(transport=in_process(create_app(chosen, world=world)), base_url="http://bm.api.qcloud.com"))
    for step, number in steps:
        take(api, world, clock, step, number)
    fixture = export_world(world)
    loaded = loaded_from(to_json(fixture) if kind == "json" else to_toml(fixture), kind, clock, world)
    assert_equal(world, loaded)
    assert export_world(loaded) == fixture


def test_each_step_of_the_histories_can_succeed() -> None:
    """Or else the histories would be poorer than they look."""
    for step in STEPS:
        clock = ManualClock(NOW)
        world = open_world(Settings(time_scale=1.0, devices=3), clock)
        app = create_app(Settings(), world=world)
        api = Api(httpx.Client(transport=in_process(app), base_url="http://bm.api.qcloud.com"))
        codes = {take(api, world, clock, step, chosen) for chosen in range(8)}
        assert 0 in codes or step[0] == "StartDevice", (step, codes)
        world.close()


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
