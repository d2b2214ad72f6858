"""How a database is opened: where it may be (a file, an address of SQLAlchemy's, or memory), and what it must hold."""

import os
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from emulator.world import schema
from emulator.world.database_reasons import DatabaseError

IN_MEMORY = URL.create("sqlite")


def url_of(where: str | None) -> URL:
    if where is None or "://" not in where:
        return URL.create("sqlite", database=where)
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise DatabaseError(f"{where} is no address of a database; name a file or a sqlite:/// URL") from error
    if url.get_backend_name() != "sqlite":
        raise DatabaseError(f"a world lives in SQLite: name a file or a sqlite:/// URL, not {url.drivername}")
    return url


def check_place(url: URL) -> None:
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


def engine_of(url: URL) -> Engine:
    return _memory_engine() if url == IN_MEMORY else _engine(url)


@cache
def _memory_engine() -> Engine:
    """One for all: what it has compiled serves each world in memory, and a new engine costs more than a new world."""
    return _engine(IN_MEMORY)


def _engine(url: URL) -> Engine:
    connection = {"timeout": 1, "check_same_thread": False}
    return create_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=connection, hide_parameters=True
    )


def prepare(driver: Any, connection: Connection, name: str) -> None:
    """Make the tables of a database that has none. Raises DatabaseError for one of another version."""
    driver.execute("PRAGMA foreign_keys = ON")
    driver.execute("PRAGMA locking_mode = EXCLUSIVE")
    version = driver.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, schema.SCHEMA_VERSION):
        age = "a newer" if version > schema.SCHEMA_VERSION else "an older"
        raise DatabaseError(
            f"{name} was written by {age} bm-emulator (its schema is version {version}, "
            f"this one reads version {schema.SCHEMA_VERSION}); use that one, or another file"
        )
    if version == 0:
        if driver.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise DatabaseError(f"{name} is a database of something else; name another file")
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute("BEGIN")
        schema.metadata.create_all(connection)
        driver.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION:d}")
        driver.execute("COMMIT")
    driver.execute("PRAGMA synchronous = NORMAL")
    driver.executescript("BEGIN IMMEDIATE; COMMIT")  # takes the exclusive lock now, not at the first call
