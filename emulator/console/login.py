"""The way in for a browser, which names the control token once, and the way out."""

from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from emulator.checking.values import WrongValue
from emulator.console import HOME, session
from emulator.console.answering import Answer, read_form, visit_of
from emulator.console.page import Console, Shown, Visit
from emulator.console.rendering import render
from emulator.control.guard import is_of_another_site


def guarded(console: Console, answer: Answer) -> Answer:
    """A browser without the token is led to where it names it; anybody else is refused as by the control interface."""

    async def handle(request: Request) -> Response:
        refused = session.refusal(console, request)
        if refused is None:
            console.control.worlds.logs_rows = True
            return await answer(request)
        wants_page = "text/html" in request.headers.get("accept", "")
        if refused.status_code == HTTPStatus.UNAUTHORIZED and wants_page:
            return RedirectResponse(f"{session.LOGIN}?{urlencode({'next': _page_of(request)})}", HTTPStatus.SEE_OTHER)
        return refused

    return handle


def login(console: Console) -> Answer:
    """The page that asks for the token."""

    async def handle(request: Request) -> Response:
        visit = visit_of(console, request)
        if not console.guard.asks_for_token:
            return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
        if request.method == "POST":
            try:
                visit.form = await read_form(request)
            except WrongValue as error:
                visit.problem = str(error)
            if console.guard.is_token(visit.form.get("token", "").strip()) and not is_of_another_site(request):
                return _let_in(visit)
            visit.problem = visit.problem or visit.text("This is not this emulator's control token.")
        values = {"next": visit.query.get("next", visit.form.get("next", ""))}
        status = HTTPStatus.UNAUTHORIZED if visit.problem else HTTPStatus.OK
        return HTMLResponse(render(visit, Shown("login.html", values)), status, session.HEADERS)

    return handle


def logout(console: Console) -> Answer:
    """Forget the browser."""

    async def handle(request: Request) -> Response:
        response = RedirectResponse(session.LOGIN, HTTPStatus.SEE_OTHER)
        try:
            form = await read_form(request)
        except WrongValue:
            return response
        if not session.is_forged(console, form):
            session.let_out(console, request, response)
        return response

    return handle


def _let_in(visit: Visit) -> Response:
    target = visit.form.get("next", "")
    response = RedirectResponse(target if session.is_own_page(target) else HOME, HTTPStatus.SEE_OTHER)
    session.let_in(visit.console, response, secure=visit.request.url.scheme == "https")
    return response


def _page_of(request: Request) -> str:
    """The page to come back to: the one that was asked for, or the one that the form stands on."""
    asked = request.url if request.method == "GET" else urlsplit(request.headers.get("referer", ""))
    return f"{asked.path}?{asked.query}" if asked.query else asked.path
