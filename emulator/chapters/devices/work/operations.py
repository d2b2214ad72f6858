"""Operations on devices: what they need, how the device shows them, how long they take, what they leave behind.

The device's operateStatus says what is going on (正在关机 …) and, when it is over, how it ended.
"""

from typing import Any, NamedTuple

from emulator.chapters.devices.records.devices import (
    Device,
    DeviceStatus,
    OperateStatus,
    change_device,
    find_any_device,
)
from emulator.world import tasks as device_tasks
from emulator.world.pending import DEVICE_OPERATION, Operation
from emulator.world.work import Work, begin, duration_ms, settles
from emulator.world.world import World


class Kind(NamedTuple):
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
START = Kind(
    "startDevice",
    "开机",
    _DOWN,
    OperateStatus.STARTING,
    OperateStatus.RUNNING,
    OperateStatus.START_FAILED,
    (60, 120),
)
SHUTDOWN = Kind(
    "shutdownDevice",
    "关机",
    _UP,
    OperateStatus.SHUTTING_DOWN,
    OperateStatus.SHUT_DOWN,
    OperateStatus.SHUTDOWN_FAILED,
    (40, 80),
)
REBOOT = Kind(
    "rebootDevice",
    "重启",
    _UP,
    OperateStatus.REBOOTING,
    OperateStatus.RUNNING,
    OperateStatus.REBOOT_FAILED,
    (90, 180),
)
RESET_PASSWORD = Kind(
    "resetPasswd",
    "重置密码",
    _UP,
    OperateStatus.RESETTING_PASSWORD,
    OperateStatus.RUNNING,
    OperateStatus.RUNNING,
    (60, 100),
)
REINSTALL = Kind(
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


def begin_operations(
    world: World,
    account_id: int,
    kind: Kind,
    targets: list[Device],
    *,
    operator: str,
    now: int,
    changes: dict[str, Any],
) -> int:
    """Begin one on each device, and return the task's number. `changes`: what the device's row will hold afterwards."""
    instance_ids = [device.instance_id for device in targets]
    task, numbers = device_tasks.begin_device_task(world, account_id, kind.name, instance_ids, operator, now)
    afterwards = {**changes, "operate_status": int(kind.afterwards)}
    for number, instance_id in zip(numbers, instance_ids, strict=True):
        change_device(world, instance_id, operate_status=int(kind.meanwhile))
        lasting_ms = duration_ms(world, f"{DEVICE_OPERATION}/{number}", *kind.seconds)
        outcome = {"instance_id": instance_id, "succeeds": True, "changes": afterwards}
        failure = {"instance_id": instance_id, "succeeds": False, "changes": {"operate_status": int(kind.failed)}}
        begin(world, Work(DEVICE_OPERATION, number, instance_id, lasting_ms, outcome, failure), now)
    return task


@settles(DEVICE_OPERATION)
def _end_operation(world: World, operation: Operation) -> None:
    """It fails too where the device has been isolated meanwhile."""
    instance_id = operation.outcome["instance_id"]
    found = find_any_device(world, instance_id)
    there = found is not None and found[1].device_status == DeviceStatus.IN_OPERATION
    succeeded = there and operation.outcome["succeeds"]
    device_tasks.end_device_operation(world, operation.subject, succeeded=succeeded, at=operation.due_at)
    if there:
        change_device(world, instance_id, **operation.outcome["changes"])
