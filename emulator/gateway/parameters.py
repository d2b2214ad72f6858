"""Fifth stage: the contract. Parameters are found under every spelling that clients use, checked and typed.

Arrays are numbered from 0 or 1, with or without gaps; `name_0` is already `name.0` here. An item of an array whose
number is none (`instanceIds.n`) is refused as a bad value. An optional parameter that is sent empty counts as not sent,
unless it is a text that may be empty; a required text that is sent empty counts as missing, unless it may be empty
(RunUserCmd's cmdParam is printed so). Parameters that the contract does not know are ignored, and told of
(gateway/unused.py).
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from emulator.call import BadParameter, Refusal
from emulator.checking.words import bounds
from emulator.contract import COMMON_PARAMETERS, Action, Parameter
from emulator.contract.names import INDEX, meant_for, unused
from emulator.gateway import common_errors
from emulator.world.by_hand import is_base64

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_FLOAT = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,19})?")
_COMMON = {parameter.name for parameter in COMMON_PARAMETERS}
_SQLITE_INTEGERS = range(-(2**63), 2**63)


class _BadValue(Exception):
    """A value that the contract does not allow."""

    def __init__(self, parameter: Parameter, path: str, why: str, *, missing: bool = False) -> None:
        super().__init__(path)
        self.parameter = parameter
        self.path = path
        self.why = f"{path}: {why}"
        self.missing = missing


def read_parameters(action: Action, sent: Mapping[str, str]) -> dict[str, Any]:
    """The typed values by documented name.

    Raises the action's parameter error, or CommonRefusal 4000 if it documents none.
    """
    dotted = "." in "".join(sent)
    structured = dotted and any(parameter.is_array or parameter.fields for parameter in action.parameters)
    try:
        return _read(action.parameters, _nest(sent) if structured else sent, "")
    except _BadValue as bad:
        if bad.missing and (meant := _meant(action, bad, sent)):
            bad.why += f"; {meant}"
        raise _refusal(action, bad) from None


def _meant(action: Action, bad: _BadValue, sent: Mapping[str, str]) -> str:
    """What was probably sent in place of a missing parameter."""
    names = [name for name in sent if name not in _COMMON]
    strangers = [stranger.name for stranger in unused(action.parameters, names) if stranger.is_unknown]
    return meant_for(bad.parameter, strangers)


def _refusal(action: Action, bad: _BadValue) -> Refusal:
    code = action.parameter_error if bad.missing else bad.parameter.error or action.parameter_error
    if code is not None:
        return Refusal(code, subject=bad.path, why=bad.why)
    if bad.missing:
        return common_errors.missing(bad.path, why=bad.why)
    return common_errors.rejected(bad.path, why=bad.why)


def bad_parameter(action: Action | None, refusal: BadParameter) -> Refusal:
    """The error for a value that the action's own code does not allow."""
    if action is not None and action.parameter_error is not None:
        return Refusal(action.parameter_error, subject=refusal.subject, why=refusal.why)
    return common_errors.rejected(refusal.subject, why=refusal.why)


def _nest(sent: Mapping[str, str]) -> dict[str, Any]:
    """`a.0.b=1` becomes `{"a": {"0": {"b": "1"}}}`; where a name holds both a text and a branch, the branch wins."""
    tree: dict[str, Any] = {}
    for name, value in sent.items():
        branch = tree
        *path, leaf = name.split(".")
        for part in path:
            if not isinstance(branch.get(part), dict):
                branch[part] = {}
            branch = branch[part]
        if not isinstance(branch.get(leaf), dict):
            branch[leaf] = value
    return tree


