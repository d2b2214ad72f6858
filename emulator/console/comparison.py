"""Two states of a world side by side: the rows that differ, table by table."""

from typing import Annotated, NamedTuple

from msgspec import Meta

from emulator.console.page import Shown, Visit, page
from emulator.console.rows import Shown as Row
from emulator.console.rows import shown
from emulator.control import worlds
from emulator.control.worlds import DiffRange
from emulator.journal.masking import Mask
from emulator.world.by_hand import UnknownThing
from emulator.world.differences import Differences, TableDifferences

CHANGED, NEW, GONE = "changed", "new", "gone"
PAGE = 40
"""Rows on a page."""


class Asked(DiffRange, frozen=True):
    table: str = ""
    """Only this table, page by page; empty: the first rows of each."""
    page: Annotated[int, Meta(ge=1, le=10**7)] = 1


class Pair(NamedTuple):
    """A row that differs; empty where it is not."""

    what: str
    before: Row
    after: Row


class Table(NamedTuple):
    name: str
    pairs: list[Pair]
    total: int


@page("/w/{world}/diff")
def compare(visit: Visit) -> Shown:
    """The rows that differ between two states of the world, or those of one table."""
    asked: Asked = visit.asked(Asked)
    found: Differences = visit.call(worlds.diff_snapshots, DiffRange(asked.before, asked.after))
    if asked.table and asked.table not in found:
        raise UnknownThing(f"nothing differs in a table {asked.table!r}")
    names = [asked.table] if asked.table else list(found)
    first, most = ((asked.page - 1) * PAGE, PAGE) if asked.table else (0, max(1, PAGE // max(1, len(found))))
    tables = [_table(name, found[name], visit.control.mask, first, most) for name in names]
    total = sum(table.total for table in tables)
    last, is_later = -(-total // PAGE), asked.table != "" and asked.page > 1
    address = {"before": asked.before, "after": asked.after}
    following = {**address, "table": asked.table}
    values = {
        "before": asked.before,
        "after": asked.after,
        "address": address,
        "tables": tables,
        "newer": visit.at("diff", **following, page=min(asked.page - 1, last)) if is_later else "",
        "older": visit.at("diff", **following, page=asked.page + 1) if asked.table and first + most < total else "",
    }
    return Shown("diff.html", values)


def _table(name: str, differences: TableDifferences, mask: Mask, first: int, most: int) -> Table:
    rows = [(CHANGED, row.before, row.after) for row in differences.changed]
    rows += [(NEW, {}, row) for row in differences.added]
    rows += [(GONE, row, {}) for row in differences.removed]
    pairs = [Pair(what, shown(before, mask), shown(after, mask)) for what, before, after in rows[first : first + most]]
    return Table(name, pairs, len(rows))
