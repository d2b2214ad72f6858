"""One SQLite database on one held connection, and its transactions.

Statements are SQLAlchemy Core. Those that every call needs are compiled once (`Prepared`) and run straight on the
driver: 5 microseconds instead of 23. The connection is in autocommit mode, so that the transactions of `transaction`
are the only ones there are, whichever way a statement runs. Nothing outside this module knows the driver or its
errors: what fails is a DatabaseError.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ClauseElement, CursorResult, Delete, Executable, Insert, Select, Table, Update
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from emulator.world.database_opening import IN_MEMORY, check_place, engine_of, prepare, url_of
from emulator.world.database_reasons import DatabaseError, failure, of_opening
from emulator.world.kept import Kept
from emulator.world.transaction import Transaction

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["Database", "DatabaseError", "Prepared", "Value", "attached", "upsert"]

Value = str | int | bytes | None
_VERSIONS = slice(18, 20)
"""The bytes of an image that say which journal it is read and written with."""
_ROLLBACK_JOURNAL = b"\x01\x01"


class Prepared:
    """A Core statement compiled once. Its values must be plain numbers, texts or bytes: nothing converts them.

    Each method raises DatabaseError.
    """

    def __init__(self, statement: ClauseElement) -> None:
        compiled = cast("SQLCompiler", statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))
        self._sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        self._writes = not isinstance(statement, Select)
        self._statement = statement

    def run(self, database: "Database", **values: Value) -> sqlite3.Cursor:
        """Carry out a statement that writes."""
        try:
            before = database.before_write()
            cursor = database.driver.execute(self._sql, self._ordered(values))
            database.kept.wrote(self._table, before)
        except (sqlite3.Error, OverflowError) as error:
            raise failure(error) from error
        return cursor

    def run_many(self, database: "Database", rows: Iterable[Mapping[str, Value]]) -> None:
        """Carry out a statement that writes, once a row."""
        try:
            before = database.before_write()
            database.driver.executemany(self._sql, [self._ordered(row) for row in rows])
            database.kept.wrote(self._table, before)
        except (sqlite3.Error, OverflowError) as error:
            raise failure(error) from error

    def first(self, database: "Database", **values: Value) -> Any | None:
        """Read the first row; None where there is none."""
        if self._writes:
            return next(iter(self._written(database, values)), None)
        try:
            return database.driver.execute(self._sql, self._ordered(values)).fetchone()
        except (sqlite3.Error, OverflowError) as error:
            raise failure(error) from error

    def all(self, database: "Database", **values: Value) -> list[Any]:
        """Read every row."""
        if self._writes:
            return self._written(database, values)
        try:
            return database.driver.execute(self._sql, self._ordered(values)).fetchall()
        except (sqlite3.Error, OverflowError) as error:
            raise failure(error) from error

    def _written(self, database: "Database", values: dict[str, Value]) -> list[Any]:
        """What a statement that writes returns. SQLite counts what was written once all of it is read."""
        try:
            before = database.before_write()
            rows = database.driver.execute(self._sql, self._ordered(values)).fetchall()
            database.kept.wrote(self._table, before)
        except (sqlite3.Error, OverflowError) as error:
            raise failure(error) from error
        return rows

    @cached_property
    def _table(self) -> str | None:
        """What it writes into; None where rows of other tables may go with what it deletes."""
        statement = self._statement
        into = statement.table if isinstance(statement, Insert | Update | Delete) else None
        if not isinstance(into, Table):
            return None
        keys = (key for table in into.metadata.tables.values() for key in table.foreign_keys)
        has_others = isinstance(statement, Delete) and any(key.column.table is into for key in keys)
        return None if has_others else into.name

    def _ordered(self, values: Mapping[str, Value]) -> list[Value]:
        given = {**self._constants, **values} if self._constants else values
        return [given[name] for name in self._names]


class Database:
    """`where` is a file's path, a SQLAlchemy URL of SQLite, or None for memory. It is this process's alone.

    One in memory may begin as an `image`. What stands in `with database.transaction:` happens whole or not at all.
    """

    def __init__(self, where: str | None = None, image: bytes | None = None) -> None:
        url = url_of(where)
        check_place(url)
        name = str(url.database or "memory")
        self._engine = engine_of(url)
        try:
            self._connection = self._engine.connect()
            driver = self._connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101
            self.driver = driver
            self.is_in_memory = url == IN_MEMORY
            self.transaction = Transaction(driver, self._command, self.forget, _translate)
            self.on_rollback: Callable[[], None] = lambda: None
            """Called when a transaction that had changed rows was undone."""
            self.kept = Kept(driver)
            if image is None:
                prepare(driver, self._connection, name)
            else:
                self.driver.execute("PRAGMA foreign_keys = ON")
                self.driver.deserialize(image)
        except (SQLAlchemyError, sqlite3.Error) as error:
            self._engine.dispose()
            reason = str(getattr(error, "orig", None) or error)
            raise DatabaseError(f"cannot use the database {name}: {of_opening(name, reason)}") from error
        except DatabaseError:
            self._engine.dispose()
            raise

    @property
    def changes(self) -> int:
        """How many rows were added, changed or removed since the database was opened."""
        return self.driver.total_changes

    def forget(self) -> None:
        """Rows are what they were before, or others."""
        self.kept.clear()
        self.on_rollback()

    def _command(self, command: str) -> None:
        try:
            self.driver.execute(command)
        except sqlite3.Error as error:
            raise failure(error) from error

    def before_write(self) -> int:
        """To be called before each write. Returns how many changes there were."""
        self.transaction.begin()
        return self.driver.total_changes

    def execute(self, statement: Executable, values: Any = None) -> "CursorResult[*tuple[Any, ...]]":
        """Carry out a statement that is not worth preparing. Raises DatabaseError."""
        try:
            if not isinstance(statement, Select):
                self.transaction.begin()
            return self._connection.execute(statement, values)
        except (SQLAlchemyError, sqlite3.Error, OverflowError) as error:
            raise failure(error) from error

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Within a transaction: what stands in the block leaves no trace."""
        self.transaction.begin()
        self.driver.execute("SAVEPOINT rehearsal")
        try:
            yield
        finally:
            self.driver.execute("ROLLBACK TO rehearsal")
            self.driver.execute("RELEASE rehearsal")
            self.forget()

    def image(self) -> bytes:
        """The whole database, fit for memory whatever it was kept in."""
        data = self.driver.serialize()
        if data[_VERSIONS] == _ROLLBACK_JOURNAL:
            return data
        return data[: _VERSIONS.start] + _ROLLBACK_JOURNAL + data[_VERSIONS.stop :]

    def load(self, image: bytes) -> None:
        """Hold what the image holds, and nothing else.

        By SQLite's backup: to deserialize into a connection that has used json_each crashes SQLite later.
        """
        with closing(sqlite3.connect(":memory:")) as source:
            source.deserialize(image)
            source.backup(self.driver)
        self.forget()

    def close(self) -> None:
        self._connection.close()


def _translate(error: BaseException | None) -> None:
    if isinstance(error, sqlite3.Error):
        raise failure(error) from error


@contextmanager
def attached(**images: bytes) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """Open images side by side, each as a schema of its name. Yields a function that answers a query with its rows."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        for schema, image in images.items():
            connection.execute(f"ATTACH ':memory:' AS \"{schema}\"")
            connection.deserialize(image, name=schema)
        yield lambda query: [dict(row) for row in connection.execute(query)]
