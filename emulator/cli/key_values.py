"""`KEY=VALUE` arguments and options, read the same way by every command."""

import json
from collections.abc import Iterable
from typing import Any

import click
import msgspec
from msgspec import Struct

from emulator.checking.values import fits

PAIRS = "[KEY=VALUE]..."
Pair = tuple[str, str]


def key_value(argument: str) -> Pair:
    """Split `key=value` at the first `=`. Raises click.BadParameter."""
    key, equals, text = argument.partition("=")
    if not key or not equals:
        raise click.BadParameter(f"{argument!r} is not of the form key=value, as limit=5")
    return key, text


def to_json(pairs: Iterable[Pair], struct: type[Struct]) -> dict[str, Any]:
    """The pairs as the JSON body of a `struct`.

    A value is decoded as JSON unless the field takes it only as text: `devices=3` is a number, `seed=3` a text. A value
    that fits neither way is sent all the same, so that the emulator says what is wrong with it.
    """
    types = {field.encode_name: field.type for field in msgspec.structs.fields(struct)}
    return {key: _fitting(text, types.get(key, Any)) for key, text in pairs}


def _fitting(text: str, field_type: Any) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if not fits(value, field_type) and fits(text, field_type) else value
