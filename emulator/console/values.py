"""Values of things, as pages show them."""

from typing import Any

import msgspec
from msgspec import Struct

from emulator.journal.json_masking import is_secret, without_secrets
from emulator.journal.masking import Mask

HIDDEN = "••••••"


def cell(value: Any) -> str:
    """A value on one line."""
    if value is None:
        return ""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    return msgspec.json.encode(value).decode().strip('"')


def field(name: str, value: Any, mask: Mask, *, reveals: bool) -> str:
    """A value whole; a secret is hidden unless it was asked for."""
    if value and is_secret(name, mask) and not reveals:
        return HIDDEN
    if isinstance(value, list | dict | tuple | Struct):
        plain = msgspec.to_builtins(value)
        shown = plain if reveals else without_secrets(plain, mask, HIDDEN)
        return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()
    return cell(value)


def holds_secrets(value: Any, mask: Mask) -> bool:
    """Whether anything in a value of JSON would be hidden."""
    return bool(without_secrets(value, mask) != value)
