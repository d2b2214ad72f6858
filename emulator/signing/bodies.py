"""The body of the signed text, its parameters, and where it comes from. The mistakes in it are beside this file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from emulator.request import Request, canonical
from emulator.signing.signature import signed_pairs


class Item(NamedTuple):
    """A parameter of the signed text, with the name and the place in which it was sent."""

    name: str
    value: str
    sent_as: str
    place: int


@dataclass(frozen=True, slots=True)
class Body:
    """The parameters in the order in which they are signed, and how they become text."""

    items: tuple[Item, ...]
    before: str = ""
    separator: str = "&"
    after: str = ""
    equals: str = "="
    encode: Callable[[str], bytes] = str.encode

    def text(self) -> bytes:
        """The text. An encoding that lacks a character raises UnicodeEncodeError."""
        equals = self.equals
        joined = self.separator.join([f"{item.name}{equals}{item.value}" for item in self.items])
        return self.encode(f"{self.before}{joined}{self.after}")

    def of(self, items: Iterable[Item]) -> "Body":
        return replace(self, items=tuple(items))

    @property
    def size(self) -> int:
        """The characters of the names and values."""
        return sum(len(item.name) + len(item.value) + 2 for item in self.items)


def right_texts(request: Request) -> list[bytes]:
    """The right bodies as text. Those of a request with very many parameters take a few milliseconds."""
    orders = signed_pairs(request.method, request.pairs)
    texts = ("&".join([f"{name}={value}" for name, value in pairs]) for pairs in orders)
    return [text.encode() for text in dict.fromkeys(texts)]


def right_bodies(request: Request) -> tuple[list[Body], tuple[Item, ...]]:
    """The right bodies, of which there are two where a name has a `_`, and the parameters that a POST does not sign."""
    last = {name: (value, place) for place, (name, value) in enumerate(request.pairs) if name != "Signature"}
    items = [Item(canonical(name), value, name, place) for name, (value, place) in sorted(last.items())]
    files = tuple(item for item in items if request.method == "POST" and item.value.startswith("@"))
    if files:
        items = [item for item in items if not item.value.startswith("@")]
    by_sent_name = Body(tuple(items))
    by_name = Body(tuple(sorted({item.name: item for item in items}.values())))
    return [by_name] if by_name == by_sent_name else [by_name, by_sent_name], files
