"""Writes docs/reference.md from the code: options, fixture fields, fault rules, worlds, what can be set by hand.

    PYTHONPATH=. .venv/bin/python tests/support/reference.py

A field's text is the string literal beneath it in its Struct, an option's text its help.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click
import msgspec
from msgspec import inspect as types

from emulator.cli.serve import serve
from emulator.control import routes
from emulator.control.field_texts import field_texts
from emulator.control.worlds import NewWorld, WorldChanges
from emulator.seeding.fixture import Fixture
from emulator.world.rules import FaultRule

PATH = Path(__file__).parent.parent.parent / "docs" / "reference.md"
COMMAND = "PYTHONPATH=. .venv/bin/python tests/support/reference.py"
LONGEST_CELL = 12
"""Words; a longer text or list of values stands beneath the table."""
DEFAULTS = {"database": "in memory", "catalogue": "bundled", "incidents": "bundled", "ca_dir": "the user's data"}
DEFAULTS["region"] = "note"
"""What it means that an option has no default."""
_UNBOUNDED = 10**9
"""A bound as high as this one is not worth a word."""
_FAULTS = "Fault rules"
_UNCHANGED = "as it is"
_BELOW = "see below"

HEAD = f"""\
<!-- Generated. Change the texts in the code, then run: {COMMAND} -->

# Reference

Options, fields and settings as the code declares them. The control interface itself is described by a running emulator
at `/_emulator/openapi.json`; each command explains itself with `--help`.

