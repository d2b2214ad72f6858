"""One call: what was sent, how it was signed, and what came of it."""

from itertools import islice
from typing import Any

from emulator.console.calls import is_success
from emulator.console.page import Download, Shown, Visit, page, place_of
from emulator.console.rows import changed_by
from emulator.console.snippets import LANGUAGES
from emulator.contract import COMMON_PARAMETERS
from emulator.journal.journal import Entry
from emulator.journal.masking import clip
from emulator.request import canonical
from emulator.signing.diagnosis import shown_text
from emulator.world.by_hand import UnknownThing

COMMON = {parameter.name for parameter in COMMON_PARAMETERS} | {"RequestClient", "Version", "Token"}
_MOST_SIGNED = 500
"""Parameters; the text of a call that sends more is not shown."""
_MOST_ROWS = 20
_MOST_OF_ANSWER = 20_000
_MOST_OF_VALUE = 500
"""Characters; the rest is in the file that the page offers, or in the code that sends the call."""


@page("/call/{request_id}")
def one_call(visit: Visit) -> Shown:
    """The whole story of a call."""
    entry = call_of(visit)
    story: dict[str, Any] = visit.control.stories.render(entry)
    visit.path["world"] = entry.world
    parameters = {name: clip(value, _MOST_OF_VALUE) for name, value in story["parameters"].items()}
    common = {name: parameters.pop(name) for name in list(parameters) if canonical(name) in COMMON}
    answer, rows = _answer(visit, entry), changed_by(entry, visit.control.mask)
    most = len(rows) if visit.query.get("rows") else _MOST_ROWS
    values = {
        "entry": entry,
        "story": story,
        "is_success": is_success(entry),
        "own": parameters,
        "common": common,
        "signed_text": _signed_text(visit, entry),
        "rows": rows[:most],
        "more_rows": max(0, len(rows) - most),
        "answer": answer[:_MOST_OF_ANSWER],
        "more_answer": max(0, len(answer) - _MOST_OF_ANSWER),
        "languages_of_code": LANGUAGES,
        "exists": entry.action is not None and visit.control.worlds.has(entry.world),
        "neighbours": _neighbours(visit, entry),
        "place_of": place_of,
    }
    return Shown("call.html", values)


@page("/call/{request_id}/answer")
def answer_file(visit: Visit) -> Download:
    """The whole answer, without the secrets in it, as a file."""
    entry = call_of(visit)
    text = _answer(visit, entry)
    if not text:
        raise UnknownThing(f"no answer is kept of the request {entry.request_id}")
    return Download(f"{entry.request_id}.json", text.encode(), "application/json")


def call_of(visit: Visit) -> Entry:
    """The call of the address. One that has only its request id, after a reset or a restart, is another one."""
    request_id, number = visit.path["request_id"], visit.query.get("n", "")
    entry = visit.control.journals.find(request_id)
    if entry is None:
        raise UnknownThing(f"nothing is kept of the request {request_id}")
    if number and number != str(entry.number):
        raise UnknownThing(f"nothing is kept of this request {request_id}; a later one has its id")
    return entry


def _answer(visit: Visit, entry: Entry) -> str:
    return visit.control.stories.answer(entry) if entry.body else ""


def _signed_text(visit: Visit, entry: Entry) -> str:
    request = entry.request
    return shown_text(request, request.host, visit.control.mask) if len(request.pairs) <= _MOST_SIGNED else ""


def _neighbours(visit: Visit, entry: Entry) -> tuple[Entry | None, Entry | None]:
    """The world's next call and the one before; None where there is none."""
    newer = None
    older = visit.control.journals.newest(entry.world)
    for found in older:
        if found is entry:
            break
        newer = found
    return newer, next(islice(older, 1), None)
