"""The pytest plugin: the fixtures `bm_emulator` and `bm_world`.

`bm_emulator` is one server for each session (and each xdist worker), `bm_world` a fresh world for each test. The report
of a failed test shows the last calls to its world and why the last one was refused. A fault rule that never fired gives
a warning, because the test did not reach what it was meant to.
"""

import re
import warnings
from collections.abc import Callable, Generator, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from emulator.clock import SystemClock

if TYPE_CHECKING:
    from emulator.testing import Emulator, SettingsFields, WorldClient


class _Marker(NamedTuple):
    """A marker with one argument, which may be given by its name."""

    argument: str
    option: str
    """The argument of `new_world` that it becomes."""
    meaning: str


_MARKERS = {
    "bm_seed": _Marker(
        "seed", "seed", "seed of the test's world: the same seed makes the same devices, ids, durations"
    ),
    "bm_fixture": _Marker(
        "file", "fixture", "content of the test's world: demo, empty, or a world file beside the test"
    ),
    "bm_devices": _Marker("number", "devices", "number of generated devices in the test's world"),
    "bm_frozen": _Marker("time", "frozen_at", "time at which the test's world stands still: ISO 8601, China time"),
    "bm_time_scale": _Marker("scale", "time_scale", "duration of the world's tasks: 1 = as the real ones, 0 = instant"),
}
_SHOWN_STRAYS = 10


class UnfiredFault(UserWarning):
    """A fault rule was set, but no call made it fire."""


def pytest_configure(config: pytest.Config) -> None:
    for name, marker in _MARKERS.items():
        config.addinivalue_line("markers", f"{name}({marker.argument}): {marker.meaning}")


@pytest.fixture(scope="session")
def bm_emulator_settings() -> "SettingsFields":
    """Settings of the server. Override this fixture to change them, as `{"auth": "off", "proxy_port": 0}`."""
    return {}


@pytest.fixture(scope="session")
def bm_emulator(bm_emulator_settings: "SettingsFields") -> Iterator["Emulator"]:
    """An emulator on a free port of this machine. A Timestamp may be the world's time, for clients frozen with it."""
    from emulator.testing import Emulator

    settings: SettingsFields = {"timestamps": "any"}
    settings.update(bm_emulator_settings)
    with Emulator(**settings) as emulator:
        yield emulator


@pytest.fixture
def bm_world(bm_emulator: "Emulator", request: pytest.FixtureRequest) -> Iterator["WorldClient"]:
    """A fresh world for one test. Its markers choose the content; the default is the demo world's."""
    world = _new_world(bm_emulator, request.node)
    default, started = bm_emulator.world, SystemClock().now()
    request.node.stash[_WORLD] = world
    request.node.stash[_STRAY_CALLS] = lambda: default.journal.calls(since=started, limit=_SHOWN_STRAYS)
    yield world
    if world.name in {other.name for other in bm_emulator.worlds()}:  # the test may have deleted it
        for fault in world.faults.unfired():
            warnings.warn(UnfiredFault(f"{fault['does']} never fired: {fault['rule']}"), stacklevel=1)
        world.delete()


_WORLD: "pytest.StashKey[WorldClient]" = pytest.StashKey()
_STRAY_CALLS: "pytest.StashKey[Callable[[], list[dict[str, Any]]]]" = pytest.StashKey()
"""Finds calls whose SecretId belongs to no world; they are in the default world's journal."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    world = item.stash.get(_WORLD, None)
    if world is not None and report.when == "call" and report.failed:
        from emulator.testing.report import failure_section

        report.sections.append(("bm-emulator", failure_section(world, item.stash[_STRAY_CALLS])))
    return report


def _new_world(emulator: "Emulator", node: pytest.Item) -> "WorldClient":
    """The world that the test's markers describe. One that cannot be fails the test with one line."""
    from emulator.testing import ControlError
    from emulator.world.catalogue import FixtureError

    try:
        return emulator.new_world(_world_name(node.nodeid), **_world_options(node))
    except FixtureError as error:
        told = f"the marker bm_fixture: {error}"
    except ControlError as error:
        told = str(error)
        marker = next((name for name, found in _MARKERS.items() if told.startswith(found.option)), None)
        told = f"the marker {marker}: {told}" if marker else told
    pytest.fail(told, pytrace=False)  # outside of the handlers, so that it is printed once


def _world_options(node: pytest.Item) -> dict[str, Any]:
    """The arguments of `new_world` that the test's markers give; the marker closest to the test wins."""
    options_of = {name: found.option for name, found in _MARKERS.items()}
    for marker in node.iter_markers():
        if marker.name.startswith("bm_") and marker.name not in options_of:
            from emulator.checking.words import listed, meant

            told = f"there is no marker {marker.name}{meant(marker.name, options_of)}"
            pytest.fail(f"{told}; there are {listed(options_of, 'and')}", pytrace=False)
    markers = {name: node.get_closest_marker(name) for name in _MARKERS}
    options = {_MARKERS[name].option: _argument(name, found) for name, found in markers.items() if found is not None}
    if (fixture := options.get("fixture")) not in (None, "demo", "empty"):
        options["fixture"] = node.path.parent / Path(str(fixture))
    return options


def _argument(name: str, found: pytest.Mark) -> Any:
    """The one argument of a marker; without it, or with others, the test fails with how to write the marker."""
    wanted = _MARKERS[name].argument
    given = [*found.args, *(value for keyword, value in found.kwargs.items() if keyword == wanted)]
    if len(given) != 1 or set(found.kwargs) - {wanted}:
        sent = ", ".join([*map(repr, found.args), *(f"{keyword}={value!r}" for keyword, value in found.kwargs.items())])
        usage = f"@pytest.mark.{name}({wanted}) takes this one argument, not ({sent}). {_MARKERS[name].meaning}"
        pytest.fail(usage, pytrace=False)
    return given[0]


def _world_name(node_id: str) -> str:
    """A name for the world of a test. It never changes, because ids are derived from it."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", node_id.rpartition("::")[2]).strip("-")[:40]
    return f"{readable or 'test'}-{blake2b(node_id.encode(), digest_size=4).hexdigest()}"
