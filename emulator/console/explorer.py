"""The API explorer: every action with its parameters, errors and answer; signed and sent from the page."""

from typing import Annotated

from msgspec import Meta, Struct

from emulator.checking.values import WrongValue
from emulator.console.action_form import PREFIX, fields, shown_lines, without_field
from emulator.console.page import Shown, Visit, change, page
from emulator.console.sending import MADE_ANEW, send
from emulator.contract import Action, Parameter, by_chapter, example, response_fields
from emulator.request import canonical
from emulator.world.accounts import all_credentials
from emulator.world.by_hand import UnknownThing

_BEGIN, _END = "-----BEGIN", "-----END"
_MORE = "more"
"""The field for parameters that have no field of their own."""


class Asked(Struct, frozen=True):
    text: Annotated[str, Meta(max_length=200)] = ""
    """In the name or in what the action is for."""


@page("/w/{world}/actions")
def actions(visit: Visit) -> Shown:
    """All actions, by chapter."""
    visit.control.worlds.named(visit.path["world"])
    wanted: Asked = visit.asked(Asked)
    text = wanted.text.casefold()
    chapters = {
        name: [action for action in found if text in f"{action.name} {action.summary}".casefold()]
        for name, found in by_chapter().items()
    }
    total = sum(map(len, chapters.values()))
    return Shown("actions.html", {"chapters": chapters, "text": wanted.text, "total": total})


@page("/w/{world}/actions/{module}/{action}")
def one_action(visit: Visit) -> Shown:
    """One action: its form, its errors, its answer."""
    world = visit.control.worlds.named(visit.path["world"])
    action, begins = _found(visit)
    shown = example(action) if visit.query.get("example") else {}
    values = {
        "action": action,
        "begins_work": begins,
        "fields": fields(visit, world, action, shown),
        "more": shown_lines(visit.form.get(_MORE, without_field(action, shown)), visit.control.mask, world.name),
        "has_example": bool(example(action)) or any(parameter.required for parameter in action.parameters),
        "answer_fields": response_fields(action),
        "secret_ids": [found.secret_id for found in all_credentials(world)],
        "prefix": PREFIX,
    }
    return Shown("action.html", values)


@change("/w/{world}/actions/{module}/{action}/send", on_refusal=one_action)
async def send_action(visit: Visit) -> str:
    """Sign and send what was entered, and show the call."""
    action, _begins = _found(visit)
    _check_form(visit, action)
    pairs = [pair for parameter in action.parameters for pair in _pairs(parameter, visit.form)]
    if region := visit.form.get("region", "").strip():
        pairs.append(("Region", region))
    how = {"host": action.hosts[0], "secret_id": visit.form.get("secret_id"), "method": visit.form.get("method")}
    more = _lines(visit.form.get(_MORE, ""), "more parameters")
    if own := [name for name, _value in more if canonical(name) in MADE_ANEW]:
        raise WrongValue(f"more parameters: the console itself makes {', '.join(own)}; leave it out")
    return await send(visit, visit.path["world"], action.name, [*pairs, *more], **how)


def _check_form(visit: Visit, action: Action) -> None:
    """Raises WrongValue for what no form of this page has."""
    known = {PREFIX + parameter.name for parameter in action.parameters}
    if strange := [name for name in visit.form if name.startswith(PREFIX) and name not in known]:
        raise WrongValue(f"the form: {action.name} has no field {', '.join(strange)}")
    if visit.form.get("method") not in (None, "", "GET", "POST"):
        raise WrongValue(f"method: {visit.form['method']!r} is neither GET nor POST")
    world = visit.control.worlds.named(visit.path["world"])
    wanted = visit.form.get("secret_id")
    if wanted and wanted not in [found.secret_id for found in all_credentials(world)]:
        raise WrongValue("secret_id: no account of this world has it")


def _found(visit: Visit) -> tuple[Action, bool]:
    module, name = visit.path["module"], visit.path["action"]
    routed = next((found for key, found in visit.control.routes.actions.items() if key == (module, name)), None)
    if routed is None:
        raise UnknownThing(f"the module {module} has no action {name}")
    return routed.action, routed.begins_operations


def _pairs(parameter: Parameter, form: dict[str, str]) -> list[tuple[str, str]]:
    """What was entered for a parameter; of an array, a value a line."""
    entered = form.get(PREFIX + parameter.name, "")
    if entered == "":
        return []
    if parameter.fields:
        return [(f"{parameter.name}.{name}", value) for name, value in _lines(entered, parameter.name)]
    if not parameter.is_array:
        return [(parameter.name, entered.replace("\r\n", "\n"))]
    values = [value.strip() for value in entered.replace(",", "\n").splitlines() if value.strip()]
    return [(f"{parameter.name}.{place}", value) for place, value in enumerate(values)]


def _lines(text: str, what: str) -> list[tuple[str, str]]:
    """`name=value`, one a line; a value in PEM form goes on to its last line. Raises WrongValue."""
    pairs: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if pairs and _BEGIN in pairs[-1][1] and _END not in pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}\n{line}")
        elif line.strip():
            name, equals, value = line.partition("=")
            if not equals:
                raise WrongValue(f"{what}: line {number} has to be name=value")
            pairs.append((name.strip(), value))
    return pairs
