"""The book of a subnet's addresses: which are taken, by things of whatever kind, and which are free.

Every kind that declares a place is asked, and so is pending work: an address is taken from the moment at which some
work is to give it to a thing. The network's and the broadcast address and the subnet's first one, which is the
gateway's, belong to nobody. The highest ones that DHCP hands out are not free, nor is anything of a subnet whose range
is registered for containers.
"""

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from socket import inet_aton, inet_ntoa

from sqlalchemy import bindparam, select

from emulator.chapters.vpc.records.networks import Network, Subnet
from emulator.world.facets import Write
from emulator.world.pending import planned_writes
from emulator.world.resource import Resource
from emulator.world.world import World

_RESERVED = 3
_LARGE = 1_000
_BOOKS = "books of addresses"
"""In the world's memo: the books of large subnets, each with the number of changes when it was made."""


@dataclass(frozen=True, slots=True)
class Book:
    """The addresses of one subnet, as numbers."""

    first: int
    """The lowest that a thing may have."""
    last: int
    """The highest that a thing may have."""
    reserved: int
    """How many of the highest ones DHCP hands out."""
    taken: dict[int, str]
    """The kind of the holder, by address."""

    @property
    def total(self) -> int:
        return max(0, self.last - self.first + 1)

    def is_free(self, address: int) -> bool:
        return self.first <= address <= self.last - self.reserved and address not in self.taken

    def free(self) -> Iterator[int]:
        """The lowest first."""
        return (address for address in range(self.first, self.last - self.reserved + 1) if address not in self.taken)

    @property
    def free_count(self) -> int:
        taken, end = sorted(self.taken), self.last - self.reserved
        return max(0, end - self.first + 1) - (bisect_right(taken, end) - bisect_left(taken, self.first))

    def of_kind(self, kind: str) -> list[int]:
        """The addresses that things of that kind have, the lowest first."""
        return sorted(address for address, holder in self.taken.items() if holder == kind)


def book_of(world: World, subnet: Subnet, planned: list[Write] | None = None) -> Book:
    """`planned`: what pending work will write, where several subnets are looked at.

    The book of a large subnet is kept until a row of the world changes.
    """
    kept: dict[Subnet, tuple[int, Book]] = world.memo.setdefault(_BOOKS, {})
    changes = world.database.changes
    known = kept.get(subnet)
    if known is not None and known[0] == changes:
        return known[1]
    network = IPv4Network(subnet.cidr)
    first, last = int(network.network_address) + _RESERVED - 1, int(network.broadcast_address) - 1
    reserved = last - first + 1 if subnet.registered else subnet.ip_reserve
    book = Book(first, last, reserved, _taken(world, subnet, planned))
    if len(book.taken) >= _LARGE:
        kept[subnet] = (changes, book)
    return book


def free_addresses(world: World, subnet: Subnet) -> Iterator[str]:
    """The free addresses, the lowest first."""
    return (str(IPv4Address(address)) for address in book_of(world, subnet).free())


def gateway_of(subnet: Subnet) -> str:
    """The address of the subnet's gateway, its first one."""
    return str(IPv4Network(subnet.cidr).network_address + 1)


def is_free(world: World, subnet: Subnet, address: str) -> bool:
    """Whether it is an address of the subnet that nothing has, nor is to have."""
    number = number_of(address)
    return number is not None and book_of(world, subnet).is_free(number)


def may_be_used(subnet: Subnet, address: str) -> bool:
    """Whether it is an address of the subnet that a thing may have."""
    network = IPv4Network(subnet.cidr)
    reserved = {network.network_address, network.broadcast_address, network.network_address + 1}
    return is_inside(subnet, address) and IPv4Address(address) not in reserved


def is_inside(subnet: Network, address: str) -> bool:
    """Whether it is an address of the range of a subnet, or of a VPC."""
    number = number_of(address)
    return number is not None and IPv4Address(number) in IPv4Network(subnet.cidr)


def number_of(address: str) -> int | None:
    """An address as a number; None where it is none."""
    try:
        return int(IPv4Address(address))
    except ValueError:
        return None


def texts_of(addresses: Iterable[int]) -> list[str]:
    return [inet_ntoa(address.to_bytes(4)) for address in addresses]


def planned_addresses(world: World) -> list[Write]:
    """What pending work will write into the columns of addresses."""
    columns = {resource.place.address for resource in world.resources.values() if resource.place is not None}
    return [write for column in sorted(columns) for write in planned_writes(world, column)]


def _taken(world: World, subnet: Subnet, planned: list[Write] | None) -> dict[int, str]:
    found: dict[int, str] = {}
    for write in planned_addresses(world) if planned is None else planned:
        found |= _taken_later(world, write, subnet)
    for resource in world.resources.values():
        if resource.place is not None:
            kind = resource.place.kind
            found |= dict.fromkeys(_numbers(address for (address,) in _taken_now(world, resource, subnet)), kind)
    return found


def _numbers(addresses: Iterable[str]) -> "array[int]":
    """Addresses as numbers, without a step in Python for each: a /16 has tens of thousands."""
    numbers = array("I", b"".join(map(inet_aton, filter(None, addresses))))
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _taken_now(world: World, resource: Resource[tuple[object, ...]], subnet: Subnet) -> list[tuple[str]]:
    place = resource.place
    assert place is not None  # noqa: S101
    columns = resource.table.c
    statement = resource.prepared(
        "taken addresses",
        lambda: select(columns[place.address]).where(columns[place.subnet] == bindparam("subnet")),
    )
    return statement.all(world.database, subnet=subnet.un_id)


def _taken_later(world: World, write: Write, subnet: Subnet) -> dict[int, str]:
    """The address of the subnet that pending work will give to a thing."""
    resource = world.resources[write.resource]
    place = resource.place
    if place is None or not write.columns or not write.columns.get(place.address):
        return {}
    row = resource.find_any(world, write.id)
    if write.columns.get(place.subnet, getattr(row, place.subnet, None)) != subnet.un_id:
        return {}
    number = number_of(write.columns[place.address])
    return {} if number is None else {number: place.kind}
