"""Accounts, their credentials and their quotas."""

import json
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select, update

from emulator.world.database import Prepared
from emulator.world.schema import accounts, credentials, scripts
from emulator.world.world import World


class Credential(NamedTuple):
    secret_id: str
    secret_key: str
    account_id: int
    app_id: str
    allowed: str | None
    """JSON list of the actions it is limited to; None: all."""

    def may_call(self, action: str) -> bool:
        return self.allowed is None or action in json.loads(self.allowed)


_ROW: ColumnElement[int] = literal_column("rowid")
_CREDENTIALS = select(
    credentials.c.secret_id,
    credentials.c.secret_key,
    credentials.c.account_id,
    accounts.c.app_id,
    credentials.c.allowed_actions,
).join(accounts)
_ORDERED = _CREDENTIALS.order_by(accounts.c.id, credentials.c.allowed_actions.is_not(None), credentials.c.secret_id)
_BY_SECRET_ID = Prepared(_CREDENTIALS.where(credentials.c.secret_id == bindparam("secret_id")))
_FIRST = Prepared(_ORDERED.limit(1))
_ALL = Prepared(_ORDERED)
_SCRIPT_QUOTA = Prepared(select(accounts.c.script_quota).where(accounts.c.id == bindparam("account_id")))
_SCRIPT_COUNT = Prepared(select(func.count()).where(scripts.c.account_id == bindparam("account_id")))


def find_credential(world: World, secret_id: str) -> Credential | None:
    row = world.credentials.get(secret_id) or _BY_SECRET_ID.first(world.database, secret_id=secret_id)
    if row is None:
        return None
    world.credentials[secret_id] = row
    return Credential._make(row)


def first_credential(world: World) -> Credential | None:
    """Of the oldest account, one that may call everything where there is one."""
    row = _FIRST.first(world.database)
    return Credential._make(row) if row else None


def all_credentials(world: World) -> list[Credential]:
    return [Credential._make(row) for row in _ALL.run(world.database)]


def may_add_script(world: World, account_id: int) -> bool:
    [quota] = _SCRIPT_QUOTA.run(world.database, account_id=account_id).fetchone()
    [count] = _SCRIPT_COUNT.run(world.database, account_id=account_id).fetchone()
    return bool(count < quota)


def rename_credentials(world: World) -> None:
    """Give each credential a key pair that only the world of this name has: the same again for the same name.

    They are told apart by their rows, which stay what they are when a world is copied.
    """
    rows = list(world.execute(select(_ROW).select_from(credentials).order_by(_ROW)).scalars())
    for number, row in enumerate(rows):
        digest = blake2b(f"{world.name}/{number}".encode(), digest_size=32).hexdigest()
        pair = {"secret_id": f"AKID{digest[:32]}", "secret_key": digest[32:]}
        world.execute(update(credentials).where(row == _ROW).values(**pair))
    world.credentials.clear()
