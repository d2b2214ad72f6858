"""One SQLite database on one held connection, and its transactions.

Statements are SQLAlchemy Core. Those that every call needs are compiled once (`Prepared`) and run straight on the
driver: 5 microseconds instead of 23. The connection is in autocommit mode, so that the transactions of `transaction`
are the only ones there are, whichever way a statement runs. Nothing outside this module knows the driver or its
errors: what fails is a DatabaseError.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from typing import Any

from sqlalchemy import ClauseElement, CursorResult, Engine, Executable, Select, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from emulator.world import schema
from emulator.world.database_places import check_place, url_of
from emulator.world.database_reasons import DatabaseError, failure, of_opening
from emulator.world.kept import Kept

__all__ = ["Database", "DatabaseError", "Prepared", "Value", "attached", "upsert"]

Value = str | int | bytes | None
_IN_MEMORY = URL.create("sqlite")
_VERSIONS = slice(18, 20)
"""The bytes of an image that say which journal it is read and written with."""
_ROLLBACK_JOURNAL = b"\x01\x01"


class Prepared:
    """A Core statement compiled once. Its values must be plain numbers, texts or bytes: nothing converts them.

    Each method raises DatabaseError.
    """

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
        self._sql = str(compiled)
        self._writes = not isinstance(statement, Select)
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}

    def run(self, database: "Database", **values: Value) -> sqlite3.Cursor:
        """Carry out a statement that writes."""
        try:
            return self._execute(database, values)
        except (sqlite3.Error, OverflowError) as error:
            raise failure(error) from error

    def run_many(self, database: "Database", rows: Iterable[Mapping[str, Value]]) -> None:
        """Carry out a statement that writes, once a row."""
        try:
            database.transaction.begin()
            database.driver.executemany(self._sql, [{**self._constants, **row} for row in rows])
        except (sqlite3.Error, OverflowError) as error:
            raise failure(error) from error

    def first(self, database: "Database", **values: Value) -> Any | None:
        """Read the first row; None where there is none."""
        try:
            return self._execute(database, values).fetchone()
        except (sqlite3.Error, OverflowError) as error:
            raise failure(error) from error

    def all(self, database: "Database", **values: Value) -> list[Any]:
        """Read every row."""
        try:
            return self._execute(database, values).fetchall()
        except (sqlite3.Error, OverflowError) as error:
            raise failure(error) from error

    def _execute(self, database: "Database", values: dict[str, Value]) -> sqlite3.Cursor:
        if self._writes:
            database.transaction.begin()
        return database.driver.execute(self._sql, {**self._constants, **values} if self._constants else values)


class _Transaction:
    """A block that happens whole or not at all. SQLite hears of it at the first write: most calls only read, and nobody
    else writes.
    """

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._execute = database.driver.cursor().execute
        self._changes = 0
        self._is_open = self._has_begun = False

    def begin(self) -> None:
        """Called before each write, in a block or not."""
        if self._is_open and not self._has_begun:
            self._execute("BEGIN")
            self._changes = self._database.changes
            self._has_begun = True

    def __enter__(self) -> None:
        if self._is_open:
            raise DatabaseError("a transaction is open already")
        self._is_open = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        self._is_open = False
        if not self._has_begun:
            return
        self._has_begun = False
        failed = error
        try:
            if kind is None:
                self._execute("COMMIT")
                return
        except sqlite3.Error as refused:
            failed = refused
        try:
            if self._database.driver.in_transaction:  # SQLite itself undoes one that found the disk full
                self._execute("ROLLBACK")
        except sqlite3.Error as refused:
            raise failure(refused) from refused
        finally:
            if self._database.changes != self._changes:
                self._database.forget()
        if isinstance(failed, sqlite3.Error):
            raise failure(failed) from failed


class Database:
    """`where` is a file's path, a SQLAlchemy URL of SQLite, or None for memory. It is this process's alone.

    One in memory may begin as an `image`. What stands in `with database.transaction:` happens whole or not at all.
    """

    def __init__(self, where: str | None = None, image: bytes | None = None) -> None:
        url = url_of(where)
        check_place(url)
        name = str(url.database or "memory")
        self._engine = _memory_engine() if url == _IN_MEMORY else _engine(url)
        try:
            self._connection = self._engine.connect()
            driver = self._connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101
            self.driver = driver
            self.is_in_memory = url == _IN_MEMORY
            self.transaction = _Transaction(self)
            self.on_rollback: Callable[[], None] = lambda: None
            """Called when a transaction that had changed rows was undone."""
            self._kept = Kept(driver)
            self.kept = self._kept.records
            if image is None:
                self._prepare(name)
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
        self._kept.clear()
        self.on_rollback()

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

    def _prepare(self, name: str) -> None:
        self.driver.execute("PRAGMA foreign_keys = ON")
        self.driver.execute("PRAGMA locking_mode = EXCLUSIVE")
        version = self.driver.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, schema.SCHEMA_VERSION):
            age = "a newer" if version > schema.SCHEMA_VERSION else "an older"
            raise DatabaseError(
                f"{name} was written by {age} bm-emulator (its schema is version {version}, "
                f"this one reads version {schema.SCHEMA_VERSION}); use that one, or another file"
            )
        if version == 0:
            if self.driver.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                raise DatabaseError(f"{name} is a database of something else; name another file")
            self.driver.execute("PRAGMA journal_mode = WAL")
            with self.transaction:
                self.transaction.begin()
                schema.metadata.create_all(self._connection)
                self.driver.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION:d}")
        self.driver.execute("PRAGMA synchronous = NORMAL")
        self.driver.executescript("BEGIN IMMEDIATE; COMMIT")  # takes the exclusive lock now, not at the first call


def _engine(url: URL) -> Engine:
    connection = {"timeout": 1, "check_same_thread": False}
    return create_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=connection, hide_parameters=True
    )


@cache
def _memory_engine() -> Engine:
    """One for all: what it has compiled serves each world in memory, and a new engine costs more than a new world."""
    return _engine(_IN_MEMORY)


@contextmanager
def attached(**images: bytes) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """Open images side by side, each as a schema of its name. Yields a function that answers a query with its rows."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        for schema, image in images.items():
            connection.execute(f"ATTACH ':memory:' AS \"{schema}\"")
            connection.deserialize(image, name=schema)
        yield lambda query: [dict(row) for row in connection.execute(query)]
