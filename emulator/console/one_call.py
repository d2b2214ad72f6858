"""One call: what was sent, how it was signed, what came of it, and how to send it again."""

from itertools import islice
from typing import Any

from emulator.console.calls import is_success
from emulator.console.page import Shown, Visit, change, page, place
from emulator.console.sending import send
from emulator.console.snippets import LANGUAGES, snippet
from emulator.contract import COMMON_PARAMETERS
from emulator.control import world_journal
from emulator.control.endpoints import ControlRequest
from emulator.journal.journal import Entry
from emulator.request import Pairs, canonical
from emulator.signing.diagnosis import shown_text
from emulator.world.by_hand import UnknownThing

_COMMON = {parameter.name for parameter in COMMON_PARAMETERS} | {"RequestClient", "Version", "Token"}
_NOT_REPEATED = _COMMON - {"Region", "SignatureMethod"}
_MOST_SIGNED = 500
"""Parameters; the text of a call that sends more is not shown."""


@page("/call/{request_id}")
def one_call(visit: Visit) -> Shown:
    """The whole story of a call."""
    request_id = visit.path["request_id"]
    story: dict[str, Any] = world_journal.read_story(visit.control, ControlRequest({"request_id": request_id}))
    entry = _entry(visit)
    visit.path["world"] = entry.world
    parameters = dict(story["parameters"])
    common = {name: parameters.pop(name) for name in list(parameters) if canonical(name) in _COMMON}
    values = {
        "story": story,
        "is_success": is_success(entry),
        "own": parameters,
        "common": common,
        "not_read": {*story["unknown_parameters"], *story["unread_parameters"]},
        "signed_text": _signed_text(visit, entry),
        "rows": visit.control.stories.rows(entry),
        "answer": visit.control.stories.answer(entry) if entry.body else "",
        "languages_of_code": LANGUAGES,
        "exists": entry.action is not None and _is_world(visit, entry.world),
        "neighbours": _neighbours(visit, entry),
    }
    return Shown("call.html", values)


@page("/call/{request_id}/as/{language}")
def as_code(visit: Visit) -> Shown:
    """Code that sends the call, with its secrets, because somebody asked for it."""
    entry = _entry(visit)
    language = visit.path["language"]
    if language not in LANGUAGES or entry.action is None:
        raise UnknownThing(f"no code can be made of this call in {language!r}")
    visit.path["world"] = entry.world
    values = {
        "request_id": entry.request_id,
        "chosen": language,
        "languages_of_code": LANGUAGES,
        "code": snippet(visit, language, entry.world, entry.action, _host(entry), repeated(entry)),
    }
    return Shown("code.html", values)


@change("/call/{request_id}/again", on_refusal=one_call)
async def send_again(visit: Visit) -> str:
    """Send the call once more, signed afresh with its own key pair where the world still has it."""
    entry = _entry(visit)
    how = {"method": entry.method, "host": _host(entry), "secret_id": entry.request.parameters.get("SecretId")}
    sent = await send(visit, entry.world, entry.sent_action or "", repeated(entry), **how)
    return place("call", sent.request_id, said="sent")


def repeated(entry: Entry) -> Pairs:
    """The parameters of a call that are sent again as they were."""
    return [(name, value) for name, value in entry.request.pairs if canonical(name) not in _NOT_REPEATED]


def _host(entry: Entry) -> str | None:
    """The host that the call was made to, if it is one of the API; else that of the action's page counts."""
    host = entry.request.host
    return host if host.endswith(".qcloud.com") else None


def _entry(visit: Visit) -> Entry:
    entry = visit.control.journals.find(visit.path["request_id"])
    if entry is None:
        raise UnknownThing(f"nothing is kept of the request {visit.path['request_id']}")
    return entry


def _signed_text(visit: Visit, entry: Entry) -> str:
    request = entry.request
    return shown_text(request, request.host, visit.control.mask) if len(request.pairs) <= _MOST_SIGNED else ""


def _is_world(visit: Visit, name: str) -> bool:
    return name in {world.name for world in visit.control.worlds.all()}


def _neighbours(visit: Visit, entry: Entry) -> tuple[str, str]:
    """The request ids of the world's next call and of the one before; empty where there is none."""
    newer = ""
    older = visit.control.journals.newest(entry.world)
    for found in older:
        if found is entry:
            break
        newer = found.request_id
    return newer, next((found.request_id for found in islice(older, 1)), "")
