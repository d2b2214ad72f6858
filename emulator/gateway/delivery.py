"""Last of all: an answer is sent, whole unless a fault wants it otherwise.

To close a connection the gateway needs the server's help: `emulator.connection` in a scope's state, an object with
`close()` and `abort()`. Without one (in process) an answer that is lost raises ConnectionResetError.
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
    if answer.delay_seconds:
        await asyncio.sleep(answer.delay_seconds)
    if answer.ending == "lost":
        await _lose(scope, receive)
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


async def _lose(scope: Scope, receive: Receive) -> None:
    connection = _connection(scope)
    if connection is None:
        raise ConnectionResetError("a fault closed the connection")
    connection.abort()
    await _gone(receive)


async def _truncate(body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
    connection = _connection(scope)
    half = body[: len(body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": connection is not None})
    if connection is not None:
        connection.close()
        await _gone(receive)


def _connection(scope: Scope) -> Any | None:  # noqa: ANN401
    return scope.get("state", {}).get(CONNECTION)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