def _read(parameters: tuple[Parameter, ...], sent: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameter in parameters:
        name = parameter.name
        found = sent.get(name)
        if found is None and parameter.alias is not None:
            found = sent.get(parameter.alias)
        if found == "":
            found = _empty(parameter, prefix + name)
        if found is not None:
            values[name] = _value(parameter, found, prefix + name)
        elif parameter.default is not None:
            values[name] = parameter.default
        elif parameter.required:
            raise _BadValue(parameter, prefix + name, "it is required, but was not sent", missing=True)
    return values


def _empty(parameter: Parameter, path: str) -> str | None:
    """What a parameter that was sent empty is: None for one that counts as not sent."""
    if not parameter.required:
        return "" if parameter.is_free_text else None
    if parameter.type == "String" and not parameter.may_be_empty:
        raise _BadValue(parameter, path, "it is required, but was sent empty", missing=parameter.error is None)
    return ""


def _value(parameter: Parameter, found: Any, path: str) -> Any:
    if not parameter.is_array:
        return _item(parameter, found, path)
    if not isinstance(found, dict) and parameter.may_be_single:
        return [_item(parameter, found, path)] if found else []
    if not isinstance(found, dict):
        raise _BadValue(parameter, path, f"it is an array: send {path}.0, {path}.1, …")
    for index in found:
        if not INDEX.fullmatch(index):
            why = f"{path}.{index[:40]} was sent, but items are numbered: send {path}.0, {path}.1, …"
            raise _BadValue(parameter, path, why)
    indices = sorted(found, key=int)
    if parameter.max_items is not None and len(indices) > parameter.max_items:
        raise _BadValue(parameter, path, f"{len(indices)} items are more than {parameter.max_items}")
    return [_item(parameter, found[index], f"{path}.{index}") for index in indices]


def _item(parameter: Parameter, found: Any, path: str) -> Any:
    if parameter.item_type == "Object":
        if not isinstance(found, dict):
            raise _BadValue(parameter, path, f"it is an object: send {path}.field")
        return _read(parameter.fields, found, f"{path}.")
    if isinstance(found, dict):
        raise _BadValue(parameter, path, "it is a single value, but was sent with numbers or fields behind its name")
    value = _typed(parameter, found, path)
    _check(parameter, value, path)
    return value


def _typed(parameter: Parameter, text: str, path: str) -> str | int | float | bool:
    kind = parameter.item_type
    if kind == "Int":
        if not _INTEGER.fullmatch(text) or int(text) not in _SQLITE_INTEGERS:
            raise _BadValue(parameter, path, f"{text[:40]!r} is no whole number")
        return int(text)
    if kind == "Float":
        if not _FLOAT.fullmatch(text):
            raise _BadValue(parameter, path, f"{text[:40]!r} is no number")
        return float(text)
    if kind == "Bool":
        if text not in ("0", "1", "true", "false"):
            raise _BadValue(parameter, path, f"{text[:40]!r} is neither true nor false")
        return text in ("1", "true")
    return _as_documented(parameter, text) if parameter.any_case else text


def _as_documented(parameter: Parameter, text: str) -> str:
    documented = {str(value).lower(): str(value) for value in parameter.enum or ()}
    return documented.get(text.lower(), text)


def _check(parameter: Parameter, value: str | float, path: str) -> None:
    if parameter.enum is not None and value not in parameter.enum:
        raise _BadValue(parameter, path, f"{_shown(parameter, value)} is none of {', '.join(map(str, parameter.enum))}")
    if isinstance(value, str):
        if parameter.pattern is not None and not _pattern(parameter.pattern).fullmatch(value):
            raise _BadValue(parameter, path, f"{_shown(parameter, value)} {_against(parameter)}")
        if parameter.format == "base64" and not is_base64(value):
            raise _BadValue(parameter, path, f"a text of {len(value)} characters is no Base64")
    elif not _minimum(parameter) <= value <= _maximum(parameter):
        raise _BadValue(parameter, path, f"{value} is not a number{bounds(parameter.min, parameter.max)}")


def _against(parameter: Parameter) -> str:
    """What a value against the pattern is not, in words where the contract has them."""
    return f"is not {parameter.rule}" if parameter.rule else f"does not match {parameter.pattern}"


def _shown(parameter: Parameter, value: str | float) -> str:
    return "this value" if parameter.secret else repr(value)[:40]


def _minimum(parameter: Parameter) -> float:
    return -math.inf if parameter.min is None else parameter.min


def _maximum(parameter: Parameter) -> float:
    return math.inf if parameter.max is None else parameter.max


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
