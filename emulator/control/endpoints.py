"""How an endpoint of the control interface is declared, and what becomes of a request to it.

An endpoint is a plain function that gets the Control and an Ask, and returns a Struct. Its declaration says what the
body and the query hold; from the same declarations `openapi.py` makes the description. What is wrong is a Problem:

    400 no JSON    404 no such thing    409 not as things are    413 too large    422 not a value that it takes
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from emulator.control.state import Control
from emulator.gateway.faults import ImpossibleFault
from emulator.request import CONTROL_PREFIX
from emulator.world.by_hand import ImpossibleChange, UnknownThing
from emulator.world.catalogue import FixtureError
from emulator.world.worlds import UnknownWorld, WorldConflict

MOST_BYTES = 8 * 1024 * 1024
JSON = "application/json"
JSON_LINES = "application/jsonl"


class Problem(Struct, frozen=True):
    error: str
    """What is wrong, and what to do about it."""


class Nothing(Struct, frozen=True):
    """The answer where there is nothing to say."""


@dataclass(slots=True)
class Ask:
    """A request as an endpoint sees it: `path` holds what the path names."""

    path: dict[str, str]
    body: Any = None
    query: Any = None


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    function: Callable[[Control, Ask], Any]
    answer: Any
    body: type[Struct] | None
    query: type[Struct] | None
    status: int
    problems: tuple[int, ...]
    media_type: str

    @property
    def summary(self) -> str:
        return (self.function.__doc__ or "").partition("\n")[0]


ENDPOINTS: list[Endpoint] = []
"""In the order of their declarations; complete once `emulator.control.routes` is imported."""


def endpoint(
    method: str,
    path: str,
    *,
    answer: Any = Nothing,  # noqa: ANN401
    body: type[Struct] | None = None,
    query: type[Struct] | None = None,
    status: int = 200,
    problems: tuple[int, ...] = (),
    media_type: str = JSON,
) -> Callable[[Callable[[Control, Ask], Any]], Callable[[Control, Ask], Any]]:
    """Declare an endpoint. `problems`: the statuses it may answer besides those that body, query and path imply."""

    def register(function: Callable[[Control, Ask], Any]) -> Callable[[Control, Ask], Any]:
        implied = ({400, 413, 422} if body else set()) | ({422} if query else set()) | ({404} if "{" in path else set())
        every = tuple(sorted({*problems, *implied}))
        found = Endpoint(method, CONTROL_PREFIX + path, function, answer, body, query, status, every, media_type)
        ENDPOINTS.append(found)
        return function

    return register


class _Wrong(Exception):
    def __init__(self, status: HTTPStatus, error: str) -> None:
        super().__init__(error)
        self.status = status


async def respond(found: Endpoint, control: Control, request: Request) -> Response:
    """The endpoint's answer, or a Problem."""
    try:
        ask = Ask(dict(request.path_params))
        if found.query is not None:
            ask.query = _convert(dict(request.query_params), found.query, strict=False)
        if found.body is not None:
            ask.body = _convert(await _json(request), found.body, strict=True)
        answer = found.function(control, ask)
    except (UnknownWorld, UnknownThing) as error:
        return problem(HTTPStatus.NOT_FOUND, str(error))
    except WorldConflict as error:
        return problem(HTTPStatus.CONFLICT, str(error))
    except (ImpossibleFault, ImpossibleChange, FixtureError, msgspec.ValidationError) as error:
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    except _Wrong as error:
        return problem(error.status, str(error))
    content = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
    return Response(content, found.status, media_type=found.media_type)


def problem(status: int, error: str, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(Problem(error)), status, headers, media_type=JSON)


async def _json(request: Request) -> Any:  # noqa: ANN401
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise _Wrong(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {MOST_BYTES} bytes")
    if not body:
        return {}
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _Wrong(HTTPStatus.BAD_REQUEST, f"the body is no JSON: {error}") from error


def _convert(value: Any, to: type[Struct], *, strict: bool) -> Any:  # noqa: ANN401
    try:
        return msgspec.convert(value, to, strict=strict)
    except msgspec.ValidationError as error:
        raise _Wrong(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
