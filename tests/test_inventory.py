"""A world: kept in a file, filled from fixtures and seeds."""

import json
import sqlite3
from base64 import b64decode
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import MakeApi
from support.client import Api
from support.in_process import in_process

from emulator.app import create_app, open_world
from emulator.clock import ManualClock
from emulator.settings import Settings
from emulator.world.catalogue import FixtureError
from emulator.world.database import Database, DatabaseError
from emulator.world.world import World


def connect(world: World, settings: Settings) -> Api:
    app = create_app(settings, world=world)
    return Api(httpx.Client(transport=in_process(app), base_url="http://bm.api.qcloud.com"))


def dump(world: World) -> bytes:
    return world.database.driver.serialize()


def rows(world: World, query: str) -> list[Any]:
    return world.database.driver.execute(query).fetchall()


@pytest.fixture
def filed(tmp_path: Path) -> Settings:
    return Settings(database=str(tmp_path / "world.db"), time_scale=1)


def test_a_file_keeps_everything_across_restarts_even_a_run_in_progress(filed: Settings, clock: ManualClock) -> None:
    world = open_world(filed, clock)
    api = connect(world, filed)
    run = {"userName": "root", "password": "123456", "cmdParam": "", "instanceId.0": "sdfrfss"}
    api.data("RunUserCmd", cmdId="cmd-nozcbhuw", **run)
    api.data("AddUserCmd", alias="kept", osType="linux", content="bHM=")
    world.close()
    clock.advance(61)
    world = open_world(filed, clock)
    api = connect(world, filed)
    task = api.data("GetUserCmdTaskList")["list"][0]
    assert (task["status"], task["successCount"]) == (0, "1")
    assert api.data("GetUserCmdList", searchKey="kept")["totalNum"] == 1
    world.close()


def test_fixtures_are_loaded_into_an_empty_world_only(filed: Settings, clock: ManualClock) -> None:
    open_world(filed, clock).close()
    world = open_world(filed, clock)
    assert rows(world, "SELECT count(*) FROM accounts") == [(1,)]
    world.close()


@pytest.mark.parametrize("url", ["sqlite:///{}", "{}"])
def test_a_database_is_a_path_or_a_url(tmp_path: Path, clock: ManualClock, url: str) -> None:
    path = tmp_path / "world.db"
    open_world(Settings(database=url.format(path)), clock).close()
    assert path.exists()


def test_a_file_is_in_wal_mode(filed: Settings, clock: ManualClock) -> None:
    world = open_world(filed, clock)
    assert rows(world, "PRAGMA journal_mode") == [("wal",)]
    world.close()


def test_a_file_of_a_newer_version_is_refused(filed: Settings, clock: ManualClock) -> None:
    open_world(filed, clock).close()
    with sqlite3.connect(str(filed.database)) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DatabaseError, match="written by a newer bm-emulator"):
        open_world(filed, clock)


def test_another_programs_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="a database of something else"):
        Database(str(path))
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("hello " * 1000, encoding="utf-8")
    with pytest.raises(DatabaseError, match="no database of an emulator"):
        Database(str(path))


def test_a_file_in_use_is_refused(filed: Settings, clock: ManualClock) -> None:
    world = open_world(filed, clock)
    with pytest.raises(DatabaseError, match="another emulator has it open"):
        open_world(filed, clock)
    world.close()


@pytest.mark.parametrize("url", ["postgresql://localhost/x", "nonsense://", "://"])
def test_a_url_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(DatabaseError):
        Database(url)


def test_the_same_seed_makes_the_same_world_byte_for_byte(clock: ManualClock) -> None:
    worlds = [open_world(Settings(devices=1500, seed=seed), clock) for seed in ("s", "s", "t")]
    same, again, other = map(dump, worlds)
    assert same == again
    assert same != other


def test_a_file_made_twice_is_the_same_file(tmp_path: Path, clock: ManualClock) -> None:
    contents = []
    for name in ("a.db", "b.db"):
        settings = Settings(database=str(tmp_path / name), devices=300, seed="5")
        open_world(settings, clock).close()
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_the_fleet_is_whole_and_nothing_collides(clock: ManualClock) -> None:
    world = open_world(Settings(devices=5000), clock)
    assert rows(world, "SELECT count(*) FROM devices") == [(5031,)]
    assert rows(world, "SELECT count(*) FROM out_of_band") == [(5024,)]
    for column, table in (
        ("lan_ip", "devices"),
        ("wan_ip", "devices"),
        ("ip", "out_of_band"),
        ("un_id", "subnets"),
        ("cidr", "subnets WHERE id >= 10000"),  # two VPCs of the demo world have the same ranges
    ):
        [(number, distinct)] = rows(world, f"SELECT count({column}), count(DISTINCT {column}) FROM {table}")
        assert number == distinct, column
    placed = """
        SELECT count(*) FROM devices JOIN subnets ON subnets.un_id = devices.subnet
        JOIN vpcs ON vpcs.un_id = devices.vpc AND vpcs.un_id = subnets.vpc
    """
    assert rows(world, placed) == [(5029,)]
    states = Counter(rows(world, "SELECT device_status, operate_status FROM devices"))
    assert set(states) == {(4, 1), (4, 3), (8, 3), (4, 8)}  # the last is in the demo world alone
    for column in ("zone_id", "class_code", "system_id", "raid_id", "rack", "auto_renew", "deadline"):
        assert len(rows(world, f"SELECT DISTINCT {column} FROM devices")) > 1
    world.close()


