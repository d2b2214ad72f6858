"""What rows a client changed: two images of a world, compared table by table."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from emulator.world.database import attached
from emulator.world.schema import metadata

_BOOKKEEPING = {"world", "nonces", "counters", "faults"}
_NEVER_SHOWN = "private_key"
_HIDDEN = "***"
Row = dict[str, Any]
_Query = Callable[[str], list[Row]]


class ChangedRow(Struct, frozen=True):
    before: Row
    """The key and the changed columns, as they were."""
    after: Row
    """The key and the changed columns, as they are now."""


class TableDifferences(Struct, frozen=True):
    added: list[Row]
    """The rows that are new, whole."""
    removed: list[Row]
    """The rows that are gone, whole."""
    changed: list[ChangedRow]
    """The rows of the same key whose columns differ."""


Differences = dict[str, TableDifferences]
"""By table; tables without a difference are left out."""


def differences(before: bytes, after: bytes) -> Differences:
    with attached(before=before, after=after) as query:
        names = [name for name in metadata.tables if name not in _BOOKKEEPING]
        found = {name: _compare(query, name) for name in names}
    return {name: table for name, table in found.items() if table.added or table.removed or table.changed}


def _compare(query: _Query, table: str) -> TableDifferences:
    key = [column.name for column in metadata.tables[table].primary_key]
    gone, come = (_only_in(query, table, *schemas) for schemas in (("before", "after"), ("after", "before")))
    old = {tuple(row[name] for name in key): row for row in gone}
    new = {tuple(row[name] for name in key): row for row in come}
    return TableDifferences(
        added=[row for identity, row in new.items() if identity not in old],
        removed=[row for identity, row in old.items() if identity not in new],
        changed=[_changed(key, old[identity], row) for identity, row in new.items() if identity in old],
    )


def _only_in(query: _Query, table: str, here: str, there: str) -> list[Row]:
    rows = query(f'SELECT * FROM "{here}"."{table}" EXCEPT SELECT * FROM "{there}"."{table}"')  # noqa: S608
    return [_without_key(row) for row in rows] if _NEVER_SHOWN in metadata.tables[table].c else rows


def _without_key(row: Row) -> Row:
    """A private key is shown nowhere, only whether there is one."""
    return {**row, _NEVER_SHOWN: _HIDDEN if row[_NEVER_SHOWN] else row[_NEVER_SHOWN]}


def _changed(key: list[str], before: Row, after: Row) -> ChangedRow:
    columns = [*key, *(name for name in before if name not in key and before[name] != after[name])]
    return ChangedRow({name: before[name] for name in columns}, {name: after[name] for name in columns})
