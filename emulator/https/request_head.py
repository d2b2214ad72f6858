"""The head of a request to a proxy: `CONNECT host:port`, or an absolute URL.

Parsing is strict against request smuggling: a request line, then headers, ASCII only, within the size limit.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

MAX_BYTES = 16 * 1024
END = b"\r\n\r\n"
_LINE = re.compile(rb"([A-Z]{1,20}) ([\x21-\x7e]{1,8192}) HTTP/1\.[01]")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):([0-9]{1,5})")
_HEADER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}:[ \t]*[^\x00\r\n]*")
_HOP_BY_HOP = (b"connection:", b"proxy-", b"keep-alive:")
_MAX_PORT = 65_535


class InvalidHead(ValueError):
    """Bytes that are no request to a proxy. The message is the reason."""


class Head(NamedTuple):
    method: str
    host: str
    """In lower case, without brackets and final dot."""
    port: int
    forwarded: bytes
    """The head to send to the upstream server; empty for CONNECT."""

    @property
    def is_connect(self) -> bool:
        return self.method == "CONNECT"


def read_head(head: bytes) -> Head:
    """Parse a head, given without the empty line that ends it. Raises InvalidHead."""
    line, *headers = head.split(b"\r\n")
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise InvalidHead("the first line is no request line")
    if not all(_HEADER.fullmatch(header) for header in headers):
        raise InvalidHead("a header line is malformed")
    method, target = matched[1].decode(), matched[2].decode()
    if method == "CONNECT":
        host, port = _split_authority(target)
        return Head(method, host, port, b"")
    host, port, path = _split_url(target)
    kept = [header for header in headers if not header.lower().startswith(_HOP_BY_HOP)]
    lines = [f"{method} {path} HTTP/1.1".encode(), *kept, b"Connection: close"]
    return Head(method, host, port, b"\r\n".join(lines) + END)


def _split_authority(text: str) -> tuple[str, int]:
    matched = _AUTHORITY.fullmatch(text)
    if matched is None:
        raise InvalidHead("CONNECT takes host:port")
    port = int(matched[2])
    if not 0 < port <= _MAX_PORT:
        raise InvalidHead(f"there is no port {port}")
    return _bare_host(matched[1]), port


def _split_url(target: str) -> tuple[str, int, str]:
    try:
        parts = urlsplit(target)
        host, port = parts.hostname, parts.port or 80
    except ValueError as error:
        raise InvalidHead(f"the address cannot be read: {error}") from error
    if parts.scheme != "http" or not host or parts.username is not None:
        raise InvalidHead("a proxy takes http://host/path, or CONNECT host:port")
    return _bare_host(host), port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _bare_host(host: str) -> str:
    return host.lower().removeprefix("[").removesuffix("]").rstrip(".")
