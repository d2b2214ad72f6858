"""Settings are checked where they are made, and what is given without effect is told."""

import logging
import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from click.testing import CliRunner
from msgspec import Meta
from support import fields as keywords

from emulator.app import open_world
from emulator.cli import main
from emulator.cli.serve import serve
from emulator.clock import ManualClock
from emulator.request import Limits
from emulator.settings import Settings, annotations, make_settings
from emulator.settings_check import SettingsError
from emulator.testing import DatabaseError, Emulator

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"auth": "strickt"}, "auth is strict, warn or off, not 'strickt'; did you mean strict?"),
    ({"profile": "Observed"}, "profile is documented or observed, not 'Observed'; did you mean observed?"),
    ({"region": "gz"}, "region is note, check, scope or None, not 'gz'"),
    ({"timestamps": "wrold"}, "timestamps is real, world or any, not 'wrold'; did you mean world?"),
    ({"devices": -1}, "devices is a whole number from 0 to 500,000, not -1"),
    ({"devices": True}, "devices is a whole number from 0 to 500,000, not True"),
    ({"time_scale": -1}, "time_scale is a number of at least 0, not -1"),
    ({"time_scale": float("nan")}, "time_scale is a number of at least 0, not nan"),
    ({"port": 70_000}, "port is a whole number from 0 to 65,535, not 70000"),
    ({"proxy_port": "0"}, "proxy_port is a whole number from 0 to 65,535 or None, not '0'"),
    ({"idle_seconds": 0}, "idle_seconds is a number above 0, not 0"),
    ({"rate_limit": "no"}, "rate_limit is True or False, not 'no'"),
    ({"fixtures": "demo"}, "fixtures is a tuple of texts, not 'demo'"),
    ({"limits": Limits(query_bytes=0)}, "limits.query_bytes is a whole number of at least 1, not 0"),
    ({"incidents": "/nope"}, "incidents is a folder, but there is none at /nope"),
    ({"autt": "off"}, "there is no setting 'autt'; did you mean auth?"),
]


@pytest.mark.parametrize(("settings", "told"), WRONG, ids=[str(settings) for settings, _told in WRONG])
def test_a_wrong_setting_is_refused_with_what_is_allowed(settings: dict[str, Any], told: str) -> None:
    for make in (make_settings, Emulator):
        with pytest.raises(SettingsError) as refused:
            make(**settings)
        assert str(refused.value) == told


def test_a_changed_copy_is_checked_too() -> None:
    with pytest.raises(SettingsError, match="auth is strict, warn or off"):
        replace(Settings(), auth="of")  # type: ignore[arg-type]


def test_paths_and_a_numeric_seed_are_kept_as_text(tmp_path: Path) -> None:
    made = make_settings(database=tmp_path / "w.db", incidents=tmp_path, seed=7)
    assert (made.database, made.incidents, made.seed) == (f"{tmp_path}/w.db", str(tmp_path), "7")


@pytest.mark.parametrize(
    "command", [["serve", "--port", "0", "--incidents", "/nope"], ["run", "--time-scale", "nan", "true"]]
)
def test_the_commands_refuse_with_one_line(command: list[str]) -> None:
    done = CliRunner().invoke(main, command)
    assert done.exit_code != 0
    assert done.output.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in done.output


def test_the_command_line_has_the_ranges_of_the_settings() -> None:
    limits = {"max_query": "query_bytes", "max_body": "body_bytes", "max_parameters": "parameters"}
    found = 0
    for option in serve.params:
        ranged = option.type
        if option.name in limits or not isinstance(ranged, click.IntRange | click.FloatRange):
            continue
        [meta] = [part for kind in kinds(annotations()[str(option.name)]) for part in get_args(kind)[1:]]
        assert isinstance(meta, Meta)
        assert (meta.gt if ranged.min_open else meta.ge, meta.le) == (ranged.min, ranged.max), option.name
        found += 1
    assert found >= 10
    assert {field.name for field in fields(Settings)} == set(annotations())


def kinds(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if type(None) in get_args(annotation) else (annotation,)


def test_the_keywords_of_the_test_client_are_fresh() -> None:
    for path, text in keywords.pages().items():
        if path.read_text(encoding="utf-8") != text:
            pytest.fail(f"emulator/testing/{path.name} is stale; run: {keywords.COMMAND}", pytrace=False)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"devices": 5}, "already; ignored: --devices"),
        ({"fixtures": ("empty",), "seed": "8"}, "already; ignored: --fixture, --seed"),
        ({"seed": "7"}, ""),
        ({}, ""),
    ],
    ids=str,
)
def test_settings_of_a_new_world_are_told_to_be_unused(
    tmp_path: Path, clock: ManualClock, caplog: pytest.LogCaptureFixture, given: dict[str, Any], told: str
) -> None:
    path = str(tmp_path / "world.db")
    open_world(Settings(database=path, seed="7"), clock).close()
    with caplog.at_level(logging.WARNING):
        open_world(Settings(database=path, **given), clock).close()
    assert [told in message for message in caplog.messages] == ([True] if told else [])


def test_a_database_that_cannot_be_written_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(where: Path) -> str:
        with pytest.raises(DatabaseError) as refused:
            open_world(Settings(database=str(where)), ManualClock(0))
        return str(refused.value)

    assert refusal(tmp_path).endswith("it is a folder")
    assert refusal(tmp_path / "none" / "w.db").endswith(f"there is no folder {tmp_path}/none")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert f"it is read-only, or {tmp_path} is" in refusal(tmp_path / "w.db")
