"""Giving servers back: they go offline in a few minutes, and are gone."""

from emulator.chapters.devices.records.device import SCRIPT_RUN, Device, DeviceStatus, OperateStatus
from emulator.chapters.devices.records.devices import DEVICES, all_gone
from emulator.world.facets import Columns
from emulator.world.pending import fail_work
from emulator.world.work import Beginner, Kind, Piece, begin_task

_GOING_OFFLINE = {"device_status": [DeviceStatus.GOING_OFFLINE]}
"""A server that has expired meanwhile stays isolated."""
_RETURN = Kind("offlineDevice", "offlineDevice", (120.0, 240.0))


def begin_return(call: Beginner, targets: list[Device]) -> int:
    """Returns the task's number. A return that fails leaves the server as it was."""
    pieces = []
    for device in targets:
        name = device.instance_id
        before: Columns = {"device_status": device.device_status, "operate_status": device.operate_status}
        pieces.append(Piece(name, all_gone(call.world, name), [DEVICES.write(name, _GOING_OFFLINE, **before)]))
        offline = {"device_status": DeviceStatus.GOING_OFFLINE, "operate_status": OperateStatus.SHUT_DOWN}
        DEVICES.change(call.world, name, **offline)
        fail_work(call.world, SCRIPT_RUN, name)
    return begin_task(call, _RETURN, pieces)
