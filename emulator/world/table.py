"""A table made from a record: a NamedTuple whose fields are the columns, `int` or `str`, with `| None` where null is
allowed.
"""

from collections.abc import Iterable
from types import NoneType
from typing import Any, get_args, get_type_hints

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from emulator.world.schema import metadata

SECRET_COLUMNS = ("password", "login_key", "private_key")
"""The columns of every kind of thing that holds a secret."""
_TYPES = {int: Integer, str: Text}


def table_of(
    name: str, record: type, *, id: str, numbered: str | None, parent: str | None, indexes: Iterable[tuple[str, ...]]
) -> Table:
    """`numbered`: a column that the database counts up; `parent`: the column, as `devices.instance_id`, that `id`
    refers to.
    """
    key = numbered or id
    columns = [
        _column(column, hint, key=key, unique=column == id != key, parent=parent if column == id else None)
        for column, hint in get_type_hints(record).items()
    ]
    searched = [(name,) for name in SECRET_COLUMNS if name in get_type_hints(record)]  # by what masks them
    found = (Index(f"{name}_by_{'_'.join(index)}", *index) for index in (*indexes, *searched))
    return Table(name, metadata, *columns, *found, sqlite_autoincrement=numbered is not None)


def _column(name: str, hint: Any, *, key: str, unique: bool, parent: str | None) -> Column[Any]:
    kinds = [kind for kind in (get_args(hint) or (hint,)) if kind is not NoneType]
    references = [ForeignKey("accounts.id")] if name == "account_id" else []
    if parent:
        references = [ForeignKey(parent, ondelete="CASCADE")]
    may_be_null = NoneType in get_args(hint)
    return Column(
        name, _TYPES[kinds[0]], *references, primary_key=name == key, nullable=may_be_null, unique=unique or None
    )
