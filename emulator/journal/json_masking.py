"""Values of JSON as they may be shown: a secret is hidden by its name, however deep it lies."""

import json
from typing import Any

from emulator.journal.masking import HIDDEN, PRIVATE_KEY, Mask
from emulator.world.table import SECRET_COLUMNS

_NO_SECRETS = {"key"}
"""Names that are those of secrets in a request only: an answer has the keys of tags."""


def without_secrets(value: Any, mask: Mask, hidden: str = HIDDEN) -> Any:
    """The value with its secrets hidden, those in a text that is itself JSON too."""
    if isinstance(value, dict):
        return {
            name: hidden if one and is_secret(name, mask) else without_secrets(one, mask, hidden)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(one, mask, hidden) for one in value]
    if not isinstance(value, str):
        return value
    if PRIVATE_KEY in value:
        return hidden
    return _text_without_secrets(value, mask, hidden) if value[:1] in ("[", "{") else value


def is_secret(name: str, mask: Mask) -> bool:
    """Whether a field holds a secret."""
    return name in SECRET_COLUMNS or (name not in _NO_SECRETS and mask.is_secret(name))


def _text_without_secrets(text: str, mask: Mask, hidden: str) -> str:
    """The text as it was where nothing in it is secret."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    shown = without_secrets(found, mask, hidden)
    return text if shown == found else json.dumps(shown, ensure_ascii=False)
