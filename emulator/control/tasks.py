"""Tasks and what else takes time, read and set by hand.

A task is what an action began on one device or several: `cmdtask-…` on scripts, a number on devices. Its parts are
operations. Deliveries of servers, and LAN IPs of hosted ones, are operations without a task.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import select

from emulator.chapters.devices.records.tables import device_operations, device_tasks
from emulator.clock import to_wire
from emulator.world import pending as operations
from emulator.world.by_hand import ImpossibleChange, UnknownThing, app_ids
from emulator.world.pending import DEVICE_OPERATION, NEVER, RETURN, SCRIPT_RUN, TGW_SWITCH, Pending
from emulator.world.schema import task_runs, tasks
from emulator.world.world import World

_STATUS = ("running", "succeeded", "failed")
_DEVICE_KINDS = (DEVICE_OPERATION, TGW_SWITCH, RETURN)


class OperationView(Struct, frozen=True):
    """Something that takes time."""

    id: int
    """The number by which the operation is set."""
    kind: str
    """What is going on, such as `device operation` or `script run`."""
    about: str
    """The device or network that the operation works on."""
    began_at: str
    """The world's time, in China Standard Time."""
    due_at: str | None
    """The world's time at which the operation ends; null: it hangs."""
    fails: bool
    """Whether the operation will fail."""
    hangs_at: int | None
    """Per cent at which the operation hangs; null: it does not hang."""


class OperationChanges(Struct, frozen=True, forbid_unknown_fields=True):
    """Of what is still going on."""

    fails: bool | UnsetType = UNSET
    """Whether the operation will fail."""
    due_in: Annotated[float, Meta(ge=0, le=1e9)] | UnsetType = UNSET
    """Seconds of the world's time until the operation ends, even if it hangs."""
    hangs_at: Annotated[int, Meta(ge=0, le=99)] | UnsetType = UNSET
    """Per cent at which the operation hangs, so that it never ends."""


class TaskPart(Struct, frozen=True):
    about: str
    """The device that this part works on."""
    status: Literal["running", "succeeded", "failed"]
    """running, succeeded or failed."""
    operation: OperationView | None
    """The operation that carries the part out; null: the part has ended."""


class TaskView(Struct, frozen=True):
    task_id: str
    """`cmdtask-…` of a task on scripts, a number of a task on devices."""
    app_id: str
    """The account that began the task."""
    kind: str
    """`script`, or the kind of the work on the devices."""
    began_at: str
    """The world's time, in China Standard Time."""
    parts: list[TaskPart]
    """The parts of the task, one for each device."""


def pending_operations(world: World) -> list[OperationView]:
    return [_view(operation) for operation in operations.pending(world)]


def view_operation(world: World, number: int) -> OperationView:
    return _view(_pending(world, number))


def change_operation(world: World, number: int, changes: OperationChanges) -> None:
    """Raises UnknownThing or ImpossibleChange."""
    operation = _pending(world, number)
    if changes.hangs_at is not UNSET and changes.due_in is not UNSET:
        raise ImpossibleChange("what hangs is never over: hangs_at or due_in, not both")
    values: dict[str, int | None] = {}
    if changes.fails is not UNSET:
        values["fails"] = int(changes.fails)
    if changes.hangs_at is not UNSET:
        values |= {"hangs_at": changes.hangs_at, "due_at": NEVER}
    if changes.due_in is not UNSET:
        values |= {"hangs_at": None, "due_at": world.clock.now() + round(changes.due_in * 1000)}
    if values:
        operations.change_pending(world, operation.id, **values)


def task_ids(world: World, offset: int, limit: int) -> tuple[list[str], int]:
    """Those on scripts and then those on devices, as they began, and how many there are."""
    on_scripts = world.execute(select(tasks.c.task_id).order_by(tasks.c.auto_id)).scalars()
    on_devices = world.execute(select(device_tasks.c.id).order_by(device_tasks.c.id)).scalars()
    every = [*on_scripts, *map(str, on_devices)]
    return every[offset : offset + limit], len(every)


def view_task(world: World, task_id: str) -> TaskView:
    """Raises UnknownThing."""
    query = select(tasks).where(tasks.c.task_id == task_id)
    row = world.execute(query).first()
    if row is None:
        return _device_task(world, task_id)
    runs = world.execute(select(task_runs).where(task_runs.c.task_id == task_id).order_by(task_runs.c.auto_id))
    parts = [(run.auto_id, run.instance_id, min(run.status, 1) + 1) for run in runs]
    began = to_wire(row.began_at)
    return TaskView(task_id, app_ids(world)[row.account_id], "script", began, _parts(world, parts, (SCRIPT_RUN,)))


def change_task(world: World, task_id: str, changes: OperationChanges) -> None:
    """All of its parts that are not over. Raises UnknownThing or ImpossibleChange."""
    running = [part.operation for part in view_task(world, task_id).parts if part.operation]
    if not running:
        raise ImpossibleChange(f"the task {task_id} is over")
    for operation in running:
        change_operation(world, operation.id, changes)


def _device_task(world: World, task_id: str) -> TaskView:
    number = int(task_id) if task_id.isascii() and task_id.isdecimal() and len(task_id) < 19 else -1
    query = select(device_operations).where(device_operations.c.task_id == number).order_by(device_operations.c.id)
    rows = list(world.execute(query))
    account = world.execute(select(device_tasks.c.account_id).where(device_tasks.c.id == number)).scalar()
    if not rows or account is None:
        raise UnknownThing(f"the world has no task {task_id!r}")
    parts = [(row.id, row.instance_id, row.status) for row in rows]
    began = to_wire(rows[0].started_at)
    return TaskView(task_id, app_ids(world)[account], rows[0].kind, began, _parts(world, parts, _DEVICE_KINDS))


def _parts(world: World, rows: Iterable[tuple[int, str, int]], kinds: tuple[str, ...]) -> list[TaskPart]:
    """`rows`: subject, device, and 0 running, 1 succeeded or 2 failed."""
    going_on = {operation.subject: operation for operation in operations.pending(world) if operation.kind in kinds}
    parts = []
    for subject, about, status in rows:
        operation = going_on.get(subject)
        name: Any = _STATUS[status]
        parts.append(TaskPart(about, name, _view(operation) if operation and not status else None))
    return parts


def _pending(world: World, number: int) -> Pending:
    operation = operations.find_pending(world, number)
    if operation is None:
        raise UnknownThing(f"nothing that is going on has the number {number}")
    return operation


def _view(operation: Pending) -> OperationView:
    due = None if operation.hangs_at is not None else to_wire(operation.due_at)
    began = to_wire(operation.began_at)
    return OperationView(
        operation.id, operation.kind, operation.about, began, due, bool(operation.fails), operation.hangs_at
    )
