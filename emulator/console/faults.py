"""Fault rules and incidents: how often each was seen and fired, and a form that offers only what can be."""

from typing import Any

import msgspec

from emulator.chapters import RESOURCES
from emulator.checking.values import WrongValue, converted
from emulator.console.page import Shown, Visit, change, page
from emulator.contract import Action
from emulator.control import faults
from emulator.control.faults import FaultView
from emulator.gateway.common_errors import COMMON_ERRORS
from emulator.world.by_hand import UnknownThing
from emulator.world.rules import FaultRule

PLAIN = {
    "cut": "close the connection without an answer",
    "lose_answer": "do the work, but send no answer",
    "truncate": "do the work, but send half of the answer",
    "html": "answer an HTML page",
}
"""What a rule can do without a value of its own."""
OPERATIONS = {
    "fail": "the work that it begins fails",
    "hang": "the work that it begins hangs",
    "late": "the work that it begins is late",
}
STATUSES = (500, 502, 503, 504)
_NUMBERS = ("times", "skip", "lasts", "delay", "late_by", "hangs_at")
_CONDITIONS = ("secret_id", "device", "device_state", "resource", "kind", "state", "skip", "times", "lasts")
_TEXTS = ("resource", "secret_id")


class _Row(FaultView, frozen=True, kw_only=True):
    conditions: dict[str, str]
    """What calls have to be like, besides their action, by the names of the rule's fields."""


@page("/w/{world}/faults")
def rules(visit: Visit) -> Shown:
    """The rules and incidents of a world."""
    chosen = visit.form.get("action", visit.query.get("action", ""))
    routed = visit.control.routes.named(chosen)
    if chosen and routed is None:
        raise UnknownThing(f"no action is named {chosen}")
    found: list[FaultView] = visit.call(faults.list_faults, faults.Which())
    values = {
        "rules": [_Row(**msgspec.structs.asdict(view), conditions=_conditions(view.rule)) for view in found],
        "incidents": visit.call(faults.list_incidents),
        "running": visit.call(faults.list_running_incidents),
        "actions": sorted({name for _module, name in visit.control.routes.actions}),
        "chosen": chosen,
        "errors": _errors(routed.action if routed else None),
        "error": visit.form.get("does", f"error:{visit.query['error']}" if "error" in visit.query else ""),
        "plain": PLAIN,
        "statuses": STATUSES,
        "operations": OPERATIONS if routed is None or routed.begins_operations else {},
        "states": {name: kind.states.names for name, kind in RESOURCES.items() if kind.states},
    }
    return Shown("faults.html", values)


@change("/w/{world}/faults/set", on_refusal=rules)
def set_rule(visit: Visit) -> str:
    """Set the rule that was entered."""
    visit.call(faults.set_fault, _rule(visit.form))
    return visit.at("faults", said="rule_set")


@change("/w/{world}/faults/clear", on_refusal=rules)
def clear(visit: Visit) -> str:
    """Take all rules back."""
    visit.call(faults.clear_faults)
    return visit.at("faults", said="gone")


@change("/w/{world}/faults/remove/{fault}", on_refusal=rules)
def remove(visit: Visit) -> str:
    """Take one rule back."""
    visit.call(faults.remove_fault)
    return visit.at("faults", said="gone")


@change("/w/{world}/incidents/start/{incident}", on_refusal=rules)
def start(visit: Visit) -> str:
    """Start an incident, from the beginning if it is going on."""
    visit.call(faults.start_incident)
    return visit.at("faults", said="started")


@change("/w/{world}/incidents/stop/{incident}", on_refusal=rules)
def stop(visit: Visit) -> str:
    """Stop an incident."""
    visit.call(faults.stop_incident)
    return visit.at("faults", said="stopped")


def _errors(action: Action | None) -> dict[str, str]:
    """What may be answered in place of an answer: the errors of the action, or the common ones; names by number."""
    own = {str(error.code): f"{error.code} {error.name}: {error.text}" for error in (action.errors if action else ())}
    every = {str(code): f"{code} {found.name or ''}: {found.text}" for code, found in sorted(COMMON_ERRORS.items())}
    return own | {code: label for code, label in every.items() if code not in own}


def _conditions(rule: FaultRule) -> dict[str, str]:
    found = {name: getattr(rule, name) for name in _CONDITIONS}
    sent = {f"{name} =": value for name, value in rule.parameters.items()}
    return {name: str(value) for name, value in {**found, **sent}.items() if value}


def _rule(form: dict[str, str]) -> FaultRule:
    """The rule that a form describes. Raises WrongValue."""
    values: dict[str, Any] = {name: form[name] for name in ("action", *_NUMBERS, *_TEXTS) if form.get(name)}
    kind, _, value = form.get("does", "").partition(":")
    if kind in ("error", "http_status", "operation") and value:
        values[kind] = int(value) if value.lstrip("-").isdecimal() else value
    elif kind in PLAIN:
        values[kind] = True
    elif kind:
        raise WrongValue(f"does: a rule cannot do {form['does']!r}")
    if state := form.get("state"):
        values["kind"], _, values["state"] = state.partition(":")
    for name in _NUMBERS:
        if name in values:
            values[name] = _number(name, values[name])
    values |= {"parameters": _parameters(form.get("parameters", ""))} if form.get("parameters") else {}
    rule: FaultRule = converted(values, FaultRule, whole="the rule")
    return rule


def _number(name: str, text: str) -> int | float:
    try:
        return msgspec.json.decode(text, type=int | float)
    except msgspec.DecodeError as error:
        raise WrongValue(f"{name}: {text!r} is no number") from error


def _parameters(text: str) -> dict[str, str]:
    """`name=value`, one a line."""
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    if any(not equals for _name, equals, _value in pairs):
        raise WrongValue("parameters: each line has to be name=value")
    return {name.strip(): value.strip() for name, _equals, value in pairs}
