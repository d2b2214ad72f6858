"""Things printed as a table: a line each, with what people look for."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import click

_COLUMNS = (
    *("state", "bind_status", "status", "alias", "name", "kind", "busy_with", "lan_ip", "wan_ip", "cidr"),
    *("vpc", "subnet", "class_code", "zone_id", "os_type", "deadline", "began_at", "app_id"),
)
"""What of a thing is shown after its id, where it has it."""
_MOST_CHARACTERS = 40


def columns_of(thing: dict[str, Any]) -> list[str]:
    """The names of the columns for things like this one; the first field is the id."""
    id_ = next(iter(thing))
    return [id_, *(name for name in _COLUMNS if name in thing and name != id_)]


def print_table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    """Print a heading and a line for each row. Columns that are empty in every row are left out."""
    kept = [name for name in columns if any(row[name] not in (None, "") for row in rows)]
    cells = [kept, *([_cell(row[name]) for name in kept] for row in rows)]
    widths = [max(_width(line[place]) for line in cells) for place in range(len(kept))]
    for line in cells:
        click.echo(_line(line, widths))


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _cell(value: Any) -> str:
    text = "-" if value is None or value == "" else str(value).lower() if isinstance(value, bool) else str(value)
    text = "".join(character if character.isprintable() else " " for character in text)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def _width(text: str) -> int:
    """Places that a text takes on a terminal, where Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
