"""Stories: journal entries rendered as JSON, one call each, secrets masked."""

from collections.abc import Iterable
from typing import Any

from emulator.clock import to_wire
from emulator.contract import COMMON_PARAMETERS, Action, Parameter
from emulator.journal.journal import Entry
from emulator.journal.masking import Mask
from emulator.request import canonical

Story = dict[str, Any]
_COMMON = {parameter.name for parameter in COMMON_PARAMETERS}


class Stories:
    """Renders journal entries, and knows which parameters each action documents."""

    def __init__(self, contract: Iterable[Action], mask: Mask) -> None:
        self._mask = mask
        self._parameters: dict[str, dict[str, Parameter]] = {}
        for action in contract:
            known = self._parameters.setdefault(action.name, {})
            for parameter in action.parameters:
                known[parameter.name] = parameter
                if parameter.alias:
                    known[parameter.alias] = parameter

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

    def has_unused(self, entry: Entry) -> bool:
        """Whether the call sent a parameter that is unknown, or that the action did not read."""
        unknown, unread = self._unused(entry)
        return bool(unknown or unread)

    def _unused(self, entry: Entry) -> tuple[list[str], list[str]]:
        """Names as sent: those that the contract does not know, and those that the action did not read."""
        known = self._parameters.get(entry.action or "")
        if known is None:
            return [], []
        unknown, unread = [], []
        for sent in dict.fromkeys(name for name, _value in entry.request.pairs):
            name = canonical(sent)
            if name in _COMMON:
                continue
            parameter = known.get(name.split(".")[0])
            if parameter is None or not _is_field(parameter, name):
                unknown.append(sent)
            elif entry.read is not None and parameter.name not in entry.read:
                unread.append(sent)
        return unknown, unread


def _is_field(parameter: Parameter, name: str) -> bool:
    """Whether the last part of a dotted name is a field of the object that the parameter is."""
    last = name.split(".")[-1]
    return (
        not parameter.fields or "." not in name or any(last in (field.name, field.alias) for field in parameter.fields)
    )
