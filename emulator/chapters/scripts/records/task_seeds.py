"""What a fixture says of script tasks."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.scripts.records.task_rows import FINISHED, IN_PROGRESS, RUNS, Run, Task, run_columns
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS
from emulator.clock import from_local, local
from emulator.world.by_hand import is_base64
from emulator.world.world import World

Name = Annotated[str, Meta(min_length=1, max_length=64)]
_PLACE = (
    "instance_name",
    "vpc_name",
    "vpc_id",
    "un_vpc_id",
    "vpc_cidr",
    "subnet_name",
    "subnet_id",
    "un_subnet_id",
    "subnet_cidr",
    "lan_ip",
)
_TEXTS = ("cmd_content", "cmd_param", "cmd_result")


class SeedRun(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A run on one device. Without `place`, the device must be the account's, in a VPC and a subnet."""

    instance_id: str
    status: Annotated[int, Meta(ge=-1)]
    """0 succeeded, 1 login rejected, 2 no answer, 3 wrong operating system, 4 the script failed."""
    last_shell_exit: int
    """The exit status of the script; -1: it never ran."""
    ended_at: datetime | None = None
    """When the run ended; left out: with the task."""
    cmd_content: str = ""
    """The text of the script that ran, in Base64."""
    cmd_param: str = ""
    """The parameters of the run, in Base64."""
    cmd_result: str = ""
    """The output of the run, in Base64."""
    auto_id: int | None = None
    """The number that GetUserCmdTaskDetailList prints; left out: the next one."""
    place: dict[str, str] | None = None
    """The device's name, address, VPC and subnet, as they were then."""

    def __post_init__(self) -> None:
        for name in _TEXTS:
            if not is_base64(getattr(self, name)):
                raise ValueError(f"the `{name}` of a run is Base64")


class SeedTask(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A task that ran a script."""

    task_id: Name
    cmd_id: str
    cmd_alias: str
    began_at: datetime
    """When the task began."""
    runs: list[SeedRun]
    """The runs of the task, one for each device."""
    ended_at: datetime | None = None
    """Left out: it is in progress."""
    auto_id: int | None = None
    """Left out: the next number."""


def sow(world: World, account_id: int, seed: SeedTask) -> dict[str, Any]:
    """Add the runs, and return the task's own row. Raises LookupError."""
    for run in seed.runs:
        _sow_run(world, account_id, seed, run)
    succeeded = sum(run.status == 0 for run in seed.runs)
    names = ("task_id", "cmd_id", "cmd_alias", "auto_id")
    return {
        **{name: getattr(seed, name) for name in names},
        "account_id": account_id,
        "status": IN_PROGRESS if seed.ended_at is None else FINISHED,
        "instance_count": len(seed.runs),
        "success_count": succeeded,
        "failure_count": sum(run.status > 0 for run in seed.runs),
        "began_at": from_local(seed.began_at),
        "ended_at": seed.ended_at and from_local(seed.ended_at),
    }


def _sow_run(world: World, account_id: int, task: SeedTask, run: SeedRun) -> None:
    ended = None if run.status == IN_PROGRESS else run.ended_at or task.ended_at
    row = {name: getattr(run, name) for name in ("auto_id", "instance_id", "status", "last_shell_exit", *_TEXTS)}
    if unknown := (run.place or {}).keys() - set(_PLACE):
        raise LookupError(f"the place of a run has the fields {', '.join(_PLACE)}, not {', '.join(sorted(unknown))}")
    place = (
        _place(world, account_id, run.instance_id) if run.place is None else {**dict.fromkeys(_PLACE, ""), **run.place}
    )
    times = {"began_at": from_local(task.began_at), "ended_at": None if ended is None else from_local(ended)}
    RUNS.add(world, task_id=task.task_id, **row, **place, **times)


def _place(world: World, account_id: int, instance_id: str) -> dict[str, Any]:
    device = DEVICES.find(world, account_id, instance_id)
    if device is None:
        raise LookupError(f"a task's run needs the instance_id {instance_id}, which the account does not have")
    vpc = VPCS.find(world, account_id, device.vpc)
    subnet = SUBNETS.find(world, account_id, device.subnet)
    if vpc is None or subnet is None:
        raise LookupError(
            f"a task's run needs the VPC and the subnet of {instance_id}, which the account does not have"
        )
    return {name: value for name, value in run_columns(device, vpc, subnet).items() if name in _PLACE}


def reap(task: Task, runs: list[Run]) -> SeedTask:
    return SeedTask(
        task_id=task.task_id,
        cmd_id=task.cmd_id,
        cmd_alias=task.cmd_alias,
        began_at=local(task.began_at),
        runs=[_reap_run(run) for run in runs],
        ended_at=None if task.ended_at is None else local(task.ended_at),
        auto_id=task.auto_id,
    )


def _reap_run(run: Run) -> SeedRun:
    row: dict[str, Any] = {n: getattr(run, n) for n in ("auto_id", "instance_id", "status", "last_shell_exit", *_TEXTS)}
    ended = None if run.ended_at is None else local(run.ended_at)
    return SeedRun(**row, ended_at=ended, place={name: getattr(run, name) for name in _PLACE})
