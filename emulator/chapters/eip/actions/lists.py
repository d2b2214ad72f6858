"""Elastic IPs, listed.

Two pages describe DescribeEipBm; the answer is the newer one's, with every field. What is bound to nothing has type
null, as printed, and so have natId, natUid and vpcIp what they do not mean. Without orderBy the list is sorted by id,
with it from the highest down unless orderType is 0; addresses sort as texts. An elastic IP is isolated for arrears
while the account's balance is negative, so that all have the same `arrears`.
"""

from typing import Any

from emulator.call import Body, Call
from emulator.chapters.devices.records.device import Device
from emulator.chapters.devices.records.devices import by_ids
from emulator.chapters.eip.actions.finding import MODULE, is_in_arrears
from emulator.chapters.eip.records.eip import HELD, BoundTo, Eip
from emulator.chapters.eip.records.eips import EIPS
from emulator.chapters.eip_acl.records import EIP_ACLS
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.nat import NAT_GATEWAYS
from emulator.chapters.vpc.records.networks import Networks
from emulator.clock import to_wire
from emulator.world.paging import Order, among, contains, equals, listed

_FILTERS = {
    "eipIds": "eip_id",
    "eips": "eip",
    "unInstanceIds": "bound_to",
    "status": "status",
    "unVpcId": "vpc",
    "payMode": "pay_mode",
    "aclId": "acl",
}
_SORTED_BY = {
    "eipId": "eip_id",
    "eip": "eip",
    "status": "status",
    "unInstanceId": "bound_to",
    "arrears": "eip_id",
    "createdAt": "created_at",
}


@action("DescribeEipBm", MODULE)
def describe_eip_bm(call: Call) -> Body:
    """List elastic IPs (弹性公网IP相关接口/查询EIP列表.md).

    With aclId: those that have the ACL (弹性公网IP ACL相关接口/查询弹性公网IP ACL关联的 EIP 列表.md).
    """
    wheres = [equals("account_id", call.account_id)]
    for parameter, column in _FILTERS.items():
        value = call.get(parameter)
        if value not in (None, "", []):
            wheres.append(among(column, value if isinstance(value, list) else [value]))
    if call.get("searchKey"):
        wheres.append(contains(call["searchKey"], "name"))
    found, total = listed(call.world, EIPS, wheres, _order(call), offset=call["offset"], limit=call["limit"])
    networks = Networks(call.world, call.account_id)
    servers = _servers(call, found)
    arrears = int(is_in_arrears(call))
    rows = [_row(call, networks, eip, servers.get(eip.bound_to), arrears) for eip in found]
    return {"data": {"eipSet": rows}, "totalCount": total}


def _order(call: Call) -> Order:
    column = call.get("orderBy")
    if not column:
        return Order(("eip_id",))
    return Order(tuple(dict.fromkeys((_SORTED_BY[column], "eip_id"))), descending=call["orderType"] == 1)


def _servers(call: Call, eips: list[Eip]) -> dict[str, Device]:
    ids = [eip.bound_to for eip in eips if eip.kind == BoundTo.SERVER]
    return {device.instance_id: device for device in (by_ids(call.world, ids) if ids else ())}


def _row(call: Call, networks: Networks, eip: Eip, server: Device | None, arrears: int) -> Body:
    vpc = networks.vpc(eip.vpc)
    acl = EIP_ACLS.find(call.world, call.account_id, eip.acl) if eip.acl else None
    free_since = eip.freed_at or eip.created_at
    return {
        "eipId": eip.eip_id,
        "eipName": eip.name,
        "eip": eip.eip,
        "ispId": eip.isp_id,
        "status": eip.status,
        "arrears": arrears,
        "unInstanceId": eip.bound_to if eip.kind == BoundTo.SERVER else "",
        "instanceAlias": server.alias if server else "",
        "freeAt": to_wire(free_since),
        "createdAt": to_wire(eip.created_at),
        "updatedAt": to_wire(eip.updated_at or eip.created_at),
        "freeSecond": 0 if eip.status in HELD else max(0, (call.now - free_since) // 1000),
        "type": eip.kind,
        "payMode": eip.pay_mode,
        "bandwidth": eip.bandwidth,
        "latestPayMode": eip.latest_pay_mode,
        "latestBandwidth": eip.latest_bandwidth,
        "vpcId": vpc.id if vpc else 0,
        "vpcName": vpc.name if vpc else "",
        **_nat(call, eip),
        "vpcIp": eip.bound_to if eip.kind == BoundTo.VPC_IP else None,
        "unVpcId": eip.vpc,
        "exclusive": eip.exclusive,
        "vpcCidr": vpc.cidr if vpc else "",
        "aclId": eip.acl,
        "aclName": acl.name if acl else "",
    }


def _nat(call: Call, eip: Eip) -> dict[str, Any]:
    nat = NAT_GATEWAYS.find_any(call.world, eip.bound_to) if eip.kind == BoundTo.NAT_GATEWAY else None
    return {"natId": nat.number if nat else None, "natUid": nat.nat_id if nat else None}
