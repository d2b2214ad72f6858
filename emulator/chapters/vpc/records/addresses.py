"""The LAN addresses of a subnet: whose they are, and which are free."""

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from sqlalchemy import select

from emulator.chapters.devices.records.devices import Network
from emulator.chapters.devices.records.tables import devices, hosted_devices
from emulator.world.world import World


def free_addresses(world: World, subnet: Network, gateway: str | None = None) -> Iterator[str]:
    """Those that nobody has, the lowest first. `gateway`: whose is not free; None: the subnet's first."""
    hosts = IPv4Network(subnet.cidr).hosts()
    taken = {gateway or _gateway(subnet), *_taken(world, subnet)}
    return (str(address) for address in hosts if str(address) not in taken)


def is_free(world: World, subnet: Network, address: str) -> bool:
    """Whether it is an address of the subnet that nobody has."""
    network = IPv4Network(subnet.cidr)
    try:
        inside = IPv4Address(address) in network
    except AddressValueError:
        return False
    reserved = {str(network.network_address), str(network.broadcast_address), _gateway(subnet)}
    return inside and address not in reserved | _taken(world, subnet)


def _gateway(subnet: Network) -> str:
    return str(next(iter(IPv4Network(subnet.cidr).hosts())))


def _taken(world: World, subnet: Network) -> set[str]:
    found: set[str] = set()
    for table in (devices, hosted_devices):
        found.update(world.execute(select(table.c.lan_ip).where(table.c.subnet == subnet.un_id)).scalars())
    return found
