"""The sockets of a server, and what they are told by the settings."""

import secrets
import socket
import ssl
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.clock import SystemClock
from emulator.connections import Connections, Limits, most_connections
from emulator.control.guard import is_loopback
from emulator.settings import Settings, authority_folder

if TYPE_CHECKING:
    from emulator.https.authority import Authority
    from emulator.https.proxy import Proxy

_BACKLOG = 2048
_LOOPBACK = "127.0.0.1"


class ListenError(Exception):
    """A port cannot be listened on. The message says what to do about it."""


class Listeners:
    """The sockets of a server. They listen at once; connections wait in the backlog until the server runs.

    Raises ListenError, or AuthorityError if the folder for certificates cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        most = most_connections()
        if settings.max_connections is not None:
            most = min(most, settings.max_connections)
        self.connections = Connections(Limits(settings.request_seconds, settings.idle_seconds, most))
        """Those of all these listeners."""
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
        passthrough = self._settings.proxy_passthrough
        return Proxy(_address(self.http), _address(self.https), self.connections, passthrough=passthrough)

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
