"""Script tasks (自定义脚本相关接口): what RunUserCmd began, and how it ended.

While a task or a run is in progress, its `runEndTime` is `0000-00-00 00:00:00`.
"""

from emulator.call import Body, Call
from emulator.chapters.finding import find
from emulator.chapters.registry import action
from emulator.chapters.scripts.records.task_rows import RUNS, Run, Task
from emulator.chapters.scripts.records.tasks import SCRIPT_TASKS
from emulator.clock import to_wire
from emulator.world.paging import Order, contains, equals, listed

_ORDER = {"runBeginTime": "began_at", "runEndTime": "ended_at", "status": "status"}


@action("GetUserCmdTaskList")
def get_user_cmd_task_list(call: Call) -> Body:
    """List tasks (自定义脚本相关接口/获取任务列表.md); without orderBy the newest first, as printed.

    `status` is -1 in progress, 0 finished, whether the runs succeeded or not.
    """
    page = {"offset": call["offset"], "limit": call["limit"]}
    found, total = listed(call.world, SCRIPT_TASKS, [equals("account_id", call.account_id)], _order(call), **page)
    return {"data": {"list": [_task_row(task) for task in found], "totalNum": total}}


@action("GetUserCmdTaskDetailList")
def get_user_cmd_task_detail_list(call: Call) -> Body:
    """List a task's runs (自定义脚本相关接口/获取任务详细信息列表.md).

    `status` is -1 in progress, 0 success, above 0 an error number (work/runs.py lists them); without
    orderBy the newest first.
    CmdNotExist 18010: the account has no such task, whatever the id looks like.
    """
    task = find(call, SCRIPT_TASKS, call["taskId"], unknown="CmdNotExist")
    wheres = [equals("task_id", task.task_id)]
    if call.get("searchKey"):
        wheres.append(contains(call["searchKey"], "instance_id", "instance_name"))
    found, total = listed(call.world, RUNS, wheres, _order(call), offset=call["offset"], limit=call["limit"])
    return {"data": {"totalNum": total, "list": [_run_row(run, call.app_id) for run in found]}}


def _order(call: Call) -> Order:
    return Order((_ORDER[call.get("orderBy") or "runBeginTime"], "auto_id"), descending=bool(call["orderType"]))


def _task_row(task: Task) -> Body:
    return {
        "taskId": task.task_id,
        "status": task.status,
        "cmdAlias": task.cmd_alias,
        "cmdId": task.cmd_id,
        "instanceCount": str(task.instance_count),
        "successCount": str(task.success_count),
        "failureCount": str(task.failure_count),
        "runBeginTime": to_wire(task.began_at),
        "runEndTime": to_wire(task.ended_at),
    }


def _run_row(run: Run, app_id: str) -> Body:
    return {
        "autoId": str(run.auto_id),
        "taskId": run.task_id,
        "runBeginTime": to_wire(run.began_at),
        "runEndTime": to_wire(run.ended_at),
        "status": str(run.status),
        "instanceName": run.instance_name,
        "instanceId": run.instance_id,
        "vpcName": run.vpc_name,
        "vpcId": run.vpc_id,
        "unVpcId": run.un_vpc_id,
        "vpcCidrBlock": run.vpc_cidr,
        "subnetName": run.subnet_name,
        "subnetId": run.subnet_id,
        "unSubnetId": run.un_subnet_id,
        "subnetCidrBlock": run.subnet_cidr,
        "lanIp": run.lan_ip,
        "cmdContent": run.cmd_content,
        "cmdParam": run.cmd_param,
        "cmdResult": run.cmd_result,
        "appId": app_id,
        "lastShellExit": run.last_shell_exit,
    }
