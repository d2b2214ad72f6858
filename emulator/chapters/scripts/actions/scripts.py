"""Custom scripts (自定义脚本相关接口): keep them, read them, run them.

Ids, here and in the tasks: an id that names something of this account is that thing, whatever its form (the
documentation's own examples use `sort` and `sdfrfss`). Of the others, what has the printed form (`cmd-` or `cpm-` and
eight characters) is something that does not exist; anything else is no id at all. Where a page documents an error
for each, they get these; another account's things do not exist.
"""

from base64 import b64decode
from typing import Any

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.records import devices
from emulator.chapters.devices.records.devices import Device, Network
from emulator.chapters.registry import action
from emulator.chapters.scripts.records import scripts, tasks
from emulator.chapters.scripts.records.scripts import Script
from emulator.chapters.scripts.work.runs import Login, begin_run
from emulator.clock import to_wire
from emulator.world import accounts
from emulator.world.ids import looks_like


@action("AddUserCmd")
def add_user_cmd(call: Call) -> Body:
    """Create a script (自定义脚本相关接口/新建脚本.md). LimitCmdCount 18004: the account's quota is full."""
    if not accounts.may_add_script(call.world, call.account_id):
        raise Refusal("LimitCmdCount", why="the account's script_quota is full")
    scripts.add_script(
        call.world,
        call.account_id,
        call.app_id,
        alias=call["alias"],
        os_type=call["osType"],
        content=call["content"],
        now=call.now,
    )
    return {}


@action("DeleteUserCmd")
def delete_user_cmd(call: Call) -> Body:
    """Delete scripts (自定义脚本相关接口/删除脚本.md): all of them or, where one cannot be found, none.

    CmdIdInvalid 18005: one is no script id. CmdNotExist 18006: one does not exist.
    """
    doomed = [_find(call, cmd_id, malformed="CmdIdInvalid", unknown="CmdNotExist") for cmd_id in call["cmdIds"]]
    scripts.delete_scripts(call.world, doomed)
    return {}


@action("GetUserCmd")
def get_user_cmd(call: Call) -> Body:
    """Read one script (自定义脚本相关接口/查单个脚本内容.md).

    InvalidParameter 10001: there is no such script; the page documents no closer error.
    """
    script = _find(call, call["cmdId"], malformed="InvalidParameter", unknown="InvalidParameter")
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
    found, total = scripts.list_scripts(
        call.world,
        call.account_id,
        search=call.get("searchKey"),
        order_by=call.get("orderBy") or "createTime",
        descending=bool(call["orderType"]),
        offset=call["offset"],
        limit=call["limit"],
    )
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
    script = _find(call, call["cmdId"], malformed="InvalidCmdId", unknown="CmdNotExist")
    changes = {name: call[name] for name in ("alias", "content") if call.get(name) is not None}
    if not changes:
        raise Refusal("InvalidCmdItem", why="neither alias nor content was sent")
    scripts.change_script(call.world, script, {**changes, "modified_at": call.now})
    return {}


@action("RunUserCmd", begins_operations=True)
def run_user_cmd(call: Call) -> Body:
    """Begin to run a script on devices (自定义脚本相关接口/运行脚本.md): one task, one run a device, reported by
    GetUserCmdTaskList and GetUserCmdTaskDetailList.

    Refused before anything runs, in this order:
    InvalidCmdId 18005, CmdNotExist 18014: the script's id, see above.
    InvalidServer 18013, ServerNotExist 18018: a device's id, likewise.
    InvalidServerIP 18015: a device has no LAN address.
    VPCNotExist 18019, SubnetNotExist 18023: the VPC or the subnet it was in is gone.
    InvalidLoginType 18016: a device admits no login. InvalidLoginKey 18017: it takes keys, but none is kept for it.
    Everything else shows when a run ends: see lifecycle/script_runs.py.
    """
    script = _find(call, call["cmdId"], malformed="InvalidCmdId", unknown="CmdNotExist")
    targets = [_target(call, instance_id) for instance_id in dict.fromkeys(call["instanceIds"])]
    parameter = b64decode(call["cmdParam"])
    runs = tasks.begin_task(
        call.world,
        call.account_id,
        call.app_id,
        cmd_id=script.cmd_id,
        cmd_alias=script.alias,
        runs=[_run_columns(call, script, *target) for target in targets],
        now=call.now,
    )
    login = Login(call["userName"], call["password"])
    for run, (device, _vpc, _subnet) in zip(runs, targets, strict=True):
        begin_run(call.world, run, device, script, parameter.decode(errors="replace"), login, call.now)
    return {}


def _find(call: Call, cmd_id: str, *, malformed: str, unknown: str) -> Script:
    script = scripts.find_script(call.world, call.account_id, cmd_id)
    if script is None:
        if looks_like("cmd", cmd_id):
            raise Refusal(unknown, why=f"the account has no script {cmd_id}")
        raise Refusal(malformed, why=f"{cmd_id!r} is no script id: cmd- and eight characters of a-z0-9")
    return script


def _target(call: Call, instance_id: str) -> tuple[Device, Network, Network]:
    device = devices.find_device(call.world, call.account_id, instance_id)
    if device is None:
        if looks_like("cpm", instance_id) or looks_like("tcpm", instance_id):
            raise Refusal("ServerNotExist", why=f"the account has no device {instance_id}")
        raise Refusal("InvalidServer", why=f"{instance_id!r} is no device id: cpm- and eight characters of a-z0-9")
    if device.lan_ip is None:
        raise Refusal("InvalidServerIP", why=f"{instance_id} has no LAN address")
    vpc = devices.find_vpc(call.world, call.account_id, device.vpc)
    if vpc is None:
        raise Refusal("VPCNotExist", why=f"{instance_id} was in the VPC {device.vpc}, which is gone")
    subnet = devices.find_subnet(call.world, call.account_id, device.subnet)
    if subnet is None:
        raise Refusal("SubnetNotExist", why=f"{instance_id} was in the subnet {device.subnet}, which is gone")
    if device.login_type == "none":
        raise Refusal("InvalidLoginType", why=f"{instance_id} admits no login")
    if device.login_type == "key" and device.login_key is None:
        raise Refusal("InvalidLoginKey", why=f"{instance_id} takes keys, but none is kept for it")
    return device, vpc, subnet


def _run_columns(call: Call, script: Script, device: Device, vpc: Network, subnet: Network) -> dict[str, Any]:
    return {
        "instance_id": device.instance_id,
        "instance_name": device.alias,
        **tasks.place_columns(vpc, subnet),
        "lan_ip": device.lan_ip,
        "cmd_content": script.content,
        "cmd_param": call["cmdParam"],
    }
