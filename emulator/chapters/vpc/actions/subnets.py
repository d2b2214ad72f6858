"""Subnets: made, listed, deleted, and their DHCP relay.

A subnet has as many addresses as its range less three: the network's, the gateway's (the first) and the broadcast.
A VLAN other than 5 belongs to one subnet of a VPC. A subnet has four DHCP servers at most (`quotas`; the pages give no
number); each is an address of the VPC. How many addresses DHCP hands out is kept off the free ones.
The pages print `subnetId` as text (gz_subnet_8949) where a subnet is made, and as a number where it is listed.
"""

import json
from ipaddress import IPv4Network
from typing import Any

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.finding import seen_only
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, running_vpc, subnet_in, vpc_of
from emulator.chapters.vpc.actions.vpcs import MOST_CHARACTERS, network_of, new_subnet
from emulator.chapters.vpc.records.addresses import book_of, is_inside, planned_addresses
from emulator.chapters.vpc.records.nat import bindings_to
from emulator.chapters.vpc.records.networks import SERVERS_VLAN, SUBNETS, Networks, Subnet, Vpc, subnets_of
from emulator.clock import to_wire
from emulator.world.accounts import Quotas, account_of, quotas_of
from emulator.world.facets import Write
from emulator.world.paging import Order, among, contains, equals, listed

JOINED_VLANS = range(2000, 3000)
_ORDERS = {"createTime": ("created_at", "id"), "subnetName": ("name", "id")}


@action("CreateBmSubnet", MODULE)
def create_bm_subnet(call: Call) -> Body:
    """Make subnets in a VPC (私有网络相关接口/创建子网.md)."""
    vpc = running_vpc(call, malformed=-3001)
    quotas = quotas_of(account_of(call.world, call.account_id))
    made = [create_subnet(call, vpc, sent, quotas) for sent in call["subnetSet"]]
    return {"subnetSet": [_made_row(call, subnet) for subnet in made]}


@action("DescribeBmSubnetEx", MODULE)
def describe_bm_subnet_ex(call: Call) -> Body:
    """List subnets (私有网络相关接口/查询子网列表.md)."""
    wheres = [equals("account_id", call.account_id)]
    vpc = vpc_of(call) if call.get("unVpcId") else None
    if vpc is not None:
        wheres.append(equals("vpc", vpc.un_id))
    if call.get("unSubnetId"):
        subnet = subnet_in(call, vpc, call["unSubnetId"], unknown="InvalidBmSubnet.NotFound")
        wheres.append(equals("un_id", subnet.un_id))
    if call.get("subnetName"):
        wheres.append(contains(call["subnetName"], "name"))
    if call.get("zoneIds"):
        wheres.append(among("zone_id", call["zoneIds"]))
    if call.get("vlanId") is not None:
        wheres.append(equals("vlan_id", call["vlanId"]))
    wheres += seen_only(call)
    order = Order(_ORDERS[call.get("orderField") or "createTime"], call.get("orderDirection") == "desc")
    found, total = listed(call.world, SUBNETS, wheres, order, offset=call["offset"], limit=call["limit"])
    networks, planned = Networks(call.world, call.account_id), planned_addresses(call.world)
    return {"totalCount": total, "data": [_row(call, networks, subnet, planned) for subnet in found]}


@action("DeleteBmSubnet", MODULE)
def delete_bm_subnet(call: Call) -> Body:
    """Delete a subnet that holds nothing any more (私有网络相关接口/删除子网.md)."""
    delete_subnet(call, subnet_to_delete(call))
    return {}


def subnet_to_delete(call: Call) -> Subnet:
    vpc = vpc_of(call, malformed=-3001)
    return subnet_in(call, vpc, call["unSubnetId"], unknown="BmVpc.SubnetNotExist", malformed=-3001)


def delete_subnet(call: Call, subnet: Subnet) -> None:
    """Delete a subnet. Raises SubnetCannotDelete -3067 where it holds something."""
    taken = len(book_of(call.world, subnet).taken)
    bound = bindings_to(call.world, subnet.un_id)
    servers = listed(call.world, DEVICES, [equals("subnet", subnet.un_id)], Order(("instance_id",)), limit=1)[0]
    if taken or bound or servers:
        what = f"{taken} addresses are taken" if taken else f"{bound[0].nat_id} is bound to it" if bound else "servers"
        raise Refusal("BmVpc.SubnetCannotDelete", why=f"{subnet.un_id} holds something: {what}")
    SUBNETS.remove(call.world, subnet.un_id)


@action("ModifySubnetDhcpRelayFlag", MODULE)
def modify_subnet_dhcp_relay_flag(call: Call) -> Body:
    """Set a subnet's DHCP relay (私有网络相关接口/修改子网DHCPRELAY属性.md).

    The page documents no error for a subnet that is not there: it gets that of the VPC, -3047.
    """
    vpc = vpc_of(call)
    subnet = subnet_in(call, vpc, call["unSubnetId"], unknown="InvalidBmVpc.NotFound")
    if call["dhcpEnable"]:
        for name in ("dhcpServerIp", "ipReserve"):
            if call.get(name) is None:
                raise BadParameter(name, "it is required where dhcpEnable is 1")
    servers = call.get("dhcpServerIp") or []
    reserve = call.get("ipReserve") or 0
    _check_dhcp(call, vpc, subnet, servers, reserve, quotas_of(account_of(call.world, call.account_id)))
    columns = {"dhcp_enabled": call["dhcpEnable"], "dhcp_servers": json.dumps(servers), "ip_reserve": reserve}
    SUBNETS.change(call.world, subnet.un_id, **columns)
    return {"subnetSet": [_made_row(call, subnet)]}


