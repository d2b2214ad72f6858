"""First stage: an HTTP request becomes a Request, or is unreadable.

GET takes its parameters from the query string, POST from the body (form-urlencoded or multipart); the other
place is ignored. Text is UTF-8. A name's `_` is a `.`, but not in a name that begins with one; of two
parameters of one name the later counts.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

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


class Request:
    """`authority` is the Host header as sent; `pairs` are names and values, decoded, as received."""

    __slots__ = ("authority", "host", "method", "notes", "pairs", "parameters", "path", "raw", "request_id")

    def __init__(self, method: str, path: str, authority: str, pairs: Pairs, raw: bytes = b"") -> None:
        self.method = method
        self.path = path
        self.authority = authority
        self.host = bare_host(authority)
        """The Host header in small letters, less port and final dot."""
        self.pairs = pairs
        self.parameters = dict(pairs)
        """Values by canonical name."""
        if "_" in "".join(self.parameters):
            self.parameters = {canonical(name): value for name, value in pairs}
        self.raw = raw
        """The parameters as they were received, form-urlencoded."""
        self.request_id = ""
        self.notes: list[str] = []
        """What the log and `bm-emulator explain` will tell of it."""


def canonical(name: str) -> str:
    return name if name[:1] == "_" else name.replace("_", ".")


@lru_cache(maxsize=64)
def bare_host(authority: str) -> str:
    host = authority.lower()
    if ":" in host and host.rsplit(":", 1)[1].isdigit():
        host = host.rsplit(":", 1)[0]
    return host.rstrip(".")


async def read(scope: Scope, receive: Receive, limits: Limits) -> Request:
    """Raises Unreadable."""
    method = scope["method"]
    headers = scope["headers"]
    authority = _header(headers, b"host")
    note = ""
    if method == "GET":
        query = scope["query_string"]
        if len(query) > limits.query_bytes:
            raise Unreadable("query string", f"a query string has at most {limits.query_bytes} bytes; use POST", 414)
        pairs, raw = parse_pairs(query, "query string", limits), query
    elif method == "POST":
        body = await _body(headers, receive, limits)
        pairs, raw, note = _form(_header(headers, b"content-type"), body, limits)
    else:
        raise Unreadable("method", f"{method} is not GET or POST", 405)
    request = Request(method, scope["path"], authority, pairs, raw)
    if note:
        request.notes.append(note)
    return request


def parse_pairs(form: bytes, part: str, limits: Limits) -> Pairs:
    """Read a form-urlencoded text, which is the query string's format too."""
    try:
        items = form.decode().split("&")
        if len(items) > limits.parameters:
            raise Unreadable(part, f"the {part} has over {limits.parameters} parameters", 413)
        return [
            (_unquote(name), _unquote(value)) if "%" in item or "+" in item else (name, value)
            for item in items
            if item
            for name, _, value in (item.partition("="),)
        ]
    except UnicodeDecodeError as error:
        raise Unreadable(part, f"the {part} is not UTF-8: {error.reason}") from error


def _unquote(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode()


def _header(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> str:
    for name, value in headers:
        if name == wanted:
            return value.decode("latin-1")
    return ""


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


def _form(content_type: str, body: bytes, limits: Limits) -> tuple[Pairs, bytes, str]:
    """The parameters, the same form-urlencoded, and what there is to note."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in (_FORM, ""):
        return parse_pairs(body, "body", limits), body, ""
    if kind == _MULTIPART:
        pairs = _multipart(content_type, body, limits)
        return pairs, urlencode(pairs).encode(), ""
    return [], b"", f"the body is {kind} and was not read: the API reads {_FORM} and {_MULTIPART}"


def _multipart(content_type: str, body: bytes, limits: Limits) -> Pairs:
    """Files are left out, as the API takes none."""
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
