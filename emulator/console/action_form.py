"""The form of an action in the API explorer: a field for each parameter, filled with an example if one is asked for."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from emulator.chapters import RESOURCES
from emulator.console.page import Visit
from emulator.contract import Action, Parameter
from emulator.journal.masking import PRIVATE_KEY, Mask
from emulator.world.paging import Order, listed
from emulator.world.world import World

PREFIX = "p."
"""What the names of the form's parameters begin with."""
_MOST_SUGGESTED = 20
_OF_LINES = re.compile(r"(?i)(cert|key|content)$")
"""The names of parameters whose values are texts of several lines."""
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


class Field(NamedTuple):
    """A parameter as the form shows it."""

    parameter: Parameter
    entered: str
    suggested: list[str]
    """Ids of this world that fit."""
    allowed: str
    is_secret: bool
    has_lines: bool
    """Whether a value has lines of its own, as a certificate has."""


def fields(visit: Visit, world: World, action: Action, shown: Mapping[str, str]) -> list[Field]:
    """A field for each parameter, with what was entered, but for secrets, or with what an example has."""
    return [_field(visit, world, parameter, shown) for parameter in action.parameters]


def shown_lines(lines: str, mask: Mask, world: str) -> str:
    """What was entered as `name=value`, one a line; nothing of it where a name or a value is secret."""
    names = [line.partition("=")[0].strip() for line in lines.splitlines()]
    return "" if any(map(mask.is_secret, names)) else _without_secret(lines, mask, world)


def _without_secret(entered: str, mask: Mask, world: str) -> str:
    return "" if PRIVATE_KEY in entered or mask.is_secret_value(entered, world) else entered


def _field(visit: Visit, world: World, parameter: Parameter, shown: Mapping[str, str]) -> Field:
    ids, mask = _ids(world, parameter), visit.control.mask
    entered = visit.form.get(PREFIX + parameter.name)
    is_secret = mask.is_secret(parameter.name)
    if entered is None:
        entered = _as_entered(parameter, shown)
        if not entered and visit.query.get("example") and parameter.required:
            entered = _made_up(parameter, ids)
    elif is_secret:
        entered = ""
    else:
        entered = (
            shown_lines(entered, mask, world.name) if parameter.fields else _without_secret(entered, mask, world.name)
        )
    return Field(parameter, entered, ids, _allowed(parameter), is_secret, bool(_OF_LINES.search(parameter.name)))


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


def without_field(action: Action, sent: Mapping[str, str]) -> str:
    """What an example sends although the page documents no such parameter, `name=value`, one a line."""
    known = {name for parameter in action.parameters for name in (parameter.name, parameter.alias)}
    return "\n".join(f"{name}={value}" for name, value in sent.items() if name.partition(".")[0] not in known)


def _ids(world: World, parameter: Parameter) -> list[str]:
    """Ids of the world's things of the kind that the parameter is named after."""
    if parameter.name.removesuffix("s") == "zoneId":
        return [str(zone.id) for zone in world.catalogue.zones]
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
