"""Lists of devices and of their tags."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from emulator.chapters.devices.records.devices import COLUMNS, IN_TRASH, Device, Network, find_subnet, find_vpc
from emulator.chapters.devices.records.tables import device_tags, devices
from emulator.world.paging import Page, among, contains, fetch
from emulator.world.world import World

MANY = 10_000
"""As many as a list without a limit holds."""


class Placed(NamedTuple):
    """A device in a list, with its VPC and subnet as far as they are there."""

    device: Device
    vpc: Network | None
    subnet: Network | None


def list_devices(
    world: World,
    account_id: int,
    *,
    trash: bool,
    filters: dict[str, Iterable[Any]],
    alias: str | None,
    expiring: tuple[int | None, int | None] = (None, None),
    offset: int,
    limit: int,
) -> tuple[list[Placed], int]:
    """The account's devices in the order of their ids, and how many there are.

    `trash`: those in the recycle bin, or those that are not. `filters`: allowed values by column. `alias`: fuzzy.
    `expiring`: the first and the last deadline, in milliseconds.
    """
    conditions: list[ColumnElement[bool]] = []
    conditions += [among(devices.c[column], values) for column, values in filters.items()]
    if alias:
        conditions.append(contains(alias, devices.c.alias))
    first, last = expiring
    if first is not None:
        conditions.append(devices.c.deadline >= first)
    if last is not None:
        conditions.append(devices.c.deadline <= last)
    key = devices.c.instance_id
    if conditions:
        query = select(*COLUMNS).where(*_owned(account_id, trash), *conditions)
        rows, total = fetch(world, query, Page(offset, limit, key, key, descending=False))
    else:
        ids = _all_ids(world, account_id, trash)
        wanted = ids[offset : offset + limit]
        rows, total = list(world.execute(select(*COLUMNS).where(among(key, wanted)).order_by(key))), len(ids)
    return [_placed(world, account_id, Device._make(row)) for row in rows], total


def _owned(account_id: int, trash: bool) -> list[ColumnElement[bool]]:
    in_trash = devices.c.device_status.in_(IN_TRASH)
    return [devices.c.account_id == account_id, in_trash if trash else ~in_trash]


def _all_ids(world: World, account_id: int, trash: bool) -> list[str]:
    """Kept, so that the last page of a large fleet costs what the first page of a small one does."""
    ids = world.device_ids.get((account_id, trash))
    if ids is None:
        key = devices.c.instance_id
        ids = list(world.execute(select(key).where(*_owned(account_id, trash)).order_by(key)).scalars())
        world.device_ids[account_id, trash] = ids
    return ids


def _placed(world: World, account_id: int, device: Device) -> Placed:
    vpc = find_vpc(world, account_id, device.vpc)
    return Placed(device, vpc, find_subnet(world, account_id, device.subnet))


def tags_of(world: World, instance_ids: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Keys and values by device, in the order of the keys."""
    tags: dict[str, list[tuple[str, str]]] = {instance_id: [] for instance_id in instance_ids}
    columns = (device_tags.c.instance_id, device_tags.c.key, device_tags.c.value)
    query = select(*columns).where(among(device_tags.c.instance_id, instance_ids)).order_by(device_tags.c.key)
    for instance_id, key, value in world.execute(query):
        tags[instance_id].append((key, value))
    return tags


def tag_keys(world: World, account_id: int, search: str | None) -> list[str]:
    query = select(device_tags.c.key).join(devices).where(devices.c.account_id == account_id).distinct()
    if search:
        query = query.where(contains(search, device_tags.c.key))
    return list(world.execute(query.order_by(device_tags.c.key)).scalars())


def tag_values(world: World, account_id: int, key: str) -> list[str]:
    query = select(device_tags.c.value).join(devices).where(devices.c.account_id == account_id)
    return list(world.execute(query.where(device_tags.c.key == key).distinct().order_by(device_tags.c.value)).scalars())
