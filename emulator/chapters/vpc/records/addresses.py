"""The LAN addresses of a subnet: which are taken, by things of whatever kind, and which are free.

An address is taken from the moment at which some work is to give it to a thing. The network's and the broadcast
address and the subnet's first one, which is the gateway's, belong to nobody.
"""

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from sqlalchemy import bindparam, select

from emulator.chapters.vpc.records.networks import Subnet
from emulator.world.facets import Place
from emulator.world.pending import planned_writes
from emulator.world.resource import Resource
from emulator.world.world import World


def free_addresses(world: World, subnet: Subnet, gateway: str | None = None) -> Iterator[str]:
    """The free addresses, the lowest first. `gateway`: another address that is not to be had."""
    hosts = IPv4Network(subnet.cidr).hosts()
    taken = {gateway, _gateway(subnet), *_taken(world, subnet)}
    return (str(address) for address in hosts if str(address) not in taken)


def is_free(world: World, subnet: Subnet, address: str) -> bool:
    """Whether it is an address of the subnet that nothing has, nor is to have."""
    return may_be_used(subnet, address) and address not in _taken(world, subnet)


def may_be_used(subnet: Subnet, address: str) -> bool:
    """Whether it is an address of the subnet that a thing may have."""
    network = IPv4Network(subnet.cidr)
    reserved = {str(network.network_address), str(network.broadcast_address), _gateway(subnet)}
    return is_inside(subnet, address) and address not in reserved


def is_inside(subnet: Subnet, address: str) -> bool:
    try:
        return IPv4Address(address) in IPv4Network(subnet.cidr)
    except AddressValueError:
        return False


def _gateway(subnet: Subnet) -> str:
    return str(next(iter(IPv4Network(subnet.cidr).hosts())))


def _taken(world: World, subnet: Subnet) -> set[str]:
    """Every kind that declares a place is asked."""
    found: set[str] = set()
    for resource in world.resources.values():
        if resource.place is not None:
            found |= _taken_now(world, resource, resource.place, subnet)
            found |= _taken_later(world, resource, resource.place, subnet)
    return found


def _taken_now(world: World, resource: Resource[tuple[object, ...]], place: Place, subnet: Subnet) -> set[str]:
    columns = resource.table.c
    query = select(columns[place.address]).where(columns[place.subnet] == bindparam("subnet"))
    rows = resource.prepared("taken addresses", lambda: query).all(world.database, subnet=subnet.un_id)
    return {address for (address,) in rows if address}


def _taken_later(world: World, resource: Resource[tuple[object, ...]], place: Place, subnet: Subnet) -> set[str]:
    """Addresses that pending work will give to a thing of the kind."""
    found = set()
    for write in planned_writes(world, place.address):
        if write.resource != resource.plural or not write.columns or not write.columns.get(place.address):
            continue
        row = resource.find_any(world, write.id)
        if write.columns.get(place.subnet, getattr(row, place.subnet, None)) == subnet.un_id:
            found.add(str(write.columns[place.address]))
    return found
