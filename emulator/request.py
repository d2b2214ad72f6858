"""A request to the API: its method, host and parameters, as received and not yet judged. Every stage reads it.

Also the two places of the HTTP interface: the API's path, and the prefix of the control interface.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

Pairs = list[tuple[str, str]]
"""Names and values, decoded, in the order received."""

PATH = "/v2/index.php"
PATHS = (PATH, PATH + "/")
CONTROL_PREFIX = "/_emulator"


@dataclass(frozen=True)
class Limits:
    """The largest request that is read."""

    query_bytes: int = 32 * 1024
    body_bytes: int = 1024 * 1024
    parameters: int = 50_000


class UnreadableForm(ValueError):
    """A form-urlencoded text that cannot be read, with the reason."""

    def __init__(self, why: str, *, too_many: bool = False) -> None:
        super().__init__(why)
        self.too_many = too_many
        """Whether it has more parameters than the limit allows."""


class Request:
    """One request, with its parameters decoded."""

    __slots__ = ("authority", "host", "method", "notes", "pairs", "parameters", "path", "raw", "request_id")

    def __init__(self, method: str, path: str, authority: str, pairs: Pairs, raw: bytes = b"") -> None:
        self.method = method
        self.path = path
        self.authority = authority
        """The Host header as sent."""
        self.host = bare_host(authority)
        """The Host header in lower case, without port and trailing dot."""
        self.pairs = pairs
        self.parameters = dict(pairs)
        """Values by canonical name; of two parameters of one name, the later."""
        if "_" in "".join(self.parameters):
            self.parameters = {canonical(name): value for name, value in pairs}
        self.raw = raw
        """The parameters as they were received, form-urlencoded."""
        self.request_id = ""
        self.notes: list[str] = []
        """Lines for the log and for `bm-emulator explain`."""


def canonical(name: str) -> str:
    """A parameter's name with every `_` as `.`; a name that begins with `_` stays as it is."""
    return name if name[:1] == "_" else name.replace("_", ".")


@lru_cache(maxsize=64)
def bare_host(authority: str) -> str:
    """A Host header in lower case, without port and trailing dot."""
    host = authority.lower()
    if ":" in host and host.rsplit(":", 1)[1].isdigit():
        host = host.rsplit(":", 1)[0]
    return host.rstrip(".")


def parse_pairs(form: bytes, part: str, limits: Limits) -> Pairs:
    """Read a form-urlencoded text, which is the query string's format too. `part` names it in the error.

    Raises UnreadableForm.
    """
    try:
        items = form.decode().split("&")
        if len(items) > limits.parameters:
            raise UnreadableForm(f"the {part} has over {limits.parameters} parameters", too_many=True)
        return [
            (name, value) if "%" not in item and "+" not in item else _pair(item)
            for item in items
            if item
            for name, _, value in (item.partition("="),)
        ]
    except UnicodeDecodeError as error:
        raise UnreadableForm(f"the {part} is not UTF-8: {error.reason}") from error


def _pair(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    return _unquote(name), _unquote(value)


def _unquote(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode() if "%" in text or "+" in text else text
