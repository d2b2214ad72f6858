"""The LAN addresses of a subnet: which are taken, by things of whatever kind, and which are free."""

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from sqlalchemy import bindparam, select

from emulator.chapters.vpc.records.networks import Subnet
from emulator.world.world import World


def free_addresses(world: World, subnet: Subnet, gateway: str | None = None) -> Iterator[str]:
    """The free addresses, the lowest first. `gateway`: an address that is not free; None: the subnet's first."""
    hosts = IPv4Network(subnet.cidr).hosts()
    taken = {gateway or _gateway(subnet), *_taken(world, subnet)}
    return (str(address) for address in hosts if str(address) not in taken)


def is_free(world: World, subnet: Subnet, address: str) -> bool:
    """Whether it is an address of the subnet that nothing has taken."""
    network = IPv4Network(subnet.cidr)
    try:
        inside = IPv4Address(address) in network
    except AddressValueError:
        return False
    reserved = {str(network.network_address), str(network.broadcast_address), _gateway(subnet)}
    return inside and address not in reserved | _taken(world, subnet)


def _gateway(subnet: Subnet) -> str:
    return str(next(iter(IPv4Network(subnet.cidr).hosts())))


def _taken(world: World, subnet: Subnet) -> set[str]:
    """Every kind that declares a place is asked."""
    found: set[str] = set()
    for resource in world.resources.values():
        place = resource.place
        if place is None:
            continue
        columns = resource.table.c
        query = select(columns[place.address]).where(columns[place.subnet] == bindparam("subnet"))
        taken = resource.prepared("taken addresses", lambda query=query: query)  # type: ignore[misc]
        found.update(address for (address,) in taken.all(world.database, subnet=subnet.un_id) if address)
    return found
