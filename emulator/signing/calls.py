"""A call of an action, signed as a client signs it."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from emulator.contract import load
from emulator.request import PATH, Pairs
from emulator.signing.signature import sign_request

DEFAULT_HOST = "bm.api.qcloud.com"
"""Where an action is sent that no page documents."""


class SignedCall(NamedTuple):
    """What to send, and the text that was signed."""

    target: str
    """The path, with the query string of a GET."""
    headers: dict[str, str]
    body: bytes
    text: str
    host: str


def host_of(action: str) -> str:
    """The host that the page of the action names."""
    return next((known.hosts[0] for known in load() if known.name == action), DEFAULT_HOST)


def signed_call(
    action: str,
    parameters: Iterable[tuple[str, str]],
    key_pair: tuple[str, str],
    *,
    nonce: int,
    seconds: int,
    method: str = "POST",
    host: str | None = None,
) -> SignedCall:
    """`key_pair`: SecretId and SecretKey. `seconds`: the Timestamp. `parameters` may hold Region and SignatureMethod.

    `host` says which of two actions of one name is meant.
    """
    secret_id, secret_key = key_pair
    host = host or host_of(action)
    pairs: Pairs = [
        ("Action", action),
        ("Nonce", str(nonce)),
        ("SecretId", secret_id),
        ("Timestamp", str(seconds)),
        *parameters,
    ]
    text, signature = sign_request(method, host, pairs, secret_key)
    form = urlencode([*pairs, ("Signature", signature)])
    if method == "GET":
        return SignedCall(f"{PATH}?{form}", {"Host": host}, b"", text, host)
    headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded"}
    return SignedCall(PATH, headers, form.encode(), text, host)
