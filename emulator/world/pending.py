"""Pending operations: what will happen in a world, when, and how it will end.

An operation with a `failure` is work that a call began; one without is a date of the calendar, such as the day on which
a server expires.
"""

import json
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from emulator.world.database import Prepared
from emulator.world.schema import operations
from emulator.world.world import World

SCRIPT_RUN = "script run"
DEVICE_OPERATION = "device operation"
TGW_SWITCH = "tgw switch"
RETURN = "offlineDevice"
NEVER = 2**62
"""When what hangs is due."""


class Operation(NamedTuple):
    id: int
    kind: str
    subject: int
    """The row that it will change."""
    due_at: int
    outcome: dict[str, Any]


class Pending(NamedTuple):
    """Work that is going on, as it is told to people."""

    id: int
    kind: str
    subject: int
    about: str
    began_at: int
    due_at: int
    fails: int
    hangs_at: int | None


_COLUMNS = ("kind", "subject", "about", "began_at", "due_at", "outcome", "failure", "fails", "hangs_at")
_PLAN = Prepared(insert(operations).values({name: bindparam(name) for name in _COLUMNS}))
_table = operations.c
_EARLIEST = Prepared(
    select(_table.id, _table.kind, _table.subject, _table.due_at, _table.outcome, _table.failure, _table.fails)
    .order_by(_table.due_at, _table.id)
    .limit(1)
)
_REMOVE = Prepared(delete(operations).where(_table.id == bindparam("operation")))
_PENDING = select(*(_table[name] for name in Pending._fields)).where(_table.failure.is_not(None))
_NEXT_WORK = Prepared(_PENDING.where(_table.hangs_at.is_(None)).order_by(_table.due_at, _table.id).limit(1))


def planned(
    kind: str,
    subject: int,
    due_at: int,
    outcome: dict[str, Any],
    *,
    about: str = "",
    began_at: int = 0,
    failure: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The row of such an operation."""
    return {
        "kind": kind,
        "subject": subject,
        "about": about,
        "began_at": began_at,
        "due_at": due_at,
        "outcome": json.dumps(outcome, ensure_ascii=False),
        "failure": None if failure is None else json.dumps(failure, ensure_ascii=False),
        "fails": 0,
        "hangs_at": None,
    }


def plan(world: World, row: dict[str, Any]) -> None:
    """Add one that `planned` made."""
    _PLAN.run(world.database, **row)
    world.next_due = min(world.next_due, row["due_at"])
    world.begun.append((row["kind"], row["about"]))


def take_due(world: World, now: int) -> Operation | None:
    """The earliest operation that is due, taken off the list."""
    if now < world.next_due:
        return None
    row = _EARLIEST.first(world.database)
    if row is None:
        world.next_due = NEVER
        return None
    number, kind, subject, due_at, outcome, failure, fails = row
    world.next_due = due_at
    if now < due_at:
        return None
    _REMOVE.run(world.database, operation=number)
    return Operation(number, kind, subject, due_at, json.loads(failure if fails else outcome))


def pending(world: World) -> list[Pending]:
    """The work that is going on, as it will end."""
    return [Pending._make(row) for row in world.execute(_PENDING.order_by(_table.due_at, _table.id))]


def next_work(world: World) -> Pending | None:
    """What will be over first; what hangs never will be."""
    row = _NEXT_WORK.first(world.database)
    return Pending._make(row) if row else None


def find_pending(world: World, number: int) -> Pending | None:
    row = world.execute(_PENDING.where(_table.id == number)).first()
    return Pending._make(row) if row else None


def work_on(world: World, about: str) -> Pending | None:
    """What keeps a device busy; a script that runs there does not."""
    query = _PENDING.where(_table.about == about, _table.kind != SCRIPT_RUN)
    row = world.execute(query.order_by(_table.id)).first()
    return Pending._make(row) if row else None


def change_pending(world: World, number: int, **changes: int | None) -> None:
    world.execute(update(operations).where(_table.id == number).values(**changes))
    world.next_due = 0


def drop_calendar(world: World, about: str) -> None:
    """Take a device's dates off the calendar."""
    world.execute(delete(operations).where(_table.about == about, _table.failure.is_(None)))
