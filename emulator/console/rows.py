"""Rows of the database as people read them: with times as the API prints them, and without secrets."""

import json
from typing import Any, NamedTuple

from emulator.clock import WorldClock, to_wire
from emulator.console.values import cell
from emulator.journal.journal import Entry
from emulator.journal.json_masking import without_secrets
from emulator.journal.masking import Mask

_TIMES = {"deadline", "since"}
_NO_TIMES = {"hangs_at"}
"""Columns that end as those of times."""
_LONGEST = 500
Shown = dict[str, str]


class Changed(NamedTuple):
    """A row before and after; empty where it was not, or is not any more."""

    table: str
    before: Shown
    after: Shown


def changed_by(entry: Entry, mask: Mask) -> list[Changed]:
    """The rows that a call changed.

    A row that it changed twice is one row. Of a row that was there before and after, only what differs is given.
    """
    merged: dict[tuple[str, Any], list[dict[str, Any]]] = {}
    for table, before, after in entry.changed:
        old, new = (json.loads(text) if text else {} for text in (before, after))
        key = next(iter((old or new).values()))
        merged.setdefault((table, key), [old, {}])[1] = new
    pairs = [(table, _differing(old, new)) for (table, _key), (old, new) in merged.items()]
    return [Changed(table, shown(old, mask), shown(new, mask)) for table, (old, new) in pairs]


def shown(row: dict[str, Any], mask: Mask) -> Shown:
    """The columns of a row."""
    return {name: _value(name, value) for name, value in without_secrets(row, mask).items()}


def _differing(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    if not (old and new):
        return old, new
    key = next(iter(old))
    names = [name for name in old if name == key or old[name] != new[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}


def _value(name: str, value: Any) -> str:
    is_time = name in _TIMES or (name.endswith("_at") and name not in _NO_TIMES)
    if is_time and isinstance(value, int) and 0 < value <= WorldClock.LATEST:
        return to_wire(value)
    text = cell(value)
    return "—" if value is None else text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
