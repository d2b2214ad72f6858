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
_DUE = Prepared(
    select(*(operations.c[name] for name in Operation._fields))
    .where(operations.c.due_at <= bindparam("now"))
    .order_by(operations.c.due_at, operations.c.id)
    .limit(1)
)
_REMOVE = Prepared(delete(operations).where(operations.c.id == bindparam("operation")))


def plan(world: World, kind: str, subject: int, due_at: int, outcome: dict[str, Any]) -> None:
    values = json.dumps(outcome, ensure_ascii=False)
    _PLAN.run(world.database, kind=kind, subject=subject, due_at=due_at, outcome=values)


def take_due(world: World, now: int) -> Operation | None:
    """The earliest operation that is due, taken off the list."""
    row = _DUE.first(world.database, now=now)
    if row is None:
        return None
    _REMOVE.run(world.database, operation=row[0])
    number, kind, subject, due_at, outcome = row
    return Operation(number, kind, subject, due_at, json.loads(outcome))
