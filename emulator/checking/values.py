"""A value that a person wrote becomes a typed one, or its mistakes are told in plain words.

msgspec does the work. Only where it refuses, the value is walked beside its type: to accept a time in any form of ISO
8601, and to say at which place what was found, what is allowed there and what was probably meant.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct, UnsetType, inspect

from emulator.checking.words import listed, meant, nearest, shown, wanted

_MOST_TOLD = 5
_TEXTS = (str, datetime)


class WrongValue(ValueError):
    """A value that is not as it has to be, with the reason."""


def converted(value: object, to: Any, *, strict: bool = True, whole: str = "the whole") -> Any:
    """The value as one of type `to`. `whole` names the value itself in a message; `strict`: texts are no numbers.

    Raises WrongValue.
    """
    try:
        return _convert(value, to, strict)
    except msgspec.ValidationError:
        walk = _Walk(strict, whole)
        mended = walk.visit(value, to, "")
        if walk.mistakes:
            more = len(walk.mistakes) - _MOST_TOLD
            told = [*walk.mistakes[:_MOST_TOLD], *([f"and {more} more mistakes"] if more > 0 else [])]
            raise WrongValue("; ".join(told)) from None
        return _convert(mended, to, strict)


def fits(value: object, to: Any) -> bool:
    """Whether the value, as JSON gives it, is one of type `to`."""
    try:
        converted(value, to)
    except WrongValue:
        return False
    return True


def _convert(value: object, kind: Any, strict: bool) -> Any:
    box: Any = msgspec.convert({"value": value}, _box(kind), strict=strict)
    return box.value


@cache
def _box(kind: Any) -> type[Struct]:
    """A Struct round the type, made once: msgspec 0.22 corrupts memory when it forgets some unions that it has read."""
    return msgspec.defstruct("Box", [("value", kind)])


class _Walk:
    """Collects the mistakes of a value, and returns it with its times mended."""

    def __init__(self, strict: bool, whole: str) -> None:
        self._strict = strict
        self._whole = whole
        self.mistakes: list[str] = []

    def visit(self, value: Any, kind: Any, place: str) -> Any:
        if self._fits(value, kind):
            return value
        bare = _bare(kind)
        origin = get_origin(bare) or bare
        if origin in (Union, UnionType):
            return self._visit_union(value, bare, place)
        if isinstance(value, Mapping) and isinstance(origin, type) and issubclass(origin, Struct):
            return self._visit_struct(value, bare, place)
        if isinstance(value, list | tuple) and origin in (list, tuple):
            return self._visit_items(value, kind, get_args(bare)[0], place)
        if isinstance(value, Mapping) and origin is dict:
            item = get_args(bare)[1]
            return {key: self.visit(one, item, _below(place, key)) for key, one in value.items()}
        if bare is datetime and (mended := _time(value)) is not None:
            return mended
        self._tell(value, kind, place)
        return value

    def _visit_union(self, value: Any, kind: Any, place: str) -> Any:
        """Null counts as a choice only where a field may also be left out; else it is what a left out field has."""
        kinds = get_args(kind)
        nullable = NoneType in kinds and UnsetType in kinds
        options = [one for one in kinds if one not in (NoneType, UnsetType)]
        likely = [one for one in options if _is_like(value, one)] or options
        if len(likely) == 1 and not (nullable and _is_leaf(likely[0])):
            return self.visit(value, likely[0], place)
        mended = _time(value) if datetime in (_bare(one) for one in likely) else None
        if mended is None:
            self._tell(value, Union[(*likely, *([NoneType] if nullable else []))], place)
        return value if mended is None else mended

    def _visit_struct(self, value: Mapping[str, Any], kind: type[Struct], place: str) -> dict[str, Any]:
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        mended, before = dict(value), len(self.mistakes)
        for name, one in value.items():
            if name in fields:
                mended[name] = self.visit(one, fields[name].type, _below(place, name))
            elif kind.__struct_config__.forbid_unknown_fields:
                near = nearest(str(name), fields, 0.6)
                question = f"did you mean {near}? " if near else ""
                told = f"{_below(place, name)}: there is no such field; {question}The fields are {', '.join(fields)}"
                self.mistakes.append(told)
        for name, field in fields.items():
            if field.required and name not in value:
                what = wanted(inspect.type_info(field.type))
                self.mistakes.append(f"{_below(place, name)}: it is missing, and has to be {what}")
        if len(self.mistakes) == before:
            self._tell_own_words(mended, kind, place)
        return mended

    def _tell_own_words(self, value: Any, kind: type[Struct], place: str) -> None:
        """What a Struct whose fields are right says itself of how they go together."""
        try:
            _convert(value, kind, self._strict)
        except msgspec.ValidationError as error:
            self.mistakes.append(f"{place or self._whole}: {str(error).partition(' - at ')[0]}")

    def _visit_items(self, value: Any, kind: Any, item: Any, place: str) -> list[Any]:
        before = len(self.mistakes)
        mended = [self.visit(one, item, _below(place, number)) for number, one in enumerate(value)]
        if len(self.mistakes) == before and not self._fits(mended, kind):
            what = wanted(inspect.type_info(kind))
            self.mistakes.append(f"{place or self._whole}: a list of {len(mended)} is not {what}")
        return mended

    def _tell(self, value: Any, kind: Any, place: str) -> None:
        info = inspect.type_info(kind)
        choices = _choices(info)
        question = meant(value, choices) if isinstance(value, str) else ""
        what = f"one of {listed(choices)}" if len(choices) > 1 else wanted(info)
        self.mistakes.append(f"{place or self._whole}: {shown(value, place)} is not {what}{question}")

    def _fits(self, value: Any, kind: Any) -> bool:
        try:
            _convert(value, kind, self._strict)
        except msgspec.ValidationError:
            return False
        return True


def _below(place: str, name: object) -> str:
    return f"{place}.{name}" if place else str(name)


def _choices(info: inspect.Type) -> list[str]:
    """The texts of which a value has to be one, if nothing else is allowed."""
    if isinstance(info, inspect.Metadata):
        return _choices(info.type)
    return [str(value) for value in info.values] if isinstance(info, inspect.LiteralType) else []


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _is_leaf(kind: Any) -> bool:
    origin = get_origin(_bare(kind)) or _bare(kind)
    return origin not in (list, tuple, dict) and not (isinstance(origin, type) and issubclass(origin, Struct))


def _is_like(value: Any, kind: Any) -> bool:
    """Whether a value was probably meant to be of that one of several types."""
    origin = get_origin(_bare(kind)) or _bare(kind)
    if isinstance(value, Mapping):
        return origin is dict or (isinstance(origin, type) and issubclass(origin, Struct))
    if isinstance(value, list | tuple):
        return origin in (list, tuple)
    if isinstance(value, str):
        return origin in _TEXTS or origin is Literal
    return isinstance(value, origin) if isinstance(origin, type) else False


def _time(value: object) -> datetime | None:
    """A time in another form of ISO 8601 than msgspec reads, or a day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
