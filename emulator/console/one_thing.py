"""One thing: its fields, what belongs to it, its work, its calls, and the form that sets it."""

from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from emulator.console.calls import line
from emulator.console.fleet import kinds_named, settled
from emulator.console.forms import Input, changes_entered, inputs
from emulator.console.page import Shown, Visit, change, page
from emulator.console.relations import belonging, references
from emulator.console.values import cell, field, holds_secrets
from emulator.console.work import work_about
from emulator.journal.journal import Entry
from emulator.journal.json_masking import is_secret, without_secrets
from emulator.journal.masking import Mask
from emulator.world.by_hand import UnknownThing
from emulator.world.facets import ByHand
from emulator.world.resource import Resource
from emulator.world.world import World

_MOST_CALLS = 10
_CALLS_LOOKED_AT = 5_000


@page("/w/{world}/fleet/{kind}/{id:path}")
def thing(visit: Visit) -> Shown:
    """All that is known of a thing; its secrets only where they were asked for."""
    world, mask = settled(visit), visit.control.mask
    resource, by_hand, record = _find(world, visit)
    view = by_hand.show(world, record)
    id, reveals = str(getattr(record, resource.id)), bool(visit.query.get("secrets"))
    values = {
        "kind": visit.path["kind"],
        "id": id,
        "fields": {
            name: field(name, value, mask, reveals=reveals) for name, value in msgspec.structs.asdict(view).items()
        },
        "reveals": reveals,
        "has_secrets": holds_secrets(msgspec.to_builtins(view), mask),
        "references": references(world, resource, record),
        "belonging": belonging(world, resource, id),
        "work": work_about(world, id),
        "calls": [line(visit.control, entry) for entry in _calls_about(visit, id)],
        "inputs": _inputs(visit, by_hand, view),
        "every_world": False,
    }
    return Shown("thing.html", values)


@change("/w/{world}/set/{kind}/{id:path}", on_refusal=thing)
def set_thing(visit: Visit) -> str:
    """Set a thing by hand. What cannot be is refused, with the reason."""
    world = settled(visit)
    _resource, by_hand, record = _find(world, visit)
    changes = changes_entered(by_hand.changes, visit.form)
    with world.transaction:
        by_hand.change(world, record, changes)
    return visit.at("fleet", visit.path["kind"], visit.path["id"], said="set")


def _find(world: World, visit: Visit) -> tuple[Resource[Any], ByHand, Any]:
    kinds = kinds_named(visit)
    for resource, by_hand in kinds:
        record = resource.find_any(world, visit.path["id"])
        if record is not None:
            return resource, by_hand, record
    raise UnknownThing(f"the world has no {kinds[0][0].singular.replace('_', ' ')} {visit.path['id']!r}")


def _inputs(visit: Visit, by_hand: ByHand, view: Struct) -> list[Input]:
    mask = visit.control.mask
    found = inputs(by_hand.changes, visit.form)
    return [_without_secrets(one, getattr(view, one.name, ""), mask) for one in found]


def _without_secrets(one: Input, now: object, mask: Mask) -> Input:
    """The input with the value that the thing has, and without a secret that was entered."""
    if is_secret(one.name, mask):
        return one._replace(kind="password", entered="")
    entered = one.entered if without_secrets(one.entered, mask) == one.entered else ""
    return one._replace(now=cell(now), entered=entered)


def _calls_about(visit: Visit, id: str) -> list[Entry]:
    """The newest calls that name a thing."""
    looked_at = islice(visit.control.journals.newest(visit.path["world"]), _CALLS_LOOKED_AT)
    wanted = id.encode()
    about = (entry for entry in looked_at if wanted in entry.raw or any(on == id for _kind, on in entry.begun))
    return list(islice(about, _MOST_CALLS))
