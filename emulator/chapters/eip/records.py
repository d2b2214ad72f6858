"""Elastic IPs: public addresses that an account has applied for."""

from datetime import datetime
from enum import IntEnum
from ipaddress import IPv4Address
from typing import Literal, NamedTuple

from msgspec import Struct

from emulator.world.facets import Columns, States
from emulator.world.paging import Order, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

_FIRST = IPv4Address("118.24.0.0")
_LAST = IPv4Address("118.27.255.255")
_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class EipStatus(IntEnum):
    """What an address is doing, as DescribeEipBm's page numbers it."""

    CREATING = 0
    BINDING = 1
    BOUND = 2
    UNBINDING = 3
    UNBOUND = 4
    GOING_OFFLINE = 6
    CREATION_FAILED = 9


class Eip(NamedTuple):
    eip_id: str
    account_id: int
    eip: str
    """The address."""
    vpc: str
    """The VPC's un_id; empty: it may be bound in any."""
    exclusive: int
    """0 or 1: of an exclusive cluster."""
    status: int
    bound_to: str
    """The id of what it is bound to; empty: of nothing."""
    created_at: int


class SeedEip(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A public address that the account has applied for."""

    eip_id: str
    """Its id, such as eip-testid01."""
    eip: str
    """The address."""
    vpc: str = ""
    """The VPC that it belongs to, by un_id; empty: it may be bound in any."""
    exclusive: bool = False
    """Whether it is of an exclusive cluster."""
    status: Literal[0, 1, 2, 3, 4, 6, 9] = 4
    """0 being created, 1 being bound, 2 bound, 3 being unbound, 4 bound to nothing, 6 going offline, 9 its
    creation failed.
    """
    bound_to: str = ""
    """The id of what it is bound to; empty: of nothing."""
    created_at: datetime = _CREATED
    """When it was applied for."""


_seeds, _by_hand = plain("eips", SeedEip, "vpc", "exclusive", "status", "bound_to")
EIPS: Resource[Eip] = Resource(
    "eips",
    "eip",
    Eip,
    id="eip_id",
    prefix="eip",
    indexes=(("eip",), ("bound_to",), ("vpc",)),
    states=States(tuple(it.name.lower() for it in EipStatus), lambda eip: EipStatus(eip.status).name.lower()),
    seeds=_seeds,
    by_hand=_by_hand,
)
_BY_ID = Order(("eip_id",))


def find_eip(world: World, account_id: int, wanted: str) -> Eip | None:
    """The account's elastic IP of that address or id."""
    by_address = listed(world, EIPS, [equals("account_id", account_id), equals("eip", wanted)], _BY_ID, limit=1)[0]
    return by_address[0] if by_address else EIPS.find(world, account_id, wanted)


def bound_to(world: World, id: str) -> list[Eip]:
    """What is bound to a thing, or is being bound to or unbound from it."""
    return listed(world, EIPS, [equals("bound_to", id)], _BY_ID)[0]


def in_vpc(world: World, vpc: str) -> list[Eip]:
    return listed(world, EIPS, [equals("vpc", vpc)], _BY_ID)[0]


def apply_for(world: World, app_id: str, columns: Columns) -> str:
    """Add an elastic IP with the next public address that the world has not given yet. Returns its id."""
    eip_id = EIPS.new_id(world, app_id)
    while True:
        address = str(_FIRST + (world.next_number("eip address") - 1) % (int(_LAST) - int(_FIRST) + 1))
        if not listed(world, EIPS, [equals("eip", address)], _BY_ID, limit=1)[0]:
            break
    EIPS.add(world, eip_id=eip_id, eip=address, **columns)
    return eip_id
