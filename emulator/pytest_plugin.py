"""The pytest plugin: `bm_emulator`, one server a session (and a worker of xdist), and `bm_world`, a fresh world a test.

A test that fails shows the last calls of its world, and the explanation of the last refusal. A fault rule that never
fired is a warning: the test did not reach what it meant to.
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
    "bm_seed(seed)": "the seed of the test's world: the same one makes the same devices, ids and durations",
    "bm_fixture(file)": "what the test's world is filled from: demo, empty, or a TOML or JSON file beside the test",
    "bm_devices(number)": "so many generated devices in the test's world",
    "bm_frozen(time)": "the clock of the test's world stands still there: ISO 8601, China Standard Time",
    "bm_time_scale(scale)": "how long tasks take in the test's world: 1 as long as the real ones, 0 no time",
}
_SHOWN_CALLS = 10


class UnfiredFault(UserWarning):
    """A fault rule that was set, and that no call met."""


def pytest_configure(config: pytest.Config) -> None:
    for marker, meaning in _MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {meaning}")


@pytest.fixture(scope="session")
def bm_emulator_settings() -> dict[str, Any]:
    """Override it to have other settings, as `{"auth": "off", "proxy_port": 0}`."""
    return {}


@pytest.fixture(scope="session")
def bm_emulator(bm_emulator_settings: dict[str, Any]) -> Iterator["Emulator"]:
    """An emulator on a free port of this machine."""
    from emulator.testing import Emulator

    with Emulator(**bm_emulator_settings) as emulator:
        yield emulator


@pytest.fixture
def bm_world(bm_emulator: "Emulator", request: pytest.FixtureRequest) -> Iterator["WorldClient"]:
    """A fresh world, as the test's markers want it; the demo world's content where they say nothing."""
    world = bm_emulator.new_world(_name(request.node.nodeid), **_wishes(request.node))
    default, began = bm_emulator.world, SystemClock().now()
    request.node.stash[_WORLD] = world
    request.node.stash[_STRANGERS] = lambda: default.journal.calls(since=began, limit=_SHOWN_CALLS)
    yield world
    if world.name in {found.name for found in bm_emulator.worlds()}:  # the test may have deleted it
        for fault in world.faults.unfired():
            warnings.warn(UnfiredFault(f"{fault['does']} never fired: {fault['rule']}"), stacklevel=1)
        world.delete()


_WORLD: "pytest.StashKey[WorldClient]" = pytest.StashKey()
_STRANGERS: "pytest.StashKey[Callable[[], list[dict[str, Any]]]]" = pytest.StashKey()
"""Calls with a SecretId that no world has: the default world refuses them."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    world = item.stash.get(_WORLD, None)
    if world is not None and report.when == "call" and report.failed:
        report.sections.append(("bm-emulator", _told(world, item.stash[_STRANGERS])))
    return report


def _wishes(node: pytest.Item) -> dict[str, Any]:
    """The marker nearest to the test counts."""
    names = {
        "bm_seed": "seed",
        "bm_fixture": "fixture",
        "bm_devices": "devices",
        "bm_frozen": "frozen_at",
        "bm_time_scale": "time_scale",
    }
    found = {name: node.get_closest_marker(marker) for marker, name in names.items()}
    wishes = {name: marker.args[0] for name, marker in found.items() if marker is not None}
    if (fixture := wishes.get("fixture")) not in (None, "demo", "empty"):
        wishes["fixture"] = node.path.parent / Path(str(fixture))
    return wishes


def _name(node_id: str) -> str:
    """The same for the same test, so that its ids are the same."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", node_id.rpartition("::")[2]).strip("-")[:40]
    return f"{readable or 'test'}-{blake2b(node_id.encode(), digest_size=4).hexdigest()}"


def _told(world: "WorldClient", strangers: Callable[[], list[dict[str, Any]]]) -> str:
    """Nothing that goes wrong here may hide the test's own failure."""
    try:
        calls = world.journal.calls(limit=_SHOWN_CALLS) or strangers()
    except (OSError, RuntimeError) as error:
        return f"the emulator tells nothing: {error}"
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