- [Options of `serve`](#options-of-serve)
- [World files](#world-files)
- [Fault rules](#fault-rules)
- [Worlds](#worlds)
- [What can be set by hand](#what-can-be-set-by-hand)
"""


_OF_EXPORTS = """\
`world export` writes a world as such a file. With `seed`, `counters`, `sold`, `set_faults` and `operations`, and an
account's `numbered_tasks`, it holds a world in the middle of its work; a world file written by hand seldom needs them.
"""
_HOW_BY_HAND = """\
With `bm-emulator inventory set KIND ID FIELD=VALUE …`, where KIND is a heading of this section; the stock with
`bm-emulator stock set ZONE CLASS LEFT`. What is not sent stays as it is. `bm-emulator inventory list KIND` lists
them.
"""


class Row(NamedTuple):
    name: str
    facts: tuple[str, ...]
    """What its cells hold between name and text; the first is the value."""
    text: str

    @property
    def has_long_value(self) -> bool:
        return len(self.facts[0].split()) > LONGEST_CELL

    @property
    def has_long_text(self) -> bool:
        return len(self.text.split()) > LONGEST_CELL

    def cells(self) -> list[str]:
        """Of its line in the table."""
        value, *rest = self.facts
        return [
            f"`{self.name}`",
            _BELOW if self.has_long_value else value,
            *rest,
            _BELOW if self.has_long_text else self.text,
        ]

    def below(self) -> str:
        """What the table has no room for; empty: nothing."""
        values = f"One of {self.facts[0]}." if self.has_long_value else ""
        return " ".join(filter(None, (values, self.text if self.has_long_text else "")))


def page() -> str:
    parts = [HEAD, *_options(), *_fixtures(), *_faults(), *_worlds(), *_by_hand()]
    return "\n".join(parts)


def _options() -> Iterator[str]:
    yield "## Options of `serve`\n"
    yield "Each is an environment variable too: `--time-scale` is `BM_EMULATOR_TIME_SCALE`.\n"
    options = [option for option in serve.params if isinstance(option, click.Option) and option.name != "help"]
    rows = [Row(option.opts[0], (_takes(option), _default(option)), option.help or "") for option in options]
    yield from _table(("option", "value", "default", "what it does"), rows)


def _takes(option: click.Option) -> str:
    kind = option.type
    if option.is_flag:
        return ""
    if isinstance(kind, click.Choice):
        return _either(f"`{choice}`" for choice in kind.choices)
    if isinstance(kind, click.IntRange | click.FloatRange):
        word = "whole number" if isinstance(kind, click.IntRange) else "number"
        return word + _range(kind.min, kind.max)
    return (option.metavar or "text").lower()


def _default(option: click.Option) -> str:
    if option.is_flag:
        return "`off`"
    default = option.default[0] if isinstance(option.default, tuple) else option.default
    has_default = isinstance(default, str | int | float)  # click's mark for none differs from release to release
    return f"`{default}`" if has_default else DEFAULTS.get(str(option.name), "none")


def _fixtures() -> Iterator[str]:
    yield "## World files\n"
    yield "For `--fixture`: a TOML file or, with the same names, a JSON file. Times are China Standard Time.\n"
    yield _OF_EXPORTS
    sections = dict(_sections(Fixture, ""))
    headings = {kind: f"`{path}`" for kind, path in sections.items()} | {FaultRule: _FAULTS}
    for kind in (Fixture, *sections):
        yield f"### {headings.get(kind, 'Top level')}\n"
        yield from _struct(kind, headings)


def _sections(kind: type, path: str) -> Iterator[tuple[type, str]]:
    """The tables within a table, each with its path as TOML writes it."""
    for field in _fields(kind):
        for part, is_list in _structs(field.type):
            if part is not FaultRule:
                name = f"{path}{field.encode_name}"
                yield part, f"[[{name}]]" if is_list else f"[{name}]"
                yield from _sections(part, f"{name}.")


def _structs(kind: types.Type, *, is_list: bool = False) -> Iterator[tuple[type, bool]]:
    if isinstance(kind, types.UnionType):
        for part in kind.types:
            yield from _structs(part, is_list=is_list)
    elif isinstance(kind, types.ListType | types.VarTupleType):
        yield from _structs(kind.item_type, is_list=True)
    elif isinstance(kind, types.StructType):
        yield kind.cls, is_list


def _faults() -> Iterator[str]:
    yield f"## {_FAULTS}\n"
    yield from _struct(FaultRule, {})


def _worlds() -> Iterator[str]:
    yield "## Worlds\n"
    changing = [f"`{field.encode_name}`" for field in _fields(WorldChanges)]
    yield f"Settings of a new world. Of these, {' and '.join(changing)} can be changed later.\n"
    yield from _struct(NewWorld, {}, "")


def _by_hand() -> Iterator[str]:
    yield "## What can be set by hand\n"
    yield _HOW_BY_HAND
    for endpoint in routes.ENDPOINTS:
        if endpoint.method != "GET" and "/inventory/" in endpoint.path and endpoint.body is not None:
            name = endpoint.path.partition("/inventory/")[2].split("/")[0]
            yield f"### `{name}`\n"
            yield from _struct(endpoint.body, {}, "")


def _struct(kind: type, headings: dict[type, str], doc: str | None = None) -> Iterator[str]:
    """`doc`: an introduction in place of the Struct's own."""
    intro = _joined(kind.__doc__ or "") if doc is None else doc
    if intro:
        yield f"{intro}\n"
    texts = field_texts(kind)
    rows = [
        Row(field.encode_name, (_words(field, headings), _left_out(field)), texts.get(field.name, ""))
        for field in _fields(kind)
    ]
    if any(row.facts[1] != _UNCHANGED for row in rows):
        yield from _table(("field", "value", "left out", "meaning"), rows)
    else:
        yield from _table(("field", "value", "meaning"), [row._replace(facts=row.facts[:1]) for row in rows])


def _fields(kind: type) -> tuple[types.Field, ...]:
    found = types.type_info(kind)
    assert isinstance(found, types.StructType)
    return found.fields


def _words(field: types.Field, headings: dict[type, str]) -> str:
    parts = field.type.types if isinstance(field.type, types.UnionType) else (field.type,)
    optional = field.default is None
    return _either(_word(part, headings) for part in parts if not (optional and isinstance(part, types.NoneType)))


def _word(kind: types.Type, headings: dict[type, str]) -> str:
    if isinstance(kind, types.Metadata):
        return _word(kind.type, headings)
    if isinstance(kind, types.StrType):
        return _text_word(kind)
    if isinstance(kind, types.IntType | types.FloatType):
        word = "whole number" if isinstance(kind, types.IntType) else "number"
        return word + _range(kind.ge, kind.le, above=kind.gt)
    if isinstance(kind, types.LiteralType):
        return _either(f"`{value}`" for value in kind.values)
    if isinstance(kind, types.ListType | types.VarTupleType):
        number = f" {kind.min_length}:" if kind.min_length else ""
        return f"list of{number} {_word(kind.item_type, headings)}"
    if isinstance(kind, types.DictType):
        return "table"
    if isinstance(kind, types.StructType):
        return _struct_word(kind, headings)
    plain: dict[type[types.Type], str] = {
        types.BoolType: "true or false",
        types.DateTimeType: "date and time",
        types.NoneType: "null",
    }
    return plain[type(kind)]


def _text_word(kind: types.StrType) -> str:
    if named := re.fullmatch(r"\^\((\w+(?:\|\w+)+)\)\$", kind.pattern or ""):
        return _either(f"`{name}`" for name in named[1].split("|"))
    return "text" + _range(kind.min_length, kind.max_length, unit=" characters")


def _struct_word(kind: types.StructType, headings: dict[type, str]) -> str:
    if kind.cls in headings:
        heading = headings[kind.cls]
        anchor = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        return f"[{heading}](#{anchor})"
    return "table of " + ", ".join(f"`{field.encode_name}`" for field in kind.fields)


def _range(least: float | None, most: float | None, *, above: float | None = None, unit: str = "") -> str:
    most = None if most is None or most >= _UNBOUNDED else most
    if least is not None and most is not None:
        return f", {least:,}–{most:,}{unit}"
    if most is not None:
        return f", at most {most:,}{unit}"
    if above is not None:
        return f", above {above:,}{unit}"
    return f", at least {least:,}{unit}" if least else ""


def _left_out(field: types.Field) -> str:
    if field.required:
        return "**required**"
    if field.default_factory is not msgspec.NODEFAULT:
        return f"`{msgspec.json.encode(field.default_factory()).decode()}`"
    if field.default is msgspec.NODEFAULT:
        return _UNCHANGED
    return "" if field.default is None else f"`{msgspec.json.encode(field.default).decode()}`"


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _table(head: tuple[str, ...], rows: list[Row]) -> Iterator[str]:
    """Long texts and long lists of values stand beneath it."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row.cells())} |"
    yield ""
    below = [f"- `{row.name}`: {text}" for row in rows if (text := row.below())]
    yield from below
    if below:
        yield ""


def _joined(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
