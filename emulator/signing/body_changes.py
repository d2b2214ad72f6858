"""The usual mistakes in how the parameters are ordered, encoded and joined. Which are signed: see choices.py."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

from emulator.signing.bodies import Body, Item
from emulator.signing.changes import Change

Changes = Iterator[Change[Body]]


def value_changes(right: Body) -> Changes:
    """Values that were encoded, stripped or written in another way. Those that change no value are left out."""
    text = "".join(item.value for item in right.items)
    for what, change in _VALUES:
        if change(text) != text:
            yield Change("values", what, _each(change))
    if text.strip() != text or any(item.value != item.value.strip() for item in right.items):
        yield Change("values", "the values were signed without the white space round them", _each(str.strip))


def _each(change: Callable[[str], str]) -> Callable[[Body], Body]:
    return lambda body: body.of(item._replace(value=change(item.value)) for item in body.items)


def _small_hex(encode: Callable[[str], str]) -> Callable[[str], str]:
    """The encoding with %2f in place of %2F, as .NET's HttpUtility writes it."""

    def encoded(text: str) -> str:
        first, *others = encode(text).split("%")
        return "".join((first, *(f"%{part[:2].lower()}{part[2:]}" for part in others)))

    return encoded


def _java(text: str) -> str:
    return quote_plus(text, safe="*").replace("~", "%7E")


def _php(text: str) -> str:
    return quote_plus(text).replace("~", "%7E")


def _percent(text: str) -> str:
    return quote(text, safe="")


_JAVASCRIPT = "!'()*~"
_ENCODED = "the values were URL-encoded before signing ({}); the raw values are signed"
_VALUES: tuple[tuple[str, Callable[[str], str]], ...] = (
    (
        "a + was signed where a space arrived: send a + as %2B, and sign a space as a space",
        lambda value: value.replace(" ", "+"),
    ),
    (_ENCODED.format("space as %20"), _percent),
    (_ENCODED.format("space as %20, / kept"), quote),
    (_ENCODED.format("space as +"), quote_plus),
    (_ENCODED.format("space as %20, !'()* kept, as encodeURIComponent does"), lambda v: quote(v, safe=_JAVASCRIPT)),
    (_ENCODED.format("as encodeURI does"), lambda v: quote(v, safe=";/?:@&=+$,#" + _JAVASCRIPT)),
    (_ENCODED.format("space as +, * kept, as Java does"), _java),
    (_ENCODED.format("space as +, ~ encoded, as PHP does"), _php),
    (_ENCODED.format("space as %20, hex in small letters"), _small_hex(_percent)),
    (_ENCODED.format("space as +, hex in small letters"), _small_hex(quote_plus)),
    (
        _ENCODED.format("space as +, !()* kept, hex in small letters, as .NET does"),
        _small_hex(lambda value: quote_plus(value, safe="!()*").replace("~", "%7E")),
    ),
    (_ENCODED.format("space as %20, !'()* kept, hex in small letters"), _small_hex(lambda v: quote(v, safe="!'()*~"))),
    (
        "the values were escaped as HTML before signing; the raw values are signed",
        lambda v: v.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;"),
    ),
)


def encoding_changes(right: Body) -> Changes:
    """Characters in other bytes than UTF-8; none where all are ASCII."""
    if all(item.value.isascii() and item.name.isascii() for item in right.items):
        return
    for name, encode in (
        ("GBK", lambda text: text.encode("gb18030")),
        ("Big5", lambda text: text.encode("big5")),
        ("the low byte of each character (Latin-1), as old Node versions do", _low_bytes),
        ("'?' in place of every other character than ASCII", lambda text: text.encode("ascii", "replace")),
        ("'?' in place of every other character than Latin-1", lambda text: text.encode("latin-1", "replace")),
        (r"\u and four hex digits", lambda text: text.encode("ascii", "backslashreplace")),
    ):
        what = f"the text was signed in {name}; it is signed in UTF-8"
        yield Change("encoding", what, lambda body, encode=encode: replace(body, encode=encode))  # type: ignore[misc]


def _low_bytes(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")[::2]


def order_changes() -> Changes:
    """Orders other than by name, capitals first."""
    for what, key in _ORDERS:
        yield Change("order", what, lambda body, key=key: body.of(sorted(body.items, key=key)))  # type: ignore[misc]
    yield Change("order", "the parameters were sorted backwards", lambda body: body.of(body.items[::-1]))
    for name in ("SignatureMethod", "Action", "SecretId", "Timestamp", "Nonce", "Region"):
        last = f"{name} was signed at the end of the text, out of its order"
        first = f"{name} was signed at the beginning of the text, out of its order"
        for what, at_end in ((last, True), (first, False)):
            yield Change(
                "order",
                what,
                lambda body, name=name, at_end=at_end: body.of(  # type: ignore[misc]
                    sorted(body.items, key=lambda item: (item.name == name) is at_end)
                ),
                alone=True,
            )


def _culture(item: Item) -> Any:
    """The order of .NET's comparison by culture: by letters, and of equal ones the small letter first; hyphens last."""
    return item.name.replace("-", "").lower(), item.name.swapcase()


_ORDERS: tuple[tuple[str, Callable[[Item], Any]], ...] = (
    ("the parameters were signed in the order they were sent, not sorted", lambda item: item.place),
    (
        "the parameters were sorted without regard to upper and lower case; capitals come first",
        lambda item: item.name.lower(),
    ),
    (
        "the parameters were sorted by the rules of a language (.NET: use StringComparer.Ordinal); capitals come first",
        _culture,
    ),
    (
        "the parameters were sorted with array numbers as numbers; as text, x.10 comes before x.2",
        lambda item: [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in item.name.split(".")],
    ),
    ("the texts name=value were sorted; the names alone decide the order", lambda item: f"{item.name}={item.value}"),
    ("the parameters were sorted by value; the names decide the order", lambda item: item.value),
)


def joining_changes() -> Changes:
    """What stands between, before and after the parameters."""
    for what, parts in (
        ("an & was signed before the first parameter", {"before": "&"}),
        ("an & was signed after the last parameter", {"after": "&"}),
        ("a line feed was signed after the last parameter", {"after": "\n"}),
        ("the parameters were joined with &amp; in place of &", {"separator": "&amp;"}),
        ("the parameters were joined without an &", {"separator": ""}),
        ("the parameters were joined without & and =", {"separator": "", "equals": ""}),
    ):
        yield Change("joining", what, lambda body, parts=parts: replace(body, **parts))  # type: ignore[misc]
    whole = "the whole text of the parameters was URL-encoded before signing; the raw values are signed"
    yield Change("encoding", whole, lambda body: replace(body, encode=lambda text: quote(text, safe="").encode()))
