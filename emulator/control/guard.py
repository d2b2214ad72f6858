"""Who may drive the emulator.

Without a token: clients on this machine, that name it by a name of this machine or by one of the emulated hosts, and no
page of a browser but one that the emulator itself would serve. A page from elsewhere betrays itself by its Origin, and
one that has bent its own name to this machine by its Host. With a token: whoever knows it. `open_control`: everybody.
"""

import hmac
from http import HTTPStatus
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response

from emulator.contract import SERVICE_HOSTS
from emulator.control.endpoints import problem
from emulator.request import CONTROL_PREFIX, bare_host

HEALTH = f"{CONTROL_PREFIX}/health"
"""Open to everybody, as it tells nothing."""


class Guard:
    def __init__(self, token: str | None, *, open_control: bool) -> None:
        self._token = token
        self._open = open_control

    def refuse(self, request: Request) -> Response | None:
        """None: it may."""
        if self._open or request.scope["path"] == HEALTH:
            return None
        if self._token is not None:
            sent = request.headers.get("authorization", "")
            if hmac.compare_digest(sent.encode(), f"Bearer {self._token}".encode()):
                return None
            error = "this emulator wants the control token that it printed at its start: Authorization: Bearer TOKEN"
            return problem(HTTPStatus.UNAUTHORIZED, error, {"WWW-Authenticate": "Bearer"})
        return self._refuse_stranger(request)

    def _refuse_stranger(self, request: Request) -> Response | None:
        client = request.client
        host = request.headers.get("host", "")
        origin = request.headers.get("origin")
        if client is not None and not is_loopback(client.host):
            return problem(HTTPStatus.FORBIDDEN, "only clients on the emulator's own machine may drive it")
        name = bare_host(host)
        if not is_loopback(name) and name not in SERVICE_HOSTS:
            return problem(HTTPStatus.FORBIDDEN, f"the Host {host[:100]!r} is no name of this machine")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return problem(HTTPStatus.FORBIDDEN, f"a page of {origin[:100]!r} may not drive the emulator")
        return None


def is_loopback(name: str) -> bool:
    """Whether a name or address is this machine's own."""
    name = name.removeprefix("[").removesuffix("]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
