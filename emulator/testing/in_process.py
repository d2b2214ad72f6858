"""The application without a socket: a thread runs its event loop, and callers wait for the reply.

So a test may have an event loop of its own, and calls from several threads never interleave.
"""

import asyncio
import threading
from collections.abc import Coroutine, MutableMapping
from concurrent.futures import Future
from typing import Any, TypeVar
from urllib.parse import unquote

from starlette.types import ASGIApp

from emulator.testing.driver import Reply

T = TypeVar("T")
Message = MutableMapping[str, Any]


class LoopThread:
    """An event loop that runs in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bm-emulator", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return future.result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def exchange(app: ASGIApp, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
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
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    received = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], received, b"".join(message.get("body", b"") for message in sent[1:]))
