"""A server's end: at its deadline it is renewed or isolated, a week later it goes offline, a day after that it is gone.

These are dates of the calendar: no time scale applies. A server that is billed afterwards has no deadline to meet.
"""

from emulator.chapters.devices.records.device import (
    DAY_MS,
    EXPIRY,
    DeviceStatus,
    OperateStatus,
    class_of,
    plan_expiry,
)
from emulator.chapters.devices.records.devices import DEVICES, remove_device
from emulator.clock import add_months
from emulator.world.accounts import account_of, pay
from emulator.world.pending import Due, add_operation, end_now, operation_row
from emulator.world.work import settles
from emulator.world.world import World

ISOLATED_MS = 7 * DAY_MS

_OFFLINE = "device goes offline"
_REMOVAL = "device is removed"


@settles(EXPIRY)
def _expire(world: World, due: Due) -> None:
    """Renew the server for a month if its flag says so and the balance suffices; isolate it otherwise."""
    device = DEVICES.find_any(world, due.about)
    if device is None:
        return
    device_class = class_of(world, device)
    balance = account_of(world, device.account_id).balance
    if device.auto_renew and device_class is not None and device_class.price <= balance:
        pay(world, device.account_id, device_class.price)
        deadline = add_months(device.deadline, 1)
        DEVICES.change(world, due.about, deadline=deadline)
        plan_expiry(world, device._replace(deadline=deadline))
        return
    DEVICES.change(world, due.about, device_status=DeviceStatus.ISOLATED, operate_status=OperateStatus.SHUT_DOWN)
    end_now(world, due.about, due.due_at)  # what is going on with it fails with it
    offline = DEVICES.write(due.about, device_status=DeviceStatus.GOING_OFFLINE)
    removed_at = due.due_at + ISOLATED_MS + DAY_MS
    add_operation(world, operation_row(_OFFLINE, due.due_at + ISOLATED_MS, [offline], about=due.about))
    add_operation(world, operation_row(_REMOVAL, removed_at, [], about=due.about))


@settles(_REMOVAL)
def _remove(world: World, due: Due) -> None:
    remove_device(world, due.about, due.due_at)
