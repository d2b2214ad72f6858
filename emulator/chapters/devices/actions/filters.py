"""The filters, the order and the pages of the lists of servers.

DescribeDevice and DescribeDevicePosition also take the filters that the vendor's command line (qcloudcli 1.9.20) sends
and no page documents. Their meaning is read from their names: status is the deviceStatus, mgtIps are out-of-band
addresses, vagueIp is a part of the LAN or external address, vpcId and subnetId are numbers of networks. orderField is a
field of the answer, and `order` 1 or desc sorts backwards. Addresses sort as texts. Every server is in project 0.
"""

from typing import Any

from emulator.call import Call, Refusal
from emulator.chapters.devices.records.device import POSTPAID, Device
from emulator.chapters.devices.records.devices import BY_ID, DEVICES, list_devices
from emulator.chapters.devices.records.parts import OUT_OF_BAND
from emulator.chapters.finding import seen, seen_only
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, numbered
from emulator.clock import from_wire
from emulator.world.paging import Order, Where, among, between, contains, differs, listed
from emulator.world.resource import Resource

_COLUMNS = {
    "unVpcId": "vpc",
    "unSubnetId": "subnet",
    "lanIps": "lan_ip",
    "wanIps": "wan_ip",
    "instanceIds": "instance_id",
    "autoRenewFlag": "auto_renew",
    "unSubnetIds": "subnet",
    "status": "device_status",
}
_NUMBERED: dict[str, tuple[Resource[Any], str]] = {
    "vpcId": (VPCS, "vpc"),
    "subnetId": (SUBNETS, "subnet"),
    "subnetIds": (SUBNETS, "subnet"),
}
_SORTED_BY = {
    "instanceId": "instance_id",
    "alias": "alias",
    "lanIp": "lan_ip",
    "wanIp": "wan_ip",
    "deviceStatus": "device_status",
    "operateStatus": "operate_status",
    "deliverTime": "delivered_at",
    "deadline": "deadline",
    "deviceClassCode": "class_code",
    "zoneId": "zone_id",
}


def found_devices(call: Call, *, trash: bool) -> tuple[list[Device], int]:
    """The page of the account's devices that the call asks for, and how many there are in all.

    `trash`: those in the recycle bin, or those that are not. Raises InvalidParameter 10001 for a deadline that is no
    time.
    """
    expiring = between("deadline", _time(call, "deadlineStartTime"), _time(call, "deadlineEndTime"))
    if expiring:
        expiring.append(differs("pay_mode", POSTPAID))
    wheres = [*expiring, *seen_only(call), *_undocumented(call)]
    for parameter, column in _COLUMNS.items():
        value = call.get(parameter)
        if value not in (None, "", []):
            wheres.append(among(column, value if isinstance(value, list) else [value]))
    if call.get("deviceClassCode"):
        known = call.world.catalogue.device_class(call["deviceClassCode"])
        wheres.append(among("class_code", [known.code if known else call["deviceClassCode"]]))
    if call.get("alias"):
        wheres.append(contains(call["alias"], "alias"))
    page = {"offset": call["offset"], "limit": call["limit"], "order": _order(call)}
    found, total = list_devices(call.world, call.account_id, trash=trash, wheres=wheres, **page)
    if call.zones is not None:
        for instance_id in call.get("instanceIds") or []:
            seen(call, DEVICES, instance_id)
    elif call.get("instanceIds"):
        for device in found:
            call.sees(device.instance_id, device.zone_id)
    return found, total


def _undocumented(call: Call) -> list[Where]:
    """The filters of the vendor's command line that are no columns."""
    wheres = []
    for parameter, (networks, column) in _NUMBERED.items():
        value = call.get(parameter)
        if value not in (None, []):
            numbers = value if isinstance(value, list) else [value]
            wheres.append(among(column, numbered(call.world, call.account_id, networks, numbers)))
    if call.get("mgtIps"):
        logins, _total = listed(call.world, OUT_OF_BAND, [among("ip", call["mgtIps"])], BY_ID)
        wheres.append(among("instance_id", [login.instance_id for login in logins]))
    if call.get("vagueIp"):
        wheres.append(contains(call["vagueIp"], "lan_ip", "wan_ip"))
    if call.get("projectId"):
        wheres.append(among("instance_id", []))
    return wheres


def _order(call: Call) -> Order:
    column = _SORTED_BY[call.get("orderField") or "instanceId"]
    return Order(tuple(dict.fromkeys((column, "instance_id"))), descending=call.get("order") in ("1", "desc"))


def _time(call: Call, parameter: str) -> int | None:
    text = call.get(parameter)
    if not text:
        return None
    try:
        return from_wire(text)
    except ValueError:
        raise Refusal("InvalidParameter", subject=parameter, why=f"{text!r} is no time YYYY-MM-DD HH:MM:SS") from None
