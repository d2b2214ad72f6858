"""Servers (物理服务器相关接口): list them, and change what needs no operation on them.

A list is sorted by device id. An id that is not the account's is no device: lists leave it out, changes answer
InvalidParameter 10001 and change nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.records import devices
from emulator.chapters.devices.records import lists as device_lists
from emulator.chapters.devices.records.devices import Device, Network
from emulator.chapters.devices.records.lists import Placed
from emulator.chapters.registry import action
from emulator.clock import from_local, to_wire

_COLUMNS = {
    "unVpcId": "vpc",
    "unSubnetId": "subnet",
    "lanIps": "lan_ip",
    "wanIps": "wan_ip",
    "instanceIds": "instance_id",
    "autoRenewFlag": "auto_renew",
}


@action("DescribeDevice")
def describe_device(call: Call) -> Body:
    """List the devices that are not in the recycle bin (物理服务器相关接口/查询服务器.md).

    InvalidParameter 10001: deadlineStartTime or deadlineEndTime is no time.
    """
    expiring = (_time(call, "deadlineStartTime"), _time(call, "deadlineEndTime"))
    found, total = _list(call, trash=False, expiring=expiring)
    tags = device_lists.tags_of(call.world, [placed.device.instance_id for placed in found])
    rows = [_device_row(call, placed, tags[placed.device.instance_id]) for placed in found]
    return {"data": {"totalNum": total, "deviceList": rows, "serverTimestamp": call.now}}


@action("DescribeDeviceTrash")
def describe_device_trash(call: Call) -> Body:
    """List the devices in the recycle bin: isolated or going offline (物理服务器相关接口/查询回收站服务器.md)."""
    found, total = _list(call, trash=True)
    rows = [_trash_row(call, placed) for placed in found]
    return {"data": {"totalNum": total, "deviceList": rows, "serverTimestamp": call.now}}


@action("DescribeDevicePosition")
def describe_device_position(call: Call) -> Body:
    """Tell where devices stand (物理服务器相关接口/查询服务器所在位置.md)."""
    found, total = _list(call, trash=False)
    return {"data": {"totalNum": total, "deviceList": [_position_row(placed) for placed in found]}}


@action("ModifyDeviceAlias")
def modify_device_alias(call: Call) -> Body:
    """Rename devices (物理服务器相关接口/修改服务器名称.md).

    InvalidParameter 10001: not as many aliases as ids, or an id that is not the account's.
    """
    instance_ids, aliases = call["instanceIds"], call["aliases"]
    if len(instance_ids) != len(aliases):
        raise Refusal("InvalidParameter", subject="aliases", why="there must be an alias for each of instanceIds")
    for device, alias in zip(own_devices(call, instance_ids), aliases, strict=True):
        devices.change_device(call.world, device.instance_id, alias=alias)
    return {}


@action("ModifyDeviceAutoRenewFlag")
def modify_device_auto_renew_flag(call: Call) -> Body:
    """Renew devices automatically, or no longer (物理服务器相关接口/修改服务器自动续费标志.md).

    InvalidParameter 10001: an id that is not the account's.
    """
    for device in own_devices(call, call["instanceIds"]):
        devices.change_device(call.world, device.instance_id, auto_renew=call["autoRenewFlag"])
    return {}


@action("ModifyPayModePre2Post")
def modify_pay_mode_pre2post(call: Call) -> Body:
    """Bill devices afterwards (物理服务器相关接口/将设备预付费计费模式修改为后付费模式.md); every account may.

    InvalidParameter 10001: an id that is not the account's.
    """
    for device in own_devices(call, call["instanceIds"]):
        devices.change_device(call.world, device.instance_id, pay_mode=devices.POSTPAID)
    return {}


def own_devices(call: Call, instance_ids: Iterable[str], parameter: str = "instanceIds") -> list[Device]:
    """The account's devices of those ids, each as often as it is named. Raises InvalidParameter."""
    found = []
    for instance_id in instance_ids:
        device = devices.find_device(call.world, call.account_id, instance_id)
        if device is None:
            raise Refusal("InvalidParameter", subject=parameter, why=f"the account has no device {instance_id!r}")
        found.append(device)
    return found


