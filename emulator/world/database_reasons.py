"""Why a database refused, in words for people."""

import re
from pathlib import Path

_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")
_REASONS = (
    ("locked", "another emulator has it open"),
    ("not a database", "it is no database of an emulator; name another file"),
    ("readonly", "it is read-only; name a file that can be written, or leave out --database"),
    ("too large", "a number is too large"),
    ("full", "the disk is full"),
    ("malformed", "the file is damaged; name another one"),
)
"""What the driver says, and what that means."""


class DatabaseError(Exception):
    """A database that cannot be used, or that failed, with what to do about it where that is known."""


def failure(error: Exception) -> DatabaseError:
    """What the driver's error, or that of a library over it, means."""
    return DatabaseError(in_words(str(getattr(error, "orig", None) or error)))


def in_words(reason: str) -> str:
    """What the driver's reason means; one that is not known here stays as it is."""
    if found := _UNIQUE.search(reason):
        return f"{found[1]} is taken"
    return next((words for sign, words in _REASONS if sign in reason), reason)


def of_opening(where: str, reason: str) -> str:
    """Why a file cannot be opened as a database."""
    path = Path(where)
    if path.is_dir():
        return "it is a folder; name a file"
    if not path.absolute().parent.is_dir():
        return f"there is no folder {path.parent}"
    if reason.startswith(("unable to open", "disk I/O")):
        return "it cannot be read and written there; name another file, or leave out --database"
    return in_words(reason)
