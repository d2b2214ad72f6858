"""A client of the API, with a signature of its own: the emulator's is not verified by itself."""

import hmac
import itertools
import time
from base64 import b64encode
from typing import Any

import httpx

SECRET_ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA"
SECRET_KEY = "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA"
HOST = "bm.api.qcloud.com"
PATH = "/v2/index.php"

_nonces = itertools.count(1)


def text_to_sign(method: str, host: str, params: dict[str, Any]) -> str:
    joined = "&".join(f"{name.replace('_', '.')}={params[name]}" for name in sorted(params))
    return f"{method}{host}{PATH}?{joined}"


def signature(key: str, text: str, digest: str = "sha1") -> str:
    return b64encode(hmac.new(key.encode(), text.encode(), digest).digest()).decode()


class Api:
    """Signs and sends. `http` speaks to the application in process, or to a server over a socket."""

    def __init__(self, http: httpx.Client, secret_id: str = SECRET_ID, secret_key: str = SECRET_KEY) -> None:
        self.http = http
        self.secret_id = secret_id
        self.secret_key = secret_key

    def common(self, action: str) -> dict[str, Any]:
        return {
            "Action": action,
            "Nonce": next(_nonces),
            "Region": "ap-guangzhou",
            "SecretId": self.secret_id,
            "Timestamp": int(time.time()),
        }

    def signed(self, action: str, params: dict[str, Any] | None = None, method: str = "GET", host: str = HOST) -> dict:
        whole = {**self.common(action), **(params or {})}
        digest = "sha256" if whole.get("SignatureMethod") == "HmacSHA256" else "sha1"
        return {**whole, "Signature": signature(self.secret_key, text_to_sign(method, host, whole), digest)}

    def send(self, params: dict[str, Any], method: str = "GET", host: str = HOST, **how: Any) -> httpx.Response:
        headers = {"Host": host, **how.pop("headers", {})}
        if method == "GET":
            return self.http.get(PATH, params=params, headers=headers, **how)
        return self.http.post(PATH, data=params, headers=headers, **how)

    def response(self, action: str, *, method: str = "GET", host: str = HOST, **params: Any) -> httpx.Response:
        """For a parameter whose name is no Python name: `**{"cmdIds.0": …}`."""
        return self.send(self.signed(action, params, method, host), method, host)

    def call(self, action: str, **params: Any) -> dict[str, Any]:
        return self.response(action, **params).json()

    def data(self, action: str, **params: Any) -> Any:
        """The data of a call that must succeed."""
        answer = self.call(action, **params)
        assert answer["code"] == 0, answer
        return answer.get("data")

    def explanation(self, response: httpx.Response) -> str:
        """What the emulator tells of a call."""
        story = self.http.get(response.headers["X-Emulator-Explanation"]).json()
        return "\n".join(story["explanation"])
