"""First stage: an HTTP request becomes a Request, or is unreadable.

GET takes its parameters from the query string, POST from the body (form-urlencoded or multipart); the other
place is ignored. Text is UTF-8. A name's `_` is a `.`, but not in a name that begins with one; of two
parameters of one name the later counts.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError

from emulator.call import CommonRefusal
from emulator.gateway.common_errors import INVALID_PARAMETER

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Pairs = list[tuple[str, str]]

PATH = "/v2/index.php"
PATHS = (PATH, PATH + "/")
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Limits:
    query_bytes: int = 32 * 1024
    body_bytes: int = 1024 * 1024
    parameters: int = 50_000


class Unreadable(CommonRefusal):
    """A request that ends before it is a call. `status` is the HTTP status of the answer."""

    def __init__(self, part: str, why: str, status: int = 200) -> None:
        super().__init__(*INVALID_PARAMETER, f"请求失败，参数错误:[{part}]", why=why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    authority: str
    """The Host header as sent."""
    pairs: Pairs
    """Names and values, decoded, as received."""
    request_id: str = ""
    notes: list[str] = field(default_factory=list)
    """What the log and `bm-emulator explain` will tell of it."""
    parameters: dict[str, str] = field(init=False)
    """Values by canonical name."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", {canonical(name): value for name, value in self.pairs})

    @property
    def host(self) -> str:
        """The Host header in small letters, less port and final dot."""
        return bare_host(self.authority)


def canonical(name: str) -> str:
    return name if "_" not in name or name[0] == "_" else name.replace("_", ".")


def bare_host(authority: str) -> str:
    host = authority.lower()
    if ":" in host and host.rsplit(":", 1)[1].isdigit():
        host = host.rsplit(":", 1)[0]
    return host.rstrip(".")


async def read(scope: Scope, receive: Receive, limits: Limits, request_id: str) -> Request:
    """Raises Unreadable."""
    method = scope["method"]
    headers = scope["headers"]
    authority = _header(headers, b"host")
    notes: list[str] = []
    if method == "GET":
        query = scope["query_string"]
        if len(query) > limits.query_bytes:
            raise Unreadable("query string", f"a query string has at most {limits.query_bytes} bytes; use POST", 414)
        pairs = parse_pairs(query, "query string", limits)
    elif method == "POST":
        body = await _body(headers, receive, limits)
        pairs = _form(_header(headers, b"content-type"), body, limits, notes)
    else:
        raise Unreadable("method", f"{method} is not GET or POST", 405)
    return Request(method, scope["path"], authority, pairs, request_id, notes)


def parse_pairs(text: bytes, part: str, limits: Limits) -> Pairs:
    try:
        return parse_qsl(
            text.decode(), keep_blank_values=True, errors="strict", max_num_fields=limits.parameters, separator="&"
        )
    except UnicodeDecodeError as error:
        raise Unreadable(part, f"the {part} is not UTF-8: {error.reason}") from error
    except ValueError as error:
        raise Unreadable(part, f"the {part} has over {limits.parameters} parameters", 413) from error


def _header(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in headers if name == wanted), "")


async def _body(headers: Iterable[tuple[bytes, bytes]], receive: Receive, limits: Limits) -> bytes:
    too_large = Unreadable("body", f"a body has at most {limits.body_bytes} bytes", 413)
    length = _header(headers, b"content-length")
    if length.isdecimal() and int(length[:12]) > limits.body_bytes:
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Unreadable("body", "the client went away before its body was complete")
        body += message.get("body", b"")
        if len(body) > limits.body_bytes:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)


def _form(content_type: str, body: bytes, limits: Limits, notes: list[str]) -> Pairs:
    kind = content_type.partition(";")[0].strip().lower()
    if kind in (_FORM, ""):
        return parse_pairs(body, "body", limits)
    if kind == _MULTIPART:
        return _multipart(content_type, body, limits)
    notes.append(f"the body is {kind} and was not read: the API reads {_FORM} and {_MULTIPART}")
    return []


def _multipart(content_type: str, body: bytes, limits: Limits) -> Pairs:
    """Files are left out, as the API takes none."""
    fields: list[tuple[bytes, bytes]] = []

    def keep(field: Any) -> None:  # noqa: ANN401
        fields.append((field.field_name or b"", field.value or b""))
        if len(fields) > limits.parameters:
            raise Unreadable("body", f"the body has over {limits.parameters} parameters", 413)

    try:
        parse_form({"Content-Type": content_type.encode("latin-1")}, BytesIO(body), keep, None)
        return [(name.decode(), value.decode()) for name, value in fields]
    except UnicodeDecodeError as error:
        raise Unreadable("body", f"the body is not UTF-8: {error.reason}") from error
    except (FormParserError, ValueError) as error:
        raise Unreadable("body", f"the body is no {_MULTIPART}: {error}") from error
