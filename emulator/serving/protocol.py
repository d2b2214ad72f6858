"""HTTP/1.1 on one connection: uvicorn's protocol, with limits of size and time, and a way to cut the connection.

More than 64 KB of headers, of one or all together, are answered with 431, and a request that does not arrive in time
with 408; the connection is closed then. A connection that was let in for the control interface only answers other
requests with 503.
"""

import asyncio
from http import HTTPStatus
from typing import Any, cast

import httptools
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from emulator.connections import Connection, Connections, State
from emulator.gateway.delivery import CONNECTION
from emulator.request import CONTROL_PREFIX

MAX_HEADER_BYTES = 64 * 1024
_LINE_BYTES = len(b": \r\n")
_MAX_URL_BYTES = 64 * 1024
"""What httptools can parse."""
_INVALID = "Invalid HTTP request received."
IDLE, RECEIVING, ANSWERING, STALLED, CLOSING = (
    State.IDLE,
    State.RECEIVING,
    State.ANSWERING,
    State.STALLED,
    State.CLOSING,
)


class _CoalescingTransport:
    """A transport that sends the head of a response together with its body.

    A separate write of the head costs as much as a database query.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._call_soon = asyncio.get_running_loop().call_soon
        self.is_closing = transport.is_closing
        self.abort = transport.abort

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Hold the first data back until the next write, or until the next turn of the event loop."""
        if self._head:
            self._transport.write(self._head + data)
            self._head = b""
        else:
            self._head = data
            self._call_soon(self.flush)

    def flush(self) -> None:
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def write_eof(self) -> None:
        self.flush()
        self._transport.write_eof()

    def close(self) -> None:
        self.flush()
        self._transport.close()


class _HeadersTooLarge(Exception):
    """Headers of more than MAX_HEADER_BYTES."""


class HttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 that keeps its `Connection` up to date."""

    def __init__(self, connections: Connections, connection: Connection | None = None, **uvicorns: Any) -> None:
        """`connection`: the one that is admitted already, under TLS."""
        super().__init__(**uvicorns)
        self._connections = connections
        self._connection = cast("Connection", connection)
        self._owed = 0
        """Complete requests without a complete answer; -1 while an answer was earlier than the end of its request."""
        self._is_receiving = False
        self._header_bytes = 0
        self._unparsed_bytes = 0
        """How much has arrived in a row without a part of a URL, a body or a new request in it."""
        self._is_refused = False
        self._problem = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        coalescing = cast("asyncio.Transport", _CoalescingTransport(transport))
        super().connection_made(coalescing)
        self.app_state = {**self.app_state, CONNECTION: coalescing}  # copied into the state of each request's scope
        connection = self._connection or self._connections.admit(transport)
        if connection is None:
            self._is_refused = True
            transport.abort()
            return
        connection.transport = transport
        connection.state, connection.since = IDLE, self.loop.time()
        connection.expire = self._expire
        self._connection = connection
        if connection.for_control:
            self.app = _for_control(cast("ASGIApp", self.app))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            self._connections.remove(self._connection)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        self._unparsed_bytes += len(data)
        try:
            self.parser.feed_data(data)
            if self._unparsed_bytes > MAX_HEADER_BYTES and self._is_receiving:
                raise _HeadersTooLarge
        except httptools.HttpParserUpgrade:
            self._unsupported_upgrade_warning()
        except (httptools.HttpParserError, _HeadersTooLarge):
            if max(self._header_bytes, self._unparsed_bytes) > MAX_HEADER_BYTES:
                problem = f"The headers of a request have at most {MAX_HEADER_BYTES} bytes."
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, problem)
            else:
                self._refuse(HTTPStatus.BAD_REQUEST, _INVALID)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_receiving = True
        self._header_bytes = self._unparsed_bytes = 0
        if self._owed == 0:
            self._connection.state = RECEIVING
            self._connection.since = self.loop.time()

    def on_url(self, url: bytes) -> None:
        self._unparsed_bytes = 0
        super().on_url(url)
        if len(self.url) > _MAX_URL_BYTES:
            raise ValueError(_INVALID)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._header_bytes += len(name) + len(value) + _LINE_BYTES
        if self._header_bytes > MAX_HEADER_BYTES:
            raise _HeadersTooLarge
        super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._unparsed_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._is_receiving = False
        self._unparsed_bytes = 0
        self._owed += 1
        self._connection.state = ANSWERING if self._owed else IDLE

    def on_response_complete(self) -> None:
        """Start the next of the pipelined requests. Where there is none, the sweep takes the place of a timer."""
        if self.pipeline:
            super().on_response_complete()
        else:
            self.server_state.total_requests += 1
            if not self.transport.is_closing():
                self.flow.resume_reading()
        connection = self._connection
        was_owed = self._owed > 0
        self._owed -= 1
        if connection.state is STALLED:
            return
        if was_owed:  # while it was, the emulator read nothing: the time of the next request begins now
            connection.since = self.loop.time()
            connection.state = ANSWERING if self._owed else RECEIVING if self._is_receiving else IDLE

    def pause_writing(self) -> None:
        super().pause_writing()
        self._connection.state, self._connection.since = STALLED, self.loop.time()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._connection.state is STALLED:
            owed = self._owed > 0
            self._connection.state = ANSWERING if owed else RECEIVING if self._is_receiving else IDLE
            self._connection.since = self.loop.time()

    def _expire(self) -> None:
        """End a connection that waited for too long."""
        if self._connection.state is RECEIVING:
            seconds = self._connections.limits.request_seconds
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"A request has to arrive within {seconds:g} seconds.")
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus, problem: str) -> None:
        """Answer a request that is not read to its end, and close the connection.

        A close with unread data would be a reset, which can destroy the answer: what the client goes on to send is read
        and thrown away until it closes its side too, or the sweep ends that.
        """
        self._is_refused = True
        self.logger.warning(problem)
        body = problem.encode()
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            self.transport.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering or not self.transport.can_write_eof():  # under TLS, closing reads on by itself
            self.transport.close()
        else:
            self.flow.resume_reading()
            self.transport.write_eof()
        self._connection.state, self._connection.since = CLOSING, self.loop.time()


def _for_control(app: ASGIApp) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(f"{CONTROL_PREFIX}/"):
            problem = "bm-emulator: too many connections are open\n"
            app_ = PlainTextResponse(problem, HTTPStatus.SERVICE_UNAVAILABLE, {"connection": "close"})
            await app_(scope, receive, send)
        else:
            await app(scope, receive, send)

    return serve
