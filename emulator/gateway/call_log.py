"""One line of the log for each call: its world, client, action and ids, the code, how long it took, what was wrong.

A refused call, one that a fault touched, and one with a parameter that nothing reads are warnings; any other is
information. Nothing is computed for a line that
is not shown. Secrets are masked.
"""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain, islice

from emulator.gateway.answer import Answer
from emulator.journal.journal import Entry
from emulator.journal.masking import Mask, clip, one_line
from emulator.logs import FACTS, WORLD_TIME
from emulator.request import Request

log = logging.getLogger("emulator.gateway")
_NOT_ABOUT = {"secretid", "zoneid", "regionid", "projectid", "raidid", "cpuid"}
"""Ids that say where or what of, but not which thing."""
_MOST_IDS = 4
_LONGEST_WHY = 1000
"""Characters. The journal has the whole."""
_MOST_LOGGED = 50
"""A call may send tens of thousands, which would take longer to mask than the call takes."""


def log_call(entry: Entry, answer: Answer, mask: Mask) -> None:
    """Log the call. The notes of a refused one are masked here, shown or not, because the journal keeps them."""
    request = entry.request
    is_routine = answer.code in (0, "0") and len(request.notes) == entry.told
    level = logging.INFO if is_routine and not entry.quoted else logging.WARNING
    is_shown = log.isEnabledFor(level)
    notes = [] if is_routine else request.notes
    about = _about(entry) if is_shown else []
    if notes or about:
        masked = mask.texts([*notes, *about], request.pairs, entry.world)
        if not is_routine:
            request.notes[:] = masked[: len(notes)]
        about = masked[len(notes) :]
    if is_shown:
        facts = _facts(entry, answer, *about)
        log.log(level, "%s", one_line(_line(facts)), extra={FACTS: facts})


def _about(entry: Entry) -> list[str]:
    """The action that was sent, and the ids that the call is about."""
    request = entry.request
    ids = chain(_ids(request), (about for _kind, about in entry.begun))
    return [str(request.parameters.get("Action") or "(no Action)"), *dict.fromkeys(islice(ids, _MOST_LOGGED))]


def _facts(entry: Entry, answer: Answer, action: str, *ids: str) -> dict[str, object]:
    request = entry.request
    return {
        WORLD_TIME: entry.world_time,
        "world": entry.world,
        "client": entry.client,
        "method": request.method,
        "action": action,
        "ids": list(ids),
        "code": answer.code if answer.ending == "whole" else None,
        "http_status": None if answer.ending == "lost" else answer.status,
        "duration_ms": entry.ticks // 1000 / 1000,
        "why": "; ".join(request.notes) or answer.message,
        "request_id": request.request_id,
    }


def _line(facts: dict[str, object]) -> str:
    ids = facts["ids"]
    assert isinstance(ids, list)  # noqa: S101
    number = f"{len(ids) - _MOST_IDS}" if len(ids) < _MOST_LOGGED else "many"
    more = [f"and {number} more"] if len(ids) > _MOST_IDS else []
    about = " ".join(["", *ids[:_MOST_IDS], *more])
    status = facts["http_status"]
    code = facts["code"] if facts["code"] is not None else f"HTTP {status}" if status else "no answer"
    if facts["code"] is not None and status != HTTPStatus.OK:
        code = f"{code} (HTTP {status})"
    why = f", {clip(str(facts['why']), _LONGEST_WHY)}" if facts["why"] else ""
    head = f"{facts['world']} {facts['client'] or '-'} {facts['method']} {facts['action']}{about}"
    return f"{head}: {code}, {facts['duration_ms']:.1f} ms{why} [{facts['request_id']}]"


def _ids(request: Request) -> Iterator[str]:
    """The ids that the call sent, in the order of the parameters."""
    for name, value in request.parameters.items():
        last = name.rstrip(".0123456789").rpartition(".")[2].lower()
        if value and last.endswith(("id", "ids")) and last not in _NOT_ABOUT:
            yield value
