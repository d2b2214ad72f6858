"""Delivering a bought server: claimed (deviceStatus 1), initialised (2), in operation (4)."""

from typing import Any

from emulator.inventory.devices import DeviceStatus, OperateStatus, change_device, find_any_device
from emulator.inventory.operations import Operation
from emulator.inventory.world import World
from emulator.lifecycle.operations import begin, duration_ms, settles

_KIND = "device delivery"
_CLAIMING = (30.0, 60.0)
_INITIALISING = (300.0, 600.0)


def begin_delivery(world: World, instance_id: str, now: int) -> None:
    claimed = duration_ms(world, f"{_KIND}/claim/{instance_id}", *_CLAIMING)
    done = claimed + duration_ms(world, f"{_KIND}/initialise/{instance_id}", *_INITIALISING)
    running = {"operate_status": int(OperateStatus.RUNNING), "delivered_at": now + done}
    _plan(world, instance_id, now, claimed, {"device_status": int(DeviceStatus.INITIALISING)})
    _plan(world, instance_id, now, done, {"device_status": int(DeviceStatus.IN_OPERATION), **running})


def _plan(world: World, instance_id: str, now: int, lasting_ms: int, changes: dict[str, Any]) -> None:
    outcome = {"instance_id": instance_id, "changes": changes}
    begin(world, _KIND, world.next_number(_KIND), now=now, lasting_ms=lasting_ms, outcome=outcome)


@settles(_KIND)
def _arrive(world: World, operation: Operation) -> None:
    """Unless it has expired before it was delivered."""
    found = find_any_device(world, operation.outcome["instance_id"])
    if found is not None and found[1].device_status in (DeviceStatus.CLAIMING, DeviceStatus.INITIALISING):
        change_device(world, operation.outcome["instance_id"], **operation.outcome["changes"])
