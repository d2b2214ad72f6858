"""Delivering a bought server: claimed (deviceStatus 1), initialised (2), in operation (4) or broken (5)."""

from typing import Any

from emulator.chapters.devices.records.device import DeviceStatus, OperateStatus
from emulator.chapters.devices.records.devices import DEVICES
from emulator.world.work import Beginner, Piece, begin, duration_ms

_OPERATION = "device delivery"
_CLAIMING = (30.0, 60.0)
_INITIALISING = (300.0, 600.0)
_UNDELIVERED = {"device_status": [DeviceStatus.CLAIMING, DeviceStatus.INITIALISING]}
"""A server that has expired before it was delivered stays as it is."""


def begin_delivery(call: Beginner, instance_id: str) -> None:
    claimed = duration_ms(call.world, f"{_OPERATION}/claim/{instance_id}", *_CLAIMING)
    done = claimed + duration_ms(call.world, f"{_OPERATION}/initialise/{instance_id}", *_INITIALISING)
    initialising = {"device_status": DeviceStatus.INITIALISING}
    running = {"device_status": DeviceStatus.IN_OPERATION, "operate_status": OperateStatus.RUNNING}
    broken = {"device_status": DeviceStatus.HARDWARE_FAULT}
    arrived = {"delivered_at": call.now + done}
    _begin(call, instance_id, claimed, claimed / done if done else 0, initialising, initialising)
    _begin(call, instance_id, done, 1, {**running, **arrived}, {**broken, **arrived})


def _begin(
    call: Beginner, instance_id: str, lasting_ms: int, share: float, then: dict[str, Any], otherwise: dict[str, Any]
) -> None:
    endings = ([DEVICES.write(instance_id, _UNDELIVERED, **columns)] for columns in (then, otherwise))
    begin(call, _OPERATION, Piece(instance_id, *endings), lasting_ms, share=share)
