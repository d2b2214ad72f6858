"""Forms made from the Structs of the control interface: an input for each field, and back from what was entered."""

from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Struct, inspect

from emulator.checking.files import UnreadableFile, parse_json
from emulator.checking.values import WrongValue, converted
from emulator.checking.words import wanted
from emulator.control.field_texts import field_texts

NULL = "null"
Kind = Literal["choice", "number", "text", "json", "password"]


class Input(NamedTuple):
    """An input of a form. What is left empty stays as it is."""

    name: str
    kind: Kind
    choices: tuple[str, ...]
    help: str
    allowed: str
    entered: str
    now: str = ""
    """The value that the thing has."""


def inputs(struct: type[Struct], entered: dict[str, str]) -> list[Input]:
    """The inputs of a form for a Struct, in the order of its fields."""
    texts = field_texts(struct)
    found = []
    for field in msgspec.structs.fields(struct):
        info = inspect.type_info(field.type)
        kind, choices = _kind(info)
        name = field.encode_name
        found.append(Input(name, kind, choices, texts.get(field.name, ""), wanted(info), entered.get(name, "")))
    return found


def changes_entered(struct: type[Struct], entered: dict[str, str]) -> Any:
    """What was entered, as the Struct. Raises WrongValue."""
    values: dict[str, Any] = {}
    check_times(struct, entered)
    for field in msgspec.structs.fields(struct):
        text = entered.get(field.encode_name, "")
        if text != "":
            values[field.encode_name] = _value(field.encode_name, text, inspect.type_info(field.type))
    if not values:
        raise WrongValue("nothing was entered: fill in at least one field")
    return converted(values, struct, strict=False, whole="the form")


def check_times(struct: type[Struct], entered: dict[str, str]) -> None:
    """Raises WrongValue for a number where a time is asked for: it would count as seconds."""
    for field in msgspec.structs.fields(struct):
        info = inspect.type_info(field.type)
        is_time = any(isinstance(kind, inspect.DateTimeType) for kind in _kinds(info))
        if is_time and _is_number(entered.get(field.name, "")):
            raise WrongValue(f"{field.encode_name}: {entered[field.name]!r} is not {wanted(info)}")


def _value(name: str, text: str, info: inspect.Type) -> Any:
    kinds = _kinds(info)
    if text == NULL and any(isinstance(kind, inspect.NoneType) for kind in kinds):
        return None
    if _kind(info)[0] != "json":
        return text
    try:
        return parse_json(text.encode())
    except UnreadableFile as error:
        if any(isinstance(kind, inspect.StrType) for kind in kinds):
            return text
        raise WrongValue(f"{name}: {error}") from error


def _is_number(text: str) -> bool:
    """Whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _kind(info: inspect.Type) -> tuple[Kind, tuple[str, ...]]:
    kinds = _kinds(info)
    null = (NULL,) if any(isinstance(kind, inspect.NoneType) for kind in kinds) else ()
    plain = [kind for kind in kinds if not isinstance(kind, inspect.NoneType)]
    if any(not isinstance(kind, _PLAIN) for kind in plain):
        return "json", ()
    if all(isinstance(kind, inspect.LiteralType) for kind in plain):
        return "choice", (*(str(value) for kind in plain for value in getattr(kind, "values", ())), *null)
    if all(isinstance(kind, inspect.BoolType) for kind in plain):
        return "choice", ("true", "false", *null)
    if all(isinstance(kind, inspect.IntType | inspect.FloatType) for kind in plain) and not null:
        return "number", ()
    return "text", ()


def _kinds(info: inspect.Type) -> list[inspect.Type]:
    """The types of a union, without the one for what is left out."""
    if isinstance(info, inspect.Metadata):
        return _kinds(info.type)
    if isinstance(info, inspect.UnionType):
        return [kind for one in info.types for kind in _kinds(one)]
    return [] if isinstance(info, inspect.CustomType) and info.cls is type(UNSET) else [info]


_PLAIN = (
    inspect.StrType,
    inspect.IntType,
    inspect.FloatType,
    inspect.BoolType,
    inspect.LiteralType,
    inspect.DateTimeType,
)
