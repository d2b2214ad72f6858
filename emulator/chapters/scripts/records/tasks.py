"""Script tasks: one task a RunUserCmd, one run a device.

A task keeps what it ran and where as it was then, so that its report outlives the script and the device.
"""

from typing import Any, NamedTuple, Protocol

from sqlalchemy import bindparam, case, func, insert, select, update

from emulator.world.database import Prepared
from emulator.world.paging import Page, contains, fetch
from emulator.world.schema import task_runs, tasks
from emulator.world.world import World

IN_PROGRESS = -1
FINISHED = 0


class Task(NamedTuple):
    task_id: str
    status: int
    cmd_alias: str
    cmd_id: str
    instance_count: int
    success_count: int
    failure_count: int
    began_at: int
    ended_at: int | None


class Run(NamedTuple):
    auto_id: int
    task_id: str
    began_at: int
    ended_at: int | None
    status: int
    instance_name: str
    instance_id: str
    vpc_name: str
    vpc_id: str
    un_vpc_id: str
    vpc_cidr: str
    subnet_name: str
    subnet_id: str
    un_subnet_id: str
    subnet_cidr: str
    lan_ip: str
    cmd_content: str
    cmd_param: str
    cmd_result: str
    last_shell_exit: int


class Result(NamedTuple):
    """How a run ended."""

    status: int
    """0, or the error's number."""
    last_shell_exit: int
    """The script's exit status; -1 where it never ran."""
    output: str
    """Base64."""


class _Network(Protocol):
    """A VPC or a subnet, of a world or of a fixture."""

    @property
    def id(self) -> int: ...
    @property
    def un_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def cidr(self) -> str: ...


_TASK_COLUMNS = tuple(tasks.c[name] for name in Task._fields)
_RUN_COLUMNS = tuple(task_runs.c[name] for name in Run._fields)
_TASK_ORDER = {
    "runBeginTime": tasks.c.began_at,
    "runEndTime": func.coalesce(tasks.c.ended_at, 0),
    "status": tasks.c.status,
}
_RUN_ORDER = {
    "runBeginTime": task_runs.c.began_at,
    "runEndTime": func.coalesce(task_runs.c.ended_at, 0),
    "status": task_runs.c.status,
}
_EXISTS = Prepared(
    select(tasks.c.auto_id).where(tasks.c.task_id == bindparam("wanted"), tasks.c.account_id == bindparam("account"))
)
_TAKEN = Prepared(select(tasks.c.auto_id).where(tasks.c.task_id == bindparam("wanted")))


def task_exists(world: World, account_id: int, task_id: str) -> bool:
    return _EXISTS.first(world.database, wanted=task_id, account=account_id) is not None


def list_tasks(
    world: World, account_id: int, *, order_by: str, descending: bool, offset: int, limit: int
) -> tuple[list[Task], int]:
    query = select(*_TASK_COLUMNS).where(tasks.c.account_id == account_id)
    rows, total = fetch(world, query, Page(offset, limit, _TASK_ORDER[order_by], tasks.c.auto_id, descending))
    return [Task._make(row) for row in rows], total


def list_runs(
    world: World, task_id: str, *, search: str | None, order_by: str, descending: bool, offset: int, limit: int
) -> tuple[list[Run], int]:
    query = select(*_RUN_COLUMNS).where(task_runs.c.task_id == task_id)
    if search:
        query = query.where(contains(search, task_runs.c.instance_id, task_runs.c.instance_name))
    rows, total = fetch(world, query, Page(offset, limit, _RUN_ORDER[order_by], task_runs.c.auto_id, descending))
    return [Run._make(row) for row in rows], total


def place_columns(vpc: _Network, subnet: _Network) -> dict[str, str]:
    """The columns of a run that tell where its device was."""
    return {
        "vpc_name": vpc.name,
        "vpc_id": str(vpc.id),
        "un_vpc_id": vpc.un_id,
        "vpc_cidr": vpc.cidr,
        "subnet_name": subnet.name,
        "subnet_id": str(subnet.id),
        "un_subnet_id": subnet.un_id,
        "subnet_cidr": subnet.cidr,
    }


def begin_task(
    world: World, account_id: int, app_id: str, *, cmd_id: str, cmd_alias: str, runs: list[dict[str, Any]], now: int
) -> list[int]:
    """Begin a task with one run for each of `runs` (the columns that tell of device, network and script).

    Returns the runs' numbers in the same order.
    """
    task_id = world.new_id(app_id, "cmdtask", lambda taken: _TAKEN.first(world.database, wanted=taken) is not None)
    counts = {"instance_count": len(runs), "success_count": 0, "failure_count": 0}
    world.execute(
        insert(tasks).values(
            task_id=task_id,
            account_id=account_id,
            cmd_id=cmd_id,
            cmd_alias=cmd_alias,
            status=IN_PROGRESS,
            began_at=now,
            **counts,
        )
    )
    pending = {"task_id": task_id, "began_at": now, "status": IN_PROGRESS, "cmd_result": "", "last_shell_exit": -1}
    statement = insert(task_runs).returning(task_runs.c.auto_id)
    return [int(world.execute(statement, {**pending, **run}).scalar_one()) for run in runs]


def end_run(world: World, run: int, result: Result, at: int) -> None:
    """Record how a run ended; its task ends with the last of them."""
    ended = update(task_runs).where(task_runs.c.auto_id == run).returning(task_runs.c.task_id)
    task_id = world.execute(
        ended.values(
            status=result.status, last_shell_exit=result.last_shell_exit, cmd_result=result.output, ended_at=at
        )
    ).scalar_one()
    succeeded = int(result.status == 0)
    still_running = tasks.c.success_count + tasks.c.failure_count + 1 < tasks.c.instance_count
    world.execute(
        update(tasks)
        .where(tasks.c.task_id == task_id)
        .values(
            success_count=tasks.c.success_count + succeeded,
            failure_count=tasks.c.failure_count + 1 - succeeded,
            status=case((still_running, IN_PROGRESS), else_=FINISHED),
            ended_at=case((still_running, None), else_=at),
        )
    )
