"""Who may drive the emulator.

Without a token, a request must come from this machine, its Host must be a loopback name or an emulated host, and its
Origin, if any, must equal that Host. The Origin check stops pages of other sites; the Host check stops DNS rebinding.
With a token, any client that sends it may drive the emulator; with `open_control`, every client may.
"""

import hmac
from http import HTTPStatus
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response

from emulator.contract import SERVICE_HOSTS
from emulator.control.endpoints import problem_response
from emulator.request import CONTROL_PREFIX, bare_host

HEALTH = f"{CONTROL_PREFIX}/health"
"""Open to everybody, because it reveals nothing."""


_HOW = (
    "the one that `serve` printed at its start: --control-token TOKEN or BM_EMULATOR_CONTROL_TOKEN for a command, "
    "connect(url, token) in Python, the header `Authorization: Bearer TOKEN` for any client"
)
_NO_TOKEN = f"this emulator is driven with a control token, {_HOW}"
_WRONG_TOKEN = f"this control token is not this emulator's; send {_HOW}"


class Guard:
    """Admits or refuses requests to the control interface."""

    def __init__(self, token: str | None, *, open_control: bool) -> None:
        self._token = token
        self._open = open_control

    def refusal(self, request: Request) -> Response | None:
        """The answer to a request that is refused; None if it may pass."""
        if self._open or request.scope["path"] == HEALTH:
            return None
        if self._token is not None:
            sent = request.headers.get("authorization", "")
            if hmac.compare_digest(sent.encode(), f"Bearer {self._token}".encode()):
                return None
            error = _WRONG_TOKEN if sent else _NO_TOKEN
            return problem_response(HTTPStatus.UNAUTHORIZED, error, {"WWW-Authenticate": "Bearer"})
        return self._refusal_without_token(request)

    @property
    def asks_for_token(self) -> bool:
        """Whether a browser has to name the token before it is let in."""
        return self._token is not None and not self._open

    def is_token(self, sent: str) -> bool:
        """Whether a text is the token."""
        return self._token is not None and hmac.compare_digest(sent.encode(), self._token.encode())

    def _refusal_without_token(self, request: Request) -> Response | None:
        client = request.client
        host = request.headers.get("host", "")
        if client is not None and not is_loopback(client.host):
            return problem_response(HTTPStatus.FORBIDDEN, "only clients on the emulator's own machine may drive it")
        name = bare_host(host)
        if not is_loopback(name) and name not in SERVICE_HOSTS:
            return problem_response(HTTPStatus.FORBIDDEN, f"the Host {host[:100]!r} is no name of this machine")
        if is_of_another_site(request):
            origin = request.headers["origin"]
            return problem_response(HTTPStatus.FORBIDDEN, f"a page of {origin[:100]!r} may not drive the emulator")
        return None


def is_of_another_site(request: Request) -> bool:
    """Whether a page of another site sent the request, as its Origin tells."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    return origin is not None and origin not in (f"http://{host}", f"https://{host}")


def is_every_address(host: str) -> bool:
    """Whether a listener on this address accepts connections to any address of the machine."""
    return host in ("0.0.0.0", "::")  # noqa: S104


def is_loopback(name: str) -> bool:
    """Whether a host name or address is one of this machine's loopback interface."""
    name = name.removeprefix("[").removesuffix("]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
