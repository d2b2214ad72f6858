"""The application behind sockets: HTTP and, optionally, HTTPS and a proxy, in one event loop."""

import asyncio
import logging
import secrets
import socket
import ssl
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from emulator.clock import SystemClock
from emulator.control.guard import is_loopback
from emulator.gateway.delivery import CONNECTION
from emulator.settings import Settings, authority_folder

if TYPE_CHECKING:
    from emulator.https.authority import Authority
    from emulator.https.proxy import Proxy

_GRACE_SECONDS = 0.25
_BACKLOG = 2048
_LOOPBACK = "127.0.0.1"


class ListenError(Exception):
    """A port cannot be listened on. The message says what to do about it."""


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

    def close(self) -> None:
        self.flush()
        self._transport.close()


class _Protocol(HttpToolsProtocol):
    """HTTP/1.1 that lets the application close the connection of a request, as some faults do."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        coalescing = cast("asyncio.Transport", _CoalescingTransport(transport))
        super().connection_made(coalescing)
        self.app_state = {**self.app_state, CONNECTION: coalescing}  # copied into the state of each request's scope


class Server(uvicorn.Server):
    """A server that, when it exits, gives the calls in progress a moment to end."""

    def __init__(self, app: ASGIApp, listeners: "Listeners") -> None:
        config = uvicorn.Config(
            app,
            http=cast("type[asyncio.Protocol]", _Protocol),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=cast("int", _GRACE_SECONDS),  # passed on to asyncio, which takes fractions
        )
        super().__init__(config)
        self._listeners = listeners
        self._proxy: Proxy | None = None

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets or [self._listeners.http])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        listeners = self._listeners
        if listeners.https is not None:
            loop = asyncio.get_running_loop()
            self.servers.append(await loop.create_server(self._protocol, sock=listeners.https, ssl=listeners.context))
        if listeners.proxy is not None:
            self._proxy = listeners.make_proxy()
            await self._proxy.start(listeners.proxy)

    def _protocol(self) -> asyncio.Protocol:
        return _Protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the proxy, then the server. Connections are cut on purpose here, so the errors are not logged."""
        log = logging.getLogger("uvicorn.error")
        level = log.level
        log.setLevel(logging.CRITICAL)
        if self._proxy is not None:
            self._proxy.close()
        try:
            await super().shutdown(sockets)
        finally:
            log.setLevel(level)


class Listeners:
    """The sockets of a server. They listen at once; connections wait in the backlog until the server runs.

    Raises ListenError, or AuthorityError if the folder for certificates cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.http = _listen(settings.host, settings.port, "--port")
        self.proxy: socket.socket | None = None
        self.https: socket.socket | None = None
        self.context: ssl.SSLContext | None = None
        self.authority: Authority | None = None
        if settings.proxy_port is not None:
            self.proxy = _listen(settings.host, settings.proxy_port, "--proxy-port")
        if settings.https_port is not None:
            self.https = _listen(settings.host, settings.https_port, "--https-port")
        elif self.proxy is not None:
            self.https = _listen(_LOOPBACK, 0, "--https-port")
        if self.https is not None:
            self.authority = open_authority(settings)
            self.context = self.authority.server_context()

    @property
    def url(self) -> str:
        return self._url("http", self.http)

    @property
    def https_url(self) -> str | None:
        return self._url("https", self.https) if self.https else None

    @property
    def proxy_url(self) -> str | None:
        return self._url("http", self.proxy) if self.proxy else None

    def make_proxy(self) -> "Proxy":
        from emulator.https.proxy import Proxy

        assert self.https is not None  # noqa: S101
        return Proxy(_address(self.http), _address(self.https), passthrough=self._settings.proxy_passthrough)

    def _url(self, scheme: str, listener: socket.socket) -> str:
        host, port = _address(listener)
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def open_authority(settings: Settings) -> "Authority":
    """Open the certificate authority; `cryptography` is imported only here. Raises AuthorityError."""
    from emulator.https.authority import Authority

    return Authority(Path(authority_folder(settings.ca_dir)), SystemClock())


def with_control_token(settings: Settings) -> Settings:
    """The settings with a new control token, if other machines can reach the emulator and no token was chosen."""
    if settings.open_control or settings.control_token is not None or is_loopback(settings.host):
        return settings
    return replace(settings, control_token=secrets.token_urlsafe())


def _listen(host: str, port: int, option: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        problem = f"cannot listen on {host}, port {port}: {error.strerror}"
        raise ListenError(f"{problem}; choose with --host and {option} (0: a free one)") from error


def _address(listener: socket.socket) -> tuple[str, int]:
    """An address to connect to; a listener on 0.0.0.0 or :: is reached over loopback."""
    host, port = listener.getsockname()[:2]
    return {"0.0.0.0": _LOOPBACK, "::": "::1"}.get(host, host), port  # noqa: S104
