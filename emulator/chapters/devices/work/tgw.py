"""Switching a VPC between the shared and an exclusive TGW cluster."""

from emulator.chapters.vpc.records.networks import set_tgw_mode
from emulator.world import tasks as device_tasks
from emulator.world.pending import TGW_SWITCH, Operation
from emulator.world.work import Work, begin, duration_ms, settles
from emulator.world.world import World

_SECONDS = (30.0, 60.0)


def begin_switch(world: World, account_id: int, vpc: str, mode: str, now: int) -> int:
    """Begin to switch the VPC to that mode, and return the task's number."""
    task, [number] = device_tasks.begin_device_task(world, account_id, TGW_SWITCH, [vpc], "", now)
    lasting_ms = duration_ms(world, f"{TGW_SWITCH}/{number}", *_SECONDS)
    begin(world, Work(TGW_SWITCH, number, vpc, lasting_ms, {"mode": mode}, {"mode": None}), now)
    return task


@settles(TGW_SWITCH)
def _end_switch(world: World, operation: Operation) -> None:
    mode = operation.outcome["mode"]
    succeeded = mode is not None
    vpc = device_tasks.end_device_operation(world, operation.subject, succeeded=succeeded, at=operation.due_at)
    if succeeded:
        set_tgw_mode(world, vpc, mode)
