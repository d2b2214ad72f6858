"""A server's end: at its deadline it is renewed or isolated, a week later it goes offline, a day after that it is gone.

These are dates of the calendar: no time scale applies. A month has 30 days.
"""

from emulator.inventory import operations, purchase
from emulator.inventory.devices import (
    EXPIRY,
    DeviceStatus,
    OperateStatus,
    change_device,
    class_of,
    find_any_device,
    remove_device,
)
from emulator.inventory.operations import Operation
from emulator.inventory.world import World
from emulator.lifecycle.operations import settles

DAY_MS = 24 * 60 * 60 * 1000
MONTH_MS = 30 * DAY_MS
ISOLATED_MS = 7 * DAY_MS

_OFFLINE = "device goes offline"
_REMOVAL = "device is removed"


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
        operations.plan(world, EXPIRY, 0, deadline, {"instance_id": instance_id})
        return
    isolated = {"device_status": int(DeviceStatus.ISOLATED), "operate_status": int(OperateStatus.SHUT_DOWN)}
    change_device(world, instance_id, **isolated)
    operations.plan(world, _OFFLINE, 0, operation.due_at + ISOLATED_MS, {"instance_id": instance_id})


@settles(_OFFLINE)
def _go_offline(world: World, operation: Operation) -> None:
    instance_id = operation.outcome["instance_id"]
    change_device(world, instance_id, device_status=int(DeviceStatus.GOING_OFFLINE))
    operations.plan(world, _REMOVAL, 0, operation.due_at + DAY_MS, {"instance_id": instance_id})


@settles(_REMOVAL)
def _remove(world: World, operation: Operation) -> None:
    remove_device(world, operation.outcome["instance_id"])
