"""Giving servers back: they go offline in a few minutes, and are gone."""

from emulator.chapters.devices.records.device import SCRIPT_RUN, Device, DeviceStatus, OperateStatus
from emulator.chapters.devices.records.devices import DEVICES, remove_device
from emulator.world.facets import Columns
from emulator.world.pending import Due, fail_work
from emulator.world.work import Beginner, Kind, Piece, begin_task, end_its_part, settles
from emulator.world.world import World

_RETURN = Kind("offlineDevice", "offlineDevice", (120.0, 240.0))


def begin_return(call: Beginner, targets: list[Device]) -> int:
    """Returns the task's number. A return that fails leaves the server as it was."""
    pieces = []
    for device in targets:
        name = device.instance_id
        before: Columns = {"device_status": device.device_status, "operate_status": device.operate_status}
        pieces.append(Piece(name, {}, before))
        offline = {"device_status": DeviceStatus.GOING_OFFLINE, "operate_status": OperateStatus.SHUT_DOWN}
        DEVICES.change(call.world, name, **offline)
        fail_work(call.world, SCRIPT_RUN, name)
    return begin_task(call, _RETURN, pieces)


@settles(_RETURN.operation)
def _end_return(world: World, due: Due) -> None:
    """A server that has expired meanwhile stays isolated."""
    end_its_part(world, due)
    if not due.fails:
        remove_device(world, due.about, due.due_at)
        return
    device = DEVICES.find_any(world, due.about)
    if device is not None and device.device_status == DeviceStatus.GOING_OFFLINE:
        DEVICES.change(world, due.about, **due.outcome)
