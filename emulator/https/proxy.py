"""A forward proxy that connects clients of the emulated hosts to the emulator.

`CONNECT` to an emulated host ends at the HTTPS listener, or at the HTTP listener for port 80. A plain request ends at
the HTTP listener. Other hosts are refused unless passthrough is on. A peer that is too slow, sends too large a head
or falls silent is dropped; so is the client of a tunnel whose other end has closed. A tunnel counts as two connections,
and the emulator's end of it as a third. Closing the proxy closes every tunnel.
"""

import asyncio
import logging
import socket
from contextlib import suppress

from emulator.connections import Connection, Connections, State
from emulator.contract import SERVICE_HOSTS
from emulator.control.guard import is_loopback
from emulator.https.request_head import END, MAX_BYTES, Head, InvalidHead, read_head

log = logging.getLogger("emulator.proxy")

_HEAD_SECONDS = 10.0
_CONNECT_SECONDS = 10.0
_IDLE_SECONDS = 300.0
_FILES = 2
"""How many file descriptors a tunnel uses: the client's and the upstream server's."""
_CHUNK = 64 * 1024
_HTTP_PORT = 80
"""Some clients open a tunnel for plain HTTP too."""
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
Address = tuple[str, int]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Refused(Exception):
    """A request that the proxy does not forward: the status line of the answer, and the reason."""

    def __init__(self, status: str, why: str) -> None:
        super().__init__(why)
        self.status = status


class Proxy:
    """A proxy to an emulator that listens at `http` and `https`.

    With `passthrough`, clients on this machine may reach other hosts too.
    """

    def __init__(self, http: Address, https: Address, connections: Connections, *, passthrough: bool) -> None:
        self._http = http
        self._https = https
        self._connections = connections
        self._passthrough = passthrough
        self._tunnels: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, listener: socket.socket) -> None:
        self._server = await asyncio.start_server(self._accept, sock=listener, limit=MAX_BYTES)

    def close(self) -> None:
        """Close the proxy and its tunnels at once."""
        if self._server is not None:
            self._server.close()
        for tunnel in self._tunnels:
            tunnel.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        connection = self._connections.admit(writer.transport, _FILES)
        if connection is None:
            writer.transport.abort()
            return
        self._tunnels.add(task)
        try:
            if connection.for_control:
                raise ConnectionRefusedError("too many connections are open")
            await self._serve(reader, writer, connection)
            writer.close()
            await asyncio.wait_for(writer.wait_closed(), self._connections.limits.request_seconds)
        except asyncio.CancelledError:
            pass  # the proxy was closed
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            log.debug("a tunnel of the proxy failed: %r", error)
        finally:
            self._tunnels.discard(task)
            self._connections.remove(connection)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: Connection) -> None:
        try:
            head = await self._read_head(reader)
            address = self._destination(head, writer.get_extra_info("peername"))
            # A tunnel to the emulator is judged by its other end, which knows what it waits for.
            is_inside = address in (self._https, self._http)
            connection.state = State.ANSWERING if is_inside else State.RELAYING
            upstream = await _connect(address)
        except Refused as refused:
            log.warning("the proxy refused a client: %s", refused)
            body = f"bm-emulator: {refused}\n".encode()
            length = f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"HTTP/1.1 {refused.status}\r\n{length}Connection: close\r\n\r\n".encode() + body)
            await asyncio.wait_for(writer.drain(), _HEAD_SECONDS)
            return
        try:
            if head.is_connect:
                writer.write(_ESTABLISHED)
            else:
                upstream[1].write(head.forwarded)
            await _relay((reader, writer), upstream, connection)
        finally:
            upstream[1].transport.abort()

    async def _read_head(self, reader: asyncio.StreamReader) -> Head:
        try:
            text = await asyncio.wait_for(reader.readuntil(END), _HEAD_SECONDS)
            return read_head(text[: -len(END)])
        except asyncio.LimitOverrunError:
            raise Refused("431 Request Header Fields Too Large", f"a head has at most {MAX_BYTES} bytes") from None
        except InvalidHead as error:
            raise Refused("400 Bad Request", str(error)) from None

    def _destination(self, head: Head, client: Address) -> Address:
        if head.host in SERVICE_HOSTS:
            return self._https if head.is_connect and head.port != _HTTP_PORT else self._http
        if self._passthrough and is_loopback(client[0]):
            return head.host, head.port
        hosts = ", ".join(SERVICE_HOSTS)
        why = "only clients on this machine may reach other hosts" if self._passthrough else "see --proxy-passthrough"
        raise Refused("403 Forbidden", f"{head.host} is none of the emulated hosts ({hosts}); {why}")


async def _connect(address: Address) -> Streams:
    try:
        return await asyncio.wait_for(asyncio.open_connection(*address), _CONNECT_SECONDS)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise Refused("502 Bad Gateway", f"no connection to {address[0]}, port {address[1]}: {error}") from error


async def _relay(client: Streams, upstream: Streams, connection: Connection) -> None:
    """Copy in both directions, until the upstream server has closed its side or a direction has failed."""
    to_upstream = asyncio.create_task(_pump(client[0], upstream[1], connection))
    to_client = asyncio.create_task(_pump(upstream[0], client[1], connection))
    pumps = {to_upstream, to_client}
    try:
        done, _ = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        if done == {to_upstream} and to_upstream.exception() is None:
            await asyncio.wait({to_client})
    finally:
        for pump in pumps:
            pump.cancel()
        for pump in pumps:
            with suppress(asyncio.CancelledError, OSError, TimeoutError):
                await pump


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, connection: Connection) -> None:
    """Copy until the source ends. A sink that is closed meanwhile ends it too: it must not be written to."""
    now = asyncio.get_running_loop().time
    while (data := await asyncio.wait_for(source.read(_CHUNK), _IDLE_SECONDS)) and not sink.is_closing():
        connection.since = now()
        sink.write(data)
        await asyncio.wait_for(sink.drain(), _IDLE_SECONDS)
    if sink.can_write_eof() and not sink.is_closing():
        sink.write_eof()
