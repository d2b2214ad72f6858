"""How far operations on servers have got, and what was done with a server (物理服务器相关接口)."""

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.actions.servers import own_devices
from emulator.chapters.devices.records.device import DAY_MS
from emulator.chapters.devices.work.operations import DISPLAY
from emulator.chapters.registry import action
from emulator.clock import day_of, from_wire, to_wire
from emulator.world.paging import Order, between, equals, listed
from emulator.world.tasks import FAILED, PARTS, RUNNING, SUCCEEDED, TaskPart, own_parts

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
"""How a task's parts stand together, as the page numbers it."""
_DISPLAY = {**DISPLAY, "bindEip": "绑定EIP", "unbindEip": "解绑EIP"}
"""What the operation log calls what was done with a device, in other chapters too."""


@action("DescriptionOperationResult")
def description_operation_result(call: Call) -> Body:
    """Report how far a task has got (物理服务器相关接口/查询异步任务状态.md), whole and by device.

    InvalidParameter 10001: the account has no such task.
    """
    parts = own_parts(call.world, call.account_id, call["taskId"])
    if not parts:
        raise Refusal("InvalidParameter", subject="taskId", why=f"the account has no task {call['taskId']}")
    rows = [
        {"instanceId": part.about, "status": _STATUS[frozenset({part.status})]}
        for part in parts
        if part.kind in DISPLAY
    ]
    whole = _STATUS[frozenset(part.status for part in parts)]
    return {"data": {"status": whole, "instanceIds": rows}}


@action("DescribeDeviceOperationLog")
def describe_device_operation_log(call: Call) -> Body:
    """List what was done with a device (物理服务器相关接口/查询设备操作日志.md), the newest first.

    Without dates, the last 7 days; without limit, 20 entries.

    InvalidParameter 10001: an id that is not the account's, a date that is none, a negative offset or limit.
    """
    [device] = own_devices(call, [call["instanceId"]], "instanceId")
    first = _day(call, "startTime")
    last = _day(call, "endTime")
    today = day_of(call.now)
    began = between(
        "started_at",
        today - _LOG_DAYS * DAY_MS if first is None else first,
        (today if last is None else last) + DAY_MS - 1,
    )
    limit = _LOG_LIMIT if call.get("limit") is None else call["limit"]
    page = {"offset": call.get("offset") or 0, "limit": limit}
    about = equals("about", device.instance_id)
    found, total = listed(call.world, PARTS, [about, *began], Order(("id",), descending=True), **page)
    return {"data": {"logs": [_log_row(part) for part in found], "totalCount": total}}


def _day(call: Call, parameter: str) -> int | None:
    text = call.get(parameter)
    if not text:
        return None
    try:
        return from_wire(text, "%Y-%m-%d")
    except ValueError:
        raise Refusal("InvalidParameter", subject=parameter, why=f"{text!r} is no day YYYY-MM-DD") from None


def _log_row(part: TaskPart) -> Body:
    display = _DISPLAY.get(part.kind, part.kind)
    return {
        "id": str(part.id),
        "instanceId": part.about,
        "taskId": str(part.task_id),
        "appId": "0",
        "taskName": part.kind,
        "taskCName": display,
        "startTime": to_wire(part.started_at),
        "endTime": to_wire(part.ended_at),
        "status": str(part.status),
        "opUin": part.operator,
        "memo": display,
    }
