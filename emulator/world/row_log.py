"""The rows that calls change, as they were and as they become, for people who look into a call.

Triggers of the connection write them down, so that nothing that changes a row has to know of it. They cost some
microseconds a row, so that a world has them from when somebody looks first.
"""

from typing import NamedTuple

from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, select, text
from sqlalchemy.schema import CreateTable

from emulator.world.database import Database, Prepared
from emulator.world.schema import metadata

_BOOKKEEPING = {"world", "nonces", "counters", "faults"}
MOST_ROWS = 100
"""Of one call."""
_log = Table(
    "changed_rows",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    prefixes=["TEMPORARY"],
)
_READ = Prepared(select(_log.c.name, _log.c.before, _log.c.after).order_by(_log.c.number))
_CLEAR = Prepared(delete(_log))


class ChangedRow(NamedTuple):
    """A row of a table, as JSON; None where there was none, or is none any more."""

    table: str
    before: str | None
    after: str | None


class RowLog:
    """Writes down what is changed in a database from now on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.execute(CreateTable(_log))
        for table in metadata.sorted_tables:
            if table.name not in _BOOKKEEPING:
                for statement in _triggers(table):
                    database.execute(text(statement))

    def clear(self) -> None:
        """Forget what was changed."""
        _CLEAR.run(self._database)

    def take(self) -> list[ChangedRow]:
        """What was changed since it was last cleared, in order, and forget it."""
        found = [ChangedRow(*row) for row in _READ.all(self._database)]
        self.clear()
        return found


def _triggers(table: Table) -> list[str]:
    """A trigger for each way to change a row of the table."""
    old, new = _as_json(table, "OLD"), _as_json(table, "NEW")
    ways = {"INSERT": ("NULL", new), "UPDATE": (old, new), "DELETE": (old, "NULL")}
    return [_trigger(table.name, way, before, after) for way, (before, after) in ways.items()]


def _trigger(name: str, way: str, before: str, after: str) -> str:
    writing = f"INSERT INTO changed_rows (name, before, after) VALUES ('{name}', {before}, {after})"  # noqa: S608
    return f'CREATE TEMP TRIGGER "{name}_{way}" AFTER {way} ON main."{name}" BEGIN {writing}; END'


def _as_json(table: Table, row: str) -> str:
    columns = ", ".join(f"'{column.name}', {row}.\"{column.name}\"" for column in table.c)
    return f"json_object({columns})"
