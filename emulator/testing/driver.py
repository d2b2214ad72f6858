"""How tests and commands talk to an emulator: an exchange carries one request, the Driver speaks to `/_emulator`."""

import json
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from emulator.checking.files import why
from emulator.in_process import Reply
from emulator.request import CONTROL_PREFIX

_TIMEOUT_SECONDS = 60.0
View = dict[str, Any]
"""A JSON object that the control interface answers; `/_emulator/openapi.json` describes each."""


Exchange = Callable[[str, str, dict[str, str], bytes], Reply]
"""Takes method, path with query, headers and body. Raises OSError if the connection fails or is cut."""


class ControlError(Exception):
    """A request that the emulator refused, with its reason and the HTTP status."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status


def over_socket(url: str) -> Exchange:
    """An exchange that opens a connection to `url` for each request."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no address of an emulator: write http://HOST:PORT")
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection

    def exchange(method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        connection = connect(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, received, response.read())
        except (HTTPException, OSError) as error:
            raise ConnectionError(f"no answer from {url}: {why(error)}") from error
        finally:
            connection.close()

    return exchange


class Driver:
    """A client of the control interface. Raises ControlError for a refusal, OSError if there is no emulator."""

    def __init__(self, exchange: Exchange, token: str | None = None) -> None:
        self.exchange = exchange
        self._headers = {"Host": "localhost", "Content-Type": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None) -> Any:
        """Send a request and return its answer. `path` follows the prefix; `path_segment` quotes a part of it."""
        return json.loads(self._send(method, path, body, query).body)

    def ask_text(self, method: str, path: str, query: Mapping[str, Any] | None = None) -> str:
        return self._send(method, path, None, query).body.decode()

    def _send(self, method: str, path: str, body: Any, query: Mapping[str, Any] | None) -> Reply:
        given = {name: _query_value(value) for name, value in (query or {}).items() if value is not None}
        target = f"{CONTROL_PREFIX}{path}" + (f"?{urlencode(given)}" if given else "")
        data = b"" if body is None else json.dumps(body).encode()
        reply = self.exchange(method, target, self._headers, data)
        if not 200 <= reply.status < 300:
            raise ControlError(reply.status, _error(reply))
        return reply


def path_segment(text: str) -> str:
    """Quote a text as one segment of a path."""
    return quote(text, safe="")


def _query_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _error(reply: Reply) -> str:
    try:
        return str(json.loads(reply.body)["error"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {reply.status}: {reply.body[:200].decode(errors='replace')}"
