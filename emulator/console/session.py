"""Who may use the console: whom the control interface admits, and a browser that has named the token once.

The cookie holds no token, is read by no script, and is sent by no page of another site; every form carries a key that
only the console's own pages know.
"""

import hmac

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
    if guard.asks_for_token and guard.is_session(request.cookies.get(COOKIE, "")):
        return None
    return guard.refusal(request)


def is_forged(console: Console, form: dict[str, str]) -> bool:
    """Whether a form was not sent from a page of this console."""
    return not hmac.compare_digest(form.get(FORGERY_FIELD, "").encode(), console.forgery_key.encode())


def let_in(console: Console, response: Response, *, secure: bool) -> None:
    """Let the browser that gets the response in until it is closed."""
    response.set_cookie(
        COOKIE, console.guard.session(), path=CONTROL_PREFIX, httponly=True, samesite="strict", secure=secure
    )


def let_out(response: Response) -> None:
    """Ask for the token again from now on."""
    response.delete_cookie(COOKIE, path=CONTROL_PREFIX)


def is_own_page(path: str) -> bool:
    """Whether a login may lead on to an address."""
    return path.startswith(f"{CONTROL_PREFIX}/") and "\\" not in path and "//" not in path
