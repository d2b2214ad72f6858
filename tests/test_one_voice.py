"""Every refusal of what people write says the place, what was found, what is allowed and what was probably meant.

A table of mistakes for each door: fixture files, catalogues, the control interface, commands, markers.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from support.pages import ROOT

from emulator.app import open_world
from emulator.checking.values import WrongValue, converted
from emulator.cli import main
from emulator.clock import SystemClock
from emulator.control.world_clock import Freeze
from emulator.settings import Settings
from emulator.testing import Emulator, WorldClient
from emulator.world.catalogue import FixtureError
from emulator.world.database import DatabaseError

LIBRARY = re.compile(
    r"\$\.|\$\[|Expected|msgspec|sqlite3|SQLite|Errno|Invalid enum value|Traceback|constraint|RFC ?3339|"
    r"`(?:str|int|bool|float|object|array|null)\b|Error\(|tomllib|RemoteDisconnected|is not a valid|JSON is malformed"
)
"""Words of the libraries beneath, which say nothing to a person."""
DEVICE = "cpm-an5a9wv4"


def check(told: str, *wanted: str) -> None:
    assert not LIBRARY.search(told), told
    assert [words for words in wanted if words not in told] == [], told


ONE_DEVICE = '[[accounts]]\napp_id = "1"\n[[accounts.devices]]\ninstance_id = "cpm-aaaaaaaa"\n'
OF_FIXTURES = [
    ("accounts = 1", ["accounts: 1 is not a list"]),
    (
        "[[acounts]]",
        ["acounts: there is no such field; did you mean accounts?", "The fields are seed, zones, accounts"],
    ),
    ("[[accounts]]", ["accounts.0.app_id: it is missing, and has to be a text of 1 to 20 digits"]),
    ('[[accounts]]\napp_id = "x"', ["accounts.0.app_id: 'x' is not a text of 1 to 20 digits"]),
    (ONE_DEVICE + 'stat = "running"', ["accounts.0.devices.0.stat: there is no such field; did you mean state?"]),
    (ONE_DEVICE + 'state = "runing"', ["accounts.0.devices.0.state: 'runing' is not one of", "did you mean running?"]),
    (ONE_DEVICE + 'deadline = "soon"', ["accounts.0.devices.0.deadline: 'soon' is not a time, as 2017-10-20 10:00"]),
    (ONE_DEVICE + "password = 5", ["accounts.0.devices.0.password: this value is not a text"]),
    (ONE_DEVICE * 2, ["accounts.1.app_id: '1' cannot be added: accounts.app_id is taken"]),
    (
        ONE_DEVICE + '[[accounts.devices]]\ninstance_id = "cpm-aaaaaaaa"',
        ["accounts.0.devices.1: 'cpm-aaaaaaaa' cannot be added: devices.instance_id is taken"],
    ),
    (
        '[[accounts]]\napp_id = "1"\nvpcs = [{id = 1, un_id = "v", name = "", cidr = "10.9.0.1/16"}]',
        ["accounts.0.vpcs.0: the cidr of v: '10.9.0.1/16' is no range of addresses; did you mean 10.9.0.0/16?"],
    ),
    ('[[faults]]\naction = "GetUserCmds"\ncut = true', ["fault 1", "GetUserCmds; did you mean GetUserCmd?"]),
    (
        '[[faults]]\noperation = "hng"',
        ["faults.0.operation: 'hng' is not one of fail, hang or late; did you mean hang?"],
    ),
    ("a = \n", ["line 1, column 5: this is no TOML: 'a = '"]),
    ("a = [1", ["this is no TOML"]),
    (
        ONE_DEVICE + '[[operations]]\nkind = "device operation"\nabout = "a"\nthen = "5"\notherwise = "[]"\nleft = 1',
        ["the operation device operation on a cannot end with 5"],
    ),
]


@pytest.mark.parametrize(("text", "told"), OF_FIXTURES, ids=lambda value: value[:30] if isinstance(value, str) else "")
def test_of_a_fixture(tmp_path: Path, text: str, told: list[str]) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FixtureError) as refused:
        open_world(Settings(fixtures=(str(path),)), SystemClock())
    check(str(refused.value), str(path), *told)


def test_of_a_fixture_in_json(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"accounts": [\n  {"app_id": 1,}\n]}', encoding="utf-8")
    with pytest.raises(FixtureError) as refused:
        open_world(Settings(fixtures=(str(path),)), SystemClock())
    check(str(refused.value), "line 2, column 16: this is no JSON")


def test_a_fixture_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "worlds.toml").touch()
    for name, told in (("demmo", "did you mean demo?"), (str(tmp_path / "world.toml"), "did you mean worlds.toml?")):
        with pytest.raises(FixtureError) as refused:
            open_world(Settings(fixtures=(name,)), SystemClock())
        check(str(refused.value), f"cannot read the fixture {name}: no such file; {told}")


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("regions", "set_name", "set_nam", ["regions.0.set_nam: there is no such field; did you mean set_name?"]),
        ("systems", '"linux"', '"linus"', ["is not one of linux or xserver; did you mean linux?"]),
        ("device_classes", "price = ", "price = x", ["device_classes.toml: line ", "this is no TOML"]),
        ("parts", None, None, ["parts.toml: no such file"]),
    ],
)
def test_of_a_catalogue(tmp_path: Path, file: str, before: str | None, after: str | None, told: list[str]) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(ROOT / "fixtures" / "catalogue", folder)
    path = folder / f"{file}.toml"
    if before is None or after is None:
        path.unlink()
    else:
        path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(FixtureError) as refused:
        open_world(Settings(catalogue=str(folder)), SystemClock())
    check(str(refused.value), *told)
    assert str(refused.value).count(str(folder)) == 1


def test_of_a_database(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not at all " * 1000, encoding="utf-8")
    for where, told in (
        (other, "it is no database of an emulator"),
        (tmp_path, "it is a folder"),
        (tmp_path / "none" / "world.db", "there is no folder"),
    ):
        with pytest.raises(DatabaseError) as refused:
            open_world(Settings(database=str(where)), SystemClock())
        check(str(refused.value), told)


WORLD = "/_emulator/worlds/{world}"
OF_THE_CONTROL_INTERFACE: list[tuple[str, str, Any, list[str]]] = [
    ("POST", WORLD + "/clock/freeze", {"at": "tomorow"}, ["at: 'tomorow' is not a time, as 2017-10-20 10:00"]),
    ("POST", WORLD + "/clock/freeze", {"att": None}, ["att: there is no such field; did you mean at?"]),
    ("POST", WORLD + "/clock/freeze", {"at": "0001-01-01 00:00"}, ["1970 and 9998"]),
    ("POST", WORLD + "/clock/advance", {}, ["seconds: it is missing, and has to be a number from 0 to"]),
    ("POST", WORLD + "/clock/rate", {"rate": -1}, ["rate: -1 is not a number from 0 to 1,000,000"]),
    (
        "GET",
        WORLD + "/inventory/device",
        None,
        ["things called 'device'; did you mean devices?"],
    ),
    ("POST", WORLD + "/clock/rate", [], ["the body: a list is not an object with the fields rate"]),
    ("POST", WORLD + "/clock/rate", b"{rate: 1}", ["the body: line 1, column 2: this is no JSON"]),
    (
        "POST",
        "/_emulator/worlds",
        {"fixture": "dmo"},
        ["fixture: 'dmo' is not one of demo or empty; did you mean demo?"],
    ),
    (
        "POST",
        "/_emulator/worlds",
        {"fixture": {"acounts": []}},
        ["acounts: there is no such field; did you mean accounts?"],
    ),
    ("POST", "/_emulator/worlds", {"fixture": 3}, ["fixture: 3 is not demo, empty or an object"]),
    ("POST", "/_emulator/worlds", {"name": "-"}, ["name: '-' is not a name of 1 to 64 letters"]),
    ("POST", WORLD + "/faults", {"erorr": 9001}, ["erorr: there is no such field; did you mean error?"]),
    ("POST", WORLD + "/faults", {"error": 2.5}, ["error: 2.5 is not a text or a whole number"]),
    ("POST", WORLD + "/faults", {"delay": [1]}, ["delay: a list of 1 is not a list of 2 items"]),
    ("POST", WORLD + "/faults", {"action": "RunUserCmds", "cut": True}, ["did you mean RunUserCmd?"]),
    ("POST", WORLD + "/faults", {"cut": True, "kind": "host", "state": "bound"}, ["did you mean hosted?", "devices"]),
    ("POST", WORLD + "/faults", {"cut": True, "device_state": "runing"}, ["did you mean running?", "shutdown"]),
    ("POST", WORLD + "/incidents/over-quta", None, ["did you mean over-quota?", "there are "]),
    ("DELETE", WORLD + "/incidents/over-quota", None, ["no incident 'over-quota' is going on", "none is"]),
    ("DELETE", WORLD + "/faults/99", None, ["has no fault '99'; it has nothing"]),
    ("GET", WORLD + "x", None, ["there is no world", "did you mean", "default"]),
    ("POST", WORLD + "/snapshots/x/restore", None, ["has no snapshot 'x'; it has nothing"]),
    ("PUT", WORLD + "/snapshots/-", None, ["snapshot: '-' is not a name"]),
    ("GET", WORLD + "/inventory/devices/cpm-an5a9wv", None, [f"did you mean {DEVICE}?"]),
    ("GET", WORLD + "/inventory/accounts/9", None, ["the world has no account '9'; it has 2"]),
    ("PUT", WORLD + "/inventory/stock/1000100003/PS100", {"left": 1}, ["no class 'PS100'; did you mean PS100v1?"]),
    (
        "PATCH",
        WORLD + f"/inventory/devices/{DEVICE}",
        {"auto_renew": "maybe"},
        ["auto_renew: 'maybe' is not true or false"],
    ),
    ("PATCH", WORLD + f"/inventory/devices/{DEVICE}", {"stat": "x"}, ["did you mean state?", "The fields are alias"]),
    ("PATCH", WORLD + f"/inventory/devices/{DEVICE}", {"state": "runing"}, ["did you mean running?"]),
    ("PATCH", WORLD + "/inventory/scripts/cmd-nozcbhuw", {"content": "echo hi"}, ["content: 'echo hi' is not Base64"]),
    ("GET", WORLD + "/journal?limit=many", None, ["limit: 'many' is not a whole number from 1 to 100,000"]),
    ("GET", WORLD + "/journal?acton=x", None, ["acton: there is no such field; did you mean action?"]),
    ("GET", WORLD + "/export?format=tml", None, ["format: 'tml' is not one of", "did you mean toml?"]),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "told"), OF_THE_CONTROL_INTERFACE, ids=lambda value: str(value)[:50] if value else ""
)
def test_of_the_control_interface(
    bm_emulator: Emulator, bm_world: WorldClient, method: str, path: str, body: Any, told: list[str]
) -> None:
    content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    url = bm_emulator.url + path.format(world=bm_world.name)
    reply = httpx.request(method, url, content=content, trust_env=False)
    assert 400 <= reply.status_code < 500, reply.text
    check(reply.json()["error"], *told)


OF_COMMANDS: list[tuple[list[str], list[str]]] = [
    (["serv"], ["there is no command 'serv'; did you mean serve?"]),
    (["fault", "sett"], ["there is no command 'sett'; did you mean set?", "clear, list"]),
    (["serve", "--auth", "strickt"], ["'strickt' is not one of strict, warn or off; did you mean strict?"]),
    (["serve", "--prot", "1"], ["--prot", "--port"]),
    (
        ["serve", "--port", "0", "--fixture", "demmo"],
        ["cannot read the fixture demmo: no such file; did you mean demo?"],
    ),
    (["serve", "--port", "0", "--catalogue", "/none"], ["/none/regions.toml: no such file"]),
    (["serve", "--port", "0", "--database", "/none/world.db"], ["there is no folder /none"]),
    (["actions", "runusercmd"], ["no known action is named runusercmd; did you mean RunUserCmd?"]),
    (["actions", "RunCmd"], ["no known action is named RunCmd; did you mean RunUserCmd?"]),
    (["inventory", "list", "device"], ["'device' is not one of", "did you mean devices?"]),
    (["call", "DescribeDevice", "limit"], ["'limit' is not of the form key=value, as limit=5"]),
    (
        ["call", "DescribeDevice", "--endpoint", "http://127.0.0.1:1"],
        ["no answer from http://127.0.0.1:1: the connection was refused", "is `bm-emulator serve` running?"],
    ),
    (["sign", "foo"], ["'foo' is no request of the API: write https://bm.api.qcloud.com/v2/index.php?Action=…"]),
    (["schema", "runusercmd"], ["no known action is named runusercmd; did you mean RunUserCmd?"]),
    (["schema", "RunUserCmd", "--part", "answr"], ["'answr' is not one of parameters or answer; did you mean answer?"]),
    (["serve", "--port", "x"], ["'x' is not a whole number from 0 to 65,535"]),
    (["serve", "--time-scale", "x"], ["'x' is not a number of at least 0"]),
    (["stock", "set", "1000100003", "PS100v1", "-3"], ["'-3' is not a whole number of at least 0"]),
    (["run", "--isolatd", "--", "true"], ["run has no option --isolatd; did you mean --isolated?"]),
    (["run", "--journal-file", "/none/x", "--", "true"], ["cannot write /none/x: no such file or directory"]),
    (["env", "--ca-dir", "/dev/null/x"], ["cannot keep a certificate authority in /dev/null/x: not a directory"]),
    (["world", "list", "--endpoint", "ftp://x"], ["ftp://x is no http:// or https:// address"]),
]


@pytest.mark.parametrize(("words", "told"), OF_COMMANDS, ids=lambda value: " ".join(value)[:40])
def test_of_a_command(words: list[str], told: list[str]) -> None:
    done = CliRunner().invoke(main, words)
    assert done.exit_code in (1, 2)
    check(done.output, *told)


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ("bm_frozen()", "@pytest.mark.bm_frozen(time) takes this one argument"),
        ("bm_frozen('tomorow')", "the marker bm_frozen: frozen_at: 'tomorow' is not a time"),
        ("bm_fixture('dmo.toml')", "the marker bm_fixture: cannot read the fixture *dmo.toml: no such file"),
        ("bm_devices('many')", "the marker bm_devices: devices: 'many' is not a whole number from 0 to 10,000"),
        ("bm_frozn('2017-10-20')", "there is no marker bm_frozn; did you mean bm_frozen?"),
    ],
)
def test_of_a_marker(pytester: pytest.Pytester, marker: str, told: str) -> None:
    pytester.makepyfile(f"import pytest\n\n@pytest.mark.{marker}\ndef test(bm_world): pass\n")
    done = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:schemathesis")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines([f"*{told}*"])
    assert "Traceback" not in done.stdout.str()


@pytest.mark.parametrize("marker", ["bm_seed(seed='7')", "bm_frozen(time='2017-10-20 10:00')"])
def test_a_marker_takes_its_value_by_name(pytester: pytest.Pytester, marker: str) -> None:
    pytester.makepyfile(f"import pytest\n\n@pytest.mark.{marker}\ndef test(bm_world): pass\n")
    pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:schemathesis").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "text",
    ["2017-10-20 10:00", "2017-10-20T10:00", "2017-10-20T10:00:00+08:00", "2017-10-20T02:00:00Z", "20171020T1000"],
)
def test_a_time_may_be_written_in_any_form_of_iso_8601(bm_world: WorldClient, text: str) -> None:
    bm_world.clock.freeze(text)
    assert bm_world.clock.time == "2017-10-20 10:00:00"


def test_a_time_in_a_fixture_may_be_a_day(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(ONE_DEVICE + "deadline = 2030-01-01\ndelivered_at = '2017-10-01 09:30'", encoding="utf-8")
    world = open_world(Settings(fixtures=(str(path),)), SystemClock())
    assert world.resources["devices"].every(world)[0].deadline == 1_893_427_200_000
    world.close()


def test_all_mistakes_are_told_at_once_and_not_too_many() -> None:
    with pytest.raises(WrongValue, match=r"^a: there .*; b: there .*; and 2 more mistakes$"):
        converted(dict.fromkeys("abcdefg"), Freeze)


def test_a_control_token_names_the_option_and_the_variable() -> None:
    with Emulator(control_token="right") as emulator:
        for token, told in ((None, "is driven with a control token"), ("wrong", "is not this emulator's")):
            words = ["world", "list", "--endpoint", emulator.url, *(["--control-token", token] if token else [])]
            done = CliRunner().invoke(main, words)
            check(done.output, told, "--control-token", "BM_EMULATOR_CONTROL_TOKEN")
