"""VPCs: made, listed, deleted.

A VPC lies in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16: the page names the first /16 of each, and prints VPCs in
others. Its mask is /16 to /28. An account may have five in a region (`quotas`). Its subnets are in its zone.
"""

from ipaddress import IPv4Network

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.eip.records.eips import in_vpc
from emulator.chapters.finding import seen_only
from emulator.chapters.lb.records.balancers import balancers_in
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, task_body, vpc_of
from emulator.chapters.vpc.records.nat import gateways_of
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, Subnet, Vpc, VpcStatus, subnets_of
from emulator.chapters.vpc.records.ssl_vpn import gateway_of
from emulator.chapters.vpc.work.vpcs import begin_creation, begin_deletion
from emulator.clock import to_wire
from emulator.world.accounts import account_of, quotas_of
from emulator.world.paging import Order, among, contains, equals, listed
from emulator.world.pending import work_on

_RANGES = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
MASKS = range(16, 29)
MOST_CHARACTERS = 60
_ORDERS = {"createTime": ("created_at", "id"), "vpcName": ("name", "id")}


@action("CreateBmVpc", MODULE, begins_operations=True)
def create_bm_vpc(call: Call) -> Body:
    """Begin to make a VPC with its subnets (私有网络相关接口/创建黑石私有网络.md).

    16007: the VPC's CIDR is none, is not in a private range, or one of its subnets does not fit into it.
    16001: the account has as many VPCs in the region as it may.
    """
    world, zone = call.world, int(call["zoneId"])
    _check_name("vpcName", call["vpcName"])
    block = network_of(call["cidrBlock"])
    if block is None or not any(block.subnet_of(known) for known in _RANGES):
        raise Refusal("BmVpcInvalidCidr", why=f"{call['cidrBlock']!r} is no CIDR of a private range, /16 to /28")
    wanted = [_subnet_block(subnet["cidrBlock"], block) for subnet in call.get("subnetSet") or ()]
    if any(one.overlaps(other) for place, one in enumerate(wanted) for other in wanted[:place]):
        raise Refusal("BmVpcInvalidCidr", why="subnets of the call overlap")
    _check_quota(call, zone)
    un_id = VPCS.new_id(world, call.app_id)
    row = Vpc(
        0, un_id, call.account_id, call["vpcName"], str(block), "shared", zone, VpcStatus.CREATING, call.now, 0, "[]"
    )
    VPCS.add(world, **_unnumbered(row))
    subnets = []
    for sent, cidr in zip(call.get("subnetSet") or (), wanted, strict=True):
        _check_name("subnetName", sent["subnetName"])
        subnets.append(new_subnet(call, row, sent["subnetName"], str(cidr)))
    return task_body(begin_creation(call, row, subnets))


@action("DescribeBmVpcEx", MODULE)
def describe_bm_vpc_ex(call: Call) -> Body:
    """List VPCs (私有网络相关接口/查询私有网络列表.md)."""
    wheres = [equals("account_id", call.account_id)]
    if call.get("unVpcId"):
        wheres.append(equals("un_id", vpc_of(call).un_id))
    if call.get("vpcName"):
        wheres.append(contains(call["vpcName"], "name"))
    if call.get("zoneIds"):
        wheres.append(among("zone_id", call["zoneIds"]))
    if call.get("vpcStatus") is not None:
        wheres.append(equals("status", call["vpcStatus"]))
    wheres += seen_only(call)
    order = Order(_ORDERS[call.get("orderField") or "createTime"], call.get("orderDirection") == "desc")
    found, total = listed(call.world, VPCS, wheres, order, offset=call["offset"], limit=call["limit"])
    return {"totalCount": total, "data": [_row(call, vpc) for vpc in found]}


