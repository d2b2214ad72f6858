"""What belongs together: the things that a thing names, and those that name it."""

from typing import Any, NamedTuple

from emulator.chapters import RESOURCES
from emulator.world.paging import Order, equals, listed
from emulator.world.resource import Resource
from emulator.world.world import World

MOST = 20
"""Ids of one kind that a page names."""
REFERS_TO: dict[str, tuple[str, ...]] = {
    "vpc": ("vpcs",),
    "subnet": ("subnets",),
    "instance_id": ("devices", "hosted"),
    "target": ("devices",),
    "bound_to": ("devices", "nat_gateways"),
    "acl": ("eip_acls",),
    "nat_id": ("nat_gateways",),
    "vpn_gw_id": ("ssl_vpns",),
    "lb_id": ("load_balancers",),
    "listener_id": ("listeners", "forward_listeners"),
    "domain_id": ("forward_domains",),
    "holder": ("listeners", "locations", "load_balancers", "traffic_mirrors"),
    "mirror_id": ("traffic_mirrors",),
    "cert_id": ("certificates",),
    "cert_ca_id": ("certificates",),
    "cmd_id": ("scripts",),
}
"""The kinds of things whose ids stand in a column, by the column's name, which means the same in every kind."""
NO_THINGS = {
    "account_id",
    "asset_id",
    "auto_id",
    "idc_id",
    "isp_id",
    "kafka_id",
    "position_id",
    "project_id",
    "rack_id",
    "raid_id",
    "system_id",
    "vlan_id",
    "zone_id",
}
"""Columns whose names end as that of an id, and that name nothing in the inventory."""


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
        if column == resource.id or not value:
            continue
        kinds = [RESOURCES[plural] for plural in REFERS_TO.get(column, ())]
        found += [Link(column, name_of(kind), value) for kind in kinds if kind.find_any(world, value) is not None]
    return found


def belonging(world: World, kind: Resource[Any], id: str) -> list[Group]:
    """The things that name one of a kind, by their kind and the column that names it."""
    columns = [column for column, plurals in REFERS_TO.items() if kind.plural in plurals]
    found = []
    for other in RESOURCES.values():
        for column in columns if other.by_hand else ():
            if column == other.id or column not in other.record._fields:
                continue
            rows, total = listed(world, other, [equals(column, id)], Order((other.id,)), limit=MOST)
            if total:
                found.append(Group(name_of(other), column, [str(getattr(row, other.id)) for row in rows], total))
    return found


def found_by_id(world: World, id: str) -> Link | None:
    """The thing of an id, whatever kind it is."""
    kinds = [kind for kind in RESOURCES.values() if kind.by_hand]
    likely = sorted(kinds, key=lambda kind: not kind.looks_like(id))  # the printed examples have ids of other forms
    found = next((kind for kind in likely if kind.find_any(world, id) is not None), None)
    return Link(found.singular, name_of(found), id) if found else None


def name_of(resource: Resource[Any]) -> str:
    """What a kind is called in addresses."""
    return (resource.by_hand.plural if resource.by_hand else "") or resource.plural
