"""Stories: journal entries rendered as JSON, one call each, secrets masked."""

import json
from collections.abc import Iterable
from typing import Any

from emulator.clock import to_wire
from emulator.contract import COMMON_PARAMETERS, Action, Parameter
from emulator.contract.names import shape, unused
from emulator.journal.journal import Entry
from emulator.journal.json_masking import without_secrets
from emulator.journal.masking import Mask
from emulator.request import canonical

Story = dict[str, Any]
_COMMON = {parameter.name for parameter in COMMON_PARAMETERS}


class Stories:
    """Renders journal entries, and knows which parameters each action documents."""

    def __init__(self, contract: Iterable[Action], mask: Mask) -> None:
        self._mask = mask
        self._parameters: dict[str, list[Parameter]] = {}
        for action in contract:
            self._parameters.setdefault(action.name, []).extend(action.parameters)

    def render(self, entry: Entry) -> Story:
        """The whole story of one call."""
        request = entry.request
        unknown, unread = self._unused(entry)

        def masked(*texts: str) -> list[str]:
            return self._mask.texts(texts, request.pairs, entry.world)

        return {
            "request_id": request.request_id,
            "time": to_wire(entry.at),
            "world_time": to_wire(entry.world_time),
            "world": entry.world,
            "client": entry.client,
            "method": request.method,
            "host": masked(request.authority)[0],
            "path": request.path,
            "action": masked(entry.sent_action)[0] if entry.sent_action is not None else None,
            "parameters": self._mask.summary(request.pairs, entry.world),
            "authentication": entry.authentication,
            "unknown_parameters": masked(*unknown),
            "unread_parameters": masked(*unread),
            "fault": entry.fault,
            "operations": [{"kind": kind, "about": about} for kind, about in entry.begun],
            "rows_changed": entry.rows,
            "http_status": entry.status,
            "code": entry.code,
            "message": masked(entry.message)[0],
            "duration_ms": entry.ticks // 1000 / 1000,
            "explanation": list(entry.notes),
        }

    def line(self, entry: Entry) -> tuple[str, str]:
        """The action as it was sent and the message, for a list of many calls."""
        if not entry.sent_action and not entry.message:
            return "", ""
        action, message = self._mask.texts([entry.sent_action or "", entry.message], entry.request.pairs, entry.world)
        return action, message

    def answer(self, entry: Entry) -> str:
        """The answer as it was sent, without the secrets in it."""
        text = entry.body.decode(errors="replace")
        try:
            decoded = json.loads(text)
        except ValueError:
            return self._mask.texts([text], entry.request.pairs, entry.world)[0]
        shown = json.dumps(without_secrets(decoded, self._mask), ensure_ascii=False, indent=2)
        return self._mask.texts([shown], entry.request.pairs, entry.world)[0]

    def has_unused(self, entry: Entry) -> bool:
        """Whether the call sent a parameter that is unknown, or that the action did not read."""
        unknown, unread = self._unused(entry)
        return bool(unknown or unread)

    def _unused(self, entry: Entry) -> tuple[list[str], list[str]]:
        """Names as sent: those that the contract does not know, and those that gave no value or were not read."""
        known = self._parameters.get(entry.action or "")
        if known is None:
            return [], []
        names = {sent: canonical(sent) for sent, _value in entry.request.pairs}
        own = [name for name in names.values() if name not in _COMMON]
        useless = {shape(found.name): found.is_unknown for found in unused(known, own)}
        unknown, unread = [], []
        for sent, name in names.items():
            if name in _COMMON:
                continue
            is_unknown = useless.get(shape(name))
            if is_unknown:
                unknown.append(sent)
            elif is_unknown is False or (entry.read is not None and _owner(known, name) not in entry.read):
                unread.append(sent)
        return unknown, unread


def _owner(known: list[Parameter], name: str) -> str:
    """The documented name of the parameter that a known name belongs to."""
    first = name.partition(".")[0]
    return next(found.name for found in known if first in (found.name, found.alias))