def _list(call: Call, **special: Any) -> tuple[list[Placed], int]:  # noqa: ANN401
    filters: dict[str, Iterable[Any]] = {}
    for parameter, column in _COLUMNS.items():
        value = call.get(parameter)
        if value not in (None, "", []):
            filters[column] = value if isinstance(value, list) else [value]
    if call.get("deviceClassCode"):
        known = call.world.catalogue.device_class(call["deviceClassCode"])
        filters["class_code"] = [known.code if known else call["deviceClassCode"]]
    return device_lists.list_devices(
        call.world,
        call.account_id,
        filters=filters,
        alias=call.get("alias"),
        offset=call["offset"],
        limit=call["limit"],
        **special,
    )


def _head(placed: Placed) -> dict[str, str]:
    """What the rows of both lists have in common."""
    device, vpc, subnet = placed
    return {
        "instanceId": device.instance_id,
        "subnetId": _number(subnet),
        "vpcId": _number(vpc),
        "unVpcId": device.vpc or "",
        "unSubnetId": device.subnet or "",
        "lanIp": device.lan_ip or "",
        "deviceStatus": str(device.device_status),
        "operateStatus": str(device.operate_status),
        "osTypeId": str(device.system_id),
        "raidId": str(device.raid_id),
        "alias": device.alias,
    }


def _device_row(call: Call, placed: Placed, tags: list[tuple[str, str]]) -> Body:
    device = placed.device
    return {
        **_head(placed),
        "appId": call.app_id,
        "zoneId": str(device.zone_id),
        "projectId": "0",
        "wanIp": device.wan_ip or "",
        "deliverTime": to_wire(device.delivered_at),
        "deadline": to_wire(device.deadline),
        "isVpcGateway": str(device.is_gateway),
        "autoRenewFlag": str(device.auto_renew),
        "deviceClass": _class_name(call, device),
        "deviceClassCode": device.class_code,
        "tagDetail": [{"key": key, "value": value} for key, value in tags],
    }


def _trash_row(call: Call, placed: Placed) -> Body:
    device, vpc, subnet = placed
    system = call.world.catalogue.system(device.system_id)
    raid = call.world.catalogue.raid_type(device.raid_id)
    head = _head(placed)
    ids = {name: head.pop(name) for name in ("unVpcId", "unSubnetId")}
    return {
        **head,
        "raid": raid.name if raid else "",
        "appId": call.app_id,
        "zoneId": str(device.zone_id),
        "projectId": "0",
        "wanIp": device.wan_ip or "",
        "deviceClass": _class_name(call, device),
        "deviceClassCode": device.class_code,
        "deliverTime": to_wire(device.delivered_at),
        "deadline": to_wire(device.deadline),
        "operates": [],
        "vpcName": vpc.name if vpc else "",
        "subnetName": subnet.name if subnet else "",
        **ids,
        "vpcCidrBlock": vpc.cidr if vpc else "",
        "subnetCidrBlock": subnet.cidr if subnet else "",
        "osName": system.name if system else "",
        "osNameDisplay": system.display if system else "",
        "raidDisplay": raid.display if raid else "",
        "autoRenewFlag": device.auto_renew,
    }


def _position_row(placed: Placed) -> Body:
    device, vpc, subnet = placed
    return {
        "instanceId": device.instance_id,
        "zoneId": device.zone_id,
        "vpcId": vpc.id if vpc else 0,
        "subnetId": subnet.id if subnet else 0,
        "unVpcId": device.vpc or "",
        "unSubnetId": device.subnet or "",
        "lanIp": device.lan_ip or "",
        "alias": device.alias,
        "rckName": device.rack,
        "posCode": device.rack_position,
        "switchName": device.switches,
        "deliverTime": to_wire(device.delivered_at),
        "deadline": to_wire(device.deadline),
    }


def _number(network: Network | None) -> str:
    return str(network.id) if network else "0"


def _class_name(call: Call, device: Device) -> str:
    known = devices.class_of(call.world, device)
    return known.name if known else ""


def _time(call: Call, parameter: str) -> int | None:
    text = call.get(parameter)
    if not text:
        return None
    try:
        return from_local(datetime.strptime(text, "%Y-%m-%d %H:%M:%S"))  # noqa: DTZ007
    except ValueError:
        raise Refusal("InvalidParameter", subject=parameter, why=f"{text!r} is no time YYYY-MM-DD HH:MM:SS") from None
