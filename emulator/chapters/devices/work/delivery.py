"""Delivering a bought server: claimed (deviceStatus 1), initialised (2), in operation (4), or its initialisation
fails (3).

Its months count from the delivery, by the calendar. A server whose initialisation failed stays until it is given back
or meets the deadline that it had when it was bought; its stock and its address are free again when it is gone.
"""

from emulator.chapters.devices.records.device import UNDELIVERED, DeviceStatus, OperateStatus, plan_expiry
from emulator.chapters.devices.records.devices import DEVICES
from emulator.clock import add_months
from emulator.world.pending import Due
from emulator.world.work import Beginner, Piece, begin, duration_ms, settles
from emulator.world.world import World

_OPERATION = "device delivery"
_CLAIMING = (30.0, 60.0)
_INITIALISING = (300.0, 600.0)


def begin_delivery(call: Beginner, instance_id: str, months: int) -> None:
    claimed = duration_ms(call.world, f"{_OPERATION}/claim/{instance_id}", *_CLAIMING)
    done = claimed + duration_ms(call.world, f"{_OPERATION}/initialise/{instance_id}", *_INITIALISING)
    claim = {"device_status": DeviceStatus.INITIALISING, "months": None}
    failure = {"device_status": DeviceStatus.INIT_FAILED, "months": None}
    delivery = {"device_status": DeviceStatus.IN_OPERATION, "months": months}
    begin(call, _OPERATION, Piece(instance_id, claim, claim), claimed, share=claimed / done if done else 0)
    begin(call, _OPERATION, Piece(instance_id, delivery, failure), done)


@settles(_OPERATION)
def _end_stage(world: World, due: Due) -> None:
    """A server that is gone by then, or was set to another state by hand, stays as it is."""
    device = DEVICES.find_any(world, due.about)
    if device is None or device.device_status not in UNDELIVERED:
        return
    status, months = due.outcome["device_status"], due.outcome["months"]
    DEVICES.change(world, due.about, device_status=status)
    if status == DeviceStatus.INIT_FAILED:
        plan_expiry(world, device._replace(device_status=status))
    if months is not None:
        deadline = add_months(due.due_at, months)
        running = {"operate_status": OperateStatus.RUNNING, "delivered_at": due.due_at, "deadline": deadline}
        DEVICES.change(world, due.about, **running)
        plan_expiry(world, device._replace(device_status=status, deadline=deadline))
