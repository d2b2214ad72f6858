"""The mistakes that people really make when they sign, each as a change to the right input of the signature."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from emulator.request import PATH, Request, canonical
from emulator.signing.signature import SHA1, SHA256, sign


class Item(NamedTuple):
    """A parameter of the signed text, with the name and the place in which it was sent."""

    name: str
    value: str
    sent_as: str
    place: int


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """Everything that a signature is computed from."""

    method: str
    host: str
    path: str
    digest: str
    key: str
    items: tuple[Item, ...]
    files: tuple[Item, ...] = ()
    """Parameters that are not signed, because their values begin with `@`."""

    def text(self) -> str:
        """The text that is signed."""
        joined = "&".join(f"{item.name}={item.value}" for item in self.items)
        return f"{self.method}{self.host}{self.path}?{joined}"

    def signature(self) -> str:
        return sign(self.key, self.text(), self.digest)


class Mistake(NamedTuple):
    """A change to a part of the input. Two mistakes of one `kind` change the same part, so they exclude each other."""

    kind: str
    what: str
    """The mistake in words."""
    apply: Callable[[SignatureInput], SignatureInput]


def signature_input(request: Request, host: str, digest: str, key: str) -> SignatureInput:
    """The right input, with the path that all clients sign."""
    last = {name: (value, place) for place, (name, value) in enumerate(request.pairs) if name != "Signature"}
    items = sorted(Item(canonical(name), value, name, place) for name, (value, place) in last.items())
    kept = tuple(item for item in items if not (request.method == "POST" and item.value.startswith("@")))
    files = tuple(item for item in items if item not in kept)
    return SignatureInput(request.method, host, PATH, digest, key, kept, files)


def possible_mistakes(right: SignatureInput, hosts: Iterable[str], other_keys: dict[str, str]) -> list[Mistake]:
    """All known mistakes, in an order in which two can be combined: parameters are chosen before they are encoded.

    `hosts`: every host that a client might sign; `other_keys`: the keys of the other credentials by SecretId.
    """
    return [
        *_choice_mistakes(right),
        *_values_mistakes(),
        *_order_mistakes(),
        *_method_mistakes(right),
        *_host_mistakes(right, hosts),
        *_path_mistakes(),
        *_digest_mistakes(right),
        *_key_mistakes(right, other_keys),
    ]


def _using(**parts: Any) -> Callable[[SignatureInput], SignatureInput]:
    return lambda right: replace(right, **parts)


def _method_mistakes(right: SignatureInput) -> Iterable[Mistake]:
    other = "POST" if right.method == "GET" else "GET"
    for method in (other, right.method.lower(), other.lower()):
        yield Mistake(
            "method",
            f"the method was signed as {method}, but sent as {right.method}",
            _using(method=method),
        )


def _host_mistakes(right: SignatureInput, hosts: Iterable[str]) -> Iterable[Mistake]:
    for host in dict.fromkeys((*hosts, "localhost", "127.0.0.1", "", f"https://{right.host}", f"http://{right.host}")):
        if host != right.host:
            yield Mistake(
                "host",
                f"the host was signed as {host or 'nothing'!r}, but the request is for {right.host!r}",
                _using(host=host),
            )


def _path_mistakes() -> Iterable[Mistake]:
    for path in ("/", "", "/v2/", "/v2", "/v2/index.php/", "/index.php", "v2/index.php"):
        yield Mistake(
            "path",
            f"the path was signed as {path or 'nothing'!r}, but must be {PATH}",
            _using(path=path),
        )


def _digest_mistakes(right: SignatureInput) -> Iterable[Mistake]:
    other, sent_method = (SHA1, "HmacSHA256") if right.digest == SHA256 else (SHA256, "something else than HmacSHA256")
    yield Mistake(
        "digest",
        f"signed with HMAC-{other.upper()}, but SignatureMethod says {sent_method}, which means {right.digest.upper()}",
        _using(digest=other),
    )


def _key_mistakes(right: SignatureInput, other_keys: dict[str, str]) -> Iterable[Mistake]:
    key = right.key
    for altered in (f"{key}\n", f"{key}\r\n", f" {key}", f"{key} ", f"\t{key}", f'"{key}"', f"{key}&"):
        yield Mistake(
            "key",
            f"the SecretKey was used with something round it: {altered.replace(key, '<key>')!r}",
            _using(key=altered),
        )
    for secret_id, other in other_keys.items():
        yield Mistake("key", f"signed with the SecretKey of SecretId {secret_id}", _using(key=other))
    for item in right.items:
        if item.name == "SecretId":
            yield Mistake("key", "signed with the SecretId as the key", _using(key=item.value))


def _values_mistakes() -> Iterable[Mistake]:
    def each(change: Callable[[str], str]) -> Callable[[SignatureInput], SignatureInput]:
        return lambda r: replace(r, items=tuple(item._replace(value=change(item.value)) for item in r.items))

    encoded = "the values were URL-encoded before signing ({}); the raw values are signed"
    yield Mistake(
        "values",
        "a + was signed where a space arrived: send a + as %2B, and sign a space as a space",
        each(lambda value: value.replace(" ", "+")),
    )
    yield Mistake("values", encoded.format("space as %20"), each(lambda value: quote(value, safe="")))
    yield Mistake("values", encoded.format("space as %20, / kept"), each(quote))
    yield Mistake("values", encoded.format("space as +"), each(quote_plus))
    yield Mistake("values", "the values were signed without the white space round them", each(str.strip))


def _order_mistakes() -> Iterable[Mistake]:
    def by(key: Callable[[Item], Any]) -> Callable[[SignatureInput], SignatureInput]:
        return lambda r: replace(r, items=tuple(sorted(r.items, key=key)))

    yield Mistake("order", "the parameters were signed in the order they were sent, not sorted", by(lambda i: i.place))
    yield Mistake(
        "order",
        "the parameters were sorted without regard to upper and lower case; capitals come first",
        by(lambda i: i.name.lower()),
    )
    yield Mistake(
        "order",
        "the parameters were sorted with array numbers as numbers; as text, x.10 comes before x.2",
        by(lambda i: [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in i.name.split(".")]),
    )
    yield Mistake("order", "the parameters were sorted backwards", lambda r: replace(r, items=r.items[::-1]))


def _choice_mistakes(right: SignatureInput) -> Iterable[Mistake]:
    def signing(items: Iterable[Item]) -> Callable[[SignatureInput], SignatureInput]:
        chosen = tuple(sorted(items))
        return _using(items=chosen)

    items = right.items
    for what, value in (("empty", ""), ("already filled in", right.signature())):
        extra = (*items, Item("Signature", value, "Signature", len(items)))
        yield Mistake("choice", f"Signature itself was signed too ({what})", signing(extra))
    yield Mistake(
        "choice", "names were signed with `_`; it becomes `.`", signing(i._replace(name=i.sent_as) for i in items)
    )
    dotted = (item._replace(name=item.sent_as.replace("_", ".")) for item in items)
    yield Mistake("choice", "a name that begins with `_` was signed with `.`; it stays as it is", signing(dotted))
    if right.files:
        yield Mistake("choice", "values that begin with @ were signed with POST", signing((*items, *right.files)))
    yield Mistake("choice", "parameters without a value were left out", signing(i for i in items if i.value))
    for left_out in items:
        rest = [item for item in items if item is not left_out]
        yield Mistake("choice", f"the parameter {left_out.name} was sent but not signed", signing(rest))
