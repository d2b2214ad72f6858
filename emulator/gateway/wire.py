"""First stage: an HTTP request becomes a Request, or is refused as unreadable.

GET takes its parameters from the query string, POST from the body (form-urlencoded or multipart); the other place is
ignored. Text is UTF-8.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError

from emulator.call import CommonRefusal
from emulator.gateway.common_errors import INVALID_PARAMETER
from emulator.request import Limits, Pairs, Request, UnreadableForm, parse_pairs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


class Unreadable(CommonRefusal):
    """A request that cannot become a call. `status` is the HTTP status of the answer."""

    def __init__(self, part: str, why: str, status: int = 200) -> None:
        super().__init__(*INVALID_PARAMETER, f"请求失败，参数错误:[{part}]", why=why)
        self.status = status


OF_API_3 = (
    "this is a request of API 3.0 (its header Authorization begins with TC3-); this API is the older one, "
    "which reads Action, SecretId and Signature as parameters"
)


async def read(scope: Scope, receive: Receive, limits: Limits) -> Request:
    """Read the request whole. Raises Unreadable."""
    method = scope["method"]
    headers = scope["headers"]
    authority = _header(headers, b"host")
    note = ""
    if method == "GET":
        query = scope["query_string"]
        if len(query) > limits.query_bytes:
            raise Unreadable("query string", f"a query string has at most {limits.query_bytes} bytes; use POST", 414)
        pairs, raw = _pairs(query, "query string", limits), query
    elif method == "POST":
        body = await _read_body(headers, receive, limits)
        pairs, raw, note = _read_form(_header(headers, b"content-type"), body, limits)
    else:
        raise Unreadable("method", f"{method} is not GET or POST", 405)
    request = Request(method, scope["path"], authority, pairs, raw)
    if note:
        request.notes.append(note)
    request.notes += _misplaced(method, headers, scope["query_string"], whole="SecretId" in request.parameters)
    return request


def _misplaced(method: str, headers: Iterable[tuple[bytes, bytes]], query: bytes, *, whole: bool) -> list[str]:
    """What was sent in the place that is not read. `whole`: the other place has a SecretId."""
    notes = []
    if not whole and _header(headers, b"authorization").startswith("TC3-"):
        notes.append(OF_API_3)
    if method == "POST" and b"=" in query:
        has = "SecretId, and" if not whole and b"secretid=" in query.lower() else "parameters, and"
        notes.append(f"POST takes its parameters from the body; the query string has {has} was not read")
    if method == "GET" and _header(headers, b"content-length") not in ("", "0"):
        notes.append("GET takes its parameters from the query string; the body was not read")
    return notes


def _pairs(form: bytes, part: str, limits: Limits) -> Pairs:
    try:
        return parse_pairs(form, part, limits)
    except UnreadableForm as error:
        raise Unreadable(part, str(error), 413 if error.too_many else 200) from error


def _header(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> str:
    for name, value in headers:
        if name == wanted:
            return value.decode("latin-1")
    return ""


async def _read_body(headers: Iterable[tuple[bytes, bytes]], receive: Receive, limits: Limits) -> bytes:
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


def _read_form(content_type: str, body: bytes, limits: Limits) -> tuple[Pairs, bytes, str]:
    """The parameters, the same form-urlencoded, and a note (may be empty)."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in (_FORM, ""):
        return _pairs(body, "body", limits), body, ""
    if kind == _MULTIPART:
        pairs = _read_multipart(content_type, body, limits)
        return pairs, urlencode(pairs).encode(), ""
    return [], b"", f"the body is {kind} and was not read: the API reads {_FORM} and {_MULTIPART}"


def _read_multipart(content_type: str, body: bytes, limits: Limits) -> Pairs:
    """Read the fields of a multipart body; files are left out, because the API takes none."""
    fields: list[tuple[bytes, bytes]] = []

    def keep(field: Any) -> None:
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
