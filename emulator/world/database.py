"""One SQLite database on one held connection, and its transactions.

Statements are SQLAlchemy Core. Those that every call needs are compiled once (`Prepared`) and run straight on the
driver: 5 microseconds instead of 23. The connection is in autocommit mode, so that the transactions of `transaction`
are the only ones there are, whichever way a statement runs. Nothing outside this module knows the driver or its
errors: what fails is a DatabaseError.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ClauseElement, CursorResult, Engine, Executable, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from emulator.world import schema
from emulator.world.database_reasons import in_words, of_opening

__all__ = ["Database", "DatabaseError", "Prepared", "Value", "attached", "upsert"]

Value = str | int | bytes | None
_IN_MEMORY = URL.create("sqlite")
_VERSIONS = slice(18, 20)
"""The bytes of an image that say which journal it is read and written with."""
_ROLLBACK_JOURNAL = b"\x01\x01"


class DatabaseError(Exception):
    """A database that cannot be used, or that failed, with what to do about it where that is known."""


class Prepared:
    """A Core statement compiled once. Its values must be plain numbers, texts or bytes: nothing converts them.

    Each method raises DatabaseError.
    """

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
        self._sql = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}

    def run(self, database: "Database", **values: Value) -> sqlite3.Cursor:
        """Carry out a statement that writes."""
        try:
            return database.driver.execute(self._sql, {**self._constants, **values})
        except (sqlite3.Error, OverflowError) as error:
            raise _failure(error) from error

    def run_many(self, database: "Database", rows: Iterable[Mapping[str, Value]]) -> None:
        """Carry out a statement that writes, once a row."""
        try:
            database.driver.executemany(self._sql, [{**self._constants, **row} for row in rows])
        except (sqlite3.Error, OverflowError) as error:
            raise _failure(error) from error

    def first(self, database: "Database", **values: Value) -> Any | None:
        """Read the first row; None where there is none."""
        try:
            given = {**self._constants, **values} if self._constants else values
            return database.driver.execute(self._sql, given).fetchone()
        except (sqlite3.Error, OverflowError) as error:
            raise _failure(error) from error

    def all(self, database: "Database", **values: Value) -> list[Any]:
        """Read every row."""
        try:
            return database.driver.execute(self._sql, {**self._constants, **values}).fetchall()
        except (sqlite3.Error, OverflowError) as error:
            raise _failure(error) from error


class _Transaction:
    def __init__(self, database: "Database") -> None:
        self._database = database
        self._execute = database.driver.cursor().execute
        self._changes = 0

    def __enter__(self) -> None:
        self._execute("BEGIN")
        self._changes = self._database.changes

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
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
            raise _failure(refused) from refused
        finally:
            if self._database.changes != self._changes:
                self._database.on_rollback()
        if isinstance(failed, sqlite3.Error):
            raise _failure(failed) from failed


def _failure(error: Exception) -> DatabaseError:
    return DatabaseError(in_words(str(getattr(error, "orig", None) or error)))


class Database:
    """`where` is a file's path, a SQLAlchemy URL of SQLite, or None for memory. It is this process's alone.

    One in memory may begin as an `image`. What stands in `with database.transaction:` happens whole or not at all.
    """

    def __init__(self, where: str | None = None, image: bytes | None = None) -> None:
        url = _url(where)
        _check_place(url)
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

    def execute(self, statement: Executable, values: Any = None) -> "CursorResult[*tuple[Any, ...]]":
        """Carry out a statement that is not worth preparing. Raises DatabaseError."""
        try:
            return self._connection.execute(statement, values)
        except (SQLAlchemyError, OverflowError) as error:
            raise _failure(error) from error

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Within a transaction: what stands in the block leaves no trace."""
        self.driver.execute("SAVEPOINT rehearsal")
        try:
            yield
        finally:
            self.driver.execute("ROLLBACK TO rehearsal")
            self.driver.execute("RELEASE rehearsal")
            self.on_rollback()

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


def _url(where: str | None) -> URL:
    if where is None or "://" not in where:
        return URL.create("sqlite", database=where)
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise DatabaseError(f"{where} is no address of a database; name a file or a sqlite:/// URL") from error
    if url.get_backend_name() != "sqlite":
        raise DatabaseError(f"a world lives in SQLite: name a file or a sqlite:/// URL, not {url.drivername}")
    return url


def _check_place(url: URL) -> None:
    """Raises DatabaseError where no database can be kept. SQLite's own errors would not say why."""
    place = Path(url.database or ":memory:")
    if place.name == ":memory:" or str(url.database).startswith("file:"):
        return
    reason = ""
    if place.is_dir():
        reason = "it is a folder"
    elif not place.parent.is_dir():
        reason = f"there is no folder {place.parent}"
    elif not os.access(place.parent, os.W_OK) or (place.exists() and not os.access(place, os.W_OK)):
        reason = f"it is read-only, or {place.parent} is, where SQLite keeps files beside it; name a place to write to"
    if reason:
        raise DatabaseError(f"cannot use the database {place}: {reason}")


@contextmanager
def attached(**images: bytes) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """Open images side by side, each as a schema of its name. Yields a function that answers a query with its rows."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        for schema, image in images.items():
            connection.execute(f"ATTACH ':memory:' AS \"{schema}\"")
            connection.deserialize(image, name=schema)
        yield lambda query: [dict(row) for row in connection.execute(query)]
