"""Who may use the console: whom the control interface admits, and a browser that has named the token once.

The cookie holds no token, is read by no script, and is sent by no page of another site; every form carries a key that
only the console's own pages know.
"""

import hmac
from secrets import token_urlsafe
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from emulator.console import PLACE
from emulator.console.page import Console
from emulator.request import CONTROL_PREFIX

COOKIE = "bm_emulator_session"
FORGERY_FIELD = "key"
LOGIN = f"{PLACE}/login"
LOGOUT = f"{PLACE}/logout"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def refusal(console: Console, request: Request) -> Response | None:
    """The answer to a visitor who may not pass; None if it may."""
    guard = console.guard
    if guard.asks_for_token and request.cookies.get(COOKIE) in console.sessions:
        return None
    return guard.refusal(request)


def is_forged(console: Console, form: dict[str, str]) -> bool:
    """Whether a form was not sent from a page of this console."""
    return not hmac.compare_digest(form.get(FORGERY_FIELD, "").encode(), console.forgery_key.encode())


def let_in(console: Console, response: Response, *, secure: bool) -> None:
    """Let the browser that gets the response in, until it is closed or logs out, or the emulator stops."""
    mark = token_urlsafe(32)
    console.sessions.add(mark)
    response.set_cookie(COOKIE, mark, path=CONTROL_PREFIX, httponly=True, samesite="strict", secure=secure)


def let_out(console: Console, request: Request, response: Response) -> None:
    """Ask for the token again from now on."""
    console.sessions.discard(request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path=CONTROL_PREFIX)


def is_own_page(path: str) -> bool:
    """Whether a login may lead on to an address. A browser reads `%2e%2e` as `..`."""
    path = unquote(path.partition("?")[0])
    return path.startswith(f"{CONTROL_PREFIX}/") and not any(part in path for part in ("\\", "//", ".."))
