"""The accounts' own scripts."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from emulator.world.database import Prepared
from emulator.world.paging import Page, among, contains, fetch
from emulator.world.schema import scripts
from emulator.world.world import World


class Script(NamedTuple):
    auto_id: int
    cmd_id: str
    alias: str
    os_type: str
    content: str
    """Base64, as it was sent."""
    created_at: int
    modified_at: int


_COLUMNS = tuple(scripts.c[name] for name in Script._fields)
_ORDER = {"osType": scripts.c.os_type, "createTime": scripts.c.created_at, "modifyTime": scripts.c.modified_at}
_of_account = scripts.c.account_id == bindparam("account")
_FIND = Prepared(select(*_COLUMNS).where(_of_account, scripts.c.cmd_id == bindparam("wanted")))
_TAKEN = Prepared(select(scripts.c.auto_id).where(scripts.c.cmd_id == bindparam("wanted")))


def find_script(world: World, account_id: int, cmd_id: str) -> Script | None:
    row = _FIND.first(world.database, account=account_id, wanted=cmd_id)
    return Script._make(row) if row else None


def list_scripts(
    world: World, account_id: int, *, search: str | None, order_by: str, descending: bool, offset: int, limit: int
) -> tuple[list[Script], int]:
    query = select(*_COLUMNS).where(scripts.c.account_id == account_id)
    if search:
        query = query.where(contains(search, scripts.c.cmd_id, scripts.c.alias))
    page = Page(offset, limit, _ORDER[order_by], scripts.c.auto_id, descending)
    rows, total = fetch(world, query, page)
    return [Script._make(row) for row in rows], total


def add_script(world: World, account_id: int, app_id: str, *, alias: str, os_type: str, content: str, now: int) -> str:
    """Add one and return its id."""
    cmd_id = world.new_id(app_id, "cmd", lambda taken: _TAKEN.first(world.database, wanted=taken) is not None)
    values = {"alias": alias, "os_type": os_type, "content": content, "created_at": now, "modified_at": now}
    world.execute(insert(scripts).values(cmd_id=cmd_id, account_id=account_id, **values))
    return cmd_id


def change_script(world: World, script: Script, changes: dict[str, Any]) -> None:
    world.execute(update(scripts).where(scripts.c.auto_id == script.auto_id).values(**changes))


def delete_scripts(world: World, doomed: list[Script]) -> None:
    world.execute(delete(scripts).where(among(scripts.c.auto_id, [script.auto_id for script in doomed])))
