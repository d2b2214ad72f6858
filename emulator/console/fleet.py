"""Everything that a world holds: how much there is of each kind, and a table for each."""

from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct

from emulator.checking.values import WrongValue
from emulator.console.page import Shown, Visit, page, with_query
from emulator.console.relations import REFERS_TO
from emulator.console.values import cell
from emulator.control import accounts
from emulator.control.inventory import kinds_by_hand
from emulator.world.by_hand import UnknownThing
from emulator.world.facets import ByHand
from emulator.world.paging import Order, contains, listed
from emulator.world.resource import Resource
from emulator.world.table import SECRET_COLUMNS
from emulator.world.world import World

PAGE = 50
_MOST_COLUMNS = 8
_ADDRESSES = ("lan_ip", "wan_ip", "eip", "vip", "cidr")
Kinds = list[tuple[Resource[Any], ByHand]]


class Which(Struct, frozen=True):
    """Which page of a table to show."""

    search: Annotated[str, Meta(max_length=200)] = ""
    sort: Annotated[str, Meta(max_length=100)] = ""
    """A column; with `-` before it, the last first."""
    state: Annotated[str, Meta(max_length=50)] = ""
    page: Annotated[int, Meta(ge=1, le=10**7)] = 1

    @property
    def query(self) -> dict[str, object]:
        """As a query, without the page."""
        return {"search": self.search, "state": self.state, "sort": self.sort}


class Row(NamedTuple):
    id: str
    cells: list[str]


@page("/w/{world}/fleet")
def overview(visit: Visit) -> Shown:
    """How many there are of each kind, and the accounts."""
    world = settled(visit)
    counts = {
        plural: sum(listed(world, resource, [], Order((resource.id,)), limit=0)[1] for resource, _by_hand in kinds)
        for plural, kinds in kinds_by_hand().items()
    }
    return Shown("fleet.html", {"counts": counts, "accounts": accounts.view_accounts(world)})


@page("/w/{world}/fleet/{kind}")
def table(visit: Visit) -> Shown:
    """The things of one kind."""
    world, kinds = settled(visit), kinds_named(visit)
    which: Which = visit.asked(Which)
    columns = _columns(kinds)
    _check_sort(kinds, columns, which)
    records, total = _records(world, kinds, which)
    rows = [_row(world, resource, by_hand, record, columns) for resource, by_hand, record in records]
    path, query = visit.at("fleet", visit.path["kind"]), which.query
    pages = max(1, -(-total // PAGE))
    values = {
        "kind": visit.path["kind"],
        "which": which,
        "columns": [(name, _sorting(path, which, kinds[0][0], name)) for name in columns],
        "rows": rows,
        "states": list(dict.fromkeys(name for kind, _by_hand in kinds if kind.states for name in kind.states.names)),
        "total": total,
        "pages": pages,
        "newer": with_query(path, {**query, "page": min(which.page - 1, pages)}) if which.page > 1 else "",
        "older": with_query(path, {**query, "page": which.page + 1}) if which.page < pages else "",
    }
    return Shown("table.html", values)


def _check_sort(kinds: Kinds, columns: list[str], which: Which) -> None:
    """Raises WrongValue for a column that is not shown, or that the database does not have."""
    sortable = [name for name in columns if name in kinds[0][0].record._fields]
    if which.sort and which.sort.removeprefix("-") not in sortable:
        raise WrongValue(f"sort: {which.sort!r} is none of {', '.join(sortable)}")


def settled(visit: Visit) -> World:
    """The world of the address, with everything that is due. Raises UnknownWorld."""
    world = visit.control.worlds.named(visit.path["world"])
    with world.transaction:
        visit.control.settle(world, world.clock.now())
    return world


def kinds_named(visit: Visit) -> Kinds:
    """The kinds that the address names. Raises UnknownThing."""
    found = kinds_by_hand().get(visit.path["kind"])
    if found is None:
        raise UnknownThing(f"there are no things called {visit.path['kind']!r}; there are {', '.join(kinds_by_hand())}")
    return found


def _records(world: World, kinds: Kinds, which: Which) -> tuple[list[tuple[Resource[Any], ByHand, Any]], int]:
    """The records of a page; those of a second kind under one name come after those of the first."""
    found, total, skip, room = [], 0, (which.page - 1) * PAGE, PAGE
    for resource, by_hand in kinds:
        searched = _searched(resource, kinds)
        if which.search and not searched:
            continue
        wheres = [contains(which.search, *searched)] if which.search else []
        order = _order(resource, which.sort)
        if which.state:
            every = [row for row in listed(world, resource, wheres, order)[0] if _is_in(resource, row, which.state)]
            rows, count = every[skip : skip + room], len(every)
        else:
            rows, count = listed(world, resource, wheres, order, offset=skip, limit=room)
        found += [(resource, by_hand, row) for row in rows]
        total, skip, room = total + count, max(0, skip - count), room - len(rows)
    return found, total


def _is_in(resource: Resource[Any], row: Any, state: str) -> bool:
    return resource.states is not None and resource.states.name_of(row) == state


def _searched(resource: Resource[Any], kinds: Kinds) -> list[str]:
    """The columns that a search looks into: texts that a table shows, and what a thing refers to."""
    shown = {resource.id, *_columns(kinds), *REFERS_TO, *_ADDRESSES}
    return [column.name for column in resource.table.c if column.type.python_type is str and column.name in shown]


def _order(resource: Resource[Any], sort: str) -> Order:
    name = sort.removeprefix("-")
    if name in resource.record._fields:
        return Order((name, resource.id), sort.startswith("-"))
    return Order((resource.numbered or resource.id,))


def _columns(kinds: Kinds) -> list[str]:
    """The fields that a table shows: the id, and the first ones that are short."""
    resource, by_hand = kinds[0]
    secret = {*SECRET_COLUMNS, "user_name"}
    plain = [field.name for field in msgspec.structs.fields(by_hand.view) if _is_plain(field.type)]
    names = [name for name in plain if name not in secret]
    first = [resource.id] if resource.id in names else []
    return [*first, *(name for name in names if name not in first)][:_MOST_COLUMNS]


def _is_plain(kind: Any) -> bool:
    text = str(kind)
    return not any(word in text for word in ("list", "dict", "tuple")) and "Struct" not in str(
        getattr(kind, "__mro__", "")
    )


def _row(world: World, resource: Resource[Any], by_hand: ByHand, record: Any, columns: list[str]) -> Row:
    view = by_hand.show(world, record)
    return Row(str(getattr(record, resource.id)), [cell(getattr(view, name, "")) for name in columns])


def _sorting(path: str, which: Which, resource: Resource[Any], name: str) -> str:
    """Where a click on the head of a column leads; empty where it cannot be sorted by it."""
    if name not in resource.record._fields:
        return ""
    return with_query(path, {**which.query, "sort": f"-{name}" if which.sort == name else name})
