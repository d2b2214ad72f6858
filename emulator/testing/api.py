"""A client of the API itself, for tests that need one of their own."""

import json
from itertools import count
from typing import Any
from urllib.parse import urlencode

from emulator.clock import SystemClock
from emulator.contract import load
from emulator.request import PATH
from emulator.signing.signature import sign_request
from emulator.testing.driver import Exchange
from emulator.testing.journal import flat


class ApiClient:
    """Signs with HMAC-SHA1 and sends by POST, to the host that the action's page names."""

    def __init__(self, exchange: Exchange, secret_id: str, secret_key: str) -> None:
        self._exchange = exchange
        self._secret_id = secret_id
        self._secret_key = secret_key
        self._nonces = count(SystemClock().ticks())

    def call(self, action: str, parameters: dict[str, Any]) -> Any:
        """The answer, whatever its code. Raises OSError where none comes, ValueError where it is no JSON."""
        host = next((known.hosts[0] for known in load() if known.name == action), "bm.api.qcloud.com")
        pairs = [
            ("Action", action),
            ("Nonce", str(next(self._nonces))),
            ("SecretId", self._secret_id),
            ("Timestamp", str(SystemClock().now() // 1000)),
            *flat(parameters).items(),
        ]
        _text, signature = sign_request("POST", host, pairs, self._secret_key)
        body = urlencode([*pairs, ("Signature", signature)]).encode()
        headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded"}
        return json.loads(self._exchange("POST", PATH, headers, body).body)
