"""A call that code is written for."""

import json
from typing import NamedTuple

from emulator.console.page import Visit
from emulator.console.sending import api_clock, key_pair
from emulator.request import PATH, Pairs, canonical
from emulator.signing.calls import host_of


class SendingCall(NamedTuple):
    endpoint: str
    """Scheme, host and port of the emulator."""
    host: str
    """The host that is signed and named in the Host header."""
    action: str
    method: str
    parameters: dict[str, str]
    """By name as they are signed."""
    secret_id: str
    secret_key: str
    digest: str
    """sha1 or sha256."""
    timestamp: str
    """The Timestamp where the world's time counts, which the code cannot know; else empty."""
    code: int | str | None
    """What the call was answered with."""
    reason: str
    """Why the same call may be answered otherwise; else empty."""

    @property
    def url(self) -> str:
        return self.endpoint + PATH

    @property
    def signed_to(self) -> str:
        """What the text to sign begins with."""
        return f"{self.method}{self.host}{PATH}?"


def sending_call(visit: Visit, world: str, action: str, pairs: Pairs, **known: str | int | None) -> SendingCall:
    """What to write code for. `known`: method, host, secret_id, code and reason. Raises ImpossibleChange.

    A value that begins with `@` is signed in a GET only, so that the call is a GET then.
    """
    own = {canonical(name): value for name, value in pairs}
    url = visit.request.url
    secret_id, secret_key = key_pair(visit, world, str(known.get("secret_id") or ""))
    has_at = any(value.startswith("@") for value in own.values())
    return SendingCall(
        endpoint=f"{url.scheme}://{url.netloc}",
        host=str(known.get("host") or host_of(action)),
        action=action,
        method="GET" if has_at or known.get("method") == "GET" else "POST",
        parameters=own,
        secret_id=secret_id,
        secret_key=secret_key,
        digest="sha256" if own.get("SignatureMethod") == "HmacSHA256" else "sha1",
        timestamp=str(api_clock(visit, world).now() // 1000) if visit.control.by_world_time else "",
        code=known.get("code"),
        reason=str(known.get("reason") or ""),
    )


def quoted(value: object) -> str:
    """A text in double quotes, or a number, as most languages write it. Control characters are escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\ufeff", "\\ufeff")


def lines(call: SendingCall, form: str) -> str:
    """A line for each parameter."""
    return "".join(
        form.format(name=quoted(name), value=quoted(value)) + "\n" for name, value in call.parameters.items()
    )
