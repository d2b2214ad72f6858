"""How far operations on servers have got, and what was done with a server (物理服务器相关接口)."""

from datetime import datetime, timedelta

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.actions.servers import own_devices
from emulator.chapters.devices.work.expiry import DAY_MS
from emulator.chapters.devices.work.operations import DISPLAY
from emulator.chapters.registry import action
from emulator.clock import CHINA, from_local, to_wire
from emulator.world import tasks as device_tasks
from emulator.world.pending import TGW_SWITCH
from emulator.world.tasks import FAILED, RUNNING, SUCCEEDED, DeviceOperation

_LOG_DAYS = 7
_LOG_LIMIT = 20
_STATUS = {
    frozenset({SUCCEEDED}): 1,
    frozenset({FAILED}): 2,
    frozenset({SUCCEEDED, FAILED}): 3,
    frozenset({RUNNING}): 4,
    frozenset({RUNNING, SUCCEEDED}): 5,
    frozenset({RUNNING, FAILED}): 6,
    frozenset({RUNNING, FAILED, SUCCEEDED}): 7,
}
"""What a task's operations have come to, as the page numbers it."""


@action("DescriptionOperationResult")
def description_operation_result(call: Call) -> Body:
    """Tell how far a task has got (物理服务器相关接口/查询异步任务状态.md), whole and by device.

    InvalidParameter 10001: the account has no such task.
    """
    operations = device_tasks.operations_of_task(call.world, call.account_id, call["taskId"])
    if not operations:
        raise Refusal("InvalidParameter", subject="taskId", why=f"the account has no task {call['taskId']}")
    rows = [
        {"instanceId": operation.instance_id, "status": _STATUS[frozenset({operation.status})]}
        for operation in operations
        if operation.kind != TGW_SWITCH
    ]
    whole = _STATUS[frozenset(operation.status for operation in operations)]
    return {"data": {"status": whole, "instanceIds": rows}}


@action("DescribeDeviceOperationLog")
def describe_device_operation_log(call: Call) -> Body:
    """List what was done with a device (物理服务器相关接口/查询设备操作日志.md), the newest first.

    Without dates, the last 7 days; without limit, 20 entries.

    InvalidParameter 10001: an id that is not the account's, a date that is none, a negative offset or limit.
    """
    [device] = own_devices(call, [call["instanceId"]], "instanceId")
    today = datetime.fromtimestamp(call.now / 1000, CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    first = _day(call, "startTime") or today - timedelta(days=_LOG_DAYS)
    last = _day(call, "endTime") or today
    found, total = device_tasks.operations_of_device(
        call.world,
        device.instance_id,
        first=from_local(first),
        last=from_local(last) + DAY_MS - 1,
        offset=call.get("offset") or 0,
        limit=_LOG_LIMIT if call.get("limit") is None else call["limit"],
    )
    return {"data": {"logs": [_log_row(operation) for operation in found], "totalCount": total}}


def _day(call: Call, parameter: str) -> datetime | None:
    text = call.get(parameter)
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA)
    except ValueError:
        raise Refusal("InvalidParameter", subject=parameter, why=f"{text!r} is no day YYYY-MM-DD") from None


def _log_row(operation: DeviceOperation) -> Body:
    display = DISPLAY.get(operation.kind, operation.kind)
    return {
        "id": str(operation.id),
        "instanceId": operation.instance_id,
        "taskId": str(operation.task_id),
        "appId": "0",
        "taskName": operation.kind,
        "taskCName": display,
        "startTime": to_wire(operation.started_at),
        "endTime": to_wire(operation.ended_at),
        "status": str(operation.status),
        "opUin": operation.operator,
        "memo": display,
    }