@action("DeleteBmVpc", MODULE, begins_operations=True)
def delete_bm_vpc(call: Call) -> Body:
    """Begin to delete a VPC that holds nothing any more (私有网络相关接口/删除黑石私有网络.md)."""
    vpc = vpc_of(call, malformed=-3001)
    held = _what_holds(call, vpc)
    if held is not None:
        code, what = held
        raise Refusal(code, why=f"{vpc.un_id} {what}")
    return task_body(begin_deletion(call, vpc))


def _what_holds(call: Call, vpc: Vpc) -> tuple[int, str] | None:
    """The error of the first reason why a VPC cannot be deleted."""
    world, id = call.world, vpc.un_id
    reasons = (
        (16013, "is of an old dedicated zone", bool(vpc.legacy)),
        (16012, "is being worked on", vpc.status in _GOING_ON or work_on(world, id) is not None),
        (16003, "has subnets", bool(subnets_of(world, vpc))),
        (16004, "has peering connections", '"peering"' in vpc.others),
        (16005, "has elastic IPs", bool(in_vpc(world, id))),
        (16006, "has load balancers", '"load_balancer"' in vpc.others or bool(balancers_in(world, id))),
        (16008, "has direct connect channels", '"direct_connect"' in vpc.others),
        (16009, "has an SSL VPN gateway", gateway_of(world, id) is not None),
        (16010, "has IPsec VPNs", '"ipsec"' in vpc.others),
        (16011, "has NAT gateways", bool(gateways_of(world, id))),
    )
    return next(((code, what) for code, what, holds in reasons if holds), None)


_GOING_ON = (VpcStatus.CREATING, VpcStatus.DELETING)


def network_of(text: str) -> IPv4Network | None:
    """A CIDR whose mask the pages allow; None for any other text."""
    try:
        network = IPv4Network(text)
    except ValueError:
        return None
    return network if "/" in text and network.prefixlen in MASKS else None


def new_subnet(call: Call, vpc: Vpc, name: str, cidr: str, **columns: int | str) -> Subnet:
    """Add a subnet to a VPC."""
    un_id = SUBNETS.new_id(call.world, call.app_id)
    row = Subnet(0, un_id, call.account_id, vpc.un_id, name, cidr, 0, vpc.zone_id, 5, 1, 0, "[]", 0, call.now, 0)
    row = Subnet(**row._asdict() | columns)
    return row._replace(id=SUBNETS.add(call.world, **_unnumbered(row)))


def _unnumbered(row: Vpc | Subnet) -> dict[str, int | str]:
    return {name: value for name, value in row._asdict().items() if name != "id"}


def _check_name(parameter: str, name: str) -> None:
    if len(name) > MOST_CHARACTERS:
        raise BadParameter(parameter, f"it has {len(name)} characters, and at most {MOST_CHARACTERS} are allowed")


def _subnet_block(text: str, block: IPv4Network) -> IPv4Network:
    found = network_of(text)
    if found is None or not found.subnet_of(block):
        raise Refusal("BmVpcInvalidCidr", why=f"the subnet {text!r} is no CIDR within {block}, /16 to /28")
    return found


def _check_quota(call: Call, zone: int) -> None:
    regions = call.world.catalogue.regions
    zones = next(({z.id for z in region.zones} for region in regions if zone in {z.id for z in region.zones}), {zone})
    wheres = [equals("account_id", call.account_id), among("zone_id", zones)]
    count = listed(call.world, VPCS, wheres, Order(("id",)), limit=0)[1]
    most = quotas_of(account_of(call.world, call.account_id)).vpcs
    if count >= most:
        raise Refusal("BmVpcLimitExceeded", why=f"the account has {count} VPCs in the region; its quota is {most}")


def _row(call: Call, vpc: Vpc) -> Body:
    return {
        "vpcId": vpc.id,
        "unVpcId": vpc.un_id,
        "vpcName": vpc.name,
        "cidrBlock": vpc.cidr,
        "subnetNum": len(subnets_of(call.world, vpc)),
        "zoneId": vpc.zone_id,
        "productionStatus": vpc.status,
        "createTime": to_wire(vpc.created_at),
    }
