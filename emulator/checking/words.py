"""The words in which a wrong value is told: what was found, what is allowed, and what was probably meant."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from msgspec import inspect

_LONGEST_COMPARED = 64
_LONGEST_SHOWN = 60
_PLAIN: dict[type[inspect.Type], str] = {
    inspect.BoolType: "true or false",
    inspect.DateTimeType: "a time, as 2017-10-20 10:00 or 2017-10-20T10:00:00+08:00",
    inspect.DictType: "an object",
    inspect.FloatType: "a number",
    inspect.IntType: "a whole number",
    inspect.NoneType: "null",
}
_SECRET = ("password", "passwd", "secret_key", "private_key", "login_key")
WORDS = "words"
"""The key in a `Meta(extra={…})` under which a pattern is told in words."""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.8) -> str | None:
    """The known name that the one sent was probably meant to be; upper and lower case are alike."""
    folded: dict[str, str] = {}
    for other in known:
        folded.setdefault(other.casefold(), other)
    wanted = name.casefold()
    if wanted in folded or len(name) > _LONGEST_COMPARED:
        return folded.get(wanted)
    near = get_close_matches(wanted, folded, 1, cutoff)
    return folded[near[0]] if near else None


def meant(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing where no known name is near."""
    near = nearest(name, known, 0.6)
    return "" if near is None else f"; did you mean {near}?"


def listed(names: Iterable[object], joint: str = "or") -> str:
    """Names as people list them: `a, b or c`."""
    *first, last = [str(name) for name in names] or ["nothing"]
    return f"{', '.join(first)} {joint} {last}" if first else last


def shown(value: object, place: str = "") -> str:
    """A value that was found, short, and without what is secret at such a place."""
    if place.rpartition(".")[2].endswith(_SECRET):
        return "this value"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def wanted(kind: inspect.Type) -> str:
    """What a value of the type has to be."""
    if isinstance(kind, inspect.Metadata):
        return str(kind.extra[WORDS]) if kind.extra and WORDS in kind.extra else wanted(kind.type)
    if isinstance(kind, inspect.UnionType):
        return listed(dict.fromkeys(name for one in kind.types for name in _names(one)))
    if isinstance(kind, inspect.LiteralType):
        return listed(kind.values)
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        return f"{_PLAIN[type(kind)]}{_range(kind)}"
    if isinstance(kind, inspect.StrType):
        return f"a text that fits {kind.pattern}" if kind.pattern else f"a text{_length(kind, 'character')}"
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        return f"a list{_length(kind, 'item')}"
    if isinstance(kind, inspect.StructType):
        return f"an object with the fields {', '.join(field.encode_name for field in kind.fields)}"
    return _PLAIN.get(type(kind), "another value")


def _names(kind: inspect.Type) -> list[str]:
    return [str(value) for value in kind.values] if isinstance(kind, inspect.LiteralType) else [wanted(kind)]


def bounds(least: float | None, most: float | None, *, above: bool = False) -> str:
    """The range of a number: ` from 0 to 65,535`, ` of at least 1`. `above`: the least is not in it."""
    first, last = (None if bound is None else _figure(bound) for bound in (least, most))
    if first is not None and last is not None:
        return f" above {first} and at most {last}" if above else f" from {first} to {last}"
    if first is not None:
        return f" above {first}" if above else f" of at least {first}"
    return "" if last is None else f" of at most {last}"


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"


def _range(kind: inspect.IntType | inspect.FloatType) -> str:
    return bounds(
        kind.gt if kind.ge is None else kind.ge, kind.lt if kind.le is None else kind.le, above=kind.ge is None
    )


def _length(kind: inspect.StrType | inspect.ListType | inspect.VarTupleType, what: str) -> str:
    least, most = kind.min_length, kind.max_length
    if least is not None and most is not None:
        return f" of {least} {what}s" if least == most else f" of {least} to {most} {what}s"
    if least is not None:
        return f" of at least {least} {what}{'' if least == 1 else 's'}"
    return f" of at most {most} {what}s" if most is not None else ""
