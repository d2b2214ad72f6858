"""The digest that a client meant by the Signature that it sent, however it was encoded on the way."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from urllib.parse import unquote

_LENGTHS = {16, 20, 28, 32, 48, 64}
"""The lengths of digests, from MD5 to SHA-512, in bytes."""
_LONGEST = 400
_STANDARD = str.maketrans("-_", "+/")


def meant_digests(sent: str) -> dict[bytes, str]:
    """The digests that may have been meant, with what went wrong on the way; nothing for the one sent."""
    meant: dict[bytes, str] = {}
    if len(sent) > _LONGEST:
        return meant
    for received, text in (
        ("", sent),
        ("the + in Signature was sent unencoded, so that it arrived as a space", sent.replace(" ", "+")),
        ("Signature was sent with white space round it", sent.strip()),
        ("Signature was URL-encoded twice", unquote(sent)),
        ("the + in Signature was sent unencoded, so that it arrived as a space", sent.rstrip("\r\n").replace(" ", "+")),
    ):
        for encoded, digest in _decoded(text):
            if len(digest) in _LENGTHS:
                meant.setdefault(digest, "; and ".join(filter(None, (received, encoded))))
    return meant


def _decoded(text: str) -> Iterator[tuple[str, bytes]]:
    if (plain := _from_hex(text)) is not None:
        yield "Signature is the digest in hex; it must be the Base64 of the raw digest", plain
    standard = text.translate(_STANDARD)
    padded = standard + "=" * (-len(standard) % 4)
    decoded = _from_base64(padded)
    if decoded is None:
        return
    url_safe = "Signature is URL-safe Base64; it must have + and / where it has - and _" if standard != text else ""
    unpadded = "Signature is Base64 without the = at its end" if padded != standard else ""
    how = "; and ".join(filter(None, (url_safe, unpadded)))
    yield how, decoded
    inner = decoded.decode("latin-1")
    if (raw := _from_hex(inner)) is not None:
        yield "Signature is the Base64 of the hex digest; it must be the Base64 of the raw digest", raw
    elif (raw := _from_base64(inner)) is not None:
        yield "Signature was Base64-encoded twice", raw


def _from_hex(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _from_base64(text: str) -> bytes | None:
    """Only what encodes to the same text again counts, so that two texts never mean the same without a note."""
    try:
        decoded = b64decode(text, validate=True)
    except ValueError:
        return None
    return decoded if b64encode(decoded).decode() == text else None
