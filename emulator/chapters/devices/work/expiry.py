"""A server's end: at its deadline it is renewed or isolated, a week later it goes offline, a day after that it is gone.

These are dates of the calendar: no time scale applies. A month has 30 days. A server may be given back earlier.
"""

from emulator.chapters.devices.records import stock as purchase
from emulator.chapters.devices.records.devices import (
    EXPIRY,
    DeviceStatus,
    OperateStatus,
    change_device,
    class_of,
    expiry_of,
    find_any_device,
    remove_device,
)
from emulator.world import pending as operations
from emulator.world import tasks as device_tasks
from emulator.world.pending import RETURN, Operation
from emulator.world.work import Work, begin, duration_ms, settles
from emulator.world.world import World

DAY_MS = 24 * 60 * 60 * 1000
MONTH_MS = 30 * DAY_MS
ISOLATED_MS = 7 * DAY_MS

_OFFLINE = "device goes offline"
_REMOVAL = "device is removed"
_RETURN_SECONDS = (120.0, 240.0)


@settles(EXPIRY)
def _expire(world: World, operation: Operation) -> None:
    """Renewed for a month where the flag says so and the balance suffices; else isolated."""
    instance_id = operation.outcome["instance_id"]
    found = find_any_device(world, instance_id)
    if found is None:
        return
    account_id, device = found
    made = class_of(world, device)
    balance, _may_buy = purchase.balance_and_permission(world, account_id)
    if device.auto_renew and made is not None and made.price <= balance:
        purchase.pay(world, account_id, made.price)
        deadline = device.deadline + MONTH_MS
        change_device(world, instance_id, deadline=deadline)
        operations.plan(world, expiry_of(instance_id, deadline))
        return
    isolated = {"device_status": int(DeviceStatus.ISOLATED), "operate_status": int(OperateStatus.SHUT_DOWN)}
    change_device(world, instance_id, **isolated)
    _note(world, _OFFLINE, instance_id, operation.due_at + ISOLATED_MS)


@settles(_OFFLINE)
def _go_offline(world: World, operation: Operation) -> None:
    instance_id = operation.outcome["instance_id"]
    change_device(world, instance_id, device_status=int(DeviceStatus.GOING_OFFLINE))
    _note(world, _REMOVAL, instance_id, operation.due_at + DAY_MS)


def _note(world: World, kind: str, instance_id: str, day: int) -> None:
    operations.plan(world, operations.planned(kind, 0, day, {"instance_id": instance_id}, about=instance_id))


def begin_return(world: World, account_id: int, instance_ids: list[str], now: int) -> int:
    """Servers that are given back go offline in a few minutes, and are gone. Returns the task's number."""
    task, numbers = device_tasks.begin_device_task(world, account_id, RETURN, instance_ids, "", now)
    for number, instance_id in zip(numbers, instance_ids, strict=True):
        found = find_any_device(world, instance_id)
        assert found is not None  # noqa: S101
        before = {"device_status": found[1].device_status, "operate_status": found[1].operate_status}
        offline = {"device_status": int(DeviceStatus.GOING_OFFLINE), "operate_status": int(OperateStatus.SHUT_DOWN)}
        change_device(world, instance_id, **offline)
        lasting_ms = duration_ms(world, f"{RETURN}/{number}", *_RETURN_SECONDS)
        outcome = {"instance_id": instance_id, "back_to": None}
        begin(world, Work(RETURN, number, instance_id, lasting_ms, outcome, {**outcome, "back_to": before}), now)
    return task


@settles(RETURN)
def _end_return(world: World, operation: Operation) -> None:
    instance_id, back_to = operation.outcome["instance_id"], operation.outcome["back_to"]
    device_tasks.end_device_operation(world, operation.subject, succeeded=back_to is None, at=operation.due_at)
    if back_to is None:
        remove_device(world, instance_id)
    else:
        change_device(world, instance_id, **back_to)


@settles(_REMOVAL)
def _remove(world: World, operation: Operation) -> None:
    remove_device(world, operation.outcome["instance_id"])
