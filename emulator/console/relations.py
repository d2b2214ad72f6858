"""What belongs together: the things that a thing names, and those that name it.

A column refers to a thing where it holds the id of one, so that this works for every kind without knowing one.
"""

from typing import Any, NamedTuple

from emulator.chapters import RESOURCES
from emulator.world.paging import Order, equals, listed
from emulator.world.resource import Resource
from emulator.world.world import World

MOST = 20
"""Ids of one kind that a page names."""
_PLACES = ("vpc", "subnet", "listener_id", "lb_id", "domain_id", "holder", "target", "instance_id", "bound_to", "acl")


class Link(NamedTuple):
    label: str
    plural: str
    id: str


class Group(NamedTuple):
    plural: str
    column: str
    ids: list[str]
    total: int


def references(world: World, resource: Resource[Any], record: Any) -> list[Link]:
    """The things whose ids stand in the columns of a record."""
    found = []
    for column, value in zip(resource.record._fields, record, strict=True):
        if column == resource.id or not _may_refer(column) or not isinstance(value, str) or not value:
            continue
        found += [Link(column, _name(other), value) for other in _shown() if _names(world, other, value)]
    return found


def belonging(world: World, id: str) -> list[Group]:
    """The things that have the id in a column of theirs, by kind."""
    found = []
    for other in _shown():
        for column in _columns(other):
            rows, total = listed(world, other, [equals(column, id)], Order((other.id,)), limit=MOST)
            if total:
                found.append(Group(_name(other), column, [str(getattr(row, other.id)) for row in rows], total))
    return found


def _columns(resource: Resource[Any]) -> list[str]:
    """The columns of a kind that may hold the id of another thing."""
    return [name for name in resource.record._fields if name != resource.id and _may_refer(name)]


def _may_refer(name: str) -> bool:
    return name in _PLACES or (name.endswith("_id") and name not in {"account_id", "zone_id", "project_id", "raid_id"})


def _names(world: World, other: Resource[Any], id: str) -> bool:
    return other.find_any(world, id) is not None


def _shown() -> list[Resource[Any]]:
    return [resource for resource in RESOURCES.values() if resource.by_hand]


def _name(resource: Resource[Any]) -> str:
    assert resource.by_hand  # noqa: S101
    return resource.by_hand.plural or resource.plural
