"""A kind of thing, declared once: devices, scripts, VPCs, elastic IPs, …

A record, a NamedTuple, is the only list of a kind's columns; the table is made from it. Fixtures, the list, read and
set endpoints under /_emulator/, commands, fault rules, the addresses taken in a subnet and the export of a world loop
over the declarations in `chapters/__init__.py`. A declaration holds data and plain functions; it never calls the
loops.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ClauseElement, Table, bindparam, delete, insert, select, update

from emulator.world.database import Prepared, Value
from emulator.world.facets import ByHand, Columns, Place, Seeds, States, Watch, Write
from emulator.world.table import table_of

if TYPE_CHECKING:
    from emulator.world.world import World

R = TypeVar("R", bound=tuple[Any, ...])


@dataclass(frozen=True, eq=False)
class Resource(Generic[R]):
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

    def find(self, world: "World", account_id: int, id: str | int | None) -> R | None:
        """The account's own thing of that id."""
        statement = self.prepared("find", lambda: select(self.table).where(self._wanted, self._owned))
        row = statement.first(world.database, account=account_id, wanted=id)
        return self.make(row) if row else None

    def find_any(self, world: "World", id: str | int) -> R | None:
        """The thing of that id, whichever account's it is."""
        row = self.prepared("any", lambda: select(self.table).where(self._wanted)).first(world.database, wanted=id)
        return self.make(row) if row else None

    def every(self, world: "World") -> list[R]:
        """Everything of the kind, in the order of the primary key."""
        statement = self.prepared("every", lambda: select(self.table).order_by(*self.table.primary_key))
        return [self.make(row) for row in statement.all(world.database)]

    def ids(self, world: "World") -> list[str]:
        """The ids of everything of the kind, in the order of the primary key."""
        statement = self.prepared("ids", lambda: select(self.table.c[self.id]).order_by(*self.table.primary_key))
        return [str(id) for (id,) in statement.all(world.database)]

    def add(self, world: "World", **row: Value) -> int:
        """Returns the number that the database gave the row."""
        self._changed(world)
        return self._insert(tuple(row)).run(world.database, **row).lastrowid or 0

    def add_many(self, world: "World", rows: list[Columns]) -> None:
        """Add rows of the same columns."""
        self._changed(world)
        if rows:
            self._insert(tuple(rows[0])).run_many(world.database, rows)

    def change(self, world: "World", id: str | int, /, **columns: Value) -> None:
        if not columns:
            return
        if columns.keys() & self.listed_by:
            world.memo.pop(self.plural, None)
        watch = self.watch if self.watch and columns.keys() & self.watch.columns else None
        before: Any = self.find_any(world, id) if watch else None
        names = tuple(columns)
        statement = self.prepared(("change", names), lambda: self._update(names))
        statement.run(world.database, wanted=id, **{f"_{name}": value for name, value in columns.items()})
        if watch and before is not None:
            watch.tell(world, before, before._replace(**columns))

    def remove(self, world: "World", id: str | int) -> None:
        self._changed(world)
        self.prepared("remove", lambda: delete(self.table).where(self._wanted)).run(world.database, wanted=id)

    def new_id(self, world: "World", app_id: str) -> str:
        """The account's next id that the world does not hold already."""
        return world.new_id(app_id, self.prefix, lambda taken: self.find_any(world, taken) is not None)

    def write(self, id: str | int, only_if: dict[str, list[Any]] | None = None, **columns: Any) -> Write:
        """A row to change when some work ends."""
        return Write(self.plural, id, columns, only_if)

    def gone(self, id: str | int) -> Write:
        """A row to remove when some work ends."""
        return Write(self.plural, id, None)

    def prepared(self, key: Any, statement: Callable[[], ClauseElement]) -> Prepared:
        """A statement that is compiled when it is needed first."""
        found = self._statements.get(key)
        if found is None:
            found = self._statements[key] = Prepared(statement())
        return found

    @property
    def counted(self) -> str:
        """Where the world's memo keeps how many there are, by account."""
        return f"number of {self.plural}"

    def _changed(self, world: "World") -> None:
        world.memo.pop(self.plural, None)
        world.memo.pop(self.counted, None)

    @property
    def _wanted(self) -> Any:
        return self.table.c[self.id] == bindparam("wanted")

    @property
    def _owned(self) -> Any:
        return self.table.c.account_id == bindparam("account")

    def _update(self, names: tuple[str, ...]) -> ClauseElement:
        return update(self.table).where(self._wanted).values({name: bindparam(f"_{name}") for name in names})

    def _insert(self, names: tuple[str, ...]) -> Prepared:
        return self.prepared(("add", names), lambda: insert(self.table).values({n: bindparam(n) for n in names}))
