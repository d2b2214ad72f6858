"""The rows of a kind of thing: how they are found, added, changed and removed."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
from sqlalchemy import ClauseElement, Table, bindparam, delete, func, insert, select, update

from emulator.world.database import Prepared, Value
from emulator.world.facets import Columns, Watch

if TYPE_CHECKING:
    from emulator.world.world import World

R = TypeVar("R", bound=tuple[Any, ...])


def as_json(values: Iterable[Any]) -> str:
    """Values as one of a statement, which may have only so many."""
    return msgspec.json.encode(list(values)).decode()


class Rows(Generic[R]):
    """What a `Resource` does with its table. Every statement is compiled when it is needed first."""

    plural: str
    id: str
    prefix: str
    is_large: bool
    listed_by: frozenset[str]
    watch: Watch | None
    table: Table
    make: Callable[[Iterable[Any]], R]
    _statements: dict[Any, Prepared]

    def find(self, world: "World", account_id: int, id: str | int | None) -> R | None:
        """The account's own thing of that id."""
        found: Any = None if id is None else self.find_any(world, id)
        return None if found is None or found.account_id != account_id else found

    def find_any(self, world: "World", id: str | int) -> R | None:
        """The thing of that id, whichever account's it is; kept until a row of the table changes."""
        kept = world.database.kept.of(self.plural)
        found: R | None = kept.get(id)
        if found is None:
            statement = self.prepared("any", lambda: select(self.table).where(self._wanted))
            row = statement.first(world.database, wanted=id)
            found = self.make(row) if row else None
            if found is not None and not self.is_large:
                kept[id] = found
        return found

    def find_some(self, world: "World", ids: Sequence[str]) -> list[R]:
        """The things of those ids, in their order, without those that do not exist; kept like one that is found."""
        kept = {} if self.is_large else world.database.kept.of(self.plural, len(ids))
        missing = [id for id in ids if id not in kept]
        if missing:
            statement = self.prepared("some", lambda: select(self.table).where(self._among))
            for row in statement.all(world.database, wanted=as_json(missing)):
                record: Any = self.make(row)
                kept[getattr(record, self.id)] = record
        return [kept[id] for id in ids if id in kept]

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
    def _among(self) -> Any:
        return self.table.c[self.id].in_(select(func.json_each(bindparam("wanted")).table_valued("value").c.value))

    def _update(self, names: tuple[str, ...]) -> ClauseElement:
        return update(self.table).where(self._wanted).values({name: bindparam(f"_{name}") for name in names})

    def _insert(self, names: tuple[str, ...]) -> Prepared:
        return self.prepared(("add", names), lambda: insert(self.table).values({n: bindparam(n) for n in names}))
