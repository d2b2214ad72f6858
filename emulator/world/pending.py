"""Pending operations: what will happen in a world, when, and how it will end.

An operation with a `failure` is work that a call began; one without is a date of the calendar, such as the day on which
a server expires.
"""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, delete, insert, null, select

from emulator.world.database import Prepared, Value
from emulator.world.facets import Write
from emulator.world.schema import operations
from emulator.world.world import World

NEVER = 2**62
"""When what hangs is due."""
_DUE = "next due"
"""In the world's memo: no pending operation is due earlier, which saves a look."""
Outcome = list[Any] | dict[str, Any]


class Due(NamedTuple):
    """An operation whose time has come."""

    id: int
    kind: str
    subject: str | None
    """What it ends: `part/N` of a numbered task, or `run/N` of a script task."""
    about: str
    due_at: int
    outcome: Any
    fails: bool


class Pending(NamedTuple):
    """Work that is going on, as people see it."""

    id: int
    kind: str
    subject: str | None
    about: str
    began_at: int
    due_at: int
    fails: int
    hangs_at: int | None
    """Per cent; None: it does not hang."""


_COLUMNS = ("kind", "subject", "about", "began_at", "due_at", "outcome", "failure", "fails", "hangs_at")
_table = operations.c
_by_due = (_table.due_at, _table.id)
_PLAN = Prepared(insert(operations).values({name: bindparam(name) for name in _COLUMNS}))
_PLAN_NUMBERED = Prepared(insert(operations).values({name: bindparam(name) for name in ("id", *_COLUMNS)}))
_EARLIEST = Prepared(select(_table.due_at).order_by(*_by_due).limit(1))
_TAKE = Prepared(
    delete(operations)
    .where(
        _table.id == select(_table.id).order_by(*_by_due).limit(1).scalar_subquery(), _table.due_at <= bindparam("now")
    )
    .returning(operations)
)
_EVERY = Prepared(select(operations).order_by(_table.id))
_PENDING = select(*(_table[name] for name in Pending._fields)).where(_table.failure.is_not(None))
_ALL_PENDING = Prepared(_PENDING.order_by(*_by_due))
_NEXT_WORK = Prepared(_PENDING.where(_table.hangs_at.is_(None)).order_by(*_by_due).limit(1))
_BY_ID = Prepared(_PENDING.where(_table.id == bindparam("operation")))
_WORK_ON = Prepared(_PENDING.where(_table.about == bindparam("about")).order_by(_table.id))
_CHANGE = {
    name: Prepared(operations.update().where(_table.id == bindparam("operation")).values({name: bindparam("value")}))
    for name in ("fails", "hangs_at", "due_at")
}
_SHIFT_WORK = Prepared(
    operations.update()
    .where(_table.failure.is_not(None), _table.hangs_at.is_(None))
    .values(due_at=_table.due_at + bindparam("milliseconds"))
)
_SETTING = Prepared(
    select(_table.outcome).where(
        _table.failure.is_not(None), _table.fails == 0, _table.outcome.like(bindparam("pattern"))
    )
)
_OUTCOMES = Prepared(select(_table.outcome).where(_table.kind == bindparam("wanted_kind"), _table.fails == 0))
_END_NOW = Prepared(
    operations.update()
    .where(_table.about == bindparam("wanted"), _table.failure.is_not(None))
    .values(due_at=case((_table.began_at > bindparam("now"), _table.began_at), else_=bindparam("now")), hangs_at=null())
)
_FAIL = Prepared(
    operations.update()
    .where(_table.about == bindparam("wanted"), _table.kind == bindparam("wanted_kind"))
    .values(fails=1)
)
_DROP_DATES = Prepared(delete(operations).where(_table.about == bindparam("wanted"), _table.failure.is_(None)))


def operation_row(
    kind: str,
    due_at: int,
    outcome: Outcome,
    *,
    about: str,
    began_at: int = 0,
    subject: str | None = None,
    failure: Outcome | None = None,
    fails: bool = False,
    hangs_at: int | None = None,
) -> dict[str, Value]:
    """The row of such an operation."""
    return {
        "kind": kind,
        "subject": subject,
        "about": about,
        "began_at": began_at,
        "due_at": due_at,
        "outcome": json.dumps(outcome, ensure_ascii=False),
        "failure": None if failure is None else json.dumps(failure, ensure_ascii=False),
        "fails": int(fails),
        "hangs_at": hangs_at,
    }


