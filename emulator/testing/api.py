"""A client of the API itself: it signs a call and sends it, for tests and for `bm-emulator call`."""

import json
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from emulator.clock import SystemClock
from emulator.in_process import Reply
from emulator.signing.calls import signed_call
from emulator.testing.driver import Exchange


class ApiClient:
    """Calls with one key pair, signed for the host that the page of the action names."""

    def __init__(self, exchange: Exchange, secret_id: str, secret_key: str) -> None:
        self._exchange = exchange
        self._secret_id = secret_id
        self._secret_key = secret_key
        self._nonces = count(SystemClock().ticks())

    def call(self, action: str, parameters: Mapping[str, Any]) -> Any:
        """Return the answer, whatever its code. Raises OSError if none comes, ValueError if it is not JSON."""
        return json.loads(self.send(action, flatten(parameters).items()).body)

    def send(
        self, action: str, parameters: Iterable[tuple[str, str]], method: str = "POST", host: str | None = None
    ) -> Reply:
        """Sign a call and return the reply to it. `parameters` may hold Region and SignatureMethod. Raises OSError.

        `host` says which of two actions of one name is meant.
        """
        call = signed_call(
            action,
            parameters,
            (self._secret_id, self._secret_key),
            nonce=next(self._nonces),
            seconds=SystemClock().now() // 1000,
            method=method,
            host=host,
        )
        return self._exchange(method, call.target, call.headers, call.body)


def flatten(parameters: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Parameters as they are sent: `{"ids": ["a"], "disk": {"size": 1}}` becomes `ids.0=a` and `disk.size=1`."""
    flat: dict[str, str] = {}
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple):
            flat |= flatten({str(place): item for place, item in enumerate(value)}, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = str(value)
    return flat
