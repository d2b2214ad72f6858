"""The HTTPS listener: accepts connections and takes them through the TLS handshake.

asyncio's own server tells nobody of a connection before its handshake is over. Here it counts from the first moment on,
so that handshakes that do not go on are bounded and cut like requests.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Coroutine
from pathlib import Path

from emulator.connections import Connection, Connections

log = logging.getLogger("emulator.https")

_PAUSE_SECONDS = 0.1
"""How long no connection is accepted when there is no file descriptor for one."""

MakeProtocol = Callable[[Connection], asyncio.Protocol]


class HttpsListener:
    """`make_protocol` makes what speaks on a connection after its handshake; `trust` is what clients have to trust."""

    def __init__(
        self,
        listener: socket.socket,
        context: ssl.SSLContext,
        connections: Connections,
        make_protocol: MakeProtocol,
        trust: Path,
    ) -> None:
        self._listener = listener
        self._context = context
        self._connections = connections
        self._make_protocol = make_protocol
        self._trust = trust
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._listener.setblocking(False)
        self._begin(self._accept())

    def close(self) -> None:
        """Stop listening, and end all handshakes at once."""
        for task in self._tasks:
            task.cancel()
        self._listener.close()

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _address = await loop.sock_accept(self._listener)
            except OSError as error:
                log.warning("a connection could not be accepted: %s", error.strerror)
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            handshake = _Handshake()
            connection = self._connections.admit(handshake)
            if connection is None:
                accepted.close()
            else:
                handshake.task = self._begin(self._shake_hands(accepted, connection))

    async def _shake_hands(self, accepted: socket.socket, connection: Connection) -> None:
        is_made = False
        try:
            accepted.setblocking(False)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: self._make_protocol(connection),
                accepted,
                ssl=self._context,
                ssl_handshake_timeout=self._connections.limits.request_seconds,
            )
            is_made = True
        except OSError as error:
            log.warning(
                "a TLS handshake failed (%s): the client has to trust %s; `bm-emulator doctor` checks that",
                _reason(error),
                self._trust,
            )
        finally:
            if not is_made:
                accepted.close()
                self._connections.remove(connection)


def _reason(error: OSError) -> str:
    """Why a handshake failed: the alert that the client sent, or that it went away."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")
    return "the client closed the connection" if isinstance(error, ConnectionError) else str(error)


class _Handshake(asyncio.WriteTransport):
    """What stands for the transport of a connection until its handshake is over."""

    task: asyncio.Task[None]

    def abort(self) -> None:
        self.task.cancel()

    def is_closing(self) -> bool:
        return False
