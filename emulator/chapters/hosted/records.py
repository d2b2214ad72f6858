"""Hosted servers: the customer's own machines in the provider's racks."""

from enum import IntEnum
from typing import Any, NamedTuple

from sqlalchemy import select, update

from emulator.chapters.devices.records.tables import hosted_devices
from emulator.world.paging import Page, contains, fetch
from emulator.world.world import World


class BindStatus(IntEnum):
    """As DescribeHostedDevice's page numbers it."""

    NEVER = -1
    BINDING = 0
    BOUND = 1
    FAILED = 2
    UNBINDING = 3
    UNBOUND = 4


BUSY = (BindStatus.BINDING, BindStatus.UNBINDING)


class HostedDevice(NamedTuple):
    instance_id: str
    asset_id: str
    serial_number: str
    alias: str
    in_order: int
    zone_id: int
    idc_id: int
    idc_name: str
    rack_id: int
    rack: str
    position_id: int
    position: str
    out_of_band_ip: str
    vpn_ip: str
    vpn_port: str
    user_name: str
    password: str
    vpc: str
    subnet: str
    lan_ip: str
    gateway_ip: str
    wan_ip: str
    bind_status: int
    bind_began_at: int | None
    bind_ends_at: int | None
    added_at: int


_COLUMNS = tuple(hosted_devices.c[name] for name in HostedDevice._fields)


def find_hosted(world: World, account_id: int, instance_id: str) -> HostedDevice | None:
    query = select(*_COLUMNS).where(
        hosted_devices.c.instance_id == instance_id, hosted_devices.c.account_id == account_id
    )
    row = world.execute(query).first()
    return HostedDevice._make(row) if row else None


def list_hosted(
    world: World, account_id: int, *, name: str | None, ip: str | None, offset: int, limit: int
) -> tuple[list[HostedDevice], int]:
    """The account's, sorted by id; `name` and `ip` are fuzzy: the id, and any of the three addresses."""
    query = select(*_COLUMNS).where(hosted_devices.c.account_id == account_id)
    if name:
        query = query.where(contains(name, hosted_devices.c.instance_id))
    if ip:
        addresses = (hosted_devices.c.lan_ip, hosted_devices.c.wan_ip, hosted_devices.c.out_of_band_ip)
        query = query.where(contains(ip, *addresses))
    key = hosted_devices.c.instance_id
    rows, total = fetch(world, query, Page(offset, limit, key, key, descending=False))
    return [HostedDevice._make(row) for row in rows], total


def change_hosted(world: World, instance_id: str, **changes: Any) -> None:  # noqa: ANN401
    world.execute(update(hosted_devices).where(hosted_devices.c.instance_id == instance_id).values(**changes))
