"""Endpoints for the journal of a world: search, export and clear it, verify its calls, read one call's story."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from emulator import contract
from emulator.contract.names import nearest
from emulator.control.endpoints import JSON_LINES, ControlRequest, Nothing, endpoint
from emulator.control.state import Control
from emulator.control.worlds import world_named
from emulator.journal.journal import Entry, Journal
from emulator.journal.search import Search, Verification, unknown_action, verify
from emulator.journal.stories import Story
from emulator.world.by_hand import UnknownThing

_WRONG = ("refused", "accepted though wrong")


class Calls(Struct, frozen=True):
    """The calls that a search found."""

    kept: int
    """How many calls the journal holds."""
    dropped: int
    """How many older calls it has dropped for want of room."""
    found: int
    """How many of the calls it holds match the search."""
    calls: list[Story]
    """The newest of the matching calls, the oldest first."""


class Verdict(Struct, frozen=True):
    """The result of a verification."""

    holds: bool
    """Whether the calls are as wanted."""
    message: str
    """What is wrong, with the nearest call; empty where nothing is."""


@endpoint("GET", "/worlds/{world}/journal", query=Search, answer=Calls)
def read_journal(control: Control, request: ControlRequest) -> Calls:
    """Find calls in the journal of a world."""
    journal = control.journals.for_world(world_named(control, request))
    found = list(_matches(control, journal, request.query))
    stories = [control.stories.render(entry) for entry in found[-request.query.limit :]]
    return Calls(len(journal), journal.dropped, len(found), stories)


@endpoint("GET", "/worlds/{world}/journal.jsonl", query=Search, answer=str, media_type=JSON_LINES)
def export_journal(control: Control, request: ControlRequest) -> bytes:
    """Export calls from the journal of a world as JSON lines, the oldest first."""
    journal = control.journals.for_world(world_named(control, request))
    newest = list(_matches(control, journal, request.query))[-request.query.limit :]
    return msgspec.json.Encoder().encode_lines([control.stories.render(entry) for entry in newest])


@endpoint("POST", "/worlds/{world}/journal/verify", body=Verification, answer=Verdict)
def verify_journal(control: Control, request: ControlRequest) -> Verdict:
    """Verify which actions were called, how often, with which parameters and in which order."""
    journal = control.journals.for_world(world_named(control, request))
    known = [action.name for action in contract.load()]
    unknown = unknown_action(journal, request.body, known)
    if unknown is not None:
        meant = nearest(unknown, known)
        hint = f"; did you mean {meant}?" if meant else "; `bm-emulator actions` lists them"
        raise UnknownThing(f"no action is named {unknown}, and no call sent it{hint}")
    message = verify(journal, request.body, control.mask)
    return Verdict(not message, message)


@endpoint("DELETE", "/worlds/{world}/journal")
def clear_journal(control: Control, request: ControlRequest) -> Nothing:
    """Clear the journal of a world; request ids are not used again."""
    control.journals.for_world(world_named(control, request)).clear()
    return Nothing()


@endpoint("GET", "/journal/{request_id}", answer=Story)
def read_story(control: Control, request: ControlRequest) -> Story:
    """Read the whole story of one call, by its X-Emulator-Request-Id."""
    entry = control.journals.find(request.path["request_id"])
    if entry is None:
        raise UnknownThing(f"nothing is kept of the request {request.path['request_id']}")
    _search_on(control, entry)
    return control.stories.render(entry)


def _search_on(control: Control, entry: Entry) -> None:
    """What was wrong with a signature is looked for again, and longer, when somebody asks."""
    if entry.authentication in _WRONG and entry.action is not None:
        action = control.routes.find(entry.request).action
        control.search_on(control.worlds.named(entry.world), entry, action)


def _matches(control: Control, journal: Journal, search: Search) -> Iterator[Entry]:
    for entry in journal:
        if search.is_match(entry) and (search.unknown is None or search.unknown == control.stories.has_unused(entry)):
            yield entry
