"""What the real service never had, under `/_emulator/`: the endpoints, their description, and who may use them."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator import __version__
from emulator.control import faults, inventory, journal, world_clock, worlds
from emulator.control.endpoints import ENDPOINTS, Endpoint, problem, respond
from emulator.control.guard import HEALTH, Guard
from emulator.control.openapi import describe
from emulator.control.state import Control
from emulator.request import CONTROL_PREFIX

__all__ = ["control_routes", "faults", "inventory", "journal", "world_clock", "worlds"]

Answering = Callable[[Request], Awaitable[Response]]


def control_routes(control: Control, guard: Guard) -> list[Route]:
    by_path: dict[str, dict[str, Endpoint]] = {}
    for found in ENDPOINTS:
        by_path.setdefault(found.path, {})[found.method] = found
    routes = [
        Route(path, _guarded(guard, _answering(control, endpoints)), methods=_every_method())
        for path, endpoints in by_path.items()
    ]
    return [
        Route(HEALTH, _guarded(guard, _health)),
        Route(f"{CONTROL_PREFIX}/openapi.json", _guarded(guard, _description)),
        *routes,
        Route(f"{CONTROL_PREFIX}/{{path:path}}", _guarded(guard, _elsewhere), methods=_every_method()),
    ]


def _every_method() -> list[str]:
    return ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]


def _guarded(guard: Guard, answering: Answering) -> Answering:
    async def answer(request: Request) -> Response:
        return guard.refuse(request) or await answering(request)

    return answer


def _answering(control: Control, endpoints: dict[str, Endpoint]) -> Answering:
    allowed = ", ".join(endpoints)

    async def answer(request: Request) -> Response:
        found = endpoints.get("GET" if request.method == "HEAD" else request.method)
        if found is None:
            error = f"{request.method} is not allowed here; {allowed} is"
            return problem(HTTPStatus.METHOD_NOT_ALLOWED, error, {"Allow": allowed})
        return await respond(found, control, request)

    return answer


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _description(_request: Request) -> Response:
    return JSONResponse(describe(__version__))


async def _elsewhere(request: Request) -> Response:
    error = f"nothing is at {request.scope['path']}; {CONTROL_PREFIX}/openapi.json tells what is where"
    return problem(HTTPStatus.NOT_FOUND, error)
