"""The routes of the console: every page behind the guard, the way in with a token, and the style and script."""

from http import HTTPStatus
from itertools import count
from pathlib import Path
from secrets import token_urlsafe

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from emulator.console import (
    HOME,
    PLACE,
    calls,
    comparison,
    explorer,
    faults,
    fleet,
    live,
    one_call,
    one_thing,
    repeat,
    session,
    snapshots,
    time,
    vpc_map,
    worlds,
)
from emulator.console.answering import Answer, answering, nothing_here, visit_of
from emulator.console.login import guarded, login, logout
from emulator.console.page import PAGES, Console, Page
from emulator.control.endpoints import REFUSALS, status_of
from emulator.control.guard import Guard
from emulator.control.state import Control
from emulator.request import CONTROL_PREFIX

__all__ = [
    "comparison",
    "console_app",
    "explorer",
    "faults",
    "fleet",
    "one_call",
    "one_thing",
    "repeat",
    "snapshots",
    "time",
    "vpc_map",
    "worlds",
]
"""Importing the modules declares their pages."""

_STATIC = {path.name: path.read_bytes() for path in (Path(__file__).parent / "static").iterdir()}
_TYPES = {".css": "text/css", ".js": "text/javascript"}


def console_app(control: Control, guard: Guard, api: ASGIApp) -> Starlette:
    """The application of all pages."""
    console = Console(control, guard, api, token_urlsafe(16), count(control.real_clock.ticks()))
    pages = [
        Route(PLACE + path, guarded(console, answering(console, found)), methods=["POST"] if found.change else ["GET"])
        for path, found in PAGES.items()
    ]
    routes = [
        Route(CONTROL_PREFIX, _to_home),
        Route(PLACE, _to_home),
        Route(HOME, guarded(console, answering(console, Page(HOME, show=calls.every_call)))),
        Route(session.LOGIN, login(console), methods=["GET", "POST"]),
        Route(session.LOGOUT, logout(console), methods=["POST"]),
        Route(f"{PLACE}/static/{{name}}", _static),
        Route(f"{PLACE}/live", guarded(console, _live(console))),
        *pages,
        Route(f"{PLACE}/{{path:path}}", guarded(console, answering(console, Page("", show=nothing_here)))),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPStatus.METHOD_NOT_ALLOWED: _not_allowed})
    app.router.redirect_slashes = False
    return app


def _live(console: Console) -> Answer:
    async def handle(request: Request) -> Response:
        try:
            return live.answer(visit_of(console, request))
        except REFUSALS as error:
            return PlainTextResponse(str(error), status_of(error), session.HEADERS)

    return handle


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    content = _STATIC.get(name)
    if content is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=60"}
    return Response(content, media_type=_TYPES[Path(name).suffix], headers=headers)


async def _not_allowed(_request: Request, error: Exception) -> Response:
    headers = {**session.HEADERS, **(getattr(error, "headers", None) or {})}
    return PlainTextResponse("Method Not Allowed", HTTPStatus.METHOD_NOT_ALLOWED, headers)


async def _to_home(_request: Request) -> Response:
    return RedirectResponse(HOME, HTTPStatus.PERMANENT_REDIRECT)
