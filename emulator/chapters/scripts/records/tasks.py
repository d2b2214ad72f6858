"""Script tasks: one task a RunUserCmd, one run a device.

A task keeps what it ran and where as it was then, so that its report outlives the script and the device.
"""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, update

from emulator.chapters.scripts.records.task_rows import FINISHED, IN_PROGRESS, RUNS, Run, Task
from emulator.chapters.scripts.records.task_seeds import SeedTask, reap, sow
from emulator.clock import to_wire
from emulator.world.by_hand import app_ids
from emulator.world.facets import ByHand, Columns, Seeds
from emulator.world.operation_views import OperationChanges, TaskView, change_parts, view_parts
from emulator.world.paging import Order, equals, listed
from emulator.world.resource import Resource
from emulator.world.world import World

_SUBJECT = "run/"
_NO_RESULT: Columns = {"cmd_result": "", "last_shell_exit": -1}


class Result(NamedTuple):
    """How a run ended."""

    status: int
    """0, or the error's number."""
    last_shell_exit: int
    """The script's exit status; -1 where it never ran."""
    output: str
    """Base64."""


def begin_task(
    world: World, account_id: int, app_id: str, *, cmd_id: str, cmd_alias: str, runs: list[dict[str, Any]], now: int
) -> list[int]:
    """Begin a task with one run for each of `runs` (the columns of device, network and script).

    Returns the runs' numbers in the same order.
    """
    task_id = SCRIPT_TASKS.new_id(world, app_id)
    counts = {"instance_count": len(runs), "success_count": 0, "failure_count": 0}
    task: Columns = {"cmd_id": cmd_id, "cmd_alias": cmd_alias, "status": IN_PROGRESS, "began_at": now, "ended_at": None}
    SCRIPT_TASKS.add(world, task_id=task_id, account_id=account_id, **task, **counts)
    pending: Columns = {
        "began_at": now,
        "ended_at": None,
        "status": IN_PROGRESS,
        "cmd_result": "",
        "last_shell_exit": -1,
    }
    return [RUNS.add(world, task_id=task_id, **pending, **run) for run in runs]


def subject_of(run: int) -> str:
    """How a pending operation names the run that it ends."""
    return f"{_SUBJECT}{run}"


def _number(subject: str) -> int:
    return int(subject.removeprefix(_SUBJECT))


def run_of(world: World, subject: str) -> Run:
    """The run that a pending operation ends."""
    run = RUNS.find_any(world, _number(subject))
    assert run is not None  # noqa: S101 - a run stays as long as its world
    return run


def end_run(world: World, subject: str, result: Result, at: int) -> None:
    """Record how a run ended; its task ends with the last of them."""
    values: Columns = {"status": result.status, "last_shell_exit": result.last_shell_exit, "cmd_result": result.output}
    run = RUNS.prepared("end", _end).first(world.database, run=_number(subject), at=at, **values)
    assert run is not None  # noqa: S101 - a run stays as long as its world
    succeeded = int(result.status == 0)
    statement = SCRIPT_TASKS.prepared("end of a run", _end_of_a_run)
    statement.run(world.database, task=run[0], succeeded=succeeded, failed=1 - succeeded, at=at)


def _end() -> Any:
    columns = RUNS.table.c
    changed: dict[str, Any] = {name: bindparam(name) for name in ("status", "last_shell_exit", "cmd_result")}
    statement = update(RUNS.table).where(columns.auto_id == bindparam("run"))
    return statement.values(ended_at=bindparam("at"), **changed).returning(columns.task_id)


def _end_of_a_run() -> Any:
    columns = SCRIPT_TASKS.table.c
    still_running = columns.success_count + columns.failure_count + 1 < columns.instance_count
    return (
        update(SCRIPT_TASKS.table)
        .where(columns.task_id == bindparam("task"))
        .values(
            success_count=columns.success_count + bindparam("succeeded"),
            failure_count=columns.failure_count + bindparam("failed"),
            status=case((still_running, IN_PROGRESS), else_=FINISHED),
            ended_at=case((still_running, None), else_=bindparam("at")),
        )
    )


def runs_of(world: World, task_id: str) -> list[Run]:
    """In the order in which they were begun."""
    return listed(world, RUNS, [equals("task_id", task_id)], Order(("auto_id",)))[0]


def _sow(world: World, account_id: int, seed: SeedTask) -> None:
    SCRIPT_TASKS.add(world, **sow(world, account_id, seed))


def _reap(world: World, task: Task) -> SeedTask:
    return reap(task, runs_of(world, task.task_id))


def _show(world: World, task: Task) -> TaskView:
    runs = runs_of(world, task.task_id)
    rows = [(subject_of(run.auto_id), run.instance_id, min(run.status, 1) + 1) for run in runs]
    app_id, began = app_ids(world)[task.account_id], to_wire(task.began_at)
    return TaskView(task.task_id, app_id, "script", began, view_parts(world, rows))


def _change(world: World, task: Task, changes: OperationChanges) -> None:
    change_parts(world, _show(world, task), changes)


SCRIPT_TASKS: Resource[Task] = Resource(
    "tasks",
    "task",
    Task,
    id="task_id",
    prefix="cmdtask",
    numbered="auto_id",
    indexes=(("account_id", "began_at"),),
    seeds=Seeds(SeedTask, _sow, _reap),
    by_hand=ByHand(TaskView, OperationChanges, _show, _change),
)
