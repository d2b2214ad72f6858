"""One call: what was sent, how it was signed, and what came of it."""

from itertools import islice
from typing import Any, Literal, NamedTuple

from emulator.console.calls import is_success
from emulator.console.page import Download, Shown, Visit, page
from emulator.console.rows import changed_by
from emulator.console.snippets import LANGUAGES
from emulator.contract import COMMON_PARAMETERS
from emulator.control import world_journal
from emulator.control.endpoints import ControlRequest
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
"""Characters; the rest is in the file that the page offers."""
_MOST_OF_VALUES, _LONGEST_VALUE, _LONGEST_NAME = 5_000, 500, 40
"""Characters of all parameters, and of one; the rest is in the code that sends the call."""


class Sent(NamedTuple):
    """A parameter of the call."""

    name: str
    value: str
    use: Literal["read", "not read", "unknown", "of every call"]


@page("/call/{request_id}")
def one_call(visit: Visit) -> Shown:
    """The whole story of a call."""
    entry = call_of(visit)
    story: dict[str, Any] = world_journal.read_story(visit.control, ControlRequest({"request_id": entry.request_id}))
    visit.path["world"] = entry.world
    answer, rows = _answer(visit, entry), changed_by(entry, visit.control.mask)
    most = len(rows) if visit.query.get("rows") else _MOST_ROWS
    values = {
        "entry": entry,
        "story": story,
        "is_success": is_success(entry),
        "parameters": _parameters(story),
        "digest": "SHA256" if story["parameters"].get("SignatureMethod") == "HmacSHA256" else "SHA1",
        "signed_text": _signed_text(visit, entry),
        "rows": rows[:most],
        "more_rows": max(0, len(rows) - most),
        "answer": answer[:_MOST_OF_ANSWER],
        "more_answer": max(0, len(answer) - _MOST_OF_ANSWER),
        "languages_of_code": LANGUAGES,
        "exists": entry.action is not None and visit.control.worlds.has(entry.world),
        "neighbours": _neighbours(visit, entry),
    }
    return Shown("call.html", values)


@page("/call/{request_id}/answer")
def answer_file(visit: Visit) -> Download:
    """The whole answer, without the secrets in it, as a file."""
    entry = call_of(visit)
    text = _answer(visit, entry)
    if not text:
        raise UnknownThing(f"no answer is kept of the request {entry.request_id}")
    form, media_type = ("json", "application/json") if text.startswith("{") else ("txt", "text/plain")
    return Download(f"{entry.request_id}.{form}", text.encode(), media_type)


def _parameters(story: dict[str, Any]) -> list[Sent]:
    """The action's own first, then those of every call."""
    sent: dict[str, str] = story["parameters"]
    longest = min(_LONGEST_VALUE, _MOST_OF_VALUES // max(1, len(sent)))
    found = [Sent(clip(name, _LONGEST_NAME), clip(value, longest), _use(story, name)) for name, value in sent.items()]
    return sorted(found, key=lambda one: one.use == "of every call")


def _use(story: dict[str, Any], name: str) -> Literal["read", "not read", "unknown", "of every call"]:
    if canonical(name) in COMMON:
        return "of every call"
    if name in story["unknown_parameters"]:
        return "unknown"
    return "not read" if name in story["unread_parameters"] else "read"


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
    if len(request.pairs) > _MOST_SIGNED:
        return ""
    return shown_text(request, request.host, visit.control.mask, entry.world)


def _neighbours(visit: Visit, entry: Entry) -> tuple[Entry | None, Entry | None]:
    """The world's next call and the one before; None where there is none."""
    newer = None
    older = visit.control.journals.newest(entry.world)
    for found in older:
        if found is entry:
            break
        newer = found
    return newer, next(islice(older, 1), None)
