"""Custom scripts (自定义脚本相关接口): keep them, read them, run them.

A script's name has 1 to 60 characters; an account keeps 100 scripts unless its world file says otherwise
(`script_quota`).

A device admits a password, a key that is kept for it, or nothing: RunUserCmd answers 18017 where the key is missing,
18016 where nothing is admitted.
"""

from base64 import b64decode

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.records.device import Device, DeviceStatus
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.finding import find
from emulator.chapters.registry import action
from emulator.chapters.scripts.records.scripts import SCRIPTS, may_add_script
from emulator.chapters.scripts.records.task_rows import run_columns
from emulator.chapters.scripts.records.tasks import begin_task
from emulator.chapters.scripts.work.runs import Login, begin_run
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, Subnet, Vpc
from emulator.clock import to_wire
from emulator.world.paging import Order, contains, equals, listed

_ORDER = {"osType": "os_type", "createTime": "created_at", "modifyTime": "modified_at"}


@action("AddUserCmd")
def add_user_cmd(call: Call) -> Body:
    """Create a script (自定义脚本相关接口/新建脚本.md). LimitCmdCount 18004: the account's quota is full."""
    if not may_add_script(call.world, call.account_id):
        raise Refusal("LimitCmdCount", why="the account's script_quota is full")
    SCRIPTS.add(
        call.world,
        cmd_id=SCRIPTS.new_id(call.world, call.app_id),
        account_id=call.account_id,
        alias=call["alias"],
        os_type=call["osType"],
        content=call["content"],
        created_at=call.now,
        modified_at=call.now,
    )
    return {}


@action("DeleteUserCmd")
def delete_user_cmd(call: Call) -> Body:
    """Delete scripts (自定义脚本相关接口/删除脚本.md): all of them or, where one cannot be found, none.

    CmdIdInvalid 18005: one is no script id. CmdNotExist 18006: one does not exist.
    """
    for cmd_id in dict.fromkeys(call["cmdIds"]):
        script = find(call, SCRIPTS, cmd_id, malformed="CmdIdInvalid", unknown="CmdNotExist")
        SCRIPTS.remove(call.world, script.cmd_id)
    return {}


@action("GetUserCmd")
def get_user_cmd(call: Call) -> Body:
    """Read one script (自定义脚本相关接口/查单个脚本内容.md).

    InvalidParameter 10001: there is no such script; the page documents no closer error.
    """
    script = find(call, SCRIPTS, call["cmdId"], unknown="InvalidParameter")
    data = {
        "autoId": str(script.auto_id),
        "alias": script.alias,
        "cmdId": script.cmd_id,
        "osType": script.os_type,
        "referenceProject": "",
        "content": script.content,
        "createTime": to_wire(script.created_at),
        "modifyTime": to_wire(script.modified_at),
        "appId": call.app_id,
    }
    return {"data": data}


@action("GetUserCmdList")
def get_user_cmd_list(call: Call) -> Body:
    """List scripts (自定义脚本相关接口/获取脚本列表.md); without orderBy the newest first, as printed."""
    wheres = [equals("account_id", call.account_id)]
    if call.get("searchKey"):
        wheres.append(contains(call["searchKey"], "cmd_id", "alias"))
    order = Order((_ORDER[call.get("orderBy") or "createTime"], "auto_id"), descending=bool(call["orderType"]))
    found, total = listed(call.world, SCRIPTS, wheres, order, offset=call["offset"], limit=call["limit"])
    rows = [
        {
            "cmdId": script.cmd_id,
            "alias": script.alias,
            "osType": script.os_type,
            "createTime": to_wire(script.created_at),
            "modifyTime": to_wire(script.modified_at),
        }
        for script in found
    ]
    return {"data": {"list": rows, "totalNum": total}}


@action("ModifyUserCmd")
def modify_user_cmd(call: Call) -> Body:
    """Change a script's name, its content, or both (自定义脚本相关接口/修改脚本.md).

    InvalidCmdItem 18007: neither was sent. InvalidCmdId 18005: no script id. CmdNotExist 18008: no such script.
    """
    script = find(call, SCRIPTS, call["cmdId"], malformed="InvalidCmdId", unknown="CmdNotExist")
    changes = {name: call[name] for name in ("alias", "content") if call.get(name) is not None}
    if not changes:
        raise Refusal("InvalidCmdItem", why="neither alias nor content was sent")
    SCRIPTS.change(call.world, script.cmd_id, **changes, modified_at=call.now)
    return {}


@action("RunUserCmd", begins_operations=True)
def run_user_cmd(call: Call) -> Body:
    """Begin to run a script on devices (自定义脚本相关接口/运行脚本.md): one task, one run a device, reported by
    GetUserCmdTaskList and GetUserCmdTaskDetailList.

    Refused before anything runs, in this order:
    InvalidCmdId 18005, CmdNotExist 18014: the script's id.
    InvalidServer 18013, ServerNotExist 18018: a device's id, likewise; also a device that is not delivered yet,
    isolated or going offline.
    InvalidServerIP 18015: a device has no LAN address.
    VPCNotExist 18019, SubnetNotExist 18023: the VPC or the subnet it was in is gone.
    InvalidLoginType 18016: a device admits no login. InvalidLoginKey 18017: it takes keys, but none is kept for it.
    Everything else shows when a run ends: see work/runs.py.
    """
    script = find(call, SCRIPTS, call["cmdId"], malformed="InvalidCmdId", unknown="CmdNotExist")
    targets = [_target(call, instance_id) for instance_id in dict.fromkeys(call["instanceIds"])]
    parameter = b64decode(call["cmdParam"])
    sent = {"cmd_content": script.content, "cmd_param": call["cmdParam"]}
    runs = begin_task(
        call.world,
        call.account_id,
        call.app_id,
        cmd_id=script.cmd_id,
        cmd_alias=script.alias,
        runs=[{**run_columns(*target), **sent} for target in targets],
        now=call.now,
    )
    login = Login(call["userName"], call["password"])
    for run, (device, _vpc, _subnet) in zip(runs, targets, strict=True):
        begin_run(call, run, device, script, parameter.decode(errors="replace"), login)
    return {}


def _target(call: Call, instance_id: str) -> tuple[Device, Vpc, Subnet]:
    device = find(call, DEVICES, instance_id, malformed="InvalidServer", unknown="ServerNotExist")
    if device.device_status not in (DeviceStatus.IN_OPERATION, DeviceStatus.HARDWARE_FAULT):
        raise Refusal("ServerNotExist", why=f"{instance_id} is not in operation: deviceStatus {device.device_status}")
    if device.lan_ip is None:
        raise Refusal("InvalidServerIP", why=f"{instance_id} has no LAN address")
    vpc = VPCS.find(call.world, call.account_id, device.vpc)
    if vpc is None:
        raise Refusal("VPCNotExist", why=f"{instance_id} was in the VPC {device.vpc}, which is gone")
    subnet = SUBNETS.find(call.world, call.account_id, device.subnet)
    if subnet is None:
        raise Refusal("SubnetNotExist", why=f"{instance_id} was in the subnet {device.subnet}, which is gone")
    if device.login_type == "none":
        raise Refusal("InvalidLoginType", why=f"{instance_id} admits no login")
    if device.login_type == "key" and device.login_key is None:
        raise Refusal("InvalidLoginKey", why=f"{instance_id} takes keys, but none is kept for it")
    return device, vpc, subnet
