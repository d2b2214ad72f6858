"""Values of things, as pages show them."""

from typing import Any

import msgspec
from msgspec import Struct

from emulator.journal.masking import Mask
from emulator.world.table import SECRET_COLUMNS

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
        shown = plain if reveals else without_secrets(plain, mask)
        return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()
    return cell(value)


def without_secrets(value: Any, mask: Mask) -> Any:
    """A value of JSON with its secrets hidden."""
    if isinstance(value, dict):
        return {
            name: HIDDEN if one and is_secret(name, mask) else without_secrets(one, mask) for name, one in value.items()
        }
    return [without_secrets(one, mask) for one in value] if isinstance(value, list) else value


def is_secret(name: str, mask: Mask) -> bool:
    """Whether a field holds a secret."""
    return name in SECRET_COLUMNS or mask.is_secret(name)


def holds_secrets(value: Any, mask: Mask) -> bool:
    """Whether anything in a value of JSON would be hidden."""
    return bool(without_secrets(value, mask) != value)
