"""An id becomes a record, or the page's own error.

An id that names something of the account is that thing, whatever its form (the documentation's own examples use
`sort` and `sdfrfss`). Of the others, what has the printed form is something that does not exist, and anything else is
no id at all; where a page documents an error for each, they get these. Another account's things do not exist.
"""

from typing import Any, TypeVar

from emulator.call import BadParameter, Call, Refusal
from emulator.chapters.vpc.records.networks import VPCS
from emulator.world.paging import Order, Where, among, equals, listed
from emulator.world.resource import Resource

R = TypeVar("R", bound=tuple[Any, ...])
_SERVERS = {"devices": "server", "hosted": "server", "vpcs": "VPC"}
"""What texts about regions call some kinds of things."""


def seen(call: Call, resource: Resource[R], id: str | int) -> R | None:
    """The account's thing of that id, if the call sees its zone (gateway/region.py)."""
    found = resource.find(call.world, call.account_id, id)
    zone = getattr(found, "zone_id", None)
    return found if zone is None or call.sees(str(id), zone, _SERVERS.get(resource.plural, kind_of(resource))) else None


def kind_of(resource: Resource[Any]) -> str:
    return resource.singular.replace("_", " ")


def seen_only(call: Call) -> list[Where]:
    """The condition that limits a list to what is in a zone that the call sees."""
    return [] if call.zones is None else [among("zone_id", call.zones)]


def in_seen_vpcs(call: Call) -> list[Where]:
    """The condition that limits a list of things in VPCs to those whose VPC the call sees."""
    if call.zones is None:
        return []
    own = [equals("account_id", call.account_id), *seen_only(call)]
    return [among("vpc", [vpc.un_id for vpc in listed(call.world, VPCS, own, Order(("id",)))[0]])]


def find(
    call: Call,
    resource: Resource[R],
    id: str | int,
    *,
    unknown: str | int | None,
    malformed: str | int | None = None,
    subject: str = "",
) -> R:
    """The account's thing of that id. Raises a Refusal.

    `unknown`, `malformed`: the error's name or number; without `malformed` it is `unknown` too. Where the page has none
    for what does not exist, `unknown` is None: it is a bad parameter. `subject`: the parameter's name, where the
    message holds it.
    """
    found = seen(call, resource, id)
    if found is not None:
        return found
    name = kind_of(resource)
    if unknown is None:
        raise BadParameter(subject, f"the account has no {name} {id!r}")
    if malformed is None or resource.looks_like(str(id)):
        raise Refusal(unknown, subject=subject, why=f"the account has no {name} {id!r}")
    form = resource.form or f"{resource.prefix}- and eight characters of a-z0-9"
    raise Refusal(malformed, subject=subject, why=f"{id!r} is no id of a {name}: {form}")
