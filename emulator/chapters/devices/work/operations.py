"""Operations on devices: what they need, how the device shows them, how long they take, what they leave behind.

The device's operateStatus says what is going on (正在关机 …) and, when it is over, how it ended. An operation fails too
where the device has been isolated meanwhile. All but the password's reset stop the scripts that run on the device, also
those that would have ended after it.
"""

from typing import NamedTuple

from emulator.chapters.devices.records.device import SCRIPT_RUN, Device, DeviceStatus, OperateStatus
from emulator.chapters.devices.records.devices import DEVICES
from emulator.world.facets import Columns
from emulator.world.pending import fail_work
from emulator.world.work import Beginner, Kind, Piece, begin_task

_OPERATION = "device operation"
_IN_OPERATION = {"device_status": [DeviceStatus.IN_OPERATION]}


class DeviceOperation(NamedTuple):
    name: str
    """As the operation log calls it."""
    display: str
    needs: tuple[OperateStatus, ...]
    meanwhile: OperateStatus
    afterwards: OperateStatus
    failed: OperateStatus
    """How it shows that it failed."""
    seconds: tuple[float, float]
    """The shortest and the longest that the real thing takes."""

    def can_begin(self, device: Device) -> bool:
        return device.device_status == DeviceStatus.IN_OPERATION and device.operate_status in self.needs


_UP = (OperateStatus.RUNNING, OperateStatus.SHUTDOWN_FAILED, OperateStatus.REBOOT_FAILED)
_DOWN = (OperateStatus.SHUT_DOWN, OperateStatus.START_FAILED)
START = DeviceOperation(
    "startDevice",
    "开机",
    (*_DOWN, OperateStatus.REBOOT_FAILED),
    OperateStatus.STARTING,
    OperateStatus.RUNNING,
    OperateStatus.START_FAILED,
    (60, 120),
)
SHUTDOWN = DeviceOperation(
    "shutdownDevice",
    "关机",
    _UP,
    OperateStatus.SHUTTING_DOWN,
    OperateStatus.SHUT_DOWN,
    OperateStatus.SHUTDOWN_FAILED,
    (40, 80),
)
REBOOT = DeviceOperation(
    "rebootDevice",
    "重启",
    _UP,
    OperateStatus.REBOOTING,
    OperateStatus.RUNNING,
    OperateStatus.REBOOT_FAILED,
    (90, 180),
)
RESET_PASSWORD = DeviceOperation(
    "resetPasswd",
    "重置密码",
    _UP,
    OperateStatus.RESETTING_PASSWORD,
    OperateStatus.RUNNING,
    OperateStatus.RUNNING,
    (60, 100),
)
REINSTALL = DeviceOperation(
    "reloadDevice",
    "重装系统",
    (*_UP, *_DOWN, OperateStatus.REINSTALL_FAILED),
    OperateStatus.REINSTALLING,
    OperateStatus.RUNNING,
    OperateStatus.REINSTALL_FAILED,
    (300, 600),
)
DISPLAY = {kind.name: kind.display for kind in (START, SHUTDOWN, REBOOT, RESET_PASSWORD, REINSTALL)}
DISPLAY["offlineDevice"] = "下线"
"""What the operation log calls each of them."""


def begin_operations(
    call: Beginner, kind: DeviceOperation, targets: list[Device], *, operator: str, changes: Columns
) -> int:
    """Begin one on each device, and return the task's number. `changes`: what the device's row will hold afterwards."""
    pieces = []
    for device in targets:
        name = device.instance_id
        DEVICES.change(call.world, name, operate_status=kind.meanwhile)
        if not device._replace(operate_status=kind.meanwhile).is_up:
            fail_work(call.world, SCRIPT_RUN, name)
        then = DEVICES.write(name, _IN_OPERATION, **changes, operate_status=kind.afterwards)
        pieces.append(Piece(name, [then], [DEVICES.write(name, _IN_OPERATION, operate_status=kind.failed)]))
    return begin_task(call, Kind(_OPERATION, kind.name, kind.seconds), pieces, operator=operator)