def test_generated_devices_are_called_like_any_other(clock: ManualClock) -> None:
    settings = Settings(devices=50, seed="9", time_scale=0)
    world = open_world(settings, clock)
    api = connect(world, settings)
    query = (
        "SELECT instance_id, user_name, password FROM devices"
        " WHERE vpc != 'vpc-34cxlz7z' AND device_status = 4 AND operate_status = 1 AND os_type = 'linux'"
    )
    instance_id, user_name, password = rows(world, query)[0]
    assert api.call("GetDeviceOutBandInfo", instanceId=instance_id)["code"] == 0
    run = {"userName": user_name, "password": password, "cmdParam": "", "instanceId.0": instance_id}
    api.data("RunUserCmd", cmdId="cmd-nozcbhuw", **run)
    assert api.data("GetUserCmdTaskList")["list"][0]["successCount"] == "1"
    world.close()


def test_without_any_fixture_a_fleet_gets_an_account_of_its_own(clock: ManualClock) -> None:
    world = open_world(Settings(fixtures=(), devices=3, seed="1"), clock)
    [(secret_id, secret_key)] = rows(world, "SELECT secret_id, secret_key FROM credentials")
    assert (len(secret_id), len(secret_key)) == (36, 32)
    assert rows(world, "SELECT count(*) FROM devices") == [(3,)]
    world.close()


SCRIPT = """
[[accounts]]
app_id = "1"
credentials = [{{secret_id = "AKIDown", secret_key = "k"}}]
[[accounts.scripts]]
cmd_id = "cmd-aaaaaaaa"
alias = "a"
created_at = 2017-10-01 00:00:00
{}
"""
RUN = """
[[accounts]]
app_id = "1"
[[accounts.tasks]]
task_id = "t"
cmd_id = "c"
cmd_alias = "c"
began_at = 2017-10-01 00:00:00
ended_at = 2017-10-01 00:00:00
[[accounts.tasks.runs]]
instance_id = "cpm-aaaaaaaa"
status = 0
last_shell_exit = 0
{}
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("accounts = 1", "accounts: 1 is not a list"),
        ("[[account]]", "account: there is no such field; did you mean accounts?"),
        ('[[accounts]]\napp_id = "x"', "accounts.0.app_id: 'x' is not a text of 1 to 20 digits"),
        (
            '[[accounts]]\napp_id = "1"\n[[accounts]]\napp_id = "1"',
            "accounts.1.app_id: '1' cannot be added: accounts.app_id is taken",
        ),
        (
            '[[accounts]]\napp_id = "1"\ndevices = [{instance_id = "a", state = "on"}]',
            "accounts.0.devices.0.state: 'on' is not one of",
        ),
        ('[[faults]]\naction = "None"\nerror = 1', "no documented action is named None"),
        (
            '[[faults]]\naction = "GetUserCmd"\nerror = 18005',
            "does not document the error 18005; it documents 9001",
        ),
        (
            '[[faults]]\naction = "GetUserCmd"\nerror = 9001\ntimes = 0',
            "faults.0.times: 0 is not a whole number from 1 to",
        ),
        ("[[zones]]\nid = 1", "hold no account"),
        ('[[accounts]]\napp_id = "1"\nvpcs = [{id = 1, un_id = "v", name = "", cidr = "10.0.0.1/8"}]', "cidr of v"),
        (SCRIPT.format('content = "echo hi"'), r"`content` of a script is Base64.*`text`"),
        (SCRIPT.format('content = "bHM="\ntext = "ls"'), "one of both"),
        (SCRIPT.format(""), "one of both"),
        (RUN.format('cmd_result = "no Base64"'), "the `cmd_result` of a run is Base64"),
        ("a = ", "this is no TOML"),
        ("\udc80", "byte 1 is no UTF-8"),
    ],
)
def test_a_wrong_fixture_is_refused_with_the_place(tmp_path: Path, clock: ManualClock, text: str, told: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(FixtureError, match=told):
        open_world(Settings(fixtures=(str(path),)), clock)


def test_a_script_in_a_fixture_may_be_plain_text(make_api: MakeApi) -> None:
    api = make_api(SCRIPT.format('text = "echo 你好"'))
    api.secret_id, api.secret_key = "AKIDown", "k"
    assert b64decode(api.data("GetUserCmd", cmdId="cmd-aaaaaaaa")["content"]).decode() == "echo 你好"


def test_a_run_in_a_fixture_needs_a_device(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(RUN.format(""), encoding="utf-8")
    with pytest.raises(FixtureError, match="a task's run needs the instance_id cpm-aaaaaaaa"):
        open_world(Settings(fixtures=(str(path),)), clock)


def test_a_fixture_may_be_json(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "world.json"
    script = {"cmd_id": "cmd-aaaaaaaa", "alias": "a", "content": "bHM=", "created_at": "2017-10-20T10:00:00"}
    account = {"app_id": "5", "credentials": [{"secret_id": "AKIDjson", "secret_key": "k"}], "scripts": [script]}
    path.write_text(json.dumps({"accounts": [account]}), encoding="utf-8")
    settings = Settings(fixtures=(str(path),))
    api = connect(open_world(settings, clock), settings)
    api.secret_id, api.secret_key = "AKIDjson", "k"
    assert api.data("GetUserCmdList")["list"][0]["createTime"] == "2017-10-20 10:00:00"


def test_an_unreadable_fixture_leaves_a_new_file_empty(filed: Settings, clock: ManualClock, tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="cannot read the fixture"):
        open_world(Settings(database=filed.database, fixtures=("demo", str(tmp_path / "none.toml"))), clock)
    world = open_world(filed, clock)
    assert rows(world, "SELECT count(*) FROM devices") == [(31,)]
    world.close()
