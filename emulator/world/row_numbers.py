"""The last number that each table gave to a row: autoId, the numbers of tasks and of pending work follow from it.

A number is never given twice, even if its row is gone; so an exported world keeps them.
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, column, func, insert, select, table, update

from emulator.world.database import Prepared
from emulator.world.schema import metadata
from emulator.world.world import World

_sequence = table("sqlite_sequence", column("name"), column("seq"))
"""SQLite's own; a table has a row here once it has given a number."""
_ALL = Prepared(select(_sequence.c.name, _sequence.c.seq).order_by(_sequence.c.name))
_ADD = Prepared(insert(_sequence).values(name=bindparam("table"), seq=bindparam("number")))
_RAISE = Prepared(
    update(_sequence)
    .where(_sequence.c.name == bindparam("table"))
    .values(seq=func.max(_sequence.c.seq, bindparam("number")))
)


def last_numbers(world: World) -> dict[str, int]:
    """By table."""
    return dict(_ALL.all(world.database))


def go_on_from(world: World, numbers: Mapping[str, int]) -> None:
    """Give no number up to these again. Raises LookupError for a table that the world does not have."""
    known = last_numbers(world)
    for name, number in numbers.items():
        if name not in metadata.tables:
            raise LookupError(f"there is no table {name} whose rows have numbers")
        (_RAISE if name in known else _ADD).run(world.database, table=name, number=number)
