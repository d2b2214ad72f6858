"""The journal of a world: its calls found, verified, exported and cleared."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from emulator.control.endpoints import JSON_LINES, Ask, Nothing, endpoint
from emulator.control.state import Control
from emulator.control.worlds import of
from emulator.journal.journal import Entry, Journal
from emulator.journal.search import Search, Verification, verify
from emulator.journal.stories import Story
from emulator.world.by_hand import UnknownThing


class Calls(Struct, frozen=True):
    kept: int
    """How many calls the journal holds."""
    dropped: int
    """How many older calls it has dropped for want of room."""
    found: int
    """How many of the calls it holds match the search."""
    calls: list[Story]
    """The newest of the matching calls, the oldest first."""


class Verdict(Struct, frozen=True):
    holds: bool
    """Whether the calls are as wanted."""
    message: str
    """What is wrong, with the nearest call; empty where nothing is."""


@endpoint("GET", "/worlds/{world}/journal", query=Search, answer=Calls)
def read_journal(control: Control, ask: Ask) -> Calls:
    """Find calls in the journal of a world."""
    journal = control.journals.of(of(control, ask))
    found = list(_found(control, journal, ask.query))
    stories = [control.stories.tell(entry) for entry in found[-ask.query.limit :]]
    return Calls(len(journal), journal.dropped, len(found), stories)


@endpoint("GET", "/worlds/{world}/journal.jsonl", query=Search, answer=str, media_type=JSON_LINES)
def export_journal(control: Control, ask: Ask) -> bytes:
    """Export calls from the journal of a world, a line of JSON each, the oldest first."""
    found = list(_found(control, control.journals.of(of(control, ask)), ask.query))
    return msgspec.json.Encoder().encode_lines([control.stories.tell(entry) for entry in found[-ask.query.limit :]])


@endpoint("POST", "/worlds/{world}/journal/verify", body=Verification, answer=Verdict)
def verify_journal(control: Control, ask: Ask) -> Verdict:
    """Tell whether actions were called, how often, with which parameters and in which order."""
    message = verify(control.journals.of(of(control, ask)), ask.body, control.mask)
    return Verdict(not message, message)


@endpoint("DELETE", "/worlds/{world}/journal")
def clear_journal(control: Control, ask: Ask) -> Nothing:
    """Clear the journal of a world; request ids go on."""
    control.journals.of(of(control, ask)).forget()
    return Nothing()


@endpoint("GET", "/journal/{request_id}", answer=Story)
def read_story(control: Control, ask: Ask) -> Story:
    """Tell the whole story of one call, by its X-Emulator-Request-Id."""
    entry = control.journals.find(ask.path["request_id"])
    if entry is None:
        raise UnknownThing(f"nothing is kept of the request {ask.path['request_id']}")
    return control.stories.tell(entry)


def _found(control: Control, journal: Journal, search: Search) -> Iterator[Entry]:
    for entry in journal:
        if search.fits(entry) and (search.unknown is None or search.unknown == control.stories.has_unused(entry)):
            yield entry
