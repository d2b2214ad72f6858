"""What was read and is asked for again and again: it is kept until a row changes."""

from typing import Any, Protocol

_MOST, _MANY = 1_000, 500
"""Records of a table, and the like."""
_ANY = ""
"""In the place of a table's name: what follows from rows of several tables."""


class _Connection(Protocol):
    @property
    def total_changes(self) -> int:
        """How many rows were added, changed or removed through it."""


class Kept:
    """Small things by keys that tell them apart, for each table.

    Only one connection changes rows, and it counts them: a change that nobody has told of is noticed.
    """

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._tables: dict[str, dict[Any, Any]] = {}
        self._changes = 0

    def of(self, table: str = _ANY, number: int = 1) -> dict[Any, Any]:
        """What is kept of a table's rows, to look things up and to add others, all of which are as the rows are now;
        without a table, what follows from any rows.

        `number`: of how many things. For many it is empty, and nothing is kept.
        """
        if number > _MANY:
            return {}
        if self._connection.total_changes != self._changes:
            self.clear()
        found = self._tables.get(table)
        if found is None or len(found) > _MOST:
            found = self._tables[table] = {}
        return found

    def wrote(self, table: str | None, before: int) -> None:
        """A statement has written into a table, or (None) into some. `before`: how many changes there were before."""
        if table is None or before != self._changes:
            self.clear()
        else:
            self._tables.pop(table, None)
            self._tables.pop(_ANY, None)
            self._changes = self._connection.total_changes

    def clear(self) -> None:
        """Rows are what they were before, or others."""
        self._tables = {}
        self._changes = self._connection.total_changes
