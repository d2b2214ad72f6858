"""The signature: Base64 of an HMAC over method, host, path, `?` and the sorted parameters (签名方法.md)."""

import hmac
from binascii import b2a_base64
from collections.abc import Iterable
from functools import lru_cache

from emulator.request import PATH, Pairs, canonical

SHA1, SHA256 = "sha1", "sha256"


def digest_named(signature_method: str | None) -> str:
    """Only the exact value HmacSHA256 selects SHA-256; anything else, or nothing, is SHA-1."""
    return SHA256 if signature_method == "HmacSHA256" else SHA1


def signed_pairs(method: str, pairs: Pairs) -> tuple[Pairs, Pairs]:
    """The parameters to sign, in two orders: by canonical name, and by name as sent; real clients use either.

    The orders differ only if a name has a `_`. Signature is left out and, with POST, every value that begins with `@`.
    """
    kept = dict(pairs)
    kept.pop("Signature", None)
    if method == "POST" and "@" in "".join(kept.values()):
        kept = {name: value for name, value in kept.items() if value[:1] != "@"}
    by_sent_name = sorted(kept.items())
    if "_" not in "".join(kept):
        return by_sent_name, by_sent_name
    by_name = sorted({canonical(name): value for name, value in kept.items()}.items())
    return by_name, [(canonical(name), value) for name, value in by_sent_name]


def text_to_sign(method: str, host: str, pairs: Iterable[tuple[str, str]], path: str = PATH) -> str:
    """The text that is signed."""
    return f"{method}{host}{path}?" + "&".join([f"{name}={value}" for name, value in pairs])


def sign(key: str, text: str, digest: str = SHA1) -> str:
    """The signature of a text."""
    keyed = _keyed(key, digest).copy()
    keyed.update(text.encode())
    return b2a_base64(keyed.digest(), newline=False).decode()


@lru_cache(maxsize=256)
def _keyed(key: str, digest: str) -> hmac.HMAC:
    """The HMAC with its key taken in, which costs as much as hashing a whole text."""
    return hmac.new(key.encode(), digestmod=digest)


def sign_request(method: str, host: str, pairs: Pairs, key: str) -> tuple[str, str]:
    """The text to sign and the signature, as a client computes them."""
    digest = digest_named(dict(pairs).get("SignatureMethod"))
    text = text_to_sign(method, host, signed_pairs(method, pairs)[0])
    return text, sign(key, text, digest)
