"""How an endpoint of the control interface is declared, and how a request to it is answered.

An endpoint is a plain function of the Control and a ControlRequest that returns a Struct. Its declaration names the
types of body and query, and `openapi.py` describes the interface from the same declarations. Errors are Problems:

    400 no JSON    404 unknown name    409 conflict with the state    413 body too large    422 invalid value
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from emulator.checking.files import UnreadableFile, parse_json
from emulator.checking.values import WrongValue, converted
from emulator.control.state import Control
from emulator.gateway.fault_check import ImpossibleFault
from emulator.request import CONTROL_PREFIX
from emulator.world.by_hand import ImpossibleChange, UnknownThing
from emulator.world.catalogue import FixtureError
from emulator.world.worlds import UnknownWorld, WorldConflict

_MAX_BODY_BYTES = 8 * 1024 * 1024
JSON = "application/json"
JSON_LINES = "application/jsonl"
TEXT = "text/plain"


class Problem(Struct, frozen=True):
    """The answer to a request that failed."""

    error: str
    """What is wrong, and what to do about it."""


class Nothing(Struct, frozen=True):
    """The empty answer of a request that succeeded."""


@dataclass(slots=True)
class ControlRequest:
    """A request to the control interface, checked and typed as its endpoint declares."""

    path: dict[str, str]
    """The parameters of the path, by name."""
    body: Any = None
    query: Any = None


@dataclass(frozen=True)
class Endpoint:
    """An endpoint: its declaration and its function."""

    method: str
    path: str
    function: Callable[[Control, ControlRequest], Any]
    answer: Any
    """The type of the answer."""
    body: type[Struct] | None
    query: type[Struct] | None
    status: int
    """The HTTP status of the answer."""
    problems: tuple[int, ...]
    """The HTTP statuses of the Problems that it may answer."""
    media_type: str

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").partition("\n")[0]


REFUSALS = (UnknownWorld, UnknownThing, WorldConflict, ImpossibleFault, ImpossibleChange, FixtureError, WrongValue)
"""What an endpoint raises where it refuses; each tells the reason."""

ENDPOINTS: list[Endpoint] = []
"""All endpoints, in the order of their declarations; complete once `emulator.control.routes` is imported."""


def endpoint(
    method: str,
    path: str,
    *,
    answer: Any = Nothing,
    body: type[Struct] | None = None,
    query: type[Struct] | None = None,
    status: int = 200,
    problems: tuple[int, ...] = (),
    media_type: str = JSON,
) -> Callable[[Callable[[Control, ControlRequest], Any]], Callable[[Control, ControlRequest], Any]]:
    """Declare an endpoint. `problems`: its error statuses besides those that body, query and path imply."""

    def register(function: Callable[[Control, ControlRequest], Any]) -> Callable[[Control, ControlRequest], Any]:
        implied = ({400, 413, 422} if body else set()) | ({422} if query else set()) | ({404} if "{" in path else set())
        every = tuple(sorted({*problems, *implied}))
        found = Endpoint(method, CONTROL_PREFIX + path, function, answer, body, query, status, every, media_type)
        ENDPOINTS.append(found)
        return function

    return register


class _InvalidRequest(Exception):
    """A request that its endpoint cannot be called with."""

    def __init__(self, status: HTTPStatus, error: str) -> None:
        super().__init__(error)
        self.status = status


async def respond(found: Endpoint, control: Control, request: Request) -> Response:
    """Call the endpoint. The response holds its answer, or a Problem."""
    try:
        parsed = ControlRequest(dict(request.path_params))
        if found.query is not None:
            parsed.query = converted(dict(request.query_params), found.query, strict=False, whole="the query")
        if found.body is not None:
            parsed.body = converted(await _read_json(request), found.body, whole="the body")
        answer = found.function(control, parsed)
    except REFUSALS as error:
        return problem_response(status_of(error), str(error))
    except _InvalidRequest as error:
        return problem_response(error.status, str(error))
    content = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
    return Response(content, found.status, media_type=found.media_type)


def status_of(refusal: Exception) -> HTTPStatus:
    """The HTTP status of one of REFUSALS."""
    if isinstance(refusal, UnknownWorld | UnknownThing):
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.CONFLICT if isinstance(refusal, WorldConflict) else HTTPStatus.UNPROCESSABLE_ENTITY


def problem_response(status: int, error: str, headers: dict[str, str] | None = None) -> Response:
    """The response that holds a Problem."""
    return Response(msgspec.json.encode(Problem(error)), status, headers, media_type=JSON)


async def _read_json(request: Request) -> Any:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MAX_BODY_BYTES:
            raise _InvalidRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {_MAX_BODY_BYTES} bytes")
    if not body:
        return {}
    try:
        return parse_json(bytes(body))
    except UnreadableFile as error:
        raise _InvalidRequest(HTTPStatus.BAD_REQUEST, f"the body: {error}") from error
