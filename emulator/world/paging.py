"""Sorted, searched and paged lists, as every list action of the API offers them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from emulator.world.world import World


@dataclass(frozen=True, slots=True)
class Page:
    offset: int
    limit: int
    order_by: ColumnElement[Any]
    tie_break: ColumnElement[Any]
    descending: bool = True
    """For both: equal rows follow the direction too, so that a list turned round is the same list backwards."""


def contains(text: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    """Fuzzy search: any of the columns holds the text; upper and lower case are alike (ASCII), no wildcards."""
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """The column has one of the values. They are one parameter however many they are, as SQLite allows only so many."""
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(listed.c.value))


def fetch(world: World, query: Select[Any], page: Page) -> tuple[list[Any], int]:
    """The rows of that page, and how many there are in all."""
    total = world.execute(query.with_only_columns(func.count(), maintain_column_froms=True)).scalar_one()
    keys = (page.order_by, page.tie_break)
    ordered = query.order_by(*(key.desc() if page.descending else key.asc() for key in keys))
    return list(world.execute(ordered.offset(page.offset).limit(page.limit))), int(total)
