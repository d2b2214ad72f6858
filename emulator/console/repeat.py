"""A call made once more: sent from here, or as code to paste."""

from emulator.console.one_call import COMMON, call_of, one_call
from emulator.console.page import Shown, Visit, change, page
from emulator.console.sending import send
from emulator.console.snippets import LANGUAGES, snippet
from emulator.console.snippets.sending_call import sending_call
from emulator.journal.journal import Entry
from emulator.request import Pairs, canonical
from emulator.world.by_hand import UnknownThing

_NOT_REPEATED = COMMON - {"Region", "SignatureMethod"}


@page("/call/{request_id}/as/{language}")
def as_code(visit: Visit) -> Shown:
    """Code that sends the call, with its secrets, because somebody asked for it."""
    entry = call_of(visit)
    language = visit.path["language"]
    if language not in LANGUAGES or entry.action is None:
        raise UnknownThing(f"no code can be made of this call in {language!r}")
    visit.path["world"] = entry.world
    known = {**_how(entry), "code": entry.code, "reason": _reason(entry)}
    values = {
        "entry": entry,
        "chosen": language,
        "languages_of_code": LANGUAGES,
        "code": snippet(language, sending_call(visit, entry.world, entry.action, _repeated(entry), **known)),
    }
    return Shown("code.html", values)


@change("/call/{request_id}/again", on_refusal=one_call)
async def send_again(visit: Visit) -> str:
    """Send the call once more, signed afresh with its own key pair where the world still has it."""
    entry = call_of(visit)
    return await send(visit, entry.world, entry.sent_action or "", _repeated(entry), **_how(entry))


def _repeated(entry: Entry) -> Pairs:
    """The parameters of a call that are sent again as they were."""
    return [(name, value) for name, value in entry.request.pairs if canonical(name) not in _NOT_REPEATED]


def _how(entry: Entry) -> dict[str, str | None]:
    """The host only if it is one of the API; else that of the action's page counts."""
    host = entry.request.host if entry.request.host.endswith(".qcloud.com") else None
    return {"method": entry.method, "host": host, "secret_id": entry.request.parameters.get("SecretId")}


def _reason(entry: Entry) -> str:
    """Why the same call, signed well, may be answered otherwise; else empty."""
    if entry.fault is not None:
        return f"by a fault rule ({entry.fault})"
    if entry.code is None:
        return "there was no whole answer"
    return "its signature, its key pair or its time was refused" if entry.authentication == "refused" else ""
