"""A request to a page becomes its response: a page to look at, a file, or the way on after a change."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from inspect import isawaitable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from emulator.checking.values import WrongValue
from emulator.console import session
from emulator.console.page import Console, Download, Handler, Page, Shown, Visit
from emulator.console.rendering import render
from emulator.console.texts import COOKIE, LANGUAGES, language_of
from emulator.control.endpoints import REFUSALS, status_of
from emulator.request import CONTROL_PREFIX, Limits, UnreadableForm, parse_pairs

_MAX_FORM_BYTES = 1024 * 1024
_YEAR = 365 * 24 * 3600
Answer = Callable[[Request], Awaitable[Response]]


def answering(console: Console, found: Page) -> Answer:
    """What answers the requests to a page."""

    async def handle(request: Request) -> Response:
        visit = visit_of(console, request)
        if found.change is None:
            return _shown(visit, found.show or nothing_here)
        try:
            visit.form = await read_form(request)
        except WrongValue as error:
            visit.problem = str(error)
            return _shown(visit, refused, HTTPStatus.UNPROCESSABLE_ENTITY)
        if session.is_forged(console, visit.form):
            visit.problem = visit.text("This form is not of this emulator's console, or of an earlier start of it.")
            return _shown(visit, refused, HTTPStatus.FORBIDDEN)
        try:
            target: Any = found.change(visit)
            return RedirectResponse(await target if isawaitable(target) else target, HTTPStatus.SEE_OTHER)
        except REFUSALS as error:
            visit.problem = str(error)
            return _shown(visit, found.on_refusal or refused, status_of(error))

    return handle


def visit_of(console: Console, request: Request) -> Visit:
    """The request with what pages ask of it."""
    return Visit(console, request, language_of(request), dict(request.path_params), dict(request.query_params))


async def read_form(request: Request) -> dict[str, str]:
    """The form that was sent. Raises WrongValue."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MAX_FORM_BYTES:
            raise WrongValue(f"the form is larger than {_MAX_FORM_BYTES:,} bytes")
    try:
        return dict(parse_pairs(bytes(body), "form", Limits()))
    except UnreadableForm as error:
        raise WrongValue(str(error)) from error


def refused(visit: Visit) -> Shown:
    """Where there is no page to show the reason on."""
    if visit.world is not None and not visit.control.worlds.has(visit.world):
        del visit.path["world"]
    return Shown("refused.html", {})


def nothing_here(visit: Visit) -> Shown:
    """Of an address that is no page's."""
    visit.problem = visit.text("There is no such page.")
    return Shown("refused.html", {}, HTTPStatus.NOT_FOUND)


def _shown(visit: Visit, show: Handler, status: int | None = None) -> Response:
    try:
        shown = show(visit)
    except REFUSALS as error:
        visit.problem, status = str(error), status_of(error)
        shown = refused(visit)
    if isinstance(shown, Download):
        disposition = f"attachment; filename*=utf-8''{quote(shown.name, safe='')}"
        headers = {**session.HEADERS, "Content-Disposition": disposition}
        return Response(shown.content, media_type=shown.media_type, headers=headers)
    response = HTMLResponse(render(visit, shown), status or shown.status, session.HEADERS)
    if visit.query.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, visit.language, _YEAR, path=CONTROL_PREFIX, samesite="strict", httponly=True)
    return response
