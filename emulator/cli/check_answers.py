"""An answer held against the documented fields of its action: keys, their printed order, JSON types.

A key that no example prints must be there too, in any place and, since nothing shows its JSON type, as any scalar where
the table calls it one. Where the answer departs from the page on purpose, `check.json` declares it with the reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from emulator.contract import ResponseField

Kind = Literal["missing", "undocumented", "order", "type", "answer"]


class Difference(NamedTuple):
    """Where an answer is not as documented. `answer`: it is no success, or no answer of the API at all."""

    path: str
    kind: Kind
    text: str


class Departure(Struct, frozen=True, forbid_unknown_fields=True):
    """A difference that is meant to be, and why."""

    action: str
    """Module and name, as `bm/DescribeDevice`."""
    path: str
    kind: Kind
    reason: str
    text: str | None = None
    """The text of the difference; None: any of this kind."""

    def covers(self, found: Difference) -> bool:
        return (self.path, self.kind) == found[:2] and self.text in (None, found.text)


class Beginning(Struct, frozen=True, forbid_unknown_fields=True):
    """A call that begins work in an emulator of the check's own, so that there is a task to ask for."""

    action: str
    """Module and name, as `bm/RebootDevice`."""
    parameters: dict[str, str]
    """Those that the world cannot tell; the other required ones are found there."""


class Hints(Struct, frozen=True, forbid_unknown_fields=True):
    """What the check is told and cannot find out: the content of `check.json`."""

    names: dict[str, tuple[str, ...]]
    """By the name of a parameter: other names under which answers give its values."""
    begins: tuple[Beginning, ...]
    departures: tuple[Departure, ...]


@cache
def read_hints() -> Hints:
    return msgspec.json.decode(Path(__file__).with_name("check.json").read_bytes(), type=Hints)


@dataclass
class Node:
    """A documented place in an answer, and what is documented below it."""

    path: str = ""
    documented: ResponseField | None = None
    keys: dict[str, "Node"] = field(default_factory=dict)
    any_key: "Node | None" = None
    """What stands under each key of an object whose keys are ids."""
    item: "Node | None" = None

    def below(self, part: str) -> "Node":
        path = f"{self.path}{part}" if part == "[]" or not self.path else f"{self.path}.{part}"
        if part == "[]":
            self.item = self.item or Node(path)
            return self.item
        if part.startswith("<"):
            self.any_key = self.any_key or Node(path)
            return self.any_key
        return self.keys.setdefault(part, Node(path))

    @property
    def is_printed(self) -> bool:
        return self.documented is not None and self.documented.wire is not None


def document(fields: tuple[ResponseField, ...]) -> Node:
    """The documented fields of an action as a tree."""
    root = Node()
    for one in fields:
        node = root
        for part in one.path.replace("[]", ".[]").split("."):
            node = node.below(part)
        node.documented = one
        items = {"Array(String)": "string", "Array(Int)": "number"}.get(one.type)
        if items is not None:
            node.below("[]").documented = msgspec.structs.replace(one, path=f"{one.path}[]", type=items, wire=items)
    return root


def compare(node: Node, value: Any, seen: set[str]) -> Iterator[Difference]:
    """The differences at a place and below it. The paths that could be compared are added to `seen`."""
    if node.documented is not None:
        seen.add(node.path)
        expected = node.documented.wire or _UNPRINTED.get(node.documented.type, "scalar")
        actual = wire_type(value)
        if actual != expected and not (expected == "scalar" and actual in ("string", "number", "bool", "null")):
            yield Difference(node.path, "type", f"{actual} instead of {expected}")
            return
    if isinstance(value, dict):
        yield from _compare_keys(node, value, seen)
    elif isinstance(value, list) and node.item is not None:
        for item in value:
            yield from compare(node.item, item, seen)


def _compare_keys(node: Node, value: Mapping[str, Any], seen: set[str]) -> Iterator[Difference]:
    if not node.keys and node.any_key is None:
        if value and node.documented is not None:
            yield from (Difference(f"{node.path}.{key}", "undocumented", "an undocumented key") for key in value)
        return
    for key, child in node.keys.items():
        if key not in value:
            yield Difference(child.path, "missing", "a documented key is missing")
    places = {key: place for place, (key, child) in enumerate(node.keys.items()) if child.is_printed}
    for first, second in pairwise(key for key in value if key in places):
        if places[first] > places[second]:
            yield Difference(node.keys[second].path, "order", f"printed before {first}, answered after it")
    for key, inner in value.items():
        found = node.keys.get(key) or node.any_key
        if found is None:
            yield Difference(f"{node.path}.{key}".lstrip("."), "undocumented", "an undocumented key")
        else:
            yield from compare(found, inner, seen)


_UNPRINTED = {
    "Array": "array",
    "Array(Int)": "array",
    "Array(Object)": "array",
    "Array(String)": "array",
    "Obj": "object",
    "Object": "object",
}
"""The JSON type of a field that no example prints, by the type that the table gives; any scalar for the others."""


def wire_type(value: Any) -> str:
    """The JSON type of a value, as the contract calls it."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object" if isinstance(value, dict) else "null"
