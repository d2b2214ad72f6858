"""Numbered tasks, which clients poll: what a call began, with a part for each thing that it works on.

The parts are the things' operation log too.
"""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from emulator.clock import from_local, local, to_wire
from emulator.world.by_hand import app_ids
from emulator.world.database import Prepared
from emulator.world.facets import ByHand, Columns, Seeds
from emulator.world.operation_views import OperationChanges, TaskView, change_parts, view_parts
from emulator.world.paging import Order, equals, listed
from emulator.world.resource import Resource
from emulator.world.world import World

RUNNING, SUCCEEDED, FAILED = 0, 1, 2
_SUBJECT = "part/"


class Task(NamedTuple):
    id: int
    account_id: int


class TaskPart(NamedTuple):
    id: int
    task_id: int
    about: str
    """The id of the thing that it works on."""
    kind: str
    """As the operation log calls it, such as rebootDevice."""
    status: int
    """0 running, 1 succeeded, 2 failed."""
    started_at: int
    ended_at: int | None
    operator: str


class SeedPart(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a numbered task."""

    id: int
    about: str
    """The id of the thing that it works on."""
    kind: str
    """As the operation log calls it, such as rebootDevice."""
    status: Literal[0, 1, 2]
    """0 running, 1 succeeded, 2 failed."""
    started_at: datetime
    ended_at: datetime | None = None
    """Left out: it is still going on."""
    operator: str = ""
    """The opUin that was sent."""


class SeedNumberedTask(Struct, forbid_unknown_fields=True):
    """What DescriptionOperationResult and the other pollers answer for."""

    id: int
    parts: list[SeedPart]


def add_task(
    world: World, account_id: int, kind: str, about: list[str], *, operator: str, now: int
) -> tuple[int, list[int]]:
    """Returns the task's number and those of its parts, in the order of what they are about."""
    task = TASKS.add(world, account_id=account_id)
    values: Columns = {"task_id": task, "kind": kind, "status": RUNNING, "started_at": now, "ended_at": None}
    return task, [PARTS.add(world, **values, about=name, operator=operator) for name in about]


def subject_of(part: int) -> str:
    """How a pending operation names the part that it ends."""
    return f"{_SUBJECT}{part}"


def name_of(world: World, subject: str | None) -> str | None:
    """What the operation log calls the part that a pending operation ends, such as rebootDevice."""
    if subject is None or not subject.startswith(_SUBJECT):
        return None
    part = PARTS.find_any(world, int(subject.removeprefix(_SUBJECT)))
    return part.kind if part else None


def end_part(world: World, subject: str, *, succeeded: bool, at: int) -> None:
    part = int(subject.removeprefix(_SUBJECT))
    PARTS.change(world, part, status=SUCCEEDED if succeeded else FAILED, ended_at=at)


def parts_of(world: World, task: int) -> list[TaskPart]:
    """In the order in which they were begun; empty where there is no such task."""
    return listed(world, PARTS, [equals("task_id", task)], Order(("id",)))[0]


def own_parts(world: World, account_id: int, task: int) -> list[TaskPart]:
    """The parts of the account's task; empty where the account has no such task."""
    return parts_of(world, task) if TASKS.find(world, account_id, task) else []


def state_of_task(parts: list[TaskPart]) -> int:
    """Running while one part is, failed if one has failed."""
    states = {part.status for part in parts}
    return RUNNING if RUNNING in states else FAILED if FAILED in states else SUCCEEDED


def polled(world: World, account_id: int, task: int) -> int | None:
    """How far the account's task has got, as most pollers print it: 0 succeeded, 1 failed, 2 running; None: no task."""
    parts = own_parts(world, account_id, task)
    return {SUCCEEDED: 0, FAILED: 1, RUNNING: 2}[state_of_task(parts)] if parts else None


def begun_since(world: World, account_id: int, kind: str, since: int) -> int:
    """How many parts of that kind the account has begun from a moment on."""
    return int((_BEGUN_SINCE.first(world.database, account=account_id, kind=kind, since=since) or (0,))[0])


def _sow(world: World, account_id: int, seed: SeedNumberedTask) -> None:
    TASKS.add(world, id=seed.id, account_id=account_id)
    for part in seed.parts:
        row: dict[str, Any] = {name: getattr(part, name) for name in part.__struct_fields__}
        times = {"started_at": from_local(part.started_at), "ended_at": part.ended_at and from_local(part.ended_at)}
        PARTS.add(world, task_id=seed.id, **row | times)


def _reap(world: World, task: Task) -> SeedNumberedTask:
    parts = []
    for part in parts_of(world, task.id):
        row: dict[str, Any] = {name: getattr(part, name) for name in SeedPart.__struct_fields__}
        times = {"started_at": local(part.started_at), "ended_at": part.ended_at and local(part.ended_at)}
        parts.append(SeedPart(**row | times))
    return SeedNumberedTask(task.id, parts)


def _show(world: World, task: Task) -> TaskView:
    parts = parts_of(world, task.id)
    rows = [(subject_of(part.id), part.about, part.status) for part in parts]
    kind, began = (parts[0].kind, to_wire(parts[0].started_at)) if parts else ("", "")
    return TaskView(str(task.id), app_ids(world)[task.account_id], kind, began, view_parts(world, rows))


def _change(world: World, task: Task, changes: OperationChanges) -> None:
    change_parts(world, _show(world, task), changes)


TASKS: Resource[Task] = Resource(
    "numbered_tasks",
    "task",
    Task,
    id="id",
    form="[0-9]+",
    numbered="id",
    seeds=Seeds(SeedNumberedTask, _sow, _reap),
    by_hand=ByHand(TaskView, OperationChanges, _show, _change, plural="tasks"),
)
PARTS: Resource[TaskPart] = Resource(
    "task_parts",
    "task_part",
    TaskPart,
    id="id",
    numbered="id",
    indexes=(("task_id",), ("about", "id"), ("kind", "started_at")),
)
_BEGUN_SINCE = Prepared(
    select(func.count())
    .select_from(PARTS.table.join(TASKS.table, PARTS.table.c.task_id == TASKS.table.c.id))
    .where(
        TASKS.table.c.account_id == bindparam("account"),
        PARTS.table.c.kind == bindparam("kind"),
        PARTS.table.c.started_at >= bindparam("since"),
    )
)
