"""The stock of device classes: how many each zone has left."""

from typing import Any

from sqlalchemy import Column, Integer, Table, Text, bindparam, select

from emulator.world.database import Prepared, upsert
from emulator.world.schema import metadata, number
from emulator.world.world import World

devices_sold = Table(
    "devices_sold",
    metadata,
    Column("zone_id", Integer, primary_key=True),
    Column("class_code", Text, primary_key=True),
    number("sold"),  # of the catalogue's stock
    sqlite_with_rowid=False,
)
_table = devices_sold.c
_KEY: dict[str, Any] = {"zone_id": bindparam("zone"), "class_code": bindparam("code")}
_SOLD = Prepared(select(_table.sold).where(_table.zone_id == _KEY["zone_id"], _table.class_code == _KEY["class_code"]))
_SELL = Prepared(
    upsert(devices_sold)
    .values(**_KEY, sold=bindparam("number"))
    .on_conflict_do_update(index_elements=["zone_id", "class_code"], set_={"sold": _table.sold + bindparam("number")})
)
_ALL = Prepared(select(devices_sold).order_by(_table.zone_id, _table.class_code))


def sold(world: World, zone_id: int, class_code: str) -> int:
    row = _SOLD.first(world.database, zone=zone_id, code=class_code)
    return int(row[0]) if row else 0


def sell(world: World, zone_id: int, class_code: str, count: int) -> None:
    _SELL.run(world.database, zone=zone_id, code=class_code, number=count)


def all_sold(world: World) -> list[tuple[int, str, int]]:
    """Zone, class and how many were sold."""
    return [(zone, code, count) for zone, code, count in _ALL.all(world.database)]
