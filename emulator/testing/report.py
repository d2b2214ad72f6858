"""What the report of a failed test shows: the last calls to its world, by the world's time, and why one was refused.

Calls that follow each other and are alike, as those of a client that polls, are folded into one line.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from emulator.contract import COMMON_PARAMETERS
from emulator.testing.world_client import WorldClient

_LINES = 10
_READ_CALLS = 1_000
_LONGEST_VALUE = 40
_MOST_PARAMETERS = 6
_COMMON = {parameter.name for parameter in COMMON_PARAMETERS} | {"RequestClient", "Version", "Token"}

Story = dict[str, Any]


def failure_section(world: WorldClient, stray_calls: Callable[[], list[Story]]) -> str:
    """The last calls of a failed test. Errors here must not hide the test's own failure."""
    try:
        calls = world.journal.calls(limit=_READ_CALLS) or stray_calls()
    except (OSError, RuntimeError) as error:
        return f"the emulator does not answer: {error}"
    if not calls:
        return "no call came"
    folded = [_line(list(alike)) for _shown, alike in groupby(calls, key=_shown)]
    lines = [f"the last calls to the world {world.name}, by its time:"]
    if len(folded) > _LINES:
        lines.append(f"  … {len(folded) - _LINES} lines before these")
    lines += [f"  {line}" for line in folded[-_LINES:]]
    refused = [call for call in calls if call["code"] not in (0, "0")]
    return "\n".join([*lines, *(_why(refused[-1]) if refused else ())])


def _line(alike: list[Story]) -> str:
    first, last = alike[0], alike[-1]
    times = f"  ({len(alike)} times, until {last['world_time']})" if len(alike) > 1 else ""
    return f"{first['world_time']} {_shown(first)}{times}"


def _shown(call: Story) -> str:
    parameters = [f"{name}={_clipped(str(value))}" for name, value in _own_parameters(call)]
    more = len(parameters) - _MOST_PARAMETERS
    words = [call["method"], str(call["action"]), *parameters[:_MOST_PARAMETERS]]
    return f"{' '.join(words)}{f' … {more} more' if more > 0 else ''}: {_outcome(call)}"


def _own_parameters(call: Story) -> Iterator[tuple[str, Any]]:
    """The parameters of the action, without those that every call sends."""
    return ((name, value) for name, value in call["parameters"].items() if name not in _COMMON)


def _clipped(value: str) -> str:
    shown = value if value.isprintable() and " " not in value else repr(value)
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[:_LONGEST_VALUE]}…"


def _outcome(call: Story) -> str:
    if call["code"] is None:
        return f"HTTP {call['http_status']}" if call["http_status"] else "no answer"
    return f"code {call['code']} {call['message']}".rstrip()


def _why(refused: Story) -> Iterator[str]:
    yield f"why {refused['action']} was refused [{refused['request_id']}]:"
    common_matter = refused["authentication"] == "refused"
    parameters = refused["parameters"].items() if common_matter else _own_parameters(refused)
    yield from (f"  {name} = {value}" for name, value in parameters)
    yield from (f"  {line}" for line in refused["explanation"])
