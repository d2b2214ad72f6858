"""The log: a line a call, a line for each operation that ended, in text or JSON, by the world's time."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import MakeApi, Server
from support.client import SECRET_KEY

from emulator.gateway import call_log
from emulator.logs import LogFormat, set_up_logs
from emulator.testing import Emulator

DEVICE = "cpm-an5a9wv4"
Start = Callable[..., io.StringIO]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Set the log up as `serve` does. Returns what it writes to."""
    root, own = logging.getLogger(), logging.getLogger("emulator")
    before, levels = root.handlers[:], (root.level, own.level)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def begin(level: str = "info", log_format: LogFormat = "text", *, terminal: bool = False) -> io.StringIO:
        stream = Terminal() if terminal else io.StringIO()
        set_up_logs(level, log_format, stream)
        return stream

    yield begin
    root.handlers[:] = before
    root.setLevel(levels[0])
    own.setLevel(levels[1])


def test_a_call_is_a_line(make_api: MakeApi, start: Start) -> None:
    api, log = make_api(), start()
    api.call("RebootDevice", **{"instanceIds.0": DEVICE, "opUin": "1"})
    [line] = log.getvalue().splitlines()
    told = rf"2017-10-20 10:00:00\.000 INFO    default \S+ GET RebootDevice {DEVICE}: 0, \d+\.\d ms \[[0-9a-f-]{{36}}\]"
    assert re.fullmatch(told + r" \(real \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\)", line)


def test_an_operation_that_ended_is_a_line(make_api: MakeApi, start: Start) -> None:
    api, log = make_api(), start()
    world = "/_emulator/worlds/default"
    api.http.post(f"{world}/clock/freeze", json={"at": "2017-10-20 10:00"}, headers={"Host": "localhost"})
    api.call("RebootDevice", **{"instanceIds.0": DEVICE, "opUin": "1"})
    api.http.post(f"{world}/clock/advance-to-idle", headers={"Host": "localhost"})
    assert f"INFO    default rebootDevice on {DEVICE} ended (real " in log.getvalue().splitlines()[-1]


def test_a_refused_call_shows_at_the_default_level_and_another_does_not(make_api: MakeApi, start: Start) -> None:
    api, log = make_api(), start("warning")
    api.call("DescribeRegions")
    api.call("GetUserCmdList", limit="many")
    [line] = log.getvalue().splitlines()
    assert "WARNING default" in line
    assert "GetUserCmdList: 10001, " in line
    assert "limit: 'many' is no whole number" in line


def test_nothing_is_computed_for_a_line_that_is_not_shown(
    make_api: MakeApi, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    api, _log = make_api(), start("warning")
    monkeypatch.setattr(call_log, "_facts", None)
    assert api.call("DescribeRegions")["code"] == 0


def test_json_lines_hold_the_facts(make_api: MakeApi, start: Start) -> None:
    api, log = make_api(), start("info", "json")
    api.call("GetDeviceOutBandInfo", instanceId=DEVICE)
    api.call("GetUserCmdList", limit="many")
    good, bad = map(json.loads, log.getvalue().splitlines())
    assert (good["action"], good["ids"], good["code"], good["world"]) == (
        "GetDeviceOutBandInfo",
        [DEVICE],
        0,
        "default",
    )
    assert (good["time"], good["level"]) == ("2017-10-20 10:00:00.000+08:00", "info")
    assert good["duration_ms"] >= 0
    assert good["real_time"] != good["time"]
    assert (bad["level"], bad["code"]) == ("warning", 10001)
    assert "is no whole number" in bad["why"]


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_secrets_are_masked_and_a_line_is_one_line(make_api: MakeApi, start: Start, log_format: LogFormat) -> None:
    api, log = make_api(), start("debug", log_format)
    api.call("GetUserCmd", cmdId=SECRET_KEY)
    api.call("GetUserCmd", cmdId="a\nINFO forged")
    assert SECRET_KEY not in log.getvalue()
    assert log.getvalue().count("\n") == 2


def test_colours_are_for_a_terminal_without_no_color(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    for terminal, no_color in ((True, ""), (True, "1"), (False, "")):
        monkeypatch.setenv("NO_COLOR", no_color)
        log = start(terminal=terminal)
        logging.getLogger("emulator").warning("x")
        shown.append("\x1b[33mWARNING" in log.getvalue())
    assert shown == [True, False, False]


def test_a_server_says_what_its_log_shows_and_has_no_line_of_uvicorn(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    server = serve("--log-level", "info", "--log-format", "json")
    assert server.process.stdout is not None
    told = server.process.stdout.readline()
    assert told.startswith("Log        every call and each operation that ended")
    server.api().call("DescribeRegions")
    server.stop()
    [line] = (tmp_path / "server0.log").read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    assert (found["action"], "real_time" in found) == ("DescribeRegions", False)


def test_an_operation_that_failed_is_a_warning_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "emulator")
    with Emulator(listen=False) as emulator:
        world = emulator.new_world(frozen_at="2017-10-20T10:00:00", time_scale=1)
        world.faults.set("ShutdownDevice", operation="fail")
        world.call("ShutdownDevice", instanceIds=[DEVICE], opUin="1")
        world.clock.advance(600)
    [record] = [record for record in caplog.records if record.name == "emulator.work"]
    assert record.getMessage() == f"{world.name} shutdownDevice on {DEVICE} failed, as a fault had it"
    assert record.levelno == logging.WARNING
