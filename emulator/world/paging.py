"""Sorted, searched and paged lists, as every list action of the API offers them.

The statements of a list depend on its shape alone (which conditions, which order); each shape is compiled once.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select

from emulator.world.database import Prepared, Value
from emulator.world.resource import Resource
from emulator.world.rows import as_json
from emulator.world.world import World

R = TypeVar("R", bound=tuple[Any, ...])
_Kind = Literal["is", "is not", "among", "contains", "holds any", "from", "to"]
_ESCAPE = "/"
_DEEP = 1_000
"""The offset from which on a page is found by the ids of all rows in order."""


class Where(NamedTuple):
    """A condition on a column, or for `contains` on any of several."""

    kind: _Kind
    columns: tuple[str, ...]
    value: Value


class Order(NamedTuple):
    """What a list is sorted by: the columns in turn. Reversing the order exactly reverses the list."""

    columns: tuple[str, ...]
    descending: bool = False


def equals(column: str, value: Value) -> Where:
    return Where("is", (column,), value)


def contains(text: str, *columns: str) -> Where:
    """Fuzzy search: any of the columns holds the text; upper and lower case are alike (ASCII), and no sign is a
    wildcard.
    """
    escaped = text.replace(_ESCAPE, _ESCAPE * 2).replace("%", f"{_ESCAPE}%").replace("_", f"{_ESCAPE}_")
    return Where("contains", columns, f"%{escaped}%")


def holds_any(texts: Iterable[str], column: str) -> Where:
    """Fuzzy search for several texts: the column holds one of them; ASCII capitals and small letters are alike."""
    return Where("holds any", (column,), as_json(texts))


def among(column: str, values: Iterable[Any]) -> Where:
    """The column has one of the values. They are one parameter however many they are, as SQLite allows only so many."""
    return Where("among", (column,), as_json(values))


def differs(column: str, value: Value) -> Where:
    return Where("is not", (column,), value)


def between(column: str, first: int | None, last: int | None) -> list[Where]:
    """Both ends included; None: no bound."""
    bounds = [Where("from", (column,), first), Where("to", (column,), last)]
    return [bound for bound in bounds if bound.value is not None]


def listed(
    world: World, resource: Resource[R], wheres: list[Where], order: Order, *, offset: int = 0, limit: int = -1
) -> tuple[list[R], int]:
    """The rows of that page, and how many rows there are in all. `limit` -1: every row."""
    if offset > _DEEP and _is_whole(wheres):
        ids = _ids_in_order(world, resource, wheres, order)
        return resource.find_some(world, ids[offset : offset + limit if limit >= 0 else None]), len(ids)
    shape = tuple((where.kind, where.columns) for where in wheres)
    page, count = _statements(resource, shape, order)
    values: dict[str, Value] = {f"value{place}": where.value for place, where in enumerate(wheres)}
    rows = page.all(world.database, **values, offset=offset, limit=limit)
    if (rows or offset == 0) and (limit < 0 or len(rows) < limit):
        return [resource.make(row) for row in rows], offset + len(rows)
    return [resource.make(row) for row in rows], _total(world, resource, wheres, count, values)


def _total(
    world: World, resource: Resource[Any], wheres: list[Where], count: Prepared, values: dict[str, Value]
) -> int:
    """How many rows there are. Of a list without a filter the number is kept until a row is added or removed."""
    kept: dict[Value, int] = world.memo.setdefault(resource.counted, {}) if _is_whole(wheres) else {}
    key = wheres[0].value if wheres else None
    if key not in kept:
        found = count.first(world.database, **values)
        kept[key] = int(found[0]) if found else 0
    return kept[key]


def _is_whole(wheres: list[Where]) -> bool:
    """Whether a list is of all that an account has."""
    return len(wheres) == 1 and wheres[0][:2] == ("is", ("account_id",))


def _ids_in_order(world: World, resource: Resource[Any], wheres: list[Where], order: Order) -> list[str]:
    """All ids of an account in that order, kept: a page far behind would else pass over all rows before it."""
    memo = world.memo.setdefault(resource.plural, {})
    key = ("ids in order", wheres[0].value, order)
    ids: list[str] | None = memo.get(key)
    if ids is None:
        columns = resource.table.c
        keys = [columns[name].desc() if order.descending else columns[name].asc() for name in order.columns]
        owned = select(columns[resource.id]).where(columns.account_id == bindparam("account"))
        statement = resource.prepared(("ids in order", order), lambda: owned.order_by(*keys))
        ids = memo[key] = [id for (id,) in statement.all(world.database, account=wheres[0].value)]
    return ids


@lru_cache(maxsize=1024)
def _statements(
    resource: Resource[Any], shape: tuple[tuple[_Kind, tuple[str, ...]], ...], order: Order
) -> tuple[Prepared, Prepared]:
    table = resource.table
    conditions = [
        _condition(kind, [table.c[name] for name in columns], bindparam(f"value{place}"))
        for place, (kind, columns) in enumerate(shape)
    ]
    keys = [table.c[name].desc() if order.descending else table.c[name].asc() for name in order.columns]
    if not shape or any(kind == "contains" for kind, _columns in shape):
        # A search looks at every entry of an index, where that holds the columns, and then at the rows of the page. Of
        # everything there is, too, only what it is sorted by and the ids are put in order.
        key = table.c[resource.id]
        chosen = select(table).where(key.in_(_paged(select(key).where(*conditions).order_by(*keys))))
        page = chosen.order_by(*keys)
    else:
        page = _paged(select(table).where(*conditions).order_by(*keys))
    return Prepared(page), Prepared(select(func.count()).select_from(table).where(*conditions))


def _paged(query: Select[Any]) -> Select[Any]:
    return query.limit(bindparam("limit")).offset(bindparam("offset"))


def _condition(kind: _Kind, columns: list[Any], value: Any) -> ColumnElement[bool]:
    column = columns[0]
    if kind == "contains":
        return or_(*(found.like(value, escape=_ESCAPE) for found in columns))
    if kind == "among":
        chosen: ColumnElement[bool] = column.in_(select(func.json_each(value).table_valued("value").c.value))
        return chosen
    if kind == "holds any":
        wanted = func.json_each(value).table_valued("value")
        return exists().select_from(wanted).where(func.instr(func.lower(column), func.lower(wanted.c.value)) > 0)
    compared: dict[str, ColumnElement[bool]] = {
        "is": column == value,
        "is not": column != value,
        "from": column >= value,
        "to": column <= value,
    }
    return compared[kind]
