"""The console: pages in a browser to watch calls, look into worlds, break things and try actions.

The pages are made on the server, over the same functions as the control interface. Every page works by its address and
without JavaScript; only what is live needs it. What makes them is loaded when the first page is asked for.
"""

from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.request import CONTROL_PREFIX

if TYPE_CHECKING:
    from emulator.control.guard import Guard
    from emulator.control.state import Control

HOME = f"{CONTROL_PREFIX}/"
PLACE = f"{CONTROL_PREFIX}/console"
"""What the addresses of all other pages begin with."""


class ConsoleApp:
    """The ASGI application of the console."""

    def __init__(self, control: "Control", guard: "Guard", api: ASGIApp) -> None:
        self._parts = (control, guard, api)
        self._app: ASGIApp | None = None

    def serves(self, path: str) -> bool:
        """Whether a path is one of the console's."""
        return path.startswith(PLACE) or path in (HOME, CONTROL_PREFIX)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            from emulator.console.routes import console_app

            self._app = console_app(*self._parts)
        await self._app(scope, receive, send)
