"""Ninth stage: the answer is sent, whole unless a fault delays, truncates or loses it.

Closing a connection needs the server's help: it puts an object with `close()` and `abort()` into the scope's state, as
`emulator.connection`. Without one, in process, a lost answer raises ConnectionResetError.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from emulator.gateway.answer import Answer
from emulator.gateway.wire import Receive, Scope
from emulator.request import CONTROL_PREFIX, Request

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
STORY_PATH = f"{CONTROL_PREFIX}/journal/"
CONNECTION = "emulator.connection"


async def deliver(answer: Answer, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the answer to a request. Raises ConnectionResetError for a lost one where no server can close."""
    if answer.delay_seconds:
        await asyncio.sleep(answer.delay_seconds)
    if answer.ending == "lost":
        await _drop_connection(scope, receive)
        return
    headers = [
        *answer.headers,
        (b"content-length", b"%d" % len(answer.body)),
        (b"x-emulator-request-id", request.request_id.encode()),
    ]
    if request.notes:
        headers.append((b"x-emulator-explanation", f"{STORY_PATH}{request.request_id}".encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if answer.ending == "whole":
        await send({"type": "http.response.body", "body": answer.body})
    else:
        await _truncate(answer.body, scope, receive, send)


async def _drop_connection(scope: Scope, receive: Receive) -> None:
    connection = _connection(scope)
    if connection is None:
        raise ConnectionResetError("a fault closed the connection")
    connection.abort()
    await _wait_for_disconnect(receive)


async def _truncate(body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
    connection = _connection(scope)
    half = body[: len(body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": connection is not None})
    if connection is not None:
        connection.close()
        await _wait_for_disconnect(receive)


def _connection(scope: Scope) -> Any | None:
    return scope.get("state", {}).get(CONNECTION)


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
