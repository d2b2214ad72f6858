"""Public addresses that can be applied for: ranges by region and carrier, exclusive clusters apart (the catalogue's
`elastic_ips`).
"""

from ipaddress import IPv4Address, IPv4Network
from typing import Any

from emulator.chapters.eip.records.eip import BGP, FLOW, EipStatus
from emulator.chapters.eip.records.eips import EIPS, begin_holding, find_eip, hold, is_given, show_at_server
from emulator.world.accounts import Account, account_of
from emulator.world.catalogue import ElasticRange
from emulator.world.facets import Columns
from emulator.world.world import World


def ranges_of(world: World, zone_id: int, *, exclusive: int) -> list[ElasticRange]:
    """The ranges of a zone's region."""
    region = world.catalogue.region_of(zone_id)
    return [found for found in region.elastic_ips if found.exclusive == bool(exclusive)] if region else []


def range_with(ranges: list[ElasticRange], address: str) -> ElasticRange | None:
    """The range that an address lies in."""
    return next((found for found in ranges if IPv4Address(address) in IPv4Network(found.cidr)), None)


def next_address(world: World, ranges: list[ElasticRange]) -> str | None:
    """The next BGP address that nobody has; None where there is none."""
    for found in ranges:
        network = IPv4Network(found.cidr)
        most = network.num_addresses - 2
        for _ in range(most if found.isp_id == BGP else 0):
            address = str(network[(world.next_number(f"address of {network}") - 1) % most + 1])
            if not is_given(world, address):
                return address
    return None


def eip_row(eip_id: str, account_id: int, created_at: int, address: str, **columns: Any) -> Columns:
    """The row of a new elastic IP: shared, BGP, billed by its traffic, bound to nothing."""
    row: Columns = {"eip_id": eip_id, "account_id": account_id, "name": "", "eip": address, "isp_id": BGP, "vpc": ""}
    row |= {"exclusive": 0, "tunnel": 0, "status": EipStatus.UNBOUND, "bound_to": "", "acl": ""}
    row |= {"pay_mode": FLOW, "bandwidth": 0, "latest_pay_mode": FLOW, "latest_bandwidth": 0}
    return row | {"freed_at": None, "updated_at": None, "created_at": created_at} | columns


def add_eip(world: World, account: Account, created_at: int, address: str, **columns: Any) -> str:
    """Add an elastic IP. Returns its id."""
    eip_id = EIPS.new_id(world, account.app_id)
    EIPS.add(world, **eip_row(eip_id, account.id, created_at, address, **columns))
    return eip_id


def give_address(world: World, account_id: int, instance_id: str, address: str, *, at: int, vpc: str | None) -> None:
    """Bind an address to a server at once: a free elastic IP of the account's, or a new one.

    Raises LookupError where somebody else, or something else, has it.
    """
    account = account_of(world, account_id)
    eip = find_eip(world, account_id, address)
    if eip is None and not is_given(world, address):
        add_eip(world, account, at, address, vpc=vpc or "", status=EipStatus.BOUND, bound_to=instance_id)
        show_at_server(world, instance_id)
    elif eip is not None and eip.status == EipStatus.UNBOUND:
        begin_holding(world, eip.eip_id, instance_id)
        hold(world, eip.eip_id, at)
    else:
        raise LookupError(f"{address} is not free: {eip.bound_to or eip.state if eip else 'another account'} has it")
