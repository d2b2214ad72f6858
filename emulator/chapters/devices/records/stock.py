"""The stock of device classes: how many of each a zone has left.

A zone has as many as the catalogue says, or as was set by hand, less the bought ones that exist: a server that is
gone is in stock again.
"""

from sqlalchemy import Column, Integer, Table, Text, bindparam, func, select

from emulator.chapters.devices.records.devices import DEVICES
from emulator.world.catalogue import DeviceClass
from emulator.world.database import Prepared, upsert
from emulator.world.schema import metadata, number
from emulator.world.world import World

stock = Table(
    "stock",
    metadata,
    Column("zone_id", Integer, primary_key=True),
    Column("class_code", Text, primary_key=True),
    number("total"),  # in the place of the catalogue's number
    sqlite_with_rowid=False,
)
_set, _device = stock.c, DEVICES.table.c
_ZONE, _CODE = bindparam("zone", type_=Integer), bindparam("code", type_=Text)
_TOTAL = Prepared(select(_set.total).where(_set.zone_id == _ZONE, _set.class_code == _CODE))
_BOUGHT = Prepared(
    select(func.count())
    .select_from(DEVICES.table)
    .where(_device.class_code == _CODE, _device.zone_id == _ZONE, _device.bought == 1)
)
_SET = Prepared(
    upsert(stock)
    .values(zone_id=_ZONE, class_code=_CODE, total=bindparam("total"))
    .on_conflict_do_update(index_elements=["zone_id", "class_code"], set_={"total": bindparam("total")})
)
_ALL = Prepared(select(stock).order_by(_set.zone_id, _set.class_code))


def left(world: World, zone_id: int, device_class: DeviceClass) -> int:
    """How many of the class can be bought in the zone."""
    total = _TOTAL.first(world.database, zone=zone_id, code=device_class.code)
    return (device_class.stock if total is None else int(total[0])) - _bought(world, zone_id, device_class.code)


def set_left(world: World, zone_id: int, class_code: str, count: int) -> None:
    set_total(world, zone_id, class_code, count + _bought(world, zone_id, class_code))


def set_total(world: World, zone_id: int, class_code: str, total: int) -> None:
    """With the bought ones that exist."""
    _SET.run(world.database, zone=zone_id, code=class_code, total=total)


def all_totals(world: World) -> list[tuple[int, str, int]]:
    """Zone, class and total, where that was set."""
    return [(zone, code, total) for zone, code, total in _ALL.all(world.database)]


def _bought(world: World, zone_id: int, class_code: str) -> int:
    row = _BOUGHT.first(world.database, zone=zone_id, code=class_code)
    return int(row[0]) if row else 0
