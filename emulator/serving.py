"""The application behind a socket: uvicorn, as the command line and the tests' server use it."""

import asyncio
import logging
import secrets
import socket
from dataclasses import replace
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from emulator.control.guard import is_loopback
from emulator.gateway.delivery import CONNECTION
from emulator.settings import Settings

_GRACE_SECONDS = 0.25
_BACKLOG = 2048


class _Protocol(HttpToolsProtocol):
    """Lets the application close the connection that a request came on: some faults do."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = {CONNECTION: self.transport}


class Server(uvicorn.Server):
    """Serves until it is told to exit; then it gives calls that are going on a moment to end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What is cut off by now is cut off on purpose: no log of it."""
        log = logging.getLogger("uvicorn.error")
        before = log.level
        log.setLevel(logging.CRITICAL)
        try:
            await super().shutdown(sockets)
        finally:
            log.setLevel(before)


def listen(host: str, port: int) -> socket.socket:
    """Bound and listening: who connects from now on is served as soon as the server runs. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def server(app: ASGIApp, **options: Any) -> Server:  # noqa: ANN401
    config = uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", _Protocol),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=cast("int", _GRACE_SECONDS),  # asyncio takes it as it is
        **options,
    )
    return Server(config)


def with_token(settings: Settings) -> Settings:
    """Where the emulator can be reached from elsewhere, who drives it needs a token: the one chosen, or a new one."""
    if settings.open_control or settings.control_token is not None or is_loopback(settings.host):
        return settings
    return replace(settings, control_token=secrets.token_urlsafe())


def url(host: str, listener: socket.socket, scheme: str = "http") -> str:
    """An address that leads there: listening everywhere includes this machine."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    port = listener.getsockname()[1]
    return f"{scheme}://[{reachable}]:{port}" if ":" in reachable else f"{scheme}://{reachable}:{port}"
