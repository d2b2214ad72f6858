"""Searching a journal for calls, and verifying that the calls a test expects were made."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Annotated, Any

from msgspec import Meta, Struct

from emulator.clock import to_wire
from emulator.journal.journal import Entry
from emulator.journal.masking import Mask
from emulator.request import canonical

Name = Annotated[str, Meta(max_length=1_000)]
_NO_ACTION = "(no Action)"


class Search(Struct, frozen=True, forbid_unknown_fields=True):
    """A filter for calls: they must match every field that is given."""

    action: Name | None = None
    """The Action as it was sent."""
    code: Name | None = None
    """The code of the answer, as text."""
    method: Name | None = None
    """The HTTP method, GET or POST."""
    host: Name | None = None
    """The Host header as it was sent."""
    client: Name | None = None
    """The address of the client."""
    authentication: Name | None = None
    """verified, refused, not checked, accepted though wrong or not reached."""
    parameter: Name | None = None
    """A parameter that was sent: `name=value`, or a name alone."""
    fault: bool | None = None
    """Whether a fault fired."""
    began: bool | None = None
    """Whether the call began an operation."""
    changed: bool | None = None
    """Whether the call changed a row."""
    unknown: bool | None = None
    """Whether it sent a parameter that the contract does not know, or that the action did not read."""
    slower_than: Annotated[float, Meta(ge=0)] | None = None
    """The call took longer than this, in milliseconds."""
    since: Annotated[int, Meta(ge=0)] | None = None
    """The call came at this real time or later, in milliseconds since the epoch."""
    until: Annotated[int, Meta(ge=0)] | None = None
    """The call came at this real time or earlier, in milliseconds since the epoch."""
    limit: Annotated[int, Meta(ge=1, le=100_000)] = 100
    """How many of the newest matching calls to give at most."""

    def is_match(self, entry: Entry) -> bool:
        """Whether a call matches all fields but `unknown`, which needs the contract."""
        texts = (
            (self.action, entry.sent_action),
            (self.code, None if entry.code is None else str(entry.code)),
            (self.method, entry.method),
            (self.host, entry.authority),
            (self.client, entry.client),
            (self.authentication, entry.authentication),
        )
        facts = (
            (self.fault, entry.fault is not None),
            (self.began, bool(entry.begun)),
            (self.changed, entry.rows > 0),
        )
        return (
            all(wanted is None or wanted == found for wanted, found in (*texts, *facts))
            and (self.slower_than is None or entry.ticks > self.slower_than * 1_000_000)
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at <= self.until)
            and (self.parameter is None or _has_parameter(entry, self.parameter))
        )


def _has_parameter(entry: Entry, parameter: str) -> bool:
    name, equals, value = parameter.partition("=")
    sent = entry.request.parameters.get(canonical(name))
    return sent is not None and (not equals or sent == value)


class Verification(Struct, frozen=True, forbid_unknown_fields=True):
    """The calls that must have been made."""

    actions: Annotated[list[Name], Meta(min_length=1, max_length=100)]
    """The actions that must have been called."""
    times: Annotated[int, Meta(ge=0)] | None = None
    """How often each of them must have been called; left out: at least once."""
    parameters: dict[str, str] = {}
    """Values that the calls must have sent, by name."""
    in_order: bool = False
    """Whether the actions must have come in this order; others may have come between."""


def unknown_action(entries: Iterable[Entry], wanted: Verification, known: Collection[str]) -> str | None:
    """The first wanted action that is neither a known one nor the Action of any of these calls."""
    sent = {_action_name(entry) for entry in entries}
    return next((action for action in wanted.actions if action not in {*known, *sent, _NO_ACTION}), None)


def verify(entries: Iterable[Entry], wanted: Verification, mask: Mask) -> str:
    """The message of a failed verification, with the nearest call; empty if the calls are as wanted."""
    calls = list(entries)
    for action in dict.fromkeys(wanted.actions):
        found = [entry for entry in calls if _is_call_of(entry, action, wanted.parameters)]
        if len(found) != wanted.times if wanted.times is not None else not found:
            return _masked(_miscount(calls, action, wanted, len(found), mask), mask)
    if wanted.in_order:
        return _masked(_disorder(calls, wanted), mask)
    return ""


def _masked(message: str, mask: Mask) -> str:
    """The message without the SecretKeys that clients put in the place of an Action."""
    return mask.texts([message], [])[0]


def _is_call_of(entry: Entry, action: str, parameters: dict[str, str]) -> bool:
    return _action_name(entry) == action and not _differing_names(entry, parameters)


def _action_name(entry: Entry) -> str:
    return entry.sent_action or _NO_ACTION


def _miscount(calls: list[Entry], action: str, wanted: Verification, found: int, mask: Mask) -> str:
    world = calls[0].world if calls else None
    shown = dict(mask.masked(list(wanted.parameters.items()), world))
    how = f" with {', '.join(f'{name}={value!r}' for name, value in shown.items())}" if shown else ""
    expected = "at least once" if wanted.times is None else _times(wanted.times)
    lines = [f"{action} was called {_times(found)}{how}; expected {expected}"]
    nearest = _nearest(calls, action, wanted.parameters)
    if nearest is None:
        lines.append("nothing was called" if not calls else f"{len(calls)} other calls, none of them alike")
    elif found == 0:
        lines.append(f"nearest call: {summarise(nearest)}")
        lines += _differences(nearest, wanted.parameters, mask)
    else:
        lines += [f"call: {summarise(entry)}" for entry in calls if _is_call_of(entry, action, wanted.parameters)][-10:]
    return "\n".join(lines)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _nearest(calls: list[Entry], action: str, parameters: dict[str, str]) -> Entry | None:
    """The call of the action that differs least, else one of an action with a similar name; of equals the last."""
    same = [entry for entry in calls if _action_name(entry) == action]
    if same:
        return min(reversed(same), key=lambda entry: len(_differing_names(entry, parameters)))
    alike = get_close_matches(action, [_action_name(entry) for entry in calls], 1)
    return next((entry for entry in reversed(calls) if alike and _action_name(entry) == alike[0]), None)


def _differing_names(entry: Entry, parameters: dict[str, str]) -> list[str]:
    sent = entry.request.parameters if parameters else {}
    return [name for name, value in parameters.items() if sent.get(canonical(name)) != value]


def _differences(entry: Entry, parameters: dict[str, str], mask: Mask) -> list[str]:
    lines = []
    for name in _differing_names(entry, parameters):
        sent = entry.request.parameters.get(canonical(name))
        if sent is None:
            lines.append(f"  {name}: was not sent")
        elif mask.is_secret(name) or mask.is_secret_value(sent, entry.world):
            lines.append(f"  {name}: another value")
        else:
            wanted = mask.masked([(name, parameters[name])], entry.world)[0][1]
            lines.append(f"  {name}: {sent!r} instead of {wanted!r}")
    return lines


def _disorder(calls: list[Entry], wanted: Verification) -> str:
    remaining: Any = iter(calls)
    for place, action in enumerate(wanted.actions):
        if not any(_is_call_of(entry, action, wanted.parameters) for entry in remaining):
            before = f" after {wanted.actions[place - 1]}" if place else ""
            order = ", ".join(_action_name(entry) for entry in calls[-20:])
            return f"{action} was not called{before}; the calls were {order}"
    return ""


def summarise(entry: Entry) -> str:
    """One call on one line: action, time, outcome and request id."""
    outcome = f"code {entry.code}" if entry.code is not None else f"HTTP {entry.status or 'nothing'}"
    return f"{_action_name(entry)} at {to_wire(entry.at)}, {outcome} [{entry.request_id}]"
