"""Pending operations: what will happen in a world, when, and how it will end."""

import json
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from emulator.inventory.database import Prepared
from emulator.inventory.tables import operations
from emulator.inventory.world import World


class Operation(NamedTuple):
    id: int
    kind: str
    subject: int
    """The row that it will change."""
    due_at: int
    outcome: dict[str, Any]


_PLAN = Prepared(
    insert(operations).values({name: bindparam(name) for name in ("kind", "subject", "due_at", "outcome")})
)
_EARLIEST = Prepared(
    select(*(operations.c[name] for name in Operation._fields)).order_by(operations.c.due_at, operations.c.id).limit(1)
)
_REMOVE = Prepared(delete(operations).where(operations.c.id == bindparam("operation")))
_NEVER = 2**63


def planned(kind: str, subject: int, due_at: int, outcome: dict[str, Any]) -> dict[str, Any]:
    """The row of such an operation."""
    text = json.dumps(outcome, ensure_ascii=False)
    return {"kind": kind, "subject": subject, "due_at": due_at, "outcome": text}


def plan(world: World, kind: str, subject: int, due_at: int, outcome: dict[str, Any]) -> None:
    _PLAN.run(world.database, **planned(kind, subject, due_at, outcome))
    world.next_due = min(world.next_due, due_at)


def take_due(world: World, now: int) -> Operation | None:
    """The earliest operation that is due, taken off the list."""
    if now < world.next_due:
        return None
    row = _EARLIEST.first(world.database)
    if row is None:
        world.next_due = _NEVER
        return None
    number, kind, subject, due_at, outcome = row
    world.next_due = due_at
    if now < due_at:
        return None
    _REMOVE.run(world.database, operation=number)
    return Operation(number, kind, subject, due_at, json.loads(outcome))
