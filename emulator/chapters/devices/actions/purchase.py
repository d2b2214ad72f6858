"""Buying servers (物理服务器相关接口): one order a call, paid at once from the account's balance.

An account has a million yuan unless its world file says otherwise (`balance`). What is bought is gone from the zone's
stock, which begins with the numbers of the catalogue. If an order is wrong in several ways, the error is the first that
the docstring of `buy_device` lists.

Where calls are limited to a Region, the zone and the subnet have to be in it; the demo world's VPC of the printed
orders is not, so it is not looked at.

The servers are claimed, initialised and then in operation; they have out-of-band records from the beginning. The ids
that an order answers are the servers' (`cpm-`; the page prints `dcpm-`). Without `passwd` a server gets a random
password that is never revealed; ResetDevicePasswd sets one.

Partitions are as the page says; /usr/local has its 20 GB only where nothing else was asked for. File system,
hyper-threading and agents are checked and remembered, and change nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address
from itertools import islice

import msgspec

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.actions.passwords import RULES, is_allowed
from emulator.chapters.devices.records import stock
from emulator.chapters.devices.records.device import PREPAID, DeviceStatus, OperateStatus
from emulator.chapters.devices.records.devices import DEVICES, add_device
from emulator.chapters.devices.records.installation import setup_of, too_large
from emulator.chapters.devices.work.delivery import begin_delivery
from emulator.chapters.eip.records.pool import give_address, next_address, ranges_of
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.addresses import free_addresses, is_free
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, Subnet
from emulator.clock import CHINA, add_months
from emulator.world.accounts import account_of, pay
from emulator.world.catalogue import DeviceClass, Parts, System
from emulator.world.ids import derive

_MOST_AT_ONCE = 100
_OUT_OF_BAND = IPv4Address("100.96.0.0")
_REQUIRED_PARTS = ("cpuId", "mem", "haveRaidCard", "diskTypeId1", "diskNum1")


@dataclass(frozen=True, slots=True)
class _Order:
    """What is bought, checked."""

    device_class: DeviceClass
    parts: Parts | None
    system: System
    subnet: Subnet
    addresses: list[str]


@action("BuyDevice", begins_operations=True, in_parts=True)
def buy_device(call: Call) -> Body:
    """Buy servers (物理服务器相关接口/购买服务器.md); several get the alias with numbers from 1.

    Refused before anything is bought, in this order: OperationDenied.NoPermission 100004: the account may not buy
    (`may_buy`). TradeError.GoodsConfigInvalid 700104: neither a class nor all parts of a custom model, or an unknown
    part. TradeError.GoodsCodeInvalid 700108: an unknown class. TradeError.OperationDenied 700110: one that is not on
    sale. TradeError.CheckGoodsError 700102: the zone, VPC, subnet, system, RAID type, partitions, password or
    addresses. TradeError.QueryPriceError 500008: the class has no price. TradeError.ResourceLimit 700007: more than
    100 at once, or than the zone has. TradeError.InsufficientMoney 100207: the balance does not suffice. With a fault
    rule that is `partly`, the order is paid and half of it is delivered before the rule's error is answered.
    """
    account = account_of(call.world, call.account_id)
    if not account.may_buy:
        raise Refusal("OperationDenied.NoPermission", why="the account may not buy servers")
    order = _check(call)
    number, bought = call["goodsNum"], order.device_class
    if bought.price == 0:
        raise Refusal("TradeError.QueryPriceError", why=f"{bought.code} has no price")
    left = stock.left(call.world, call["zoneId"], bought)
    if number > min(left, _MOST_AT_ONCE):
        raise Refusal("TradeError.ResourceLimit", why=f"{left} are left, and {_MOST_AT_ONCE} may be bought at once")
    cost = bought.price * call["timeSpan"] * number
    if cost > account.balance:
        raise Refusal("TradeError.InsufficientMoney", why=f"it costs {cost} cents, the balance is {account.balance}")
    pay(call.world, call.account_id, cost)
    delivered = number // 2 if call.partly else number
    instance_ids = [_deliver(call, order, place) for place in range(delivered)]
    deal = _deal_name(call)
    return {"data": {"dealNames": [deal], "resourceIds": {deal: instance_ids}}}


def _check(call: Call) -> _Order:
    device_class, parts = _device_class(call)
    system = call.world.catalogue.system(call["osTypeId"])
    subnet = SUBNETS.find(call.world, call.account_id, call["unSubnetId"])
    raid = device_class.raid(call["raidId"])
    if call["zoneId"] not in [zone.id for zone in call.world.catalogue.zones]:
        raise _unfit("zoneId", "no such zone")
    if not call.sees(str(call["zoneId"]), call["zoneId"], "zone"):
        raise _unfit("zoneId", "the zone is not in the call's Region")
    if call.zones is not None and subnet is not None and subnet.zone_id not in call.zones:
        raise _unfit("unSubnetId", "the subnet is not in the call's Region")
    if VPCS.find(call.world, call.account_id, call["unVpcId"]) is None:
        raise _unfit("unVpcId", "the account has no such VPC")
    if subnet is None or subnet.vpc != call["unVpcId"]:
        raise _unfit("unSubnetId", "the account has no such subnet in this VPC")
    if system is None or system.id not in device_class.systems:
        raise _unfit("osTypeId", f"{device_class.code} does not run it")
    if raid is None:
        raise _unfit("raidId", f"{device_class.code} has no such RAID type")
    large = too_large(setup_of(call), device_class.gibibytes(raid.system), uefi=device_class.uefi)
    if large is not None:
        raise _unfit(large, "the partitions are larger than the system disk")
    if call.get("passwd") is not None and not is_allowed(call["passwd"], system.family):
        raise _unfit("passwd", f"the password is against the rule: {RULES[system.family]}")
    return _Order(device_class, parts, system, subnet, _addresses(call, subnet))


def _device_class(call: Call) -> tuple[DeviceClass, Parts | None]:
    catalogue = call.world.catalogue
    if call.get("deviceClassCode"):
        found = catalogue.device_class(call["deviceClassCode"])
        if found is None:
            raise Refusal("TradeError.GoodsCodeInvalid", why=f"no class has the code {call['deviceClassCode']!r}")
        if found.stock == 0:
            raise Refusal("TradeError.OperationDenied", why=f"{found.code} is not on sale")
        return found, None
    values = [call.get(name) for name in _REQUIRED_PARTS]
    if None in values:
        missing = ", ".join(name for name in _REQUIRED_PARTS if call.get(name) is None)
        raise Refusal("TradeError.GoodsConfigInvalid", why=f"neither deviceClassCode nor {missing} was sent")
    cpu_id, memory, raid_card, disk1, number1 = (int(value or 0) for value in values)
    more = (call.get("diskTypeId2") or 0, call.get("diskNum2") or 0)
    parts = Parts(cpu_id, memory, raid_card, disk1, number1, *more)
    custom = catalogue.custom_class(parts)
    odd = raid_card and number1 % 2
    if custom is None or odd:
        raise Refusal("TradeError.GoodsConfigInvalid", why="an odd number of disks" if odd else "no such parts")
    return custom, parts


def _addresses(call: Call, subnet: Subnet) -> list[str]:
    """A LAN address for each server: those sent, or the lowest free ones; the first belongs to the gateway."""
    number = min(call["goodsNum"], _MOST_AT_ONCE)
    wanted = call.get("ipList") or list(islice(free_addresses(call.world, subnet), number))
    if not call.get("ipList") and len(wanted) < number:
        raise _unfit("unSubnetId", f"the subnet has {len(wanted)} free addresses for {number} servers")
    if len(set(wanted)) != number:
        raise _unfit("ipList", f"{len(set(wanted))} addresses for {number} servers")
    if strangers := [address for address in wanted if not is_free(call.world, subnet, address)]:
        raise _unfit("ipList", f"not free in {subnet.cidr}: {', '.join(strangers)}")
    return list(wanted)


def _unfit(parameter: str, why: str) -> Refusal:
    return Refusal("TradeError.CheckGoodsError", subject=parameter, why=f"{parameter}: {why}")


def _deliver(call: Call, order: _Order, place: int) -> str:
    world = call.world
    instance_id = DEVICES.new_id(world, call.app_id)
    number = world.next_number("bought device")
    alias = call.get("alias") or instance_id
    rack = f"M{200 + call['zoneId'] % 10}"
    row = {
        "instance_id": instance_id,
        "account_id": call.account_id,
        "alias": f"{alias}{place + 1}" if call.get("alias") and call["goodsNum"] > 1 else alias,
        "device_status": DeviceStatus.CLAIMING,
        "operate_status": OperateStatus.SHUT_DOWN,
        "os_type": order.system.family,
        "system_id": order.system.id,
        "raid_id": call["raidId"],
        "class_code": order.device_class.code,
        "parts": msgspec.json.encode(order.parts).decode() if order.parts else None,
        "setup": setup_of(call),
        "zone_id": call["zoneId"],
        "rack": f"{rack}-P{number // 20 + 1:02}",
        "rack_position": str(number % 20 * 2 + 1),
        "switches": f"{rack}-S{number // 40 + 1:02}-01/{rack}-S{number // 40 + 1:02}-02",
        "lan_ip": order.addresses[place],
        "wan_ip": None,
        "vpc": call["unVpcId"],
        "subnet": order.subnet.un_id,
        "login_type": "password",
        "user_name": "root" if order.system.family == "linux" else "Administrator",
        "password": call.get("passwd") or _secret(call, "password", number),
        "login_key": None,
        "agent_alive": 1,
        "is_gateway": 0,
        "auto_renew": call["autoRenewFlag"],
        "pay_mode": PREPAID,
        "delivered_at": None,
        "deadline": add_months(call.now, call["timeSpan"]),
        "bought": 1,
    }
    login = {
        "ip": str(_OUT_OF_BAND + number),
        "user_name": "albert",
        "password": _secret(call, "out-of-band", number),
        "serial_number": _secret(call, "serial", number)[:7].upper(),
    }
    tags = {tag["tagKey"]: tag["tagValue"] for tag in call.get("tagDetail") or []}
    add_device(world, row, login, tags)
    if call["hasWanIp"]:
        _give_wan_ip(call, instance_id)
    begin_delivery(call, instance_id, call["timeSpan"])
    return instance_id


def _give_wan_ip(call: Call, instance_id: str) -> None:
    address = next_address(call.world, ranges_of(call.world, call["zoneId"], exclusive=0))
    if address is None:
        raise _unfit("hasWanIp", "the region has no public address left")
    give_address(call.world, call.account_id, instance_id, address, at=call.now, vpc=call["unVpcId"])


def _secret(call: Call, kind: str, number: int) -> str:
    return derive(call.world.seed, call.app_id, kind, number).rpartition("-")[2] + "Aa1!"


def _deal_name(call: Call) -> str:
    """The time, as printed; a second later where an order has that already."""
    now = datetime.fromtimestamp(call.now / 1000, CHINA)
    return call.world.later_number("deal", int(now.strftime("%Y%m%d%H%M%S")))
