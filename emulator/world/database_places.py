"""Where a database may be: a file, an address of SQLAlchemy's, or memory."""

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from emulator.world.database_reasons import DatabaseError


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
