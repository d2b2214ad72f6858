"""An emulator in this process, for tests and scripts: with a socket or without."""

import threading
from typing import TYPE_CHECKING, Unpack

from starlette.types import ASGIApp

from emulator.app import Application, create_app
from emulator.in_process import Reply, exchange
from emulator.settings import Settings, make_settings
from emulator.testing.adapters import httpx_transport, requests_adapter
from emulator.testing.driver import Driver, over_socket
from emulator.testing.emulator_client import EmulatorClient
from emulator.testing.fields import SettingsFields
from emulator.testing.in_process import LoopThread

if TYPE_CHECKING:
    import httpx
    from requests.adapters import BaseAdapter

    from emulator.serving import Server

_NO_SOCKET = "http://bm-emulator.invalid"


class Emulator(EmulatorClient):
    """An emulator in this process, as a context manager or with start() and stop().

    With `listen` it is a server on a free port, in a thread; without, it has no socket, and `app` is the ASGI
    application. The other settings are those of `bm-emulator serve`; SettingsError says what is wrong with them.
    """

    def __init__(self, *, listen: bool = True, **settings: Unpack[SettingsFields]) -> None:
        self._settings = make_settings(**{"port": 0, **settings})
        self._listen = listen
        self._loop: LoopThread | None = None
        self._server: _ServerThread | None = None
        self._app: Application | None = None
        self.https_url: str | None = None
        """Where it listens for HTTPS, if there is an `https_port` (0: a free one)."""
        super().__init__(_NO_SOCKET, self._exchange_in_loop, self._settings.control_token)
        self.ca_dir = self._settings.ca_dir

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

            settings = serving.with_control_token(self._settings)
            self._app = create_app(settings)
            self._server = _ServerThread(self._app, settings)
            self.url = self._server.listeners.url
            self.https_url, self.proxy_url = self._server.listeners.https_url, self._server.listeners.proxy_url
            self._driver = Driver(over_socket(self.url), settings.control_token)
        else:
            self._app = create_app(self._settings)
            self._loop = LoopThread()

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
        """An adapter for `session.mount("https://", …)`. It sends all requests to the emulator, whatever their host."""
        return requests_adapter(self._driver.exchange)

    def httpx_transport(self) -> "httpx.BaseTransport":
        """A transport for `httpx.Client(transport=…)`. An AsyncClient takes `httpx.ASGITransport(emulator.app)`."""
        return httpx_transport(self._driver.exchange)

    def _exchange_in_loop(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        if self._loop is None:
            raise ConnectionRefusedError("the emulator is not started")
        return self._loop.run(exchange(self.app, method, target, headers, body))


class _ServerThread:
    """A server in a thread. It listens before the thread starts, so clients may connect at once."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        from emulator import serving

        self.listeners = serving.Listeners(settings)
        self._server: Server = serving.Server(app, self.listeners)
        self._thread = threading.Thread(target=self._server.run, name="bm-emulator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
