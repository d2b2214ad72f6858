"""An emulator for tests and scripts: in this process, with a socket or without, or one that runs elsewhere."""

import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.types import ASGIApp

from emulator.app import Application, create_app
from emulator.seeding.fixture import read_fixture
from emulator.settings import Settings
from emulator.testing.adapters import httpx_transport, requests_adapter
from emulator.testing.driver import Driver, Exchange, Reply, over_socket, safe
from emulator.testing.in_process import Loop, exchange
from emulator.testing.world import World

if TYPE_CHECKING:
    import httpx
    from requests.adapters import BaseAdapter

    from emulator.serving import Server


class Remote:
    """An emulator that listens somewhere."""

    def __init__(self, url: str, send: Exchange, token: str | None) -> None:
        self.url = url
        """Where it listens, as `http://127.0.0.1:8386`; the API is at /v2/index.php."""
        self._driver = Driver(send, token)

    @property
    def world(self) -> World:
        """The default world."""
        return self.find_world("default")

    def find_world(self, name: str) -> World:
        return World(self._driver, self._driver.ask("GET", f"/worlds/{safe(name)}"))

    def worlds(self) -> list[World]:
        return [World(self._driver, view) for view in self._driver.ask("GET", "/worlds")]

    def new_world(
        self,
        name: str | None = None,
        *,
        fixture: str | Path | dict[str, Any] | None = None,
        devices: int = 0,
        seed: str | int = "0",
        time_scale: float | None = None,
        frozen_at: datetime | str | None = None,
        rate_limit: bool = False,
    ) -> World:
        """A fresh world with credentials of its own.

        `fixture`: `demo`, `empty`, a TOML or JSON file of this machine, or its content; left out: demo, or empty where
        devices are asked for. Raises ControlError, or FixtureError for a file that is wrong.
        """
        wanted = {
            "name": name,
            "fixture": _fixture(fixture),
            "devices": devices,
            "seed": str(seed),
            "time_scale": time_scale,
            "frozen_at": frozen_at.isoformat() if isinstance(frozen_at, datetime) else frozen_at,
            "rate_limit": rate_limit,
        }
        return World(self._driver, self._driver.ask("POST", "/worlds", wanted))


class Emulator(Remote):
    """In this process, as a context manager or with start() and stop(); settings as those of `bm-emulator serve`.

    `listen`: a server on a free port, in a thread; otherwise without a socket. `app` is the ASGI application.
    """

    def __init__(self, *, listen: bool = True, **settings: Any) -> None:
        self._settings = replace(Settings(port=0), **settings)
        self._listen = listen
        self._loop: Loop | None = None
        self._server: _Threaded | None = None
        self._app: Application | None = None
        self.https_url: str | None = None
        """With `https_port=0`, or another port."""
        self.proxy_url: str | None = None
        """With `proxy_port=0`, or another port."""
        super().__init__("http://bm-emulator.invalid", self._in_loop, self._settings.control_token)

    @property
    def app(self) -> ASGIApp:
        if self._app is None:
            raise RuntimeError("the emulator is not started")
        return self._app

    def start(self) -> "Emulator":
        """Raises DatabaseError, FixtureError, ListenError or AuthorityError."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self) -> None:
        if self._listen:
            from emulator import serving

            settings = serving.with_token(self._settings)
            self._app = create_app(settings)
            self._server = _Threaded(self._app, settings)
            self.url = self._server.listeners.url
            self.https_url, self.proxy_url = self._server.listeners.https_url, self._server.listeners.proxy_url
            self._driver = Driver(over_socket(self.url), settings.control_token)
        else:
            self._app = create_app(self._settings)
            self._loop = Loop()

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
        if self._loop is not None:
            self._loop.close()
        if self._app is not None:
            self._app.close()
        self._server = self._loop = self._app = None

    def __enter__(self) -> "Emulator":
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def requests_adapter(self) -> "BaseAdapter":
        """For `session.mount("https://", …)`: requests of this session reach the emulator, whatever host they name."""
        return requests_adapter(self._driver.exchange)

    def httpx_transport(self) -> "httpx.BaseTransport":
        """The same for `httpx.Client(transport=…)`; an AsyncClient takes `httpx.ASGITransport(emulator.app)`."""
        return httpx_transport(self._driver.exchange)

    def _in_loop(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        if self._loop is None:
            raise ConnectionRefusedError("the emulator is not started")
        return self._loop.run(exchange(self.app, method, target, headers, body))


class _Threaded:
    """A server in a thread. It listens before it runs, so that nobody has to wait for it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        from emulator import serving

        self.listeners = serving.Listeners(settings)
        self._server: Server = serving.Server(app, self.listeners)
        self._thread = threading.Thread(target=self._server.run, name="bm-emulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


def connect(url: str, token: str | None = None) -> Remote:
    """Drive an emulator that runs elsewhere. `token`: what it printed at its start, if it wants one."""
    return Remote(url, over_socket(url), token)


def _fixture(fixture: str | Path | dict[str, Any] | None) -> Any:
    if fixture is None or isinstance(fixture, dict) or fixture in ("demo", "empty"):
        return fixture
    return msgspec.to_builtins(read_fixture(Path(fixture)))
