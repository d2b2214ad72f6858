"""Devices: declared as a kind of thing, and listed."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, or_, select

from emulator.chapters.devices.records.by_hand import DeviceChanges, DeviceView, apply_changes, show
from emulator.chapters.devices.records.device import DEVICE_STATES, IN_TRASH, Device, class_of, plan_expiry, state_of
from emulator.chapters.devices.records.parts import OUT_OF_BAND, add_tags
from emulator.chapters.devices.records.seeds import SeedDevice, reap, row_of
from emulator.chapters.eip.records.eips import bound_to, free
from emulator.chapters.eip.records.pool import give_address
from emulator.chapters.lb.records.backends import backends_at, server_changed
from emulator.chapters.lb.records.removal import remove_backends
from emulator.chapters.vpc.records.interfaces import INTERFACES, interfaces_of
from emulator.world.catalogue import DeviceClass
from emulator.world.facets import ByHand, Columns, Place, Seeds, States, Watch
from emulator.world.paging import Order, Where, among, differs, equals, listed
from emulator.world.resource import Resource
from emulator.world.world import World

MANY = 10_000
"""As many as a list without a limit holds."""
BY_ID = Order(("instance_id",))
_OF_IDS = ("among", ("instance_id",))


def _sow(world: World, account_id: int, seed: SeedDevice) -> None:
    row = {"account_id": account_id, **row_of(world, seed)}
    login = None if seed.out_of_band is None else _columns(seed.out_of_band)
    add_device(world, row, login, seed.tags)
    if seed.wan_ip is not None:
        at = row["delivered_at"] or world.clock.now()
        give_address(world, account_id, seed.instance_id, seed.wan_ip, at=at, vpc=seed.vpc)


def _columns(struct: Any) -> Columns:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def _change(world: World, device: Device, changes: DeviceChanges) -> None:
    DEVICES.change(world, device.instance_id, **apply_changes(world, device, changes))


DEVICES: Resource[Device] = Resource(
    "devices",
    "device",
    Device,
    id="instance_id",
    prefix="cpm",
    form="[td]?cpm-[a-z0-9]{6,9}",
    indexes=(
        ("account_id", "instance_id", "device_status", "alias"),
        ("lan_ip",),
        ("wan_ip",),
        ("subnet", "lan_ip"),
        ("class_code", "zone_id", "bought"),
    ),
    listed_by=frozenset({"device_status"}),
    states=States(tuple(DEVICE_STATES), state_of),
    place=Place("subnet", "lan_ip"),
    watch=Watch(frozenset({"device_status", "operate_status", "vpc"}), server_changed),
    seeds=Seeds(SeedDevice, _sow, reap),
    by_hand=ByHand(DeviceView, DeviceChanges, show, _change),
)


def add_device(world: World, row: Columns, login: Columns | None, tags: dict[str, str]) -> None:
    """Add a device with its out-of-band record, its tags and, if it is in operation, its deadline in the calendar."""
    DEVICES.add(world, **row)
    plan_expiry(world, Device(**row))
    if login is not None:
        OUT_OF_BAND.add(world, instance_id=row["instance_id"], **login)
    add_tags(world, row["instance_id"], tags)


def list_devices(
    world: World, account_id: int, *, trash: bool, wheres: list[Where], offset: int, limit: int, order: Order = BY_ID
) -> tuple[list[Device], int]:
    """The account's devices in that order, and how many there are.

    `trash`: those in the recycle bin, or those that are not.
    """
    if order == BY_ID and [where[:2] for where in wheres] == [_OF_IDS]:
        named = by_ids(world, json.loads(str(wheres[0].value)))
        own = [it for it in named if it.account_id == account_id and (it.device_status in IN_TRASH) is trash]
        return own[offset : offset + limit], len(own)
    if wheres or order != BY_ID:
        in_trash = [among("device_status", IN_TRASH)] if trash else [differs("device_status", it) for it in IN_TRASH]
        owned = [equals("account_id", account_id), *wheres, *in_trash]
        return listed(world, DEVICES, owned, order, offset=offset, limit=limit)
    ids = _all_ids(world, account_id, trash)
    return DEVICES.find_some(world, ids[offset : offset + limit]), len(ids)


def by_ids(world: World, instance_ids: Iterable[str]) -> list[Device]:
    """In the order of their ids, whosever they are."""
    return DEVICES.find_some(world, sorted(set(instance_ids)))


def remove_device(world: World, instance_id: str, at: int) -> None:
    """Remove a device with its interfaces, and from load balancers; its elastic IP stays the account's."""
    remove_backends(world, backends_at(world, instance_id))
    for eip in bound_to(world, instance_id):
        free(world, eip.eip_id, at)
    for interface in interfaces_of(world, instance_id):
        INTERFACES.remove(world, interface.id)
    DEVICES.remove(world, instance_id)


def class_named(world: World, account_id: int, code: str) -> DeviceClass | None:
    """The catalogue's class of that code, or that of a custom model which the account has."""
    found = world.catalogue.device_class(code)
    if found is None:
        custom = [equals("account_id", account_id), equals("class_code", code)]
        found = next((class_of(world, device) for device in listed(world, DEVICES, custom, BY_ID, limit=1)[0]), None)
    return found


def _all_ids(world: World, account_id: int, trash: bool) -> list[str]:
    """Kept, so that the last page of a large fleet costs what the first page of a small one does."""
    memo = world.memo.setdefault(DEVICES.plural, {})
    ids: list[str] | None = memo.get((account_id, trash))
    if ids is None:
        found = DEVICES.prepared("own ids", _ids).all(world.database, account=account_id, trash=trash)
        ids = memo[account_id, trash] = [instance_id for (instance_id,) in found]
    return ids


def _ids() -> Any:
    columns = DEVICES.table.c
    in_trash = or_(*(columns.device_status == status for status in IN_TRASH))
    owned = (columns.account_id == bindparam("account"), in_trash == bindparam("trash"))
    return select(columns.instance_id).where(*owned).order_by(columns.instance_id)
