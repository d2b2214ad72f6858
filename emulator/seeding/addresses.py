"""Addresses that fixtures give to things: each in its subnet, none the network's own, none twice."""

from typing import Any

from emulator.chapters.vpc.records.addresses import gateway_of, may_be_used
from emulator.chapters.vpc.records.networks import SUBNETS, Subnet
from emulator.world.resource import Resource
from emulator.world.world import World


def check_addresses(world: World) -> None:
    """Raises LookupError for the first thing that has an address which it cannot have.

    A thing may name a subnet that is gone, so that nothing is known of its addresses.
    """
    subnets = {subnet.un_id: subnet for subnet in SUBNETS.every(world)}
    holders: dict[tuple[str, str], str] = {}
    for resource in world.resources.values():
        if resource.place is not None:
            for record in resource.every(world):
                _check(resource, record, subnets, holders)


def _check(
    resource: Resource[Any], record: Any, subnets: dict[str, Subnet], holders: dict[tuple[str, str], str]
) -> None:
    place, name = resource.place, f"{resource.plural} {getattr(record, resource.id)}"
    assert place is not None  # noqa: S101 - the caller has looked
    address, subnet = getattr(record, place.address), subnets.get(getattr(record, place.subnet) or "")
    if not address or subnet is None:
        return
    if not may_be_used(subnet, address):
        raise LookupError(
            f"{name}: {place.address} {address} is none that a thing in {subnet.un_id} can have: an address of "
            f"{subnet.cidr} but for the first and the last one, and but for {gateway_of(subnet)}, the gateway's"
        )
    other = holders.setdefault((subnet.un_id, address), name)
    if other != name:
        raise LookupError(f"{name}: {place.address} {address} in {subnet.un_id} is that of {other}")
