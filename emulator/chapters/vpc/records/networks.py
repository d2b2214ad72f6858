"""VPCs and subnets."""

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from functools import cache, partial
from ipaddress import IPv4Network
from typing import Annotated, Literal, NamedTuple, TypeVar

from msgspec import Meta, Struct

from emulator.world.facets import States
from emulator.world.paging import Order, Where, among, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

Name = Annotated[str, Meta(min_length=1, max_length=64)]
SERVERS_VLAN = 5
"""The VLAN of the subnets that servers themselves stand in."""
_CREATED = datetime(2017, 5, 3, 19, 48, 59)  # noqa: DTZ001
_BEIJING = 1000800001


class VpcStatus(IntEnum):
    """As DescribeBmVpcEx's page numbers it."""

    RUNNING = 0
    FAILED = 1
    CREATING = 2
    DELETING = 3


class Vpc(NamedTuple):
    id: int
    un_id: str
    account_id: int
    name: str
    cidr: str
    tgw_mode: str
    """shared or exclusive: its TGW cluster."""
    zone_id: int
    status: int
    created_at: int
    legacy: int
    """0 or 1: of the old dedicated zones, which cannot be deleted."""
    others: str
    """A JSON list of the kinds of resources in it that nothing else here knows."""


class Subnet(NamedTuple):
    id: int
    un_id: str
    account_id: int
    vpc: str
    """The VPC's un_id. No foreign key: a VPC may go before its subnets do."""
    name: str
    cidr: str
    docker: int
    """0 or 1: meant for containers."""
    zone_id: int
    vlan_id: int
    distributed: int
    """0 or 1: whether its distributed gateway is on."""
    dhcp_enabled: int
    """0 or 1: whether DHCP relay is on."""
    dhcp_servers: str
    """A JSON list of addresses."""
    ip_reserve: int
    """How many of its highest addresses DHCP hands out."""
    created_at: int
    registered: int
    """0 or 1: whether its whole range is registered for containers, so that nothing of it is free."""


Network = Vpc | Subnet
N = TypeVar("N", Vpc, Subnet)


class SeedVpc(Struct, forbid_unknown_fields=True, omit_defaults=True):
    id: int
    """The number of the VPC: its vpcId."""
    un_id: Name
    """Its unVpcId, such as vpc-6t44o010."""
    name: str
    """The name of the VPC."""
    cidr: str
    """The range of its addresses, such as 10.10.0.0/16."""
    tgw_mode: Literal["shared", "exclusive"] = "shared"
    """The TGW cluster that it is in."""
    zone_id: int = _BEIJING
    """The zone that it was made in."""
    status: Literal[0, 1, 2, 3] = 0
    """0 running, 1 its creation failed, 2 being created, 3 being deleted."""
    created_at: datetime = _CREATED
    """When it was made."""
    legacy: bool = False
    """Whether it is one of the old dedicated zones, which cannot be deleted."""
    others: list[Literal["peering", "direct_connect", "ipsec", "load_balancer"]] = []
    """Resources in it that nothing else here knows; while there are any, it cannot be deleted."""


class SeedSubnet(Struct, forbid_unknown_fields=True, omit_defaults=True):
    id: int
    """The number of the subnet: its subnetId."""
    un_id: Name
    """Its unSubnetId, such as subnet-34xt45as."""
    name: str
    """The name of the subnet."""
    cidr: str
    """The range of its addresses, such as 10.10.1.0/24."""
    vpc: Name
    """The VPC that it lies in, by un_id."""
    docker: bool = False
    """Whether it is meant for containers."""
    zone_id: int = _BEIJING
    """The zone of its servers."""
    vlan_id: Annotated[int, Meta(ge=1, le=4094)] = SERVERS_VLAN
    """5: servers stand in it; 2000 to 2999: servers join it with CreateBmInterface."""
    distributed: bool = True
    """Whether its distributed gateway is on."""
    dhcp_enabled: bool = False
    """Whether DHCP relay is on."""
    dhcp_servers: list[str] = []
    """The addresses of the DHCP servers."""
    ip_reserve: Annotated[int, Meta(ge=0, le=65_536)] = 0
    """How many of its highest addresses DHCP hands out."""
    created_at: datetime = _CREATED
    """When it was made."""
    registered: bool = False
    """Whether its whole range is registered for containers, so that nothing of it is free."""


def _check(_world: World, seed: SeedVpc | SeedSubnet) -> None:
    try:
        IPv4Network(seed.cidr)
    except ValueError as error:
        raise LookupError(f"the cidr of {seed.un_id}: {_no_range(seed.cidr)}") from error


def _no_range(cidr: str) -> str:
    """Why a text is no range of addresses, with the range that was probably meant."""
    try:
        meant = f"did you mean {IPv4Network(cidr, strict=False)}?"
    except ValueError:
        meant = "write it as 10.9.0.0/16"
    return f"{cidr!r} is no range of addresses; {meant}"


_vpc_seeds, _vpc_by_hand = plain(
    "vpcs", SeedVpc, "name", "tgw_mode", "status", "created_at", "legacy", "others", check=_check
)
_subnet_seeds, _subnet_by_hand = plain(
    "subnets", SeedSubnet, "name", "docker", "zone_id", "vlan_id", "created_at", check=_check
)
VPCS: Resource[Vpc] = Resource(
    "vpcs",
    "vpc",
    Vpc,
    id="un_id",
    prefix="vpc",
    form="vpc-[a-z0-9]{6,8}",
    numbered="id",
    indexes=(("account_id", "created_at", "id"), ("account_id", "name", "id")),
    listed_by=frozenset(Vpc._fields),
    states=States(("running", "failed", "creating", "deleting"), lambda vpc: VpcStatus(vpc.status).name.lower()),
    seeds=_vpc_seeds,
    by_hand=_vpc_by_hand,
)
SUBNETS: Resource[Subnet] = Resource(
    "subnets",
    "subnet",
    Subnet,
    id="un_id",
    prefix="subnet",
    form="subnet-[a-z0-9]{6,8}",
    numbered="id",
    indexes=(("account_id", "vpc"), ("account_id", "created_at", "id"), ("account_id", "name", "id")),
    listed_by=frozenset(Subnet._fields),
    seeds=_subnet_seeds,
    by_hand=_subnet_by_hand,
)


def subnets_of(world: World, vpc: Vpc) -> list[Subnet]:
    """The subnets of a VPC, the oldest first."""
    wheres = [equals("account_id", vpc.account_id), equals("vpc", vpc.un_id)]
    return listed(world, SUBNETS, wheres, Order(("id",)))[0]


def docker_subnets(world: World, account_id: int, vpc: str | None) -> list[Subnet]:
    """The account's subnets for containers; those of one VPC, or (None) of all."""
    wheres: list[Where] = [equals("account_id", account_id), equals("docker", 1)]
    if vpc:
        wheres.append(equals("vpc", vpc))
    return listed(world, SUBNETS, wheres, Order(("id",)))[0]


def numbered(world: World, account_id: int, resource: Resource[N], numbers: Iterable[int]) -> list[str]:
    """The un_ids of the account's networks that have these numbers."""
    wheres = [equals("account_id", account_id), among("id", numbers)]
    return [network.un_id for network in listed(world, resource, wheres, Order(("id",)))[0]]


class Networks:
    """The VPCs and subnets of one account, for one list of things that stand in them."""

    def __init__(self, world: World, account_id: int) -> None:
        self.vpc = cache(partial(VPCS.find, world, account_id))
        self.subnet = cache(partial(SUBNETS.find, world, account_id))
