"""The list of calls: of one world or of all, the newest first, filtered and paged."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, NamedTuple
from urllib.parse import unquote_plus

from msgspec import Meta, Struct

from emulator.clock import to_wire
from emulator.console import HOME
from emulator.console.page import Shown, Visit, page, with_query
from emulator.control.state import Control
from emulator.journal.journal import Entry
from emulator.journal.masking import Mask

PAGE = 50
"""Calls on a page."""
Short = Annotated[str, Meta(max_length=200)]


class Filter(Struct, frozen=True):
    """Which calls to show; what is empty fits every call."""

    action: Short = ""
    """The Action as it was sent."""
    code: Short = ""
    """The code of the answer."""
    text: Short = ""
    """In anything that was sent, in the message, or in what a fault did; capitals and small letters are alike."""
    refused: bool = False
    """Only calls that were not answered with code 0."""
    page: Annotated[int, Meta(ge=1, le=10**6)] = 1

    def fits(self, entry: Entry, mask: Mask) -> bool:
        """Whether a call is one of those. What is secret in a call is not searched."""
        return (
            (not self.action or entry.sent_action == self.action)
            and (not self.code or str(entry.code) == self.code)
            and not (self.refused and is_success(entry))
            and (not self.text or _says(entry, self.text.casefold(), mask))
        )

    @property
    def query(self) -> dict[str, object]:
        """The filter as a query, without the page."""
        return {"action": self.action, "code": self.code, "text": self.text, "refused": "1" if self.refused else ""}


class Line(NamedTuple):
    """A call in a list."""

    request_id: str
    number: int
    time: str
    world_time: str
    world: str
    client: str
    action: str
    code: str
    message: str
    duration_ms: float
    authentication: str
    fault: str
    is_success: bool


def is_success(entry: Entry) -> bool:
    """Whether the call was answered with code 0."""
    return str(entry.code) == "0"


def line(control: Control, entry: Entry) -> Line:
    """A call in a list, without secrets."""
    action, message = control.stories.line(entry)
    code = entry.code if entry.code is not None else f"HTTP {entry.status}" if entry.status else "—"
    return Line(
        entry.request_id,
        entry.number,
        to_wire(entry.at),
        to_wire(entry.world_time),
        entry.world,
        entry.client,
        action,
        str(code),
        message,
        entry.ticks / 1_000_000,
        entry.authentication,
        entry.fault or "",
        is_success(entry),
    )


def matching(control: Control, world: str | None, wanted: Filter) -> Iterator[Entry]:
    """The calls that fit, the newest first."""
    return (entry for entry in control.journals.newest(world) if wanted.fits(entry, control.mask))


@page("/w/{world}/calls")
def calls_of_world(visit: Visit) -> Shown:
    """The calls of one world."""
    visit.control.worlds.named(visit.path["world"])
    return _list(visit, visit.at("calls"))


def every_call(visit: Visit) -> Shown:
    """The calls of all worlds, which is the first page of the console."""
    return _list(visit, HOME)


def _list(visit: Visit, path: str) -> Shown:
    wanted: Filter = visit.asked(Filter)
    found = matching(visit.control, visit.world, wanted)
    entries = list(islice(found, (wanted.page - 1) * PAGE, wanted.page * PAGE + 1))
    newest = next(visit.control.journals.newest(visit.world), None)
    following = {"page": wanted.page + 1} if len(entries) > PAGE else None
    values = {
        "filter": wanted,
        "path": path,
        "lines": [line(visit.control, entry) for entry in entries[:PAGE]],
        "actions": sorted({name for _module, name in visit.control.routes.actions}),
        "newer": with_query(path, {**wanted.query, "page": wanted.page - 1}) if wanted.page > 1 else "",
        "older": with_query(path, {**wanted.query, **following}) if following else "",
        "live": with_query("", {**wanted.query, "world": visit.world}) or "?",
        "after": newest.number if newest else 0,
        "every_world": visit.world is None,
    }
    return Shown("calls.html", values)


def _says(entry: Entry, text: str, mask: Mask) -> bool:
    """Whether a text, in small letters, is in anything that may be shown of a call."""
    facts = (entry.client, entry.authentication, entry.fault or "", entry.request_id)
    if text in " ".join(facts).casefold():
        return True
    sent = unquote_plus(entry.raw.decode(errors="replace"))
    if text not in f"{entry.message} {sent}".casefold():
        return False
    pairs = entry.request.pairs  # masked only where a text may be found: it is costly
    shown = [f"{name}={value}" for name, value in mask.masked(pairs, entry.world)]
    return text in " ".join([*mask.texts([entry.message], pairs, entry.world), *shown]).casefold()
