"""uvicorn's server on the listeners' sockets, with HTTPS, the proxy and the bound of connections added."""

import asyncio
import logging
import socket
from functools import partial
from typing import TYPE_CHECKING, cast

import uvicorn
from starlette.types import ASGIApp

from emulator.connections import Connection
from emulator.serving.handshakes import HttpsListener
from emulator.serving.listeners import Listeners
from emulator.serving.protocol import HttpProtocol

if TYPE_CHECKING:
    from emulator.https.proxy import Proxy

_GRACE_SECONDS = 0.25
_TICKS_A_SECOND = 10
"""How often uvicorn calls `on_tick`."""


class Server(uvicorn.Server):
    """A server that, when it exits, gives the calls in progress a moment to end."""

    def __init__(self, app: ASGIApp, listeners: Listeners) -> None:
        config = uvicorn.Config(
            app,
            http=cast("type[asyncio.Protocol]", partial(HttpProtocol, listeners.connections)),
            ws="none",  # a connection that left HTTP would leave its limits too
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=cast("int", _GRACE_SECONDS),  # passed on to asyncio, which takes fractions
        )
        super().__init__(config)
        self._listeners = listeners
        self._https: HttpsListener | None = None
        self._proxy: Proxy | None = None

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets or [self._listeners.http])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        listeners = self._listeners
        if listeners.https is not None and listeners.context is not None and listeners.authority is not None:
            self._https = HttpsListener(
                listeners.https, listeners.context, listeners.connections, self._protocol, listeners.authority.path
            )
            self._https.start()
        if listeners.proxy is not None:
            self._proxy = listeners.make_proxy()
            await self._proxy.start(listeners.proxy)

    def _protocol(self, connection: Connection) -> asyncio.Protocol:
        return HttpProtocol(
            self._listeners.connections,
            connection,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_A_SECOND == 0:
            self._listeners.connections.sweep()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the proxy, then the server. Connections are cut on purpose here, so the errors are not logged."""
        log = logging.getLogger("uvicorn.error")
        level = log.level
        log.setLevel(logging.CRITICAL)
        if self._proxy is not None:
            self._proxy.close()
        if self._https is not None:
            self._https.close()
        try:
            await super().shutdown(sockets)
        finally:
            log.setLevel(level)
