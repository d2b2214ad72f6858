"""Servers in subnets: those that stand there, and those that join.

A server joins subnets of its own VPC whose VLAN is 2000 to 2999, and has an address in each. It must be in operation;
one that has joined already, or is joining, is refused as an invalid server, and so is one that is to leave a subnet
that it has not joined. A joined server that is given back leaves its subnets when it is gone.
"""

from ipaddress import IPv4Address, IPv4Network

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.devices.records.device import IN_TRASH, Device, DeviceStatus
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.finding import find
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, running_vpc, subnet_in, vpc_of
from emulator.chapters.vpc.actions.subnets import JOINED_VLANS
from emulator.chapters.vpc.records.addresses import book_of
from emulator.chapters.vpc.records.interfaces import (
    INTERFACES,
    JOINED,
    JOINING,
    LEAVING,
    Interface,
    interface_id,
    interfaces_of,
    joined_to,
)
from emulator.chapters.vpc.records.networks import Networks, Subnet, Vpc
from emulator.chapters.vpc.work.interfaces import begin_joining, begin_leaving
from emulator.world.accounts import account_of, quotas_of
from emulator.world.paging import Order, equals, listed

_NO_SERVER = "BmVpc.InvalidInstanceId"


@action("CreateBmInterface", MODULE, begins_operations=True)
def create_bm_interface(call: Call) -> Body:
    """Begin to join servers to a subnet (私有网络相关接口/物理机加入子网.md)."""
    vpc, subnet, ids = _named(call)
    most = quotas_of(account_of(call.world, call.account_id)).interfaces
    free = book_of(call.world, subnet).free()
    joining = []
    for instance_id in ids:
        device = find(call, DEVICES, instance_id, unknown=_NO_SERVER)
        _check_can_join(device, vpc)
        others = interfaces_of(call.world, instance_id)
        if subnet.un_id in [other.subnet for other in others]:
            raise Refusal(_NO_SERVER, why=f"{instance_id} is in {subnet.un_id} already, or on its way")
        if len(others) >= most:
            raise Refusal("BmVpc.InterfaceLimitExceeded", why=f"{instance_id} is in {len(others)} subnets already")
        address = next(free, None)
        if address is None:
            raise Refusal("BmVpc.InvalidSubnet", why=f"{subnet.un_id} has no address left")
        id, lan_ip = interface_id(instance_id, subnet.un_id), str(IPv4Address(address))
        joining.append(Interface(id, call.account_id, instance_id, vpc.un_id, subnet.un_id, lan_ip, JOINING))
    return {"data": {"taskId": begin_joining(call, joining), "resourceIds": ids}}


@action("DelBmInterface", MODULE, begins_operations=True)
def del_bm_interface(call: Call) -> Body:
    """Begin to take servers out of a subnet (私有网络相关接口/物理机移除子网.md)."""
    _vpc, subnet, ids = _named(call)
    leaving = []
    for instance_id in ids:
        device = find(call, DEVICES, instance_id, unknown=_NO_SERVER)
        found = INTERFACES.find(call.world, call.account_id, interface_id(device.instance_id, subnet.un_id))
        if found is None or found.state != JOINED:
            why = "has not joined" if found is None else f"is {found.state}"
            raise Refusal(_NO_SERVER, why=f"{instance_id} {why} in {subnet.un_id}")
        leaving.append(found)
    return {"data": {"taskId": begin_leaving(call, leaving), "resourceIds": ids}}


@action("DescribeBmCpmBySubnetId", MODULE)
def describe_bm_cpm_by_subnet_id(call: Call) -> Body:
    """List the servers in a subnet (私有网络相关接口/查询加入子网的物理机列表.md)."""
    vpc = vpc_of(call, malformed=-3001)
    subnet = subnet_in(call, vpc, call["unSubnetId"], unknown="BmVpc.SubnetNotExist", malformed=-3001)
    standing = listed(call.world, DEVICES, [equals("subnet", subnet.un_id)], Order(("instance_id",)))[0]
    ids = [device.instance_id for device in standing if device.device_status not in IN_TRASH]
    return {"cpmSet": [{"instanceId": id} for id in dict.fromkeys([*ids, *joined_to(call.world, subnet)])]}


@action("DescribeBmSubnetByCpmId", MODULE)
def describe_bm_subnet_by_cpm_id(call: Call) -> Body:
    """List the subnets that a server is in (私有网络相关接口/查询物理机加入的子网列表.md)."""
    device = find(call, DEVICES, call["instanceId"], unknown=_NO_SERVER)
    joined = [it.subnet for it in interfaces_of(call.world, device.instance_id) if it.state in (JOINED, LEAVING)]
    networks = Networks(call.world, call.account_id)
    found = (networks.subnet(un_id) for un_id in (device.subnet, *joined))
    return {"subnetSet": [_subnet_row(networks, subnet) for subnet in found if subnet is not None]}


def _named(call: Call) -> tuple[Vpc, Subnet, list[str]]:
    vpc = running_vpc(call)
    subnet = subnet_in(call, vpc, call["unSubnetId"], unknown="BmVpc.InvalidSubnet")
    if subnet.vlan_id not in JOINED_VLANS:
        raise Refusal("BmVpc.InvalidVlanId", why=f"{subnet.un_id} has the VLAN {subnet.vlan_id}, not 2000 to 2999")
    ids = list(dict.fromkeys(call["instanceIds"]))
    if not ids:
        raise BadParameter("instanceIds", "it names no server")
    return vpc, subnet, ids


def _check_can_join(device: Device, vpc: Vpc) -> None:
    if device.device_status != DeviceStatus.IN_OPERATION:
        raise Refusal(_NO_SERVER, why=f"{device.instance_id} is not in operation")
    if device.vpc and device.vpc != vpc.un_id:
        raise Refusal(_NO_SERVER, why=f"{device.instance_id} stands in {device.vpc}, not in {vpc.un_id}")


def _subnet_row(networks: Networks, subnet: Subnet) -> Body:
    vpc = networks.vpc(subnet.vpc)
    return {
        "unVpcId": subnet.vpc,
        "vpcId": vpc.id if vpc else 0,
        "subnet": str(IPv4Network(subnet.cidr).network_address),
        "cidr": subnet.cidr,
    }
