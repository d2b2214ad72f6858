"""A load tool: keeps a fixed number of connections busy with prepared requests and counts the answers.

It never sleeps. To wake a sleeping process costs the one that wakes it some 20 microseconds on a virtual machine, so
that of two servers the one which outruns the tool would be spared what the other one pays.
"""

import asyncio
import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    requests: int
    seconds: float
    refused: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as the answer to the last is complete."""

    def __init__(self, requests: Iterator[bytes], expected: bytes, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._expected = expected
        self._done = done
        self._buffer = b""
        self.answered = 0
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def start(self) -> None:
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(None)
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self.answered += 1
        self.refused += not body.startswith(self._expected)
        self._buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection"))


async def run(
    port: int,
    requests: Sequence[bytes],
    expected: bytes,
    connections: int = 16,
    tls: ssl.SSLContext | None = None,
    name: str | None = None,
) -> Load:
    """Send them all; an answer whose body does not begin with `expected` counts as refused.

    `tls` and `name`: under TLS, with a server of that name. Handshakes are not counted.
    """
    loop = asyncio.get_running_loop()
    queue = iter(requests)
    protocols, futures = [], []
    for _ in range(connections):
        done = loop.create_future()
        _transport, protocol = await loop.create_connection(
            lambda done=done: _Connection(queue, expected, done), "127.0.0.1", port, ssl=tls, server_hostname=name
        )
        protocols.append(protocol)
        futures.append(done)
    started = time.perf_counter()
    for protocol in protocols:
        protocol.start()
    everything = asyncio.gather(*futures)
    while not everything.done():
        await asyncio.sleep(0)
    await everything
    seconds = time.perf_counter() - started
    return Load(sum(p.answered for p in protocols), seconds, sum(p.refused for p in protocols))
