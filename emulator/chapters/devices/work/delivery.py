"""Delivering a bought server: claimed (deviceStatus 1), initialised (2), in operation (4) or broken (5)."""

from typing import Any

from emulator.chapters.devices.records.devices import DeviceStatus, OperateStatus, change_device, find_any_device
from emulator.world.pending import Operation
from emulator.world.work import Work, begin, duration_ms, settles
from emulator.world.world import World

_KIND = "device delivery"
_CLAIMING = (30.0, 60.0)
_INITIALISING = (300.0, 600.0)


def begin_delivery(world: World, instance_id: str, now: int) -> None:
    claimed = duration_ms(world, f"{_KIND}/claim/{instance_id}", *_CLAIMING)
    done = claimed + duration_ms(world, f"{_KIND}/initialise/{instance_id}", *_INITIALISING)
    running = {"operate_status": int(OperateStatus.RUNNING), "delivered_at": now + done}
    initialising = {"device_status": int(DeviceStatus.INITIALISING)}
    broken = {"device_status": int(DeviceStatus.HARDWARE_FAULT), "delivered_at": now + done}
    _begin(world, instance_id, now, claimed, claimed / done if done else 0, initialising, initialising)
    _begin(world, instance_id, now, done, 1, {"device_status": int(DeviceStatus.IN_OPERATION), **running}, broken)


def _begin(
    world: World,
    instance_id: str,
    now: int,
    lasting_ms: int,
    share: float,
    changes: dict[str, Any],
    failure: dict[str, Any],
) -> None:
    outcome = {"instance_id": instance_id, "changes": changes}
    failed = {"instance_id": instance_id, "changes": failure}
    begin(world, Work(_KIND, world.next_number(_KIND), instance_id, lasting_ms, outcome, failed, share), now)


@settles(_KIND)
def _arrive(world: World, operation: Operation) -> None:
    """Unless it has expired before it was delivered."""
    found = find_any_device(world, operation.outcome["instance_id"])
    if found is not None and found[1].device_status in (DeviceStatus.CLAIMING, DeviceStatus.INITIALISING):
        change_device(world, operation.outcome["instance_id"], **operation.outcome["changes"])
