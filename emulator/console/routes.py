"""The routes of the console: every page behind the guard, the way in with a token, and the style and script."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from inspect import isawaitable
from itertools import count
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from emulator.console import (
    HOME,
    PLACE,
    calls,
    explorer,
    faults,
    fleet,
    live,
    one_call,
    one_thing,
    session,
    snapshots,
    time,
    vpc_map,
    worlds,
)
from emulator.console.page import PAGES, Console, Handler, Page, Shown, Visit
from emulator.console.rendering import render
from emulator.console.texts import COOKIE, LANGUAGES, language_of
from emulator.control.endpoints import REFUSALS, status_of
from emulator.control.guard import Guard
from emulator.control.state import Control
from emulator.request import CONTROL_PREFIX, Limits, UnreadableForm, parse_pairs

__all__ = [
    "console_app",
    "explorer",
    "faults",
    "fleet",
    "one_call",
    "one_thing",
    "snapshots",
    "time",
    "vpc_map",
    "worlds",
]
"""Importing the modules declares their pages."""

_STATIC = {path.name: path.read_bytes() for path in (Path(__file__).parent / "static").iterdir()}
_TYPES = {".css": "text/css", ".js": "text/javascript"}
_MAX_FORM_BYTES = 1024 * 1024
_YEAR = 365 * 24 * 3600
Answer = Callable[[Request], Awaitable[Response]]


def console_app(control: Control, guard: Guard, api: ASGIApp) -> Starlette:
    """The application of all pages."""
    console = Console(control, guard, api, token_urlsafe(16), count(control.real_clock.ticks()))
    pages = [
        Route(PLACE + path, _guarded(console, _answer(console, found)), methods=["POST"] if found.change else ["GET"])
        for path, found in PAGES.items()
    ]
    routes = [
        Route(CONTROL_PREFIX, _to_home),
        Route(HOME, _guarded(console, _answer(console, Page(HOME, show=calls.every_call)))),
        Route(session.LOGIN, _login(console), methods=["GET", "POST"]),
        Route(f"{PLACE}/static/{{name}}", _static),
        Route(f"{PLACE}/live", _guarded(console, _live(console))),
        *pages,
        Route(f"{PLACE}/{{path:path}}", _guarded(console, _answer(console, Page("", show=_nothing_here)))),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    return app


def _guarded(console: Console, answer: Answer) -> Answer:
    """A browser without the token is led to where it names it; anybody else is refused as by the control interface."""

    async def handle(request: Request) -> Response:
        refused = session.refusal(console, request)
        if refused is None:
            console.control.worlds.logs_rows = True
            return await answer(request)
        if refused.status_code == HTTPStatus.UNAUTHORIZED and request.method == "GET":
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{session.LOGIN}?{urlencode({'next': request.url.path + query})}", 303)
        return refused

    return handle


def _answer(console: Console, found: Page) -> Answer:
    async def handle(request: Request) -> Response:
        visit = _visit(console, request)
        if found.change is None:
            return await _shown(visit, found.show or _nothing_here)
        visit.form = await _form(request)
        if session.is_forged(console, visit.form):
            visit.problem = visit.text("This form is not of this emulator's console, or of an earlier start of it.")
            return await _shown(visit, _refused, HTTPStatus.FORBIDDEN)
        try:
            target: Any = found.change(visit)
            return RedirectResponse(await target if isawaitable(target) else target, HTTPStatus.SEE_OTHER)
        except REFUSALS as error:
            visit.problem = str(error)
            return await _shown(visit, found.on_refusal or _refused, status_of(error))

    return handle


async def _shown(visit: Visit, show: Handler, status: int | None = None) -> Response:
    try:
        shown: Any = show(visit)
        shown = await shown if isawaitable(shown) else shown
    except REFUSALS as error:
        visit.problem, status = str(error), status_of(error)
        shown = _refused(visit)
    response = HTMLResponse(render(visit, shown), status or shown.status, session.HEADERS)
    if visit.query.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, visit.language, _YEAR, path=CONTROL_PREFIX, samesite="strict", httponly=True)
    return response


async def _form(request: Request) -> dict[str, str]:
    """The form that was sent; empty if it is too large or cannot be read, so that it passes for a forged one."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MAX_FORM_BYTES:
            return {}
    try:
        return dict(parse_pairs(bytes(body), "form", Limits()))
    except UnreadableForm:
        return {}


def _visit(console: Console, request: Request) -> Visit:
    return Visit(
        console, request, language_of(request), dict(request.path_params), dict(request.query_params)
    )  # fmt: skip


def _refused(visit: Visit) -> Shown:
    """Where there is no page to show the reason on."""
    if visit.world is not None and visit.world not in {world.name for world in visit.control.worlds.all()}:
        del visit.path["world"]
    return Shown("refused.html", {})


def _nothing_here(visit: Visit) -> Shown:
    visit.problem = visit.text("There is no such page.")
    return Shown("refused.html", {}, HTTPStatus.NOT_FOUND)


def _login(console: Console) -> Answer:
    async def handle(request: Request) -> Response:
        visit = _visit(console, request)
        if request.method == "POST":
            visit.form = await _form(request)
            if console.guard.is_token(visit.form.get("token", "").strip()):
                target = visit.form.get("next", "")
                response = RedirectResponse(target if session.is_own_page(target) else HOME, HTTPStatus.SEE_OTHER)
                session.let_in(console, response, secure=request.url.scheme == "https")
                return response
            visit.problem = visit.text("This is not this emulator's control token.")
        values = {"next": visit.query.get("next", visit.form.get("next", ""))}
        status = HTTPStatus.UNAUTHORIZED if visit.problem else HTTPStatus.OK
        return HTMLResponse(render(visit, Shown("login.html", values)), status, session.HEADERS)

    return handle


def _live(console: Console) -> Answer:
    async def handle(request: Request) -> Response:
        return live.answer(_visit(console, request))

    return handle


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    content = _STATIC.get(name)
    if content is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=60"}
    return Response(content, media_type=_TYPES[Path(name).suffix], headers=headers)


async def _to_home(_request: Request) -> Response:
    return RedirectResponse(HOME, HTTPStatus.PERMANENT_REDIRECT)
