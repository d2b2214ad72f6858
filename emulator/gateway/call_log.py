"""One line of the log for each call: its world, client, action and ids, the code, how long it took, what was wrong.

A refused call, or one that a fault touched, is a warning; any other is information. Nothing is computed for a line that
is not shown. Secrets are masked.
"""

import logging
from collections.abc import Iterator
from http import HTTPStatus

from emulator.gateway.answer import Answer
from emulator.journal.journal import Entry
from emulator.journal.masking import Mask, one_line
from emulator.logs import FACTS, WORLD_TIME
from emulator.request import Request

log = logging.getLogger("emulator.gateway")
_NOT_ABOUT = {"secretid", "zoneid", "regionid", "projectid", "raidid", "cpuid"}
"""Ids that say where or what of, but not which thing."""
_MOST_IDS = 4


def log_call(entry: Entry, answer: Answer, mask: Mask) -> None:
    """Log the call. The notes of a refused one are masked here, shown or not, because the journal keeps them."""
    request = entry.request
    is_routine = answer.code in (0, "0") and len(request.notes) == entry.told
    if not is_routine:
        request.notes[:] = mask.texts(request.notes, request.pairs, entry.world)
    level = logging.INFO if is_routine else logging.WARNING
    if log.isEnabledFor(level):
        facts = _facts(entry, answer, mask)
        log.log(level, "%s", one_line(_line(facts)), extra={FACTS: facts})


def _facts(entry: Entry, answer: Answer, mask: Mask) -> dict[str, object]:
    request = entry.request
    sent = str(request.parameters.get("Action") or "(no Action)")
    ids = list(dict.fromkeys([*_ids(request), *(about for _kind, about in entry.begun)]))
    action, *shown = mask.texts([sent, *ids], request.pairs, entry.world)
    return {
        WORLD_TIME: entry.world_time,
        "world": entry.world,
        "client": entry.client,
        "method": request.method,
        "action": action,
        "ids": shown,
        "code": answer.code if answer.ending == "whole" else None,
        "http_status": None if answer.ending == "lost" else answer.status,
        "duration_ms": entry.ticks // 1000 / 1000,
        "why": "; ".join(request.notes) or answer.message,
        "request_id": request.request_id,
    }


def _line(facts: dict[str, object]) -> str:
    ids = facts["ids"]
    assert isinstance(ids, list)  # noqa: S101
    more = [f"and {len(ids) - _MOST_IDS} more"] if len(ids) > _MOST_IDS else []
    about = " ".join(["", *ids[:_MOST_IDS], *more])
    status = facts["http_status"]
    code = facts["code"] if facts["code"] is not None else f"HTTP {status}" if status else "no answer"
    if facts["code"] is not None and status != HTTPStatus.OK:
        code = f"{code} (HTTP {status})"
    why = f", {facts['why']}" if facts["why"] else ""
    head = f"{facts['world']} {facts['client'] or '-'} {facts['method']} {facts['action']}{about}"
    return f"{head}: {code}, {facts['duration_ms']:.1f} ms{why} [{facts['request_id']}]"


def _ids(request: Request) -> Iterator[str]:
    """The ids that the call sent, in the order of the parameters."""
    for name, value in request.parameters.items():
        last = name.rstrip(".0123456789").rpartition(".")[2].lower()
        if value and last.endswith(("id", "ids")) and last not in _NOT_ABOUT:
            yield value
