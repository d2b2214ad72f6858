"""Ids: `cmd-`, `cmdtask-` or `cpm-` and eight characters of a-z0-9, as the documentation prints them.

An id is derived from (seed, account, kind, ordinal), so that it is the same whatever other clients do meanwhile.
Within one account and kind the ordinals map to the 36^8 codes one to one, so no two of them can meet.
"""

import re
from collections.abc import Callable
from hashlib import blake2b

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_CODES = 36**8
_FORM = re.compile(r"[a-z]+-[a-z0-9]{8}")


def derive(seed: str, scope: str, kind: str, ordinal: int) -> str:
    digest = blake2b(f"{seed}/{scope}/{kind}".encode(), digest_size=16).digest()
    start = int.from_bytes(digest[:8])
    step = int.from_bytes(digest[8:]) // 6 * 6 + 1  # shares no factor with 36^8: every code is reached once
    number = (start + step * ordinal) % _CODES
    code = ""
    for _ in range(8):
        number, digit = divmod(number, 36)
        code = _ALPHABET[digit] + code
    return f"{kind}-{code}"


def looks_like(kind: str, text: str) -> bool:
    """Whether a text has the printed form of such an id, known or not."""
    return text.startswith(f"{kind}-") and _FORM.fullmatch(text) is not None


def first_free(seed: str, scope: str, kind: str, ordinal: Callable[[], int], taken: Callable[[str], bool]) -> str:
    """The next id of that kind that is not taken: another account's, or a fixture's, may be."""
    while taken(candidate := derive(seed, scope, kind, ordinal())):
        pass
    return candidate
