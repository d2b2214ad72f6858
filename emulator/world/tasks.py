"""Tasks on devices: one task a call, one operation a device; the operations are the devices' log too."""

from typing import NamedTuple

from sqlalchemy import insert, select, update

from emulator.chapters.devices.records.tables import device_operations, device_tasks
from emulator.world.paging import Page, fetch
from emulator.world.world import World

RUNNING, SUCCEEDED, FAILED = 0, 1, 2


class DeviceOperation(NamedTuple):
    id: int
    task_id: int
    instance_id: str
    kind: str
    status: int
    started_at: int
    ended_at: int | None
    operator: str


_COLUMNS = tuple(device_operations.c[name] for name in DeviceOperation._fields)


def begin_device_task(
    world: World, account_id: int, kind: str, instance_ids: list[str], operator: str, now: int
) -> tuple[int, list[int]]:
    """Returns the task's number and those of its operations, in the order of the devices."""
    task = world.execute(insert(device_tasks).values(account_id=account_id).returning(device_tasks.c.id)).scalar_one()
    values = {"task_id": task, "kind": kind, "status": RUNNING, "started_at": now, "operator": operator}
    statement = insert(device_operations).returning(device_operations.c.id)
    return task, [
        int(world.execute(statement, {**values, "instance_id": instance_id}).scalar_one())
        for instance_id in instance_ids
    ]


def end_device_operation(world: World, operation: int, *, succeeded: bool, at: int) -> str:
    """Returns the id of its device."""
    ended = update(device_operations).where(device_operations.c.id == operation)
    status = SUCCEEDED if succeeded else FAILED
    instance_id: str = world.execute(
        ended.values(status=status, ended_at=at).returning(device_operations.c.instance_id)
    ).scalar_one()
    return instance_id


def operations_of_task(world: World, account_id: int, task: int) -> list[DeviceOperation]:
    """Empty where the account has no such task."""
    query = (
        select(*_COLUMNS)
        .join(device_tasks)
        .where(device_tasks.c.id == task, device_tasks.c.account_id == account_id)
        .order_by(device_operations.c.id)
    )
    return [DeviceOperation._make(row) for row in world.execute(query)]


def operations_of_device(
    world: World, instance_id: str, *, first: int, last: int, offset: int, limit: int
) -> tuple[list[DeviceOperation], int]:
    """Those that began in that time (milliseconds, both included), the newest first, and how many there are."""
    query = select(*_COLUMNS).where(
        device_operations.c.instance_id == instance_id, device_operations.c.started_at.between(first, last)
    )
    key = device_operations.c.id
    rows, total = fetch(world, query, Page(offset, limit, key, key))
    return [DeviceOperation._make(row) for row in rows], total
