"""The application behind sockets: HTTP and, if asked for, HTTPS and a proxy, all in one loop."""

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
_LOCAL = "127.0.0.1"


class ListenError(Exception):
    """A port that cannot be listened on, with what to do about it."""


class _OneWrite:
    """A transport that sends the head of an answer with its body: a write of its own costs as much as a query does."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._call_soon = asyncio.get_running_loop().call_soon
        self.is_closing = transport.is_closing
        self.abort = transport.abort

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """What is held back goes out with what comes next, or else when the loop turns."""
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
    """Lets the application close the connection that a request came on: some faults do."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        one_write = cast("asyncio.Transport", _OneWrite(transport))
        super().connection_made(one_write)
        self.app_state = {**self.app_state, CONNECTION: one_write}  # each request's scope gets a copy as its state


class Server(uvicorn.Server):
    """Serves until it is told to exit; then it gives calls that are going on a moment to end."""

    def __init__(self, app: ASGIApp, listeners: "Listeners") -> None:
        config = uvicorn.Config(
            app,
            http=cast("type[asyncio.Protocol]", _Protocol),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=cast("int", _GRACE_SECONDS),  # asyncio takes it as it is
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
        """What is cut off by now is cut off on purpose: no log of it."""
        log = logging.getLogger("uvicorn.error")
        before = log.level
        log.setLevel(logging.CRITICAL)
        if self._proxy is not None:
            self._proxy.close()
        try:
            await super().shutdown(sockets)
        finally:
            log.setLevel(before)


class Listeners:
    """Bound and listening: who connects from now on is served as soon as the server runs.

    Raises ListenError, or AuthorityError where there is no place for certificates.
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
            self.https = _listen(_LOCAL, 0, "--https-port")
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
    """Raises AuthorityError. Only who needs certificates imports what makes them."""
    from emulator.https.authority import Authority

    return Authority(Path(authority_folder(settings.ca_dir)), SystemClock())


def with_control_token(settings: Settings) -> Settings:
    """Where the emulator can be reached from elsewhere, who drives it needs a token: the one chosen, or a new one."""
    if settings.open_control or settings.control_token is not None or is_loopback(settings.host):
        return settings
    return replace(settings, control_token=secrets.token_urlsafe())


def _listen(host: str, port: int, option: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        told = f"cannot listen on {host}, port {port}: {error.strerror}"
        raise ListenError(f"{told}; choose with --host and {option} (0: a free one)") from error


def _address(listener: socket.socket) -> tuple[str, int]:
    """One that leads there: listening everywhere includes this machine."""
    host, port = listener.getsockname()[:2]
    return {"0.0.0.0": _LOCAL, "::": "::1"}.get(host, host), port  # noqa: S104
