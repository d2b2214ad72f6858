"""What belongs to a device and goes with it: its out-of-band record and its tags."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, func, insert, select

from emulator.world.database import Prepared
from emulator.world.resource import Resource
from emulator.world.schema import metadata, text
from emulator.world.world import World


class OutOfBand(NamedTuple):
    """The login of a server's BMC."""

    instance_id: str
    ip: str
    user_name: str
    password: str
    serial_number: str


OUT_OF_BAND: Resource[OutOfBand] = Resource(
    "out_of_band", "out_of_band_record", OutOfBand, id="instance_id", parent="devices.instance_id"
)

device_tags = Table(
    "device_tags",
    metadata,
    Column("instance_id", ForeignKey("devices.instance_id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    text("value"),
    sqlite_with_rowid=False,
)
_columns = device_tags.c
_OF_DEVICES = Prepared(
    select(_columns.instance_id, _columns.key, _columns.value)
    .where(_columns.instance_id.in_(select(func.json_each(bindparam("wanted")).table_valued("value").c.value)))
    .order_by(_columns.instance_id, _columns.key)
)
_ADD = Prepared(insert(device_tags).values({name: bindparam(name) for name in ("instance_id", "key", "value")}))
_REMOVE = Prepared(delete(device_tags).where(_columns.instance_id == bindparam("wanted")))


def tags_of(world: World, instance_ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Keys and values by device, in the order of the keys; a device without tags is left out."""
    tags: dict[str, list[tuple[str, str]]] = {}
    for instance_id, key, value in _OF_DEVICES.all(world.database, wanted=json.dumps(list(instance_ids))):
        tags.setdefault(instance_id, []).append((key, value))
    return tags


def add_tags(world: World, instance_id: str, tags: dict[str, str]) -> None:
    add_tag_rows(world, ((instance_id, key, value) for key, value in tags.items()))


def add_tag_rows(world: World, rows: Iterable[tuple[str, str, str]]) -> None:
    """Device, key and value."""
    _ADD.run_many(world.database, [{"instance_id": name, "key": key, "value": value} for name, key, value in rows])


def set_tags(world: World, instance_id: str, tags: dict[str, str]) -> None:
    """These tags, and no others."""
    _REMOVE.run(world.database, wanted=instance_id)
    add_tags(world, instance_id, tags)
