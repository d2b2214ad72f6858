"""The application without a socket: one request handed to it, and what it sends."""

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from starlette.types import ASGIApp

LOCAL = "127.0.0.1"


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    """Values by name, names in lower case."""
    body: bytes


async def exchange(
    app: "ASGIApp", method: str, target: str, headers: dict[str, str], body: bytes, client: str = LOCAL
) -> Reply:
    """Send one request to the application. Raises ConnectionResetError if a fault cuts the connection."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "client": (client, 0),
        "server": (LOCAL, 80),
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    received = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], received, b"".join(message.get("body", b"") for message in sent[1:]))
