"""The routes of the control interface, under `/_emulator/`: every endpoint behind the guard, health and OpenAPI."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator import __version__
from emulator.checking.words import listed, meant
from emulator.control import faults, inventory, outcomes, world_clock, world_journal, worlds
from emulator.control.endpoints import ENDPOINTS, Endpoint, problem_response, respond
from emulator.control.guard import HEALTH, Guard
from emulator.control.openapi import describe
from emulator.control.state import Control
from emulator.request import CONTROL_PREFIX

__all__ = ["control_routes", "faults", "inventory", "outcomes", "world_clock", "world_journal", "worlds"]
"""Importing the modules declares their endpoints."""

Handler = Callable[[Request], Awaitable[Response]]

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]


def control_routes(control: Control, guard: Guard) -> list[Route]:
    """The routes of all endpoints, each behind the guard."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for found in ENDPOINTS:
        by_path.setdefault(found.path, {})[found.method] = found
    routes = [
        Route(_routed(path), _guarded(guard, _by_method(control, endpoints)), methods=_METHODS)
        for path, endpoints in by_path.items()
    ]
    return [
        Route(HEALTH, _guarded(guard, _health)),
        Route(f"{CONTROL_PREFIX}/openapi.json", _guarded(guard, _openapi)),
        *routes,
        Route(f"{CONTROL_PREFIX}/{{path:path}}", _guarded(guard, _not_found), methods=_METHODS),
    ]


def _routed(path: str) -> str:
    """A path as the router has it: the id of a thing may have slashes, as that of a binding."""
    return re.sub(r"{(\w+)}$", r"{\1:path}", path) if "/inventory/" in path else path


def _guarded(guard: Guard, handler: Handler) -> Handler:
    async def handle(request: Request) -> Response:
        return guard.refusal(request) or await handler(request)

    return handle


def _by_method(control: Control, endpoints: dict[str, Endpoint]) -> Handler:
    """The handler of one path: the endpoint of the request's method, or 405."""
    allowed = ", ".join(endpoints)

    async def handle(request: Request) -> Response:
        found = endpoints.get("GET" if request.method == "HEAD" else request.method)
        if found is None:
            error = f"{request.method} is not allowed here; {allowed} is"
            return problem_response(HTTPStatus.METHOD_NOT_ALLOWED, error, {"Allow": allowed})
        return await respond(found, control, request)

    return handle


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _openapi(_request: Request) -> Response:
    return JSONResponse(describe(__version__))


def _unknown_kind(path: str) -> str | None:
    """What is wrong with a path below a world's inventory that begins with no kind of thing."""
    found = re.search(r"/worlds/[^/]+/inventory/([^/]+)", path)
    if found is None:
        return None
    known = [*inventory.kinds_by_hand(), "accounts", "stock"]
    return f"there are no things called {found[1]!r}{meant(found[1], known)}; there are {listed(sorted(known), 'and')}"


async def _not_found(request: Request) -> Response:
    path = str(request.scope["path"])
    error = _unknown_kind(path) or f"nothing is at {path}; {CONTROL_PREFIX}/openapi.json lists the paths"
    return problem_response(HTTPStatus.NOT_FOUND, error)
