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
from typing import TYPE_CHECKING, Any

import pytest

from emulator.clock import SystemClock

if TYPE_CHECKING:
    from emulator.testing import Emulator, WorldClient

_MARKERS = {
    "bm_seed(seed)": "seed of the test's world: the same seed makes the same devices, ids and durations",
    "bm_fixture(file)": "content of the test's world: demo, empty, or a TOML or JSON file beside the test",
    "bm_devices(number)": "number of generated devices in the test's world",
    "bm_frozen(time)": "time at which the clock of the test's world is frozen: ISO 8601, China Standard Time",
    "bm_time_scale(scale)": "duration of tasks in the test's world: 1 = as the real ones, 0 = instant",
}
_SHOWN_CALLS = 10
_OPTIONS = {
    "bm_seed": "seed",
    "bm_fixture": "fixture",
    "bm_devices": "devices",
    "bm_frozen": "frozen_at",
    "bm_time_scale": "time_scale",
}
"""The arguments of `new_world`, by marker."""


class UnfiredFault(UserWarning):
    """A fault rule was set, but no call made it fire."""


def pytest_configure(config: pytest.Config) -> None:
    for marker, meaning in _MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {meaning}")


@pytest.fixture(scope="session")
def bm_emulator_settings() -> dict[str, Any]:
    """Settings of the server. Override this fixture to change them, as `{"auth": "off", "proxy_port": 0}`."""
    return {}


@pytest.fixture(scope="session")
def bm_emulator(bm_emulator_settings: dict[str, Any]) -> Iterator["Emulator"]:
    """An emulator on a free port of this machine."""
    from emulator.testing import Emulator

    with Emulator(**bm_emulator_settings) as emulator:
        yield emulator


@pytest.fixture
def bm_world(bm_emulator: "Emulator", request: pytest.FixtureRequest) -> Iterator["WorldClient"]:
    """A fresh world for one test. Its markers choose the content; the default is the demo world's."""
    world = _new_world(bm_emulator, request.node)
    default, started = bm_emulator.world, SystemClock().now()
    request.node.stash[_WORLD] = world
    request.node.stash[_STRAY_CALLS] = lambda: default.journal.calls(since=started, limit=_SHOWN_CALLS)
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
        report.sections.append(("bm-emulator", _failure_section(world, item.stash[_STRAY_CALLS])))
    return report


def _new_world(emulator: "Emulator", node: pytest.Item) -> "WorldClient":
    """The world that the test's markers describe. One that cannot be fails the test with one line."""
    from emulator.testing import ControlError
    from emulator.world.catalogue import FixtureError

    try:
        return emulator.new_world(_world_name(node.nodeid), **_world_options(node))
    except FixtureError as error:
        pytest.fail(f"the marker bm_fixture: {error}", pytrace=False)
    except ControlError as error:
        told = str(error)
        marker = next((name for name, option in _OPTIONS.items() if told.startswith(option)), None)
        pytest.fail(f"the marker {marker}: {told}" if marker else told, pytrace=False)


def _world_options(node: pytest.Item) -> dict[str, Any]:
    """The arguments of `new_world` that the test's markers give; the marker closest to the test wins."""
    for marker in node.iter_markers():
        if marker.name.startswith("bm_") and marker.name not in _OPTIONS:
            from emulator.checking.words import listed, meant

            told = f"there is no marker {marker.name}{meant(marker.name, _OPTIONS)}"
            pytest.fail(f"{told}; there are {listed(_OPTIONS, 'and')}", pytrace=False)
    markers = {option: node.get_closest_marker(name) for name, option in _OPTIONS.items()}
    options = {option: _value(marker) for option, marker in markers.items() if marker is not None}
    if (fixture := options.get("fixture")) not in (None, "demo", "empty"):
        options["fixture"] = node.path.parent / Path(str(fixture))
    return options


def _value(marker: pytest.Mark) -> Any:
    """The one value of a marker, given by place or by any name."""
    values = [*marker.args, *marker.kwargs.values()]
    if len(values) != 1:
        form = next(form for form in _MARKERS if form.startswith(f"{marker.name}("))
        told = f"the marker {marker.name} takes one value, and has {len(values)}: {form}: {_MARKERS[form]}"
        pytest.fail(told, pytrace=False)
    return values[0]


def _world_name(node_id: str) -> str:
    """A name for the world of a test. It never changes, because ids are derived from it."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", node_id.rpartition("::")[2]).strip("-")[:40]
    return f"{readable or 'test'}-{blake2b(node_id.encode(), digest_size=4).hexdigest()}"


def _failure_section(world: "WorldClient", stray_calls: Callable[[], list[dict[str, Any]]]) -> str:
    """The last calls of a failed test. Errors here must not hide the test's own failure."""
    try:
        calls = world.journal.calls(limit=_SHOWN_CALLS) or stray_calls()
    except (OSError, RuntimeError) as error:
        return f"the emulator does not answer: {error}"
    lines = [f"the last calls to the world {world.name}:" if calls else "no call came"]
    lines += [f"  {call['time']} {call['method']} {call['action']}: {_outcome(call)}" for call in calls]
    refused = [call for call in calls if call["code"] not in (0, "0")]
    if refused:
        last = refused[-1]
        lines.append(f"why {last['action']} was refused [{last['request_id']}]:")
        lines += [f"  {name} = {value}" for name, value in last["parameters"].items()]
        lines += [f"  {line}" for line in last["explanation"]]
    return "\n".join(lines)


def _outcome(call: dict[str, Any]) -> str:
    if call["code"] is None:
        return f"HTTP {call['http_status']}" if call["http_status"] else "no answer"
    return f"code {call['code']} {call['message']}".rstrip()
