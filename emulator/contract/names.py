"""Names of parameters as clients send them: which of them nothing reads, and what they were probably meant to be.

A name is unknown (no parameter, or no field of the object, is called so) or unread: the parameter is there, but in
this form, or beside its other spelling, it gives no value.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from emulator.checking.words import nearest as nearest
from emulator.contract.common import COMMON_PARAMETERS
from emulator.contract.model import Parameter

INDEX = re.compile(r"[0-9]{1,9}")
_INDICES = re.compile(r"\.[0-9]{1,9}(?=\.|$)")
_BRACKETS = re.compile(r"\[([^][]*)\]")
_MOST_COMPARED = 20
"""So many unknown names are compared with the known ones: comparing costs more than anything else here."""
_LONGEST_SHOWN = 100
_DEEPEST = 6
"""No parameter has more parts in its name."""
_COMMON = {parameter.name.casefold(): parameter.name for parameter in COMMON_PARAMETERS}
_NO_SUCH = ", but the action has no such parameter"


class Unused(NamedTuple):
    """A name that gives no value."""

    name: str
    why: str
    is_unknown: bool
    """Whether the contract has no such parameter at all."""


def shape(name: str) -> str:
    """The name with 0 for each index: names of one shape are understood alike."""
    return _INDICES.sub(".0", name) if "." in name else name


def unused(parameters: Sequence[Parameter], sent: Iterable[str]) -> list[Unused]:
    """The names that give no value, one for each shape. `sent`: canonical names, without common parameters."""
    first_of_shape: dict[str, str] = {}
    for name in sent:
        first_of_shape.setdefault(shape(name), name)
    heads = {head for name in first_of_shape.values() for head in _heads(name)}
    found: list[Unused] = []
    compared = 0
    for name in first_of_shape.values():
        wrong = _find_wrong(parameters, name.split("."), "", heads)
        if wrong is None:
            continue
        if wrong:
            found.append(Unused(name, f"{clip_name(name)} was sent{wrong}", is_unknown=False))
            continue
        compared += 1
        why = _explain(parameters, name) if compared <= _MOST_COMPARED else f"{clip_name(name)} was sent{_NO_SUCH}"
        found.append(Unused(name, why, is_unknown=True))
    return found


def meant_for(parameter: Parameter, strangers: Iterable[str]) -> str:
    """What was sent in place of a missing parameter, of the names that are none of the action's; empty: nothing."""
    for name in islice(strangers, _MOST_COMPARED):
        if _meaning([parameter], name) is not None:
            return _explain([parameter], name)
    return ""


def _find_wrong(parameters: Sequence[Parameter], parts: list[str], prefix: str, heads: Collection[str]) -> str | None:
    """Why a name gives no value; empty for an unknown one, None for one that gives a value."""
    first, *rest = parts
    parameter = _named(parameters, first)
    if parameter is None:
        return ""
    if first == parameter.alias and prefix + parameter.name in heads:
        return f" beside {prefix}{parameter.name}, which counts"
    path = prefix + first
    if parameter.is_array and (rest or not parameter.may_be_single):
        if not rest:
            return f", but it is an array: send {path}.0"
        if not INDEX.fullmatch(rest[0]):
            return f", but items are numbered: send {path}.0"
        path, rest = f"{path}.{rest[0]}", rest[1:]
    if parameter.item_type == "Object":
        return _find_wrong(parameter.fields, rest, f"{path}.", heads) if rest else ", but it is an object"
    return f", but it is a single value: send {path}" if rest else None


def _named(parameters: Sequence[Parameter], name: str) -> Parameter | None:
    found = next((parameter for parameter in parameters if parameter.name == name), None)
    return found or next((parameter for parameter in parameters if parameter.alias == name), None)


def _heads(name: str) -> Iterator[str]:
    """The name, and what comes before each of its first dots."""
    parts = name.split(".", _DEEPEST)
    return (".".join(parts[: length + 1]) for length in range(len(parts)))


def _explain(parameters: Sequence[Parameter], name: str) -> str:
    """What is wrong with an unknown name."""
    meant = _meaning(parameters, name) or _COMMON.get(name.casefold())
    if meant is None:
        return f"{clip_name(name)} was sent{_NO_SUCH}"
    if meant.casefold() == name.casefold():
        return f"{name} was sent; names are case-sensitive: {meant}"
    if "[" in name:
        return f"{clip_name(name)} was sent, but brackets are not understood: send {meant}"
    return f"{clip_name(name)} was sent{_NO_SUCH}; did you mean {meant}?"


def clip_name(name: str) -> str:
    """The name, cut if it is very long."""
    return name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"


def _meaning(parameters: Sequence[Parameter], name: str) -> str | None:
    """The name as it should have been sent, if it is like that of a parameter; arrays with a number behind it."""
    first, *rest = _BRACKETS.sub(r".\1", name).split(".")
    spellings = {spelling: parameter for parameter in parameters for spelling in _spellings(parameter)}
    near = first if first in spellings else nearest(first, spellings)
    if near is None:
        return None
    parameter = spellings[near]
    if not parameter.is_array:
        return ".".join([near, *rest]) if parameter.item_type == "Object" else near
    index = rest[0] if rest and INDEX.fullmatch(rest[0]) else "0"
    if parameter.item_type != "Object" or len(rest) <= 1:
        return f"{near}.{index}"
    field = _meaning(parameter.fields, ".".join(rest[1:]))
    return None if field is None else f"{near}.{index}.{field}"


def _spellings(parameter: Parameter) -> Iterator[str]:
    yield parameter.name
    if parameter.alias is not None:
        yield parameter.alias
