"""What buying servers changes: the account's balance, the stock, the inventory."""

from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from emulator.chapters.devices.records.devices import expiry_of
from emulator.chapters.devices.records.tables import device_tags, devices, devices_sold, out_of_band
from emulator.world.database import Prepared
from emulator.world.pending import plan
from emulator.world.schema import accounts
from emulator.world.world import World

_ACCOUNT = Prepared(select(accounts.c.balance, accounts.c.may_buy).where(accounts.c.id == bindparam("account")))
_TAKEN = Prepared(select(devices.c.instance_id).where(devices.c.instance_id == bindparam("wanted")))


def balance_and_permission(world: World, account_id: int) -> tuple[int, bool]:
    """In cents, and whether the account may buy."""
    balance, may_buy = _ACCOUNT.run(world.database, account=account_id).fetchone()
    return int(balance), bool(may_buy)


def pay(world: World, account_id: int, cents: int) -> None:
    world.execute(update(accounts).where(accounts.c.id == account_id).values(balance=accounts.c.balance - cents))


def sold(world: World, zone_id: int, class_code: str) -> int:
    query = select(devices_sold.c.sold).where(
        devices_sold.c.zone_id == zone_id, devices_sold.c.class_code == class_code
    )
    return int(world.execute(query).scalar() or 0)


def sell(world: World, zone_id: int, class_code: str, number: int) -> None:
    row = {"zone_id": zone_id, "class_code": class_code, "sold": number}
    statement = upsert(devices_sold).values(row)
    more = {"sold": devices_sold.c.sold + number}
    world.execute(statement.on_conflict_do_update(index_elements=["zone_id", "class_code"], set_=more))


def add_device(world: World, row: dict[str, Any], login: dict[str, str], tags: dict[str, str]) -> None:
    world.device_ids.clear()
    world.execute(insert(devices).values(**row))
    plan(world, expiry_of(row["instance_id"], row["deadline"]))
    world.execute(insert(out_of_band).values(instance_id=row["instance_id"], **login))
    for key, value in tags.items():
        world.execute(insert(device_tags).values(instance_id=row["instance_id"], key=key, value=value))


def new_device_id(world: World, app_id: str) -> str:
    return world.new_id(app_id, "cpm", lambda taken: _TAKEN.first(world.database, wanted=taken) is not None)