def create_subnet(call: Call, vpc: Vpc, sent: dict[str, Any], quotas: Quotas) -> Subnet:
    """Add the subnet that a call asks for. Raises the errors of CreateBmSubnet."""
    if len(sent["subnetName"]) > MOST_CHARACTERS:
        raise Refusal(-3001, subject="subnetName", why=f"subnetName has over {MOST_CHARACTERS} characters")
    others = subnets_of(call.world, vpc)
    if len(others) >= quotas.subnets:
        raise Refusal("BmVpc.SubnetLimitExceeded", why=f"{vpc.un_id} has {len(others)} subnets, as many as it may")
    cidr = network_of(sent["cidrBlock"])
    if cidr is None or not cidr.subnet_of(IPv4Network(vpc.cidr)):
        raise Refusal("BmVpc.InvalidSubnetCidr", why=f"{sent['cidrBlock']!r} is no CIDR within {vpc.cidr}, /16 to /28")
    if clash := [other for other in others if cidr.overlaps(IPv4Network(other.cidr))]:
        raise Refusal("BmVpc.SubnetCidr.Conflict", why=f"{cidr} overlaps {clash[0].cidr} of {clash[0].un_id}")
    vlan = call["vlanId"]
    if vlan != SERVERS_VLAN and vlan not in JOINED_VLANS:
        raise Refusal(-3001, subject="vlanId", why=f"vlanId is {SERVERS_VLAN}, or 2000 to 2999, not {vlan}")
    if vlan != SERVERS_VLAN and vlan in [other.vlan_id for other in others]:
        raise Refusal("BmVpc.VlanId.Conflict", why=f"another subnet of {vpc.un_id} has the VLAN {vlan}")
    servers, reserve = sent.get("dhcpServerIp") or [], sent.get("ipReserve") or 0
    subnet = new_subnet(
        call,
        vpc,
        sent["subnetName"],
        str(cidr),
        vlan_id=vlan,
        distributed=sent["distributedFlag"],
        dhcp_enabled=sent.get("dhcpEnable", 0),
        dhcp_servers=json.dumps(servers),
    )
    _check_dhcp(call, vpc, subnet, servers, reserve, quotas)
    SUBNETS.change(call.world, subnet.un_id, ip_reserve=reserve)
    return subnet


def _check_dhcp(call: Call, vpc: Vpc, subnet: Subnet, servers: list[str], reserve: int, quotas: Quotas) -> None:
    strangers = [server for server in servers if not is_inside(vpc, server)]
    if strangers or len(servers) > quotas.dhcp_servers:
        why = f"{strangers[0]!r} is no address of {vpc.cidr}" if strangers else f"at most {quotas.dhcp_servers}"
        raise Refusal("BmVpc.InvalidDhcpServer", why=f"dhcpServerIp: {why}")
    book = book_of(call.world, subnet._replace(ip_reserve=0))
    highest = range(book.last - reserve + 1, book.last + 1)
    if not 0 <= reserve <= book.total or any(address in highest for address in book.taken):
        why = f"{subnet.cidr} does not have its {reserve} highest addresses free"
        raise Refusal("BmVpc.DhcpReserveIpLimit", why=f"ipReserve: {why}")


def _made_row(call: Call, subnet: Subnet) -> Body:
    return {
        "subnetId": subnet.id if call.observed else f"gz_subnet_{subnet.id}",
        "unSubnetId": subnet.un_id,
        "subnetName": subnet.name,
        "cidrBlock": subnet.cidr,
        "zoneId": subnet.zone_id,
    }


def _row(call: Call, networks: Networks, subnet: Subnet, planned: list[Write]) -> Body:
    vpc = networks.vpc(subnet.vpc)
    book = book_of(call.world, subnet, planned)
    return {
        "vpcId": vpc.id if vpc else 0,
        "unVpcId": subnet.vpc,
        "vpcName": vpc.name if vpc else "",
        "vpcCidrBlock": vpc.cidr if vpc else "",
        "subnetId": subnet.id,
        "unSubnetId": subnet.un_id,
        "subnetName": subnet.name,
        "cidrBlock": subnet.cidr,
        "zoneId": subnet.zone_id,
        "cpmNum": len(book.of_kind("cpm")),
        "vlanId": subnet.vlan_id,
        "dhcpEnable": subnet.dhcp_enabled,
        "distributedFlag": subnet.distributed,
        "dhcpServerIp": json.loads(subnet.dhcp_servers),
        "ipReserve": subnet.ip_reserve,
        "availableIpNum": book.free_count,
        "totalIpNum": book.total,
        "subnetCreateTime": to_wire(subnet.created_at),
    }
