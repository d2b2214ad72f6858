"""The API explorer: every action with its parameters, errors and answer; signed and sent from the page."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from emulator.chapters import RESOURCES
from emulator.checking.values import WrongValue
from emulator.console.page import Shown, Visit, change, page
from emulator.console.sending import MADE_ANEW, send
from emulator.contract import Action, Parameter, by_chapter, example, response_fields
from emulator.request import canonical
from emulator.world.accounts import all_credentials
from emulator.world.by_hand import UnknownThing
from emulator.world.paging import Order, listed
from emulator.world.world import World

_MOST_SUGGESTED = 20
_MORE = "more"
"""The field for parameters that have no field of their own."""
_PREFIX = "p."
"""What the names of a form's parameters begin with."""
_KINDS = {
    "instanceId": ("devices",),
    "vpcId": ("vpcs",),
    "unVpcId": ("vpcs",),
    "subnetId": ("subnets",),
    "unSubnetId": ("subnets",),
    "natId": ("nat_gateways",),
    "vpnGwId": ("ssl_vpns",),
    "eipId": ("eips",),
    "aclId": ("eip_acls",),
    "cmdId": ("scripts",),
    "loadBalancerId": ("load_balancers",),
    "listenerId": ("listeners", "forward_listeners"),
    "domainId": ("forward_domains",),
    "locationId": ("locations",),
    "certId": ("certificates",),
    "trafficMirrorId": ("traffic_mirrors",),
}
"""The kinds of things whose ids a parameter takes, by its name without the `s` of an array."""


class Asked(Struct, frozen=True):
    text: Annotated[str, Meta(max_length=200)] = ""
    """In the name or in what the action is for."""


class Field(NamedTuple):
    """A parameter as the form shows it."""

    parameter: Parameter
    entered: str
    suggested: list[str]
    """Ids of this world that fit."""
    allowed: str


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
        "fields": [_field(visit, world, parameter, shown) for parameter in action.parameters],
        "more": visit.form.get(_MORE, _without_field(action, shown)),
        "has_example": bool(example(action)) or any(parameter.required for parameter in action.parameters),
        "answer_fields": response_fields(action),
        "secret_ids": [found.secret_id for found in all_credentials(world)],
        "prefix": _PREFIX,
    }
    return Shown("action.html", values)


@change("/w/{world}/actions/{module}/{action}/send", on_refusal=one_action)
async def send_action(visit: Visit) -> str:
    """Sign and send what was entered, and show the call."""
    action, _begins = _found(visit)
    pairs = [pair for parameter in action.parameters for pair in _pairs(parameter, visit.form)]
    if region := visit.form.get("region", "").strip():
        pairs.append(("Region", region))
    how = {"host": action.hosts[0], "secret_id": visit.form.get("secret_id"), "method": visit.form.get("method")}
    more = _lines(visit.form.get(_MORE, ""), "more parameters")
    if own := [name for name, _value in more if canonical(name) in MADE_ANEW]:
        raise WrongValue(f"more parameters: the console itself makes {', '.join(own)}; leave it out")
    return await send(visit, visit.path["world"], action.name, [*pairs, *more], **how)


def _found(visit: Visit) -> tuple[Action, bool]:
    module, name = visit.path["module"], visit.path["action"]
    routed = next((found for key, found in visit.control.routes.actions.items() if key == (module, name)), None)
    if routed is None:
        raise UnknownThing(f"the module {module} has no action {name}")
    return routed.action, routed.begins_operations


def _field(visit: Visit, world: World, parameter: Parameter, shown: Mapping[str, str]) -> Field:
    ids = _ids(world, parameter)
    example_value = _as_entered(parameter, shown)
    if not example_value and visit.query.get("example") and parameter.required:
        example_value = _made_up(parameter, ids)
    return Field(parameter, visit.form.get(_PREFIX + parameter.name, example_value), ids, _allowed(parameter))


def _made_up(parameter: Parameter, ids: list[str]) -> str:
    """A value that a required parameter may have, where the page's example has none."""
    choices = [*ids[:1], *(str(value) for value in parameter.enum or ()), str(parameter.default or "")]
    if parameter.type.removeprefix("Array(").startswith("Int"):
        choices.append(f"{parameter.min:g}" if parameter.min else "1")
    if parameter.format == "base64":
        choices.append("bHM=")
    return next((value for value in choices if value), "")


def _as_entered(parameter: Parameter, sent: Mapping[str, str]) -> str:
    """What somebody enters to send those values."""
    own = {name: value for name, value in sent.items() if name.partition(".")[0] in (parameter.name, parameter.alias)}
    if parameter.fields:
        return "\n".join(f"{name.partition('.')[2]}={value}" for name, value in own.items())
    return "\n".join(own.values())


def _without_field(action: Action, sent: Mapping[str, str]) -> str:
    """What an example sends although the page documents no such parameter, `name=value`, one a line."""
    known = {name for parameter in action.parameters for name in (parameter.name, parameter.alias)}
    return "\n".join(f"{name}={value}" for name, value in sent.items() if name.partition(".")[0] not in known)


def _ids(world: World, parameter: Parameter) -> list[str]:
    """Ids of the world's things of the kind that the parameter is named after."""
    found: list[str] = []
    for plural in _KINDS.get(parameter.name.removesuffix("s"), ()):
        resource = RESOURCES[plural]
        rows = listed(world, resource, [], Order((resource.id,)), limit=_MOST_SUGGESTED)[0]
        found += [str(getattr(row, resource.id)) for row in rows]
    return found


def _allowed(parameter: Parameter) -> str:
    """What a value may be, in short."""
    if parameter.enum:
        return " | ".join(str(value) for value in parameter.enum)
    bounds = [f"≥ {parameter.min:g}" if parameter.min is not None else ""]
    bounds.append(f"≤ {parameter.max:g}" if parameter.max is not None else "")
    default = f"= {parameter.default}" if parameter.default is not None else ""
    return ", ".join(text for text in (*bounds, default, parameter.rule) if text)


def _pairs(parameter: Parameter, form: dict[str, str]) -> list[tuple[str, str]]:
    """What was entered for a parameter; of an array, a value a line."""
    entered = form.get(_PREFIX + parameter.name, "")
    if entered == "":
        return []
    if parameter.fields:
        return [(f"{parameter.name}.{name}", value) for name, value in _lines(entered, parameter.name)]
    if not parameter.is_array:
        return [(parameter.name, entered.replace("\r\n", "\n"))]
    values = [value.strip() for value in entered.replace(",", "\n").splitlines() if value.strip()]
    return [(f"{parameter.name}.{place}", value) for place, value in enumerate(values)]


def _lines(text: str, what: str) -> list[tuple[str, str]]:
    """`name=value`, one a line. Raises WrongValue."""
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    for name, equals, _value in pairs:
        if not equals:
            raise WrongValue(f"{what}: {name!r} has to be name=value")
    return [(name.strip(), value) for name, _equals, value in pairs]
