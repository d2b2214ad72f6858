"""NAT gateways and what is bound to them, listed.

What is being bound is not listed yet, and what is being unbound still is.

A gateway is listed from the beginning, with productionStatus 0 while it is made.
"""

from ipaddress import IPv4Address

from emulator.call import Body, Call, Refusal
from emulator.chapters.eip.records.eip import HELD
from emulator.chapters.eip.records.eips import bound_to
from emulator.chapters.finding import in_seen_vpcs
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, nat_of, vpc_of
from emulator.chapters.vpc.records.nat import (
    BINDING,
    BY_CIDR,
    NAT_GATEWAYS,
    SIZES,
    NatBinding,
    NatGateway,
    bindings_of,
)
from emulator.chapters.vpc.records.networks import Networks, Subnet, Vpc
from emulator.clock import to_wire
from emulator.world.paging import Order, contains, equals, listed

_IN_PART, _WHOLE, _CIDR = 0, 1, 2


@action("DescribeBmNatGateway", MODULE)
def describe_bm_nat_gateway(call: Call) -> Body:
    """List NAT gateways (私有网络相关接口/查询NAT网关.md)."""
    wheres = [equals("account_id", call.account_id), *in_seen_vpcs(call)]
    if call.get("natId"):
        wheres.append(equals("nat_id", nat_of(call).nat_id))
    if call.get("natName"):
        wheres.append(contains(call["natName"], "name"))
    if call.get("unVpcId"):
        wheres.append(equals("vpc", vpc_of(call).un_id))
    order = Order(("nat_id",), bool(call.get("orderField")) and call["orderDirection"] == "desc")
    found, total = listed(call.world, NAT_GATEWAYS, wheres, order, offset=call["offset"], limit=call["limit"])
    networks = Networks(call.world, call.account_id)
    return {"totalCount": total, "data": [_row(call, networks, nat) for nat in found]}


@action("DescribeBmNatBindSubnets", MODULE)
def describe_bm_nat_bind_subnets(call: Call) -> Body:
    """List the subnets bound to a gateway (私有网络相关接口/查询网关绑定的子网.md)."""
    nat = nat_of(call)
    networks = Networks(call.world, call.account_id)
    vpc = _vpc_of(networks, nat)
    held = _held(call, nat)
    subnets = [subnet for id in dict.fromkeys(it.subnet for it in held) if (subnet := networks.subnet(id))]
    whole = {it.subnet for it in held if not it.address}
    kind = _CIDR if nat.forward_mode == BY_CIDR else _WHOLE
    rows = [
        {
            "name": subnet.name,
            "unSubnetId": subnet.un_id,
            "subnetId": subnet.id,
            "subnetNatType": kind if subnet.un_id in whole else _IN_PART,
            "cidrBlock": subnet.cidr,
        }
        for subnet in subnets
    ]
    return {"data": {"natId": nat.nat_id, "unVpcId": nat.vpc, "vpcId": vpc.id, "subnets": rows}}


@action("DescribeBmNatPartSubnetBindIps", MODULE)
def describe_bm_nat_part_subnet_bind_ips(call: Call) -> Body:
    """List the addresses bound to a gateway, by subnet (私有网络相关接口/查看NAT下部分子网绑定的IP.md).

    `unSubnetIds`: only those of these subnets.
    """
    nat = nat_of(call)
    networks = Networks(call.world, call.account_id)
    _vpc_of(networks, nat)
    addresses: dict[str, list[str]] = {}
    for binding in _held(call, nat):
        if binding.address and binding.subnet in (call.get("unSubnetIds") or [binding.subnet]):
            addresses.setdefault(binding.subnet, []).append(binding.address)
    found = [subnet for id in addresses if (subnet := networks.subnet(id))]
    return {"data": [_part_row(subnet, addresses[subnet.un_id]) for subnet in found]}


def _vpc_of(networks: Networks, nat: NatGateway) -> Vpc:
    vpc = networks.vpc(nat.vpc)
    if vpc is None:
        raise Refusal("InvalidBmVpc.NotFound", why=f"the VPC {nat.vpc} of {nat.nat_id} is gone")
    return vpc


def _held(call: Call, nat: NatGateway) -> list[NatBinding]:
    return [binding for binding in bindings_of(call.world, nat.nat_id) if binding.state != BINDING]


def _part_row(subnet: Subnet, addresses: list[str]) -> Body:
    return {"subnetId": subnet.id, "natIpList": sorted(addresses, key=IPv4Address), "unSubnetId": subnet.un_id}


def _row(call: Call, networks: Networks, nat: NatGateway) -> Body:
    vpc = networks.vpc(nat.vpc)
    eips = [eip.eip for eip in bound_to(call.world, nat.nat_id) if eip.status in HELD]
    return {
        "natId": nat.nat_id,
        "natName": nat.name,
        "unVpcId": nat.vpc,
        "vpcId": vpc.id if vpc else 0,
        "vpcName": vpc.name if vpc else "",
        "state": nat.running,
        "forwardMode": nat.forward_mode,
        "productionStatus": nat.production_status,
        "eipCount": len(eips),
        "eipSet": eips,
        "maxConcurrent": nat.max_concurrent,
        "ntype": SIZES[nat.max_concurrent],
        "exclusive": nat.exclusive,
        "createTime": to_wire(nat.created_at),
    }
