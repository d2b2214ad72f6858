"""The key and the algorithm that make the signature of a text, and the usual mistakes in them."""

import binascii
import hashlib
import hmac
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from emulator.signing.changes import Change, replacing
from emulator.signing.signature import SHA1, SHA256

_OTHER_DIGESTS = ("md5", "sha512", "sha384", "sha224")


class Mac(NamedTuple):
    """A key, and what is done with it."""

    key: bytes
    digest: str
    scheme: str = "hmac"

    def sign(self, head: bytes, body: bytes) -> bytes:
        """The raw digest of the text `head + body`."""
        if self.scheme == "hmac":
            inner, outer = _keyed(self.key, self.digest)
            inner, outer = inner.copy(), outer.copy()
            inner.update(head)
            inner.update(body)
            outer.update(inner.digest())
            return outer.digest()
        return _SCHEMES[self.scheme](self.key, head + body, self.digest)


_SCHEMES: dict[str, Callable[[bytes, bytes, str], bytes]] = {
    "exchanged": lambda key, text, digest: hmac.digest(text, key, digest),
    "text": lambda _key, text, digest: hashlib.new(digest, text, usedforsecurity=False).digest(),
    "text+key": lambda key, text, digest: hashlib.new(digest, text + key, usedforsecurity=False).digest(),
    "key+text": lambda key, text, digest: hashlib.new(digest, key + text, usedforsecurity=False).digest(),
}
_PLAIN = {"text": "the text alone", "text+key": "the text and the key", "key+text": "the key and the text"}


@lru_cache(maxsize=512)
def _keyed(key: bytes, digest: str) -> "tuple[hashlib._Hash, hashlib._Hash]":
    """The two hashes of an HMAC with the key taken in. `hmac.new` does the same, but its copies cost twice as much."""
    inner, outer = (hashlib.new(digest, usedforsecurity=False) for _ in range(2))
    if len(key) > inner.block_size:
        key = hashlib.new(digest, key, usedforsecurity=False).digest()
    key = key.ljust(inner.block_size, b"\0")
    inner.update(bytes(byte ^ 0x36 for byte in key))
    outer.update(bytes(byte ^ 0x5C for byte in key))
    return inner, outer


def mac_changes(right: Mac, secret_id: str, signature_method: str | None) -> list[Change[Mac]]:
    """The mistakes with one key pair. Two of them combine as a wrong key and a wrong algorithm."""
    changes = [*_key_changes(right.key, secret_id), *_algorithm_changes(right.digest, signature_method)]
    return [change for change in changes if change.apply(right) != right]


def other_keys(keys: Mapping[str, str]) -> Iterator[Change[Mac]]:
    """The keys of other credentials. `keys`: whose each is, in words."""
    for key, whose in keys.items():
        yield _with_key(key.encode(), f"signed with the SecretKey of {whose}")


def _key_changes(key: bytes, secret_id: str) -> Iterator[Change[Mac]]:
    for before, after in (
        ("", "\n"),
        ("", "\r\n"),
        (" ", ""),
        ("", " "),
        ("\t", ""),
        ('"', '"'),
        ("'", "'"),
        ("", "&"),
    ):
        around = f"the SecretKey was used with something round it: {f'{before}<key>{after}'!r}"
        yield _with_key(before.encode() + key + after.encode(), around)
    yield _with_key(secret_id.encode(), "signed with the SecretId as the key")
    for text, how in (("", "an empty text"), ("None", "'None'"), ("null", "'null'"), ("undefined", "'undefined'")):
        yield _with_key(text.encode(), f"signed with {how} as the key: the client found no SecretKey", alone=bool(text))
    for decode, form in ((binascii.unhexlify, "hex"), (b64decode, "Base64")):
        try:
            yield _with_key(
                decode(key), f"the SecretKey was decoded from {form} first; its characters are the key", alone=True
            )
        except ValueError:
            continue
    yield _with_key(b"TC3" + key, "signed with 'TC3' before the SecretKey, which is the key of API 3.0", alone=True)
    yield _with_key(key[:-1], "the last character of the SecretKey was missing", alone=True)
    yield _with_key(key[1:], "the first character of the SecretKey was missing", alone=True)
    yield _with_key(key.lower(), "the SecretKey was used in small letters", alone=True)
    yield _with_key(key.upper(), "the SecretKey was used in capitals", alone=True)


def _with_key(key: bytes, what: str, *, alone: bool = False) -> Change[Mac]:
    return Change("key", what, replacing(key=key), alone)


def _algorithm_changes(right: str, signature_method: str | None) -> Iterator[Change[Mac]]:
    if signature_method is None:
        told = f"SignatureMethod was not sent, which means {right.upper()}"
    elif right == SHA256:
        told = "SignatureMethod says HmacSHA256, which means SHA256"
    else:
        told = f"SignatureMethod says something else than HmacSHA256, which means {right.upper()}"
    for digest in (SHA256 if right == SHA1 else SHA1, *_OTHER_DIGESTS):
        what = f"signed with HMAC-{digest.upper()}, but {told}"
        yield Change("algorithm", what, replacing(digest=digest), digest not in (SHA1, SHA256))
    yield Change(
        "algorithm",
        "the key and the text were exchanged in the call of HMAC",
        replacing(scheme="exchanged"),
        alone=True,
    )
    for digest in (right, SHA256 if right == SHA1 else SHA1, "md5"):
        for scheme, of_what in _PLAIN.items():
            yield Change(
                "algorithm",
                f"signed with {digest.upper()} of {of_what}, without HMAC",
                replacing(digest=digest, scheme=scheme),
                alone=True,
            )
