"""Help texts of commands whose KEY=VALUE arguments are the fields of a Struct."""

from collections.abc import Mapping
from typing import Any

import click
from msgspec import NODEFAULT, Struct, inspect

from emulator.control.field_texts import field_texts

_LABELS: dict[type[inspect.Type], str] = {
    inspect.BoolType: "true|false",
    inspect.DateTimeType: "TIME",
    inspect.FloatType: "NUMBER",
    inspect.IntType: "INTEGER",
    inspect.NoneType: "null",
    inspect.StrType: "TEXT",
}


class CommandWithFields(click.Command):
    """A command whose help lists fields, with their types and texts. `fields` maps a heading to the Struct below it."""

    def __init__(self, *args: Any, fields: Mapping[str, type[Struct]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields = fields

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, struct in self._fields.items():
            rows = _rows(struct)
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows, col_max=32)
        super().format_options(ctx, formatter)


def _rows(struct: type[Struct]) -> list[tuple[str, str]]:
    """A row for each field: `name=TYPE`, and what it means."""
    texts = field_texts(struct)
    described = inspect.type_info(struct)
    assert isinstance(described, inspect.StructType)  # noqa: S101
    return [
        (
            f"{field.encode_name}={_label(_without_default(field))}",
            f"{texts.get(field.name, '')} {_description(field.type)}".strip(),
        )
        for field in described.fields
    ]


def _without_default(field: inspect.Field) -> inspect.Type:
    """The type of a field, less null where null is only what it has if it is left out."""
    if not isinstance(field.type, inspect.UnionType) or field.default in (NODEFAULT, ...):
        return field.type
    kept = tuple(kind for kind in field.type.types if not isinstance(kind, inspect.NoneType))
    return inspect.UnionType(kept) if field.default is None else field.type


def _label(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.Metadata):
        return _label(kind.type)
    if isinstance(kind, inspect.UnionType):
        return "|".join(_label(one) for one in kind.types)
    if isinstance(kind, inspect.LiteralType):
        return "|".join(str(value) for value in kind.values)
    if isinstance(kind, inspect.ListType):
        return f"[{_label(kind.item_type)}, …]"
    if isinstance(kind, inspect.StructType):
        return "{" + ", ".join(field.encode_name for field in kind.fields) + "}"
    if isinstance(kind, inspect.DictType):
        return "{NAME: VALUE, …}"
    return _LABELS.get(type(kind), "VALUE")


def _description(kind: inspect.Type) -> str:
    """What the annotation itself says of the values."""
    if isinstance(kind, inspect.UnionType):
        return " ".join(filter(None, map(_description, kind.types)))
    found = kind.extra_json_schema if isinstance(kind, inspect.Metadata) else None
    return f"{found['description']}." if found and "description" in found else ""
