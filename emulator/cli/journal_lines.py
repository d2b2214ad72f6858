"""Calls of a journal as lines for people: repeated ones folded, the parameters that matter, what was wrong."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from emulator.contract import COMMON_PARAMETERS

Call = dict[str, Any]
_COMMON = {parameter.name for parameter in COMMON_PARAMETERS} - {"Region"}
_LONGEST_VALUE = 40
_MOST_PARAMETERS = 8


def lines(calls: Iterable[Call]) -> Iterator[str]:
    """A line for each call, and one for each run of calls that are alike, as polls are."""
    for _alike, run in groupby(calls, _likeness):
        first, *more = run
        yield _line(first, more)


def _likeness(call: Call) -> tuple[object, ...]:
    """What calls that are folded into one line have in common. One that changed something stands alone."""
    own = call["request_id"] if call["rows_changed"] or call["operations"] or call["fault"] else None
    return own, call["client"], call["method"], call["action"], _parameters(call), call["code"], _wrong(call)


def _line(call: Call, more: list[Call]) -> str:
    folded = f", {len(more) + 1} times until {_time(more[-1])}" if more else ""
    code = call["code"]
    if code is None:
        code = f"HTTP {call['http_status']}" if call["http_status"] else "no answer"
    head = f"{_time(call)}  {call['method']:4} {call['action'] or '(no Action)'}{_parameters(call)}"
    begun = "".join(f", began {operation['kind']} on {operation['about']}" for operation in call["operations"])
    wrong = _wrong(call)
    told = f", {wrong}" if wrong else ""
    return f"{head}: {code}, {call['duration_ms']:.1f} ms{begun}{told}{folded}  [{call['request_id']}]"


def _time(call: Call) -> str:
    """The world's time, and the real one beside it where they differ."""
    if call["time"] == call["world_time"]:
        return str(call["time"])
    return f"{call['world_time']} (real {call['time']})"


def _parameters(call: Call) -> str:
    own = [(name, value) for name, value in call["parameters"].items() if name not in _COMMON]
    shown = [f" {name}={_cut(value)}" for name, value in own[:_MOST_PARAMETERS]]
    if len(own) > _MOST_PARAMETERS:
        shown.append(f" and {len(own) - _MOST_PARAMETERS} more")
    return "".join(shown)


def _cut(value: str) -> str:
    text = value if value.isprintable() else repr(value)[1:-1]
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _wrong(call: Call) -> str:
    """The explanation, and the parameters that nothing read where it does not name them."""
    why = "; ".join(call["explanation"])
    unknown = [name for name in call["unknown_parameters"] if name not in why]
    unread = [name for name in call["unread_parameters"] if name not in why]
    told = [f"{what}: {', '.join(names)}" for what, names in (("unknown", unknown), ("not read", unread)) if names]
    return "; ".join([*([why] if why else []), *told])
