"""The tags of an account's devices."""

from typing import Any

from sqlalchemy import bindparam, func, select

from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.devices.records.parts import device_tags
from emulator.world.database import Prepared
from emulator.world.world import World


def _of_account(column: Any) -> Any:
    owned = DEVICES.table.c.account_id == bindparam("account")
    return select(column).join(DEVICES.table).where(owned).distinct().order_by(column)


_KEYS = Prepared(_of_account(device_tags.c.key))
_VALUES = Prepared(
    _of_account(device_tags.c.value).where(func.lower(device_tags.c.key) == func.lower(bindparam("wanted")))
)


def tag_keys(world: World, account_id: int, search: str | None) -> list[str]:
    """Sorted. `search`: a part of the key; upper and lower case are alike (ASCII)."""
    wanted = (search or "").encode().lower()
    keys = [str(key) for (key,) in _KEYS.all(world.database, account=account_id)]
    return [key for key in keys if wanted in key.encode().lower()]


def stored_key(world: World, account_id: int, key: str) -> str:
    """The key as a device has it: upper and lower case are alike. A key that no device has stays as it is."""
    return next((known for known in tag_keys(world, account_id, key) if known.lower() == key.lower()), key)


def tag_values(world: World, account_id: int, key: str) -> list[str]:
    """Sorted. Upper and lower case of the key are alike (ASCII)."""
    return [str(value) for (value,) in _VALUES.all(world.database, account=account_id, wanted=key)]
