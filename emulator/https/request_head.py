"""The head of a request to a proxy: `CONNECT host:port`, or a whole address.

Strict in what it takes, as it stands between a client and somebody else: one line, then headers, ASCII, no more than
fits in the limit.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

MOST_BYTES = 16 * 1024
END = b"\r\n\r\n"
_LINE = re.compile(rb"([A-Z]{1,20}) ([\x21-\x7e]{1,8192}) HTTP/1\.[01]")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):([0-9]{1,5})")
_HEADER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}:[ \t]*[^\x00\r\n]*")
_HOP_BY_HOP = (b"connection:", b"proxy-", b"keep-alive:")
_MOST_PORT = 65_535


class BadHead(ValueError):
    """What cannot be a request to a proxy, with the reason."""


class Head(NamedTuple):
    method: str
    host: str
    """In small letters, without brackets and final dot."""
    port: int
    forwarded: bytes
    """The head as the server behind shall see it; empty for CONNECT."""

    @property
    def is_connect(self) -> bool:
        return self.method == "CONNECT"


def read_head(head: bytes) -> Head:
    """`head` is all before the empty line. Raises BadHead."""
    line, *headers = head.split(b"\r\n")
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise BadHead("the first line is no request line")
    if not all(_HEADER.fullmatch(header) for header in headers):
        raise BadHead("a header is no header")
    method, target = matched[1].decode(), matched[2].decode()
    if method == "CONNECT":
        host, port = _authority(target)
        return Head(method, host, port, b"")
    host, port, path = _address(target)
    kept = [header for header in headers if not header.lower().startswith(_HOP_BY_HOP)]
    whole = [f"{method} {path} HTTP/1.1".encode(), *kept, b"Connection: close"]
    return Head(method, host, port, b"\r\n".join(whole) + END)


def _authority(text: str) -> tuple[str, int]:
    matched = _AUTHORITY.fullmatch(text)
    if matched is None:
        raise BadHead("CONNECT takes host:port")
    port = int(matched[2])
    if not 0 < port <= _MOST_PORT:
        raise BadHead(f"there is no port {port}")
    return _bare(matched[1]), port


def _address(target: str) -> tuple[str, int, str]:
    try:
        parts = urlsplit(target)
        host, port = parts.hostname, parts.port or 80
    except ValueError as error:
        raise BadHead(f"the address cannot be read: {error}") from error
    if parts.scheme != "http" or not host or parts.username is not None:
        raise BadHead("a proxy is asked for http://host/path, or by CONNECT host:port")
    return _bare(host), port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _bare(host: str) -> str:
    return host.lower().removeprefix("[").removesuffix("]").rstrip(".")
