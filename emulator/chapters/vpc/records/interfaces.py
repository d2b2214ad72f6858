"""What else has addresses of a subnet: servers that have joined it, and addresses that were applied for."""

from typing import Literal, NamedTuple

from msgspec import Struct

from emulator.chapters.vpc.records.networks import Name, Subnet
from emulator.world.facets import Place, States
from emulator.world.paging import Order, among, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

JOINING, JOINED, LEAVING = "joining", "joined", "leaving"
_PRESENT = (JOINED, LEAVING)


class Interface(NamedTuple):
    id: str
    """The server and the subnet, as cpm-…/subnet-…."""
    account_id: int
    instance_id: str
    vpc: str
    subnet: str
    lan_ip: str
    state: str


class SubnetIp(NamedTuple):
    id: str
    """The subnet and the address, as subnet-…/10.0.0.9."""
    account_id: int
    vpc: str
    subnet: str
    lan_ip: str


class SeedInterface(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A server that has joined a subnet of a VLAN from 2000 to 2999."""

    id: str
    """The server and the subnet, as cpm-an5a9wv4/subnet-pohv7d8w."""
    instance_id: Name
    """The id of the server."""
    vpc: Name
    """The VPC of the subnet, by un_id."""
    subnet: Name
    """The subnet, by un_id."""
    lan_ip: str
    """Its address in the subnet."""
    state: Literal["joining", "joined", "leaving"] = "joined"
    """joining and leaving pass."""


class SeedSubnetIp(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An address that was applied for, for a virtual machine."""

    id: str
    """The subnet and the address, as subnet-keqt3oty/10.1.1.4."""
    vpc: Name
    """The VPC of the subnet, by un_id."""
    subnet: Name
    """The subnet, by un_id."""
    lan_ip: str
    """The address."""


_interface_seeds, _interface_by_hand = plain("interfaces", SeedInterface, "state")
_ip_seeds, _ip_by_hand = plain("subnet_ips", SeedSubnetIp)
INTERFACES: Resource[Interface] = Resource(
    "interfaces",
    "interface",
    Interface,
    id="id",
    form="[^/]+/[^/]+",
    indexes=(("subnet", "lan_ip"), ("instance_id",)),
    states=States((JOINING, JOINED, LEAVING), lambda interface: str(interface.state)),
    place=Place("subnet", "lan_ip"),
    seeds=_interface_seeds,
    by_hand=_interface_by_hand,
)
SUBNET_IPS: Resource[SubnetIp] = Resource(
    "subnet_ips",
    "subnet_ip",
    SubnetIp,
    id="id",
    form="[^/]+/[^/]+",
    indexes=(("subnet", "lan_ip"), ("vpc",)),
    place=Place("subnet", "lan_ip", "vm"),
    seeds=_ip_seeds,
    by_hand=_ip_by_hand,
)
_BY_ID = Order(("id",))


def interface_id(instance_id: str, subnet: str) -> str:
    return f"{instance_id}/{subnet}"


def joined_to(world: World, subnet: Subnet) -> list[str]:
    """The ids of the servers that have joined a subnet."""
    wheres = [equals("subnet", subnet.un_id), among("state", _PRESENT)]
    return [interface.instance_id for interface in listed(world, INTERFACES, wheres, _BY_ID)[0]]


def interfaces_of(world: World, instance_id: str) -> list[Interface]:
    """What a server has joined, joins or leaves."""
    return listed(world, INTERFACES, [equals("instance_id", instance_id)], _BY_ID)[0]