def add_operation(world: World, row: dict[str, Any]) -> None:
    """Add an operation that `operation_row` describes; with an `id`, under that number."""
    (_PLAN_NUMBERED if "id" in row else _PLAN).run(world.database, **row)
    world.memo[_DUE] = min(world.memo.get(_DUE, 0), row["due_at"])


def add_operations(world: World, rows: Iterable[dict[str, Any]]) -> None:
    _PLAN.run_many(world.database, rows)
    world.memo.pop(_DUE, None)


def has_due(world: World, now: int) -> bool:
    """Whether something may be due: a look that costs nothing."""
    return bool(now >= world.memo.get(_DUE, 0))


def take_due(world: World, now: int) -> Due | None:
    """The earliest operation that is due, taken off the list."""
    if not has_due(world, now):
        return None
    row = _TAKE.first(world.database, now=now)
    if row is None:
        earliest = _EARLIEST.first(world.database)
        world.memo[_DUE] = earliest[0] if earliest else NEVER
        return None
    number, kind, subject, about, _began, due_at, outcome, failure, fails, _hangs = row
    return Due(number, kind, subject, about, due_at, json.loads(failure if fails else outcome), bool(fails))


def pending(world: World) -> list[Pending]:
    """The work that is going on, in the order in which it will end."""
    return [Pending._make(row) for row in _ALL_PENDING.all(world.database)]


def next_work(world: World) -> Pending | None:
    """The work that will end first. Work that hangs never ends."""
    row = _NEXT_WORK.first(world.database)
    return Pending._make(row) if row else None


def find_pending(world: World, number: int) -> Pending | None:
    row = _BY_ID.first(world.database, operation=number)
    return Pending._make(row) if row else None


def works_on(world: World, about: str) -> list[Pending]:
    """The work on a thing, the oldest first."""
    return [Pending._make(row) for row in _WORK_ON.all(world.database, about=about)]


def work_on(world: World, about: str, *, but: str = "") -> Pending | None:
    """The oldest work on a thing. `but`: a kind of work that does not count."""
    return next((work for work in works_on(world, about) if work.kind != but), None)


def planned_writes(world: World, column: str) -> list[Write]:
    """Rows that pending work will write if it succeeds, as far as they set that column."""
    rows = _SETTING.all(world.database, pattern=f'%"{column}"%')
    outcomes = (json.loads(outcome) for (outcome,) in rows)
    writes = (Write(*write) for outcome in outcomes if isinstance(outcome, list) for write in outcome)
    return [write for write in writes if write.columns and column in write.columns]


def planned_outcomes(world: World, kind: str) -> list[Any]:
    """What the pending work of a kind will do if it succeeds."""
    return [json.loads(outcome) for (outcome,) in _OUTCOMES.all(world.database, wanted_kind=kind)]


def change_pending(world: World, number: int, **changes: int | None) -> None:
    """Set `fails`, `hangs_at` or `due_at`."""
    for name, value in changes.items():
        _CHANGE[name].run(world.database, operation=number, value=value)
    world.memo.pop(_DUE, None)


def end_now(world: World, about: str, now: int) -> None:
    """Let all work on a thing end now, as far as it still can; none before it began."""
    _END_NOW.run(world.database, wanted=about, now=now)
    world.memo.pop(_DUE, None)


def fail_work(world: World, kind: str, about: str) -> None:
    """Let all work of a kind on a thing fail, when its time has come."""
    _FAIL.run(world.database, wanted=about, wanted_kind=kind)


def shift_work(world: World, milliseconds: int) -> None:
    """Let work that does not hang end that much later; dates of the calendar stay."""
    _SHIFT_WORK.run(world.database, milliseconds=milliseconds)
    world.memo.pop(_DUE, None)


def drop_dates(world: World, about: str) -> None:
    """Take a thing's dates off the calendar."""
    _DROP_DATES.run(world.database, wanted=about)


def every_operation(world: World) -> list[dict[str, Any]]:
    """The rows of everything that is pending, work and dates of the calendar."""
    names = ("id", *_COLUMNS)
    return [dict(zip(names, row, strict=True)) for row in _EVERY.all(world.database)]
