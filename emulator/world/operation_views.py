"""What takes time as people see and set it: operations, and the parts of tasks that they end."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from emulator.clock import to_wire
from emulator.world import pending
from emulator.world.by_hand import ImpossibleChange, UnknownThing
from emulator.world.pending import NEVER, Pending
from emulator.world.world import World

_STATUS = ("running", "succeeded", "failed")


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


class TaskPartView(Struct, frozen=True):
    about: str
    """The device that this part works on."""
    status: Literal["running", "succeeded", "failed"]
    """running, succeeded or failed."""
    operation: OperationView | None
    """The operation that carries the part out; null: the part has ended."""


class TaskView(Struct, frozen=True):
    """What an action began on one thing or several."""

    task_id: str
    """`cmdtask-…` of a task on scripts, a number of a task on devices."""
    app_id: str
    """The account that began the task."""
    kind: str
    """`script`, or the kind of the work on the devices."""
    began_at: str
    """The world's time, in China Standard Time."""
    parts: list[TaskPartView]
    """The parts of the task, one for each device."""


def pending_operations(world: World) -> list[OperationView]:
    return [_view(operation) for operation in pending.pending(world)]


def view_operation(world: World, number: int) -> OperationView:
    return _view(_find(world, number))


def change_operation(world: World, number: int, changes: OperationChanges) -> None:
    """Raises UnknownThing or ImpossibleChange."""
    operation = _find(world, number)
    if changes.hangs_at is not UNSET and changes.due_in is not UNSET:
        raise ImpossibleChange("what hangs is never over: hangs_at or due_in, not both")
    values: dict[str, int | None] = {}
    if changes.fails is not UNSET:
        values["fails"] = int(changes.fails)
    if changes.hangs_at is not UNSET:
        values |= {"hangs_at": changes.hangs_at, "due_at": NEVER}
    if changes.due_in is not UNSET:
        values |= {"hangs_at": None, "due_at": world.clock.now() + round(changes.due_in * 1000)}
    pending.change_pending(world, operation.id, **values)


def change_parts(world: World, view: TaskView, changes: OperationChanges) -> None:
    """Change all parts of a task that are not over. Raises ImpossibleChange where all are."""
    running = [part.operation for part in view.parts if part.operation]
    if not running:
        raise ImpossibleChange(f"the task {view.task_id} is over")
    for operation in running:
        change_operation(world, operation.id, changes)


def view_parts(world: World, rows: Iterable[tuple[str, str, int]]) -> list[TaskPartView]:
    """`rows`: the subject of the operation that ends it, what it is about, and 0 running, 1 succeeded or 2 failed."""
    going_on = {operation.subject: operation for operation in pending.pending(world)}
    parts = []
    for subject, about, status in rows:
        operation = going_on.get(subject)
        name: Any = _STATUS[status]
        parts.append(TaskPartView(about, name, _view(operation) if operation and not status else None))
    return parts


def _find(world: World, number: int) -> Pending:
    operation = pending.find_pending(world, number)
    if operation is None:
        raise UnknownThing(f"nothing that is going on has the number {number}")
    return operation


def _view(operation: Pending) -> OperationView:
    due = None if operation.hangs_at is not None else to_wire(operation.due_at)
    began = to_wire(operation.began_at)
    return OperationView(
        operation.id, operation.kind, operation.about, began, due, bool(operation.fails), operation.hangs_at
    )
