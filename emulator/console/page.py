"""How a page of the console is declared, and what its function gets.

A page is a function of a Visit that returns a Shown; a change is one that returns the address to go on to. Where it is
refused, the page that its form stands on is shown again, with the reason and with what was entered.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.types import ASGIApp

from emulator.checking.values import converted
from emulator.console import PLACE
from emulator.console.forms import check_times
from emulator.console.texts import translated
from emulator.control.endpoints import ControlRequest
from emulator.control.guard import Guard
from emulator.control.state import Control
from emulator.journal.journal import Entry


@dataclass(frozen=True)
class Console:
    """What the pages need from the running emulator."""

    control: Control
    guard: Guard
    api: ASGIApp
    """The API itself, for the calls that the console sends."""
    forgery_key: str
    """What the forms of this emulator's pages carry; pages of others cannot know it."""
    nonces: "count[int]" = field(default_factory=count)
    sessions: set[str] = field(default_factory=set)
    """The marks of the browsers that have named the control token."""


@dataclass(frozen=True)
class Shown:
    """A page to show: its template, and what the template needs."""

    template: str
    values: dict[str, Any]
    status: int = HTTPStatus.OK


@dataclass(frozen=True)
class Download:
    """A file to save."""

    name: str
    content: bytes
    media_type: str


@dataclass
class Visit:
    """A request to the console."""

    console: Console
    request: Request
    language: str
    path: dict[str, str]
    query: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)
    """What was entered in the form, as sent."""
    problem: str = ""
    """Why the change was refused."""

    @property
    def control(self) -> Control:
        return self.console.control

    @property
    def world(self) -> str | None:
        """The name of the world that the address names."""
        return self.path.get("world")

    def text(self, english: str, /, **values: object) -> str:
        """The text in the visitor's language."""
        found = translated(english, self.language)
        return found.format(**values) if values else found

    def asked(self, kind: type[Any]) -> Any:
        """The query as a Struct; what it does not know is left out. Raises WrongValue."""
        known = {name: value for name, value in self.query.items() if name in kind.__struct_fields__ and value != ""}
        return converted(known, kind, strict=False, whole="the address")

    def entered(self, kind: type[Any]) -> Any:
        """The form as a Struct; fields that are empty count as left out. Raises WrongValue."""
        known = {name: value for name, value in self.form.items() if name in kind.__struct_fields__ and value != ""}
        check_times(kind, known)
        return converted(known, kind, strict=False, whole="the form")

    def call(self, function: Callable[[Control, ControlRequest], Any], body: Any = None, **path: str) -> Any:
        """What a function of the control interface answers for the world of the address."""
        return function(self.control, ControlRequest({**self.path, **path}, body, body))

    def at(self, *parts: object, **query: object) -> str:
        """The address of a page of this world."""
        return place("w", self.world or "default", *parts, **query)


Handler = Callable[[Visit], Shown | Download]
Change = Callable[[Visit], str | Awaitable[str]]


@dataclass(frozen=True)
class Page:
    path: str
    show: Handler | None = None
    """None: nothing can be read at this address."""
    change: Change | None = None
    on_refusal: Handler | None = None
    """The page that the form of the change stands on."""


PAGES: dict[str, Page] = {}
"""By path; complete once `emulator.console.routes` is imported."""


def page(path: str) -> Callable[[Handler], Handler]:
    """Declare a page. `path` is below PLACE."""

    def register(function: Handler) -> Handler:
        PAGES[path] = Page(path, show=function)
        return function

    return register


def change(path: str, on_refusal: Handler) -> Callable[[Change], Change]:
    """Declare a change, which a form posts to a path of its own."""

    def register(function: Change) -> Change:
        PAGES[path] = Page(path, change=function, on_refusal=on_refusal)
        return function

    return register


def place(*parts: object, **query: object) -> str:
    """The address of a page."""
    path = "/".join([PLACE, *(quote(str(part), safe="") for part in parts)])
    return with_query(path, query)


def place_of(entry: Entry, *below: str, **query: str) -> str:
    """The address of a call's page, or of one below it. It leads to no later call of the same request id."""
    return place("call", entry.request_id, *below, n=entry.number, **query)


def with_query(path: str, query: Mapping[str, object]) -> str:
    """An address with what is not empty of the query."""
    kept = {name: value for name, value in query.items() if value not in (None, "", False)}
    return f"{path}?{urlencode(kept)}" if kept else path
