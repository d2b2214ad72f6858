"""How the tests' side speaks to an emulator: one exchange of a request and a reply, by whatever way there is."""

import json
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from emulator.request import CONTROL_PREFIX

_TIMEOUT_SECONDS = 60.0


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    """Names in small letters."""
    body: bytes


Exchange = Callable[[str, str, dict[str, str], bytes], Reply]
"""Method, path with query, headers and body. Raises OSError where the connection fails or is cut."""


class ControlError(Exception):
    """What the emulator says against a wish."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status


def over_socket(url: str) -> Exchange:
    """A connection for each exchange."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection

    def exchange(method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())
        except HTTPException as error:
            raise ConnectionError(f"no whole answer: {error!r}") from error
        finally:
            connection.close()

    return exchange


class Driver:
    """Asks the control interface. Raises ControlError for a refusal, OSError where there is no emulator."""

    def __init__(self, exchange: Exchange, token: str | None = None) -> None:
        self.exchange = exchange
        self._headers = {"Host": "localhost", "Content-Type": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None) -> Any:
        """`path` behind the prefix, its parts already safe (`safe`)."""
        reply = self._exchange(method, path, body, query)
        return json.loads(reply.body)

    def ask_text(self, method: str, path: str, query: Mapping[str, Any] | None = None) -> str:
        return self._exchange(method, path, None, query).body.decode()

    def _exchange(self, method: str, path: str, body: Any, query: Mapping[str, Any] | None) -> Reply:
        sent = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        target = f"{CONTROL_PREFIX}{path}" + (f"?{urlencode(sent)}" if sent else "")
        data = b"" if body is None else json.dumps(body).encode()
        reply = self.exchange(method, target, self._headers, data)
        if not 200 <= reply.status < 300:
            raise ControlError(reply.status, _error(reply))
        return reply


def safe(part: str) -> str:
    """For a path."""
    return quote(part, safe="")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _error(reply: Reply) -> str:
    try:
        return str(json.loads(reply.body)["error"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {reply.status}: {reply.body[:200].decode(errors='replace')}"
