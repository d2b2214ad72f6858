"""TLS handshakes: a connection counts from its first packet on, not only from the end of its handshake."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from typing import cast

from emulator.connections import Connection, Connections

log = logging.getLogger("emulator.https")

MakeProtocol = Callable[[Connection], asyncio.Protocol]


class Handshakes:
    """The handshakes of one listener. `make_protocol` makes what speaks on a connection after its handshake."""

    def __init__(self, context: ssl.SSLContext, connections: Connections, make_protocol: MakeProtocol) -> None:
        self.context = context
        self.connections = connections
        self.make_protocol = make_protocol
        self.tasks: set[asyncio.Task[None]] = set()

    def begin(self) -> asyncio.Protocol:
        """What speaks on a connection that has just been accepted."""
        return _Handshake(self)

    def close(self) -> None:
        """End all handshakes at once."""
        for task in self.tasks:
            task.cancel()


class _Handshake(asyncio.Protocol):
    def __init__(self, handshakes: Handshakes) -> None:
        self._all = handshakes
        self._early = b""
        """What the client sent between the end of the handshake and the next turn of the event loop."""
        self._is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        raw = cast("asyncio.Transport", transport)
        connection = self._all.connections.admit(raw)
        if connection is None:
            raw.abort()
            return
        raw.pause_reading()  # start_tls goes on
        task = asyncio.get_running_loop().create_task(self._shake_hands(raw, connection))
        self._all.tasks.add(task)
        task.add_done_callback(self._all.tasks.discard)

    def data_received(self, data: bytes) -> None:
        self._early += data

    def connection_lost(self, _exc: Exception | None) -> None:
        self._is_lost = True

    async def _shake_hands(self, raw: asyncio.Transport, connection: Connection) -> None:
        seconds = self._all.connections.limits.request_seconds
        is_made = False
        try:
            transport = await asyncio.get_running_loop().start_tls(
                raw, self, self._all.context, server_side=True, ssl_handshake_timeout=seconds
            )
            is_made = transport is not None and not self._is_lost
        except (OSError, RuntimeError) as error:  # RuntimeError: uvloop's, for a connection that is lost already
            log.debug("a TLS handshake failed: %r", error)
        finally:
            if not is_made:
                raw.abort()
                self._all.connections.remove(connection)
        if is_made and transport is not None:
            protocol = self._all.make_protocol(connection)
            transport.set_protocol(protocol)
            protocol.connection_made(transport)
            if self._early:
                protocol.data_received(self._early)
