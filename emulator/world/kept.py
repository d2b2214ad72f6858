"""What was read and is asked for again and again: it is kept until a row changes."""

from typing import Any, Protocol

_MOST, _MANY = 2_000, 500
"""Records and the like."""


class _Connection(Protocol):
    @property
    def total_changes(self) -> int:
        """How many rows were added, changed or removed through it."""


class Kept:
    """Small things by keys that tell them apart. Only one connection changes rows, and it counts them."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._records: dict[Any, Any] = {}
        self._changes = 0

    def records(self, number: int = 1) -> dict[Any, Any]:
        """What is kept, to look things up and to add others, all of which are as the rows are now.

        `number`: of how many things. For many it is empty, and nothing is kept.
        """
        if number > _MANY:
            return {}
        changes = self._connection.total_changes
        if changes != self._changes or len(self._records) > _MOST:
            self._records = {}
            self._changes = changes
        return self._records

    def clear(self) -> None:
        """Rows are what they were before, or others."""
        self._records = {}
