"""Whether a value is one that a setting may have. An error says what is allowed and, of names, which is the nearest.

The annotations of `Settings` say what is allowed: a Literal, a range, a plain type, or None beside one of these.
"""

import math
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from msgspec import Meta

_WORDS: dict[Any, str] = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "a text",
    tuple: "a tuple of texts",
    NoneType: "None",
}
_OF_THE_COMMAND = {
    "fixture": "`fixtures` here, a tuple of names",
    "timestamp_window": "`window_seconds` here",
    "max_query": "`limits` here, as Limits(query_bytes=…)",
    "max_body": "`limits` here, as Limits(body_bytes=…)",
    "max_parameters": "`limits` here, as Limits(parameters=…)",
    "log_level": "for `bm-emulator serve` alone; in Python set the level of the logger `emulator`",
    "log_format": "for `bm-emulator serve` alone",
}
"""Options of `serve` that are called otherwise in Python, or are none there."""
_WIDER: dict[Any, tuple[type, ...]] = {float: (int, float), str: (str, Path)}


class SettingsError(ValueError):
    """A setting that does not exist, or that cannot have the value that it was given."""


def check_setting(name: str, value: Any, annotation: Any) -> None:
    """Raises SettingsError."""
    if not any(_is_allowed(value, kind) for kind in _kinds(annotation)):
        allowed = _listed(word for kind in _kinds(annotation) for word in _in_words(kind))
        raise SettingsError(f"{name} is {allowed}, not {value!r}{_nearest(value, _choices(annotation))}")


def check_names(names: Iterable[str], known: Iterable[str]) -> None:
    """Raises SettingsError for a name that no setting has."""
    known = list(known)
    for name in names:
        if name not in known:
            own = _OF_THE_COMMAND.get(name)
            meant = f"; that option is {own}" if own else _nearest(name, known) or f"; it is one of {', '.join(known)}"
            raise SettingsError(f"there is no setting {name!r}{meant}")


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of an annotation: itself, or None and what stands beside it."""
    return get_args(annotation) if NoneType in get_args(annotation) else (annotation,)


def _choices(annotation: Any) -> list[str]:
    return [choice for kind in _kinds(annotation) if get_origin(kind) is Literal for choice in get_args(kind)]


def _is_allowed(value: Any, kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    if get_origin(kind) is Annotated:
        plain, meta = get_args(kind)
        return _is_allowed(value, plain) and math.isfinite(value) and _is_within(value, meta)
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(isinstance(item, str | Path) for item in value)
    return isinstance(value, _WIDER.get(kind, (kind,))) and (kind is bool or not isinstance(value, bool))


def _is_within(value: float, meta: Meta) -> bool:
    return (
        (meta.ge is None or value >= meta.ge)
        and (meta.gt is None or value > meta.gt)
        and (meta.le is None or value <= meta.le)
    )


def _in_words(kind: Any) -> Iterator[str]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    elif get_origin(kind) is Annotated:
        plain, meta = get_args(kind)
        yield _WORDS[plain] + _range(meta)
    else:
        yield _WORDS.get(get_origin(kind) or kind, str(getattr(kind, "__name__", kind)))


def _range(meta: Meta) -> str:
    if meta.le is not None:
        return f" from {meta.ge:,} to {meta.le:,}"
    return f" above {meta.gt:,}" if meta.gt is not None else f" of at least {meta.ge:,}"


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _nearest(value: Any, known: list[str]) -> str:
    near = get_close_matches(value.lower(), known, 1) if isinstance(value, str) else []
    return f"; did you mean {near[0]}?" if near else ""
