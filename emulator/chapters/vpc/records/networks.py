"""VPCs and subnets."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from emulator.world.by_hand import app_ids, given
from emulator.world.facets import ByHand, Columns, Seeds
from emulator.world.paging import Order, Where, among, equals, listed
from emulator.world.resource import Resource
from emulator.world.world import World

Name = Annotated[str, Meta(min_length=1, max_length=64)]


class Vpc(NamedTuple):
    id: int
    un_id: str
    account_id: int
    name: str
    cidr: str
    tgw_mode: str
    """shared or exclusive: its TGW cluster."""


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


Network = Vpc | Subnet
N = TypeVar("N", Vpc, Subnet)


class SeedVpc(Struct, forbid_unknown_fields=True):
    id: int
    """The number of the network: its vpcId or subnetId."""
    un_id: Name
    """Its unVpcId or unSubnetId, such as vpc-6t44o010."""
    name: str
    cidr: str
    """The range of its addresses, such as 10.10.0.0/16."""
    tgw_mode: Literal["shared", "exclusive"] = "shared"
    """The TGW cluster that it is in."""


class SeedSubnet(Struct, forbid_unknown_fields=True):
    id: int
    """The number of the network: its vpcId or subnetId."""
    un_id: Name
    """Its unVpcId or unSubnetId, such as vpc-6t44o010."""
    name: str
    cidr: str
    """The range of its addresses, such as 10.10.0.0/16."""
    vpc: Name
    """The VPC that it lies in, by un_id."""
    docker: bool = False
    """Whether it is meant for containers."""


def _sow(resource: Callable[[], Resource[Any]]) -> Callable[[World, int, Any], None]:
    def sow(world: World, account_id: int, seed: SeedVpc | SeedSubnet) -> None:
        try:
            IPv4Network(seed.cidr)
        except ValueError as error:
            raise LookupError(f"the cidr of {seed.un_id}: {_no_range(seed.cidr)}") from error
        resource().add(world, account_id=account_id, **{n: getattr(seed, n) for n in seed.__struct_fields__})

    return sow


def _no_range(cidr: str) -> str:
    """Why a text is no range of addresses, with the range that was probably meant."""
    try:
        meant = f"did you mean {IPv4Network(cidr, strict=False)}?"
    except ValueError:
        meant = "write it as 10.9.0.0/16"
    return f"{cidr!r} is no range of addresses; {meant}"


def _reap_vpc(_world: World, vpc: Vpc) -> SeedVpc:
    mode: Any = vpc.tgw_mode
    return SeedVpc(id=vpc.id, un_id=vpc.un_id, name=vpc.name, cidr=vpc.cidr, tgw_mode=mode)


def _reap_subnet(_world: World, subnet: Subnet) -> SeedSubnet:
    fields: Columns = {name: getattr(subnet, name) for name in SeedSubnet.__struct_fields__}
    return SeedSubnet(**fields | {"docker": bool(subnet.docker)})


class VpcView(Struct, frozen=True):
    un_id: str
    """The id of the VPC, such as vpc-6t44o010."""
    app_id: str
    """The account that the VPC belongs to."""
    id: int
    """The number of the VPC, as vpcId."""
    name: str
    """The name of the VPC."""
    cidr: str
    """The range of its addresses, such as 10.10.0.0/16."""
    tgw_mode: str
    """shared or exclusive: its TGW cluster."""


class VpcChanges(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name | UnsetType = UNSET
    """The name of the VPC."""
    tgw_mode: Literal["shared", "exclusive"] | UnsetType = UNSET
    """Its TGW cluster."""


class SubnetView(Struct, frozen=True):
    un_id: str
    """The id of the subnet, such as subnet-34xt45as."""
    app_id: str
    """The account that the subnet belongs to."""
    id: int
    """The number of the subnet, as subnetId."""
    vpc: str
    """The un_id of its VPC."""
    name: str
    """The name of the subnet."""
    cidr: str
    """The range of its addresses, such as 10.10.1.0/24."""
    docker: bool
    """Whether it is meant for containers."""


class SubnetChanges(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name | UnsetType = UNSET
    """The name of the subnet."""
    docker: bool | UnsetType = UNSET
    """Whether it is meant for containers."""


def _show_vpc(world: World, vpc: Vpc) -> VpcView:
    return VpcView(vpc.un_id, app_ids(world)[vpc.account_id], vpc.id, vpc.name, vpc.cidr, vpc.tgw_mode)


def _show_subnet(world: World, subnet: Subnet) -> SubnetView:
    app_id = app_ids(world)[subnet.account_id]
    return SubnetView(subnet.un_id, app_id, subnet.id, subnet.vpc, subnet.name, subnet.cidr, bool(subnet.docker))


def _change_vpc(world: World, vpc: Vpc, changes: VpcChanges) -> None:
    VPCS.change(world, vpc.un_id, **given(changes, "name", "tgw_mode"))


def _change_subnet(world: World, subnet: Subnet, changes: SubnetChanges) -> None:
    SUBNETS.change(world, subnet.un_id, **given(changes, "name", "docker"))


VPCS: Resource[Vpc] = Resource(
    "vpcs",
    "vpc",
    Vpc,
    id="un_id",
    prefix="vpc",
    form="vpc-[a-z0-9]{6,8}",
    numbered="id",
    listed_by=frozenset(Vpc._fields),
    seeds=Seeds(SeedVpc, _sow(lambda: VPCS), _reap_vpc),
    by_hand=ByHand(VpcView, VpcChanges, _show_vpc, _change_vpc),
)
SUBNETS: Resource[Subnet] = Resource(
    "subnets",
    "subnet",
    Subnet,
    id="un_id",
    prefix="subnet",
    form="subnet-[a-z0-9]{6,8}",
    numbered="id",
    indexes=(("account_id", "vpc"),),
    listed_by=frozenset(Subnet._fields),
    seeds=Seeds(SeedSubnet, _sow(lambda: SUBNETS), _reap_subnet),
    by_hand=ByHand(SubnetView, SubnetChanges, _show_subnet, _change_subnet),
)


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
    """The VPCs and subnets of one account, for lists of things that stand in them; kept in the world's memo."""

    def __init__(self, world: World, account_id: int) -> None:
        self._world = world
        self._account_id = account_id

    def vpc(self, un_id: str | None) -> Vpc | None:
        return self._find(VPCS, un_id) if un_id else None

    def subnet(self, un_id: str | None) -> Subnet | None:
        return self._find(SUBNETS, un_id) if un_id else None

    def _find(self, resource: Resource[N], un_id: str) -> N | None:
        known: dict[tuple[int, str], N | None] = self._world.memo.setdefault(resource.plural, {})
        key = (self._account_id, un_id)
        if key not in known:
            known[key] = resource.find(self._world, self._account_id, un_id)
        return known[key]
