"""Servers (物理服务器相关接口): list them, and change what needs no operation on them.

A list is sorted by device id. An id that is not the account's is no device: lists leave it out, changes answer
InvalidParameter 10001 and change nothing.

At its deadline a server is renewed for a month if its `autoRenewFlag` is 1 and the balance suffices; otherwise it is
isolated. A server that is isolated or going offline is in the recycle bin (DescribeDeviceTrash) and not in
DescribeDevice.
"""

from collections.abc import Callable, Iterable

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.actions.filters import found_devices
from emulator.chapters.devices.records.device import IN_TRASH, POSTPAID, Device, class_of, plan_expiry
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.devices.records.parts import tags_of
from emulator.chapters.finding import find
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.networks import Network, Networks
from emulator.clock import to_wire
from emulator.world.accounts import account_of

MakeRow = Callable[[Call, Networks, Device, list[tuple[str, str]]], Body]


@action("DescribeDevice")
def describe_device(call: Call) -> Body:
    """List the devices that are not in the recycle bin (物理服务器相关接口/查询服务器.md).

    InvalidParameter 10001: deadlineStartTime or deadlineEndTime is no time.
    """
    return _tagged(call, _device_row, trash=False)


@action("DescribeDeviceTrash")
def describe_device_trash(call: Call) -> Body:
    """List the devices in the recycle bin: isolated or going offline (物理服务器相关接口/查询回收站服务器.md)."""
    return _tagged(call, _trash_row, trash=True)


@action("DescribeDevicePosition")
def describe_device_position(call: Call) -> Body:
    """List where devices stand (物理服务器相关接口/查询服务器所在位置.md)."""
    found, total = found_devices(call, trash=False)
    networks = Networks(call.world, call.account_id)
    return {"data": {"totalNum": total, "deviceList": [_position_row(networks, device) for device in found]}}


@action("ModifyDeviceAlias")
def modify_device_alias(call: Call) -> Body:
    """Rename devices (物理服务器相关接口/修改服务器名称.md).

    InvalidParameter 10001: not as many aliases as ids, or an id that is not the account's.
    """
    instance_ids, aliases = call["instanceIds"], call["aliases"]
    if len(instance_ids) != len(aliases):
        raise Refusal("InvalidParameter", subject="aliases", why="there must be an alias for each of instanceIds")
    for device, alias in zip(own_devices(call, instance_ids), aliases, strict=True):
        DEVICES.change(call.world, device.instance_id, alias=alias)
    return {}


@action("ModifyDeviceAutoRenewFlag")
def modify_device_auto_renew_flag(call: Call) -> Body:
    """Renew devices automatically, or no longer (物理服务器相关接口/修改服务器自动续费标志.md).

    InvalidParameter 10001: an id that is not the account's.
    """
    for device in own_devices(call, call["instanceIds"]):
        DEVICES.change(call.world, device.instance_id, auto_renew=call["autoRenewFlag"])
    return {}


@action("ModifyPayModePre2Post")
def modify_pay_mode_pre2post(call: Call) -> Body:
    """Bill devices afterwards (物理服务器相关接口/将设备预付费计费模式修改为后付费模式.md); they have no
    deadline to meet any more, and show none.

    InvalidParameter 10001: an id that is not the account's, or a server in the recycle bin.
    """
    if not account_of(call.world, call.account_id).may_postpay:
        raise Refusal("InvalidParameter", subject="instanceIds", why="the account may not be billed afterwards")
    for device in own_devices(call, call["instanceIds"]):
        if device.device_status in IN_TRASH:
            raise Refusal("InvalidParameter", subject="instanceIds", why=f"{device.instance_id} has expired")
        DEVICES.change(call.world, device.instance_id, pay_mode=POSTPAID)
        plan_expiry(call.world, device._replace(pay_mode=POSTPAID))
    return {}


def own_devices(call: Call, instance_ids: Iterable[str], parameter: str = "instanceIds") -> list[Device]:
    """The account's devices of those ids, each as often as it is named. Raises InvalidParameter."""
    return [find(call, DEVICES, name, unknown="InvalidParameter", subject=parameter) for name in instance_ids]


def _head(networks: Networks, device: Device) -> dict[str, str]:
    """What the rows of both lists have in common."""
    return {
        "instanceId": device.instance_id,
        "subnetId": _number(networks.subnet(device.subnet)),
        "vpcId": _number(networks.vpc(device.vpc)),
        "unVpcId": device.vpc or "",
        "unSubnetId": device.subnet or "",
        "lanIp": device.lan_ip or "",
        "deviceStatus": str(device.device_status),
        "operateStatus": str(device.operate_status),
        "osTypeId": str(device.system_id),
        "raidId": str(device.raid_id),
        "alias": device.alias,
    }


def _tagged(call: Call, make_row: MakeRow, *, trash: bool) -> Body:
    found, total = found_devices(call, trash=trash)
    rows = call.world.database.kept.of(number=len(found))
    keys = [(make_row, device.instance_id) for device in found]
    new = [device for key, device in zip(keys, found, strict=True) if key not in rows]
    if new:
        networks = Networks(call.world, call.account_id)
        tags = tags_of(call.world, [device.instance_id for device in new])
        for device in new:
            rows[make_row, device.instance_id] = make_row(call, networks, device, tags.get(device.instance_id, []))
    return {"data": {"totalNum": total, "deviceList": [rows[key] for key in keys], "serverTimestamp": call.now}}


def _device_row(call: Call, networks: Networks, device: Device, tags: list[tuple[str, str]]) -> Body:
    return {
        **_head(networks, device),
        "appId": call.app_id,
        "zoneId": str(device.zone_id),
        "projectId": "0",
        "wanIp": device.wan_ip or "",
        "deliverTime": to_wire(device.delivered_at),
        "deadline": to_wire(_deadline(device)),
        "isVpcGateway": str(device.is_gateway),
        "autoRenewFlag": str(device.auto_renew),
        "deviceClass": _class_name(call, device),
        "deviceClassCode": device.class_code,
        "tagDetail": [{"key": key, "value": value} for key, value in tags],
    }


def _trash_row(call: Call, networks: Networks, device: Device, tags: list[tuple[str, str]]) -> Body:
    vpc, subnet = networks.vpc(device.vpc), networks.subnet(device.subnet)
    system = call.world.catalogue.system(device.system_id)
    raid = call.world.catalogue.raid_type(device.raid_id)
    head = _head(networks, device)
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
        "deadline": to_wire(_deadline(device)),
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
        "tagDetail": [{"key": key, "value": value} for key, value in tags],
    }


def _position_row(networks: Networks, device: Device) -> Body:
    vpc, subnet = networks.vpc(device.vpc), networks.subnet(device.subnet)
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
        "deadline": to_wire(_deadline(device)),
    }


def _deadline(device: Device) -> int | None:
    """None where the device is billed afterwards."""
    return None if device.pay_mode == POSTPAID else device.deadline


def _number(network: Network | None) -> str:
    return str(network.id) if network else "0"


def _class_name(call: Call, device: Device) -> str:
    known = class_of(call.world, device)
    return known.name if known else ""
