"""A kind of thing, declared once: devices, scripts, VPCs, elastic IPs, …

A record, a NamedTuple, is the only list of a kind's columns; the table is made from it. Fixtures, the list, read and
set endpoints under /_emulator/, commands, fault rules, the addresses taken in a subnet and the export of a world loop
over the declarations in `chapters/__init__.py`. A declaration holds data and plain functions; it never calls the
loops.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from emulator.world.database import Prepared
from emulator.world.facets import ByHand, Place, Seeds, States, Watch, Write
from emulator.world.rows import R, Rows
from emulator.world.table import table_of


@dataclass(frozen=True, eq=False)
class Resource(Rows[R]):
    plural: str
    """In fixtures, paths and commands, and the table's name."""
    singular: str
    record: type[R]
    id: str
    """The column of the id."""
    prefix: str = ""
    """What its ids begin with, as `cpm`."""
    form: str = ""
    """A regular expression of its ids; left out: the prefix and eight characters."""
    numbered: str | None = None
    """A column that the database counts up."""
    parent: str | None = None
    """The column of another table that the id refers to; the row goes with that row."""
    indexes: tuple[tuple[str, ...], ...] = ()
    is_large: bool = False
    """Whether a row may hold much, so that none is kept in memory."""
    listed_by: frozenset[str] = frozenset()
    """Columns whose change makes the kind's lists in the world's memo stale."""
    states: States | None = None
    place: Place | None = None
    watch: Watch | None = None
    seeds: Seeds | None = None
    by_hand: ByHand | None = None
    table: Table = field(init=False)
    make: Callable[[Iterable[Any]], R] = field(init=False)
    _statements: dict[Any, Prepared] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        names = {"id": self.id, "numbered": self.numbered, "parent": self.parent, "indexes": self.indexes}
        object.__setattr__(self, "table", table_of(self.plural, self.record, **names))  # type: ignore[arg-type]
        object.__setattr__(self, "make", getattr(self.record, "_make"))  # noqa: B009

    def looks_like(self, text: str) -> bool:
        """Whether a text has the form of such an id, known or not."""
        return re.fullmatch(self.form or f"{self.prefix}-[a-z0-9]{{8}}", text) is not None

    def write(self, id: str | int, only_if: dict[str, list[Any]] | None = None, **columns: Any) -> Write:
        """A row to change when some work ends."""
        return Write(self.plural, id, columns, only_if)

    def gone(self, id: str | int) -> Write:
        """A row to remove when some work ends."""
        return Write(self.plural, id, None)
