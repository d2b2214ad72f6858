"""A drawing of one VPC: its subnets with the servers in them, its gateways, balancers and elastic IPs, by state."""

from typing import Any, NamedTuple

from emulator.chapters import RESOURCES
from emulator.console.fleet import settled
from emulator.console.page import Shown, Visit, page
from emulator.world.by_hand import UnknownThing
from emulator.world.paging import Order, equals, listed
from emulator.world.resource import Resource
from emulator.world.world import World

_SUBNETS, _DEVICES = "subnets", "devices"
_IN_SUBNETS = (_DEVICES, "hosted", "interfaces")
_BESIDE = ("nat_gateways", "ssl_vpns", "load_balancers", "traffic_mirrors", "eips")
MOST_SUBNETS, MOST_SQUARES, MOST_BESIDE = 30, 180, 60
"""What a drawing holds at most; a VPC may have thousands of servers."""
_MOST_IN_SUBNET = 60
_BOX, _GAP, _COLUMNS, _WIDTH = 26, 6, 12, 440
_LINE = 24
_GOOD = {"running", "bound", "unbound", "joined", "created"}


class Square(NamedTuple):
    """A thing in a subnet."""

    x: int
    y: int
    plural: str
    id: str
    title: str
    tone: str


class Row(NamedTuple):
    """A thing beside the subnets."""

    y: int
    plural: str
    id: str
    title: str
    tone: str


class Subnet(NamedTuple):
    y: int
    height: int
    id: str
    title: str
    squares: list[Square]
    more: int


@page("/w/{world}/map/{vpc}")
def draw(visit: Visit) -> Shown:
    """The drawing of the VPC of that id."""
    world, id = settled(visit), visit.path["vpc"]
    vpc = RESOURCES["vpcs"].find_any(world, id)
    if vpc is None:
        raise UnknownThing(f"the world has no VPC {id!r}")
    subnets, total = _in(world, _SUBNETS, "vpc", id, MOST_SUBNETS)
    boxes: list[Subnet] = []
    y = 60
    for record in subnets:
        boxes.append(_subnet(world, record, y, min(_MOST_IN_SUBNET, MOST_SQUARES // len(subnets))))
        y += boxes[-1].height + _GAP * 2
    beside = {plural: _in(world, plural, "vpc", id, MOST_BESIDE) for plural in _BESIDE}
    rows = [
        Row(0, plural, str(getattr(record, RESOURCES[plural].id)), _title(plural, record), _tone(plural, record))
        for plural, (records, _total) in beside.items()
        for record in records
    ][:MOST_BESIDE]
    placed = [row._replace(y=60 + place * _LINE) for place, row in enumerate(rows)]
    values = {
        "id": id,
        "vpc": vpc,
        "subnets": boxes,
        "more_subnets": max(0, total - MOST_SUBNETS),
        "rows": placed,
        "more_rows": sum(count for _records, count in beside.values()) - len(rows),
        "height": max(y, 60 + len(rows) * _LINE) + 20,
        "box": _BOX,
        "left": _WIDTH,
    }
    return Shown("map.html", values)


def _in(world: World, plural: str, column: str, id: str, most: int) -> tuple[list[Any], int]:
    resource = RESOURCES[plural]
    return listed(world, resource, [equals(column, id)], Order((resource.id,)), limit=most)


def _subnet(world: World, record: Any, y: int, most: int) -> Subnet:
    found: list[tuple[str, Any]] = []
    total = 0
    for plural in _IN_SUBNETS:
        rows, count = _in(world, plural, "subnet", record.un_id, most)
        found += [(plural, row) for row in rows]
        total += count
    squares = [_square(place, y, plural, row) for place, (plural, row) in enumerate(found[:most])]
    lines = max(1, -(-len(squares) // _COLUMNS))
    title = f"{record.name} · {record.cidr}"
    return Subnet(y, 30 + lines * (_BOX + _GAP), record.un_id, title, squares, max(0, total - len(squares)))


def _square(place: int, y: int, plural: str, record: Any) -> Square:
    row, column = divmod(place, _COLUMNS)
    x = 32 + column * (_BOX + _GAP)
    top = y + 24 + row * (_BOX + _GAP)
    return Square(
        x, top, plural, str(getattr(record, RESOURCES[plural].id)), _title(plural, record), _tone(plural, record)
    )


def _title(plural: str, record: Any) -> str:
    """The kind, the id, the name, the address and the state, as far as there are such."""
    resource = RESOURCES[plural]
    named = [getattr(record, name, "") for name in (resource.id, "alias", "name", "lan_ip", "eip", "vip")]
    words = [resource.singular.replace("_", " "), *(str(word) for word in named if word), _state(resource, record)]
    return " ".join(dict.fromkeys(word for word in words if word))


def _state(resource: Resource[Any], record: Any) -> str:
    return resource.states.name_of(record) if resource.states else ""


def _tone(plural: str, record: Any) -> str:
    """How a thing is coloured: good, busy or bad, or plain where it has no states."""
    state = _state(RESOURCES[plural], record)
    if not state or state in _GOOD:
        return "good" if state else "plain"
    return "busy" if state.partition("-")[0].endswith("ing") else "bad"
