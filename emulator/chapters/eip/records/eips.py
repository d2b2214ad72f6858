"""Elastic IPs: declared as a kind of thing, found, and bound to what has them."""

from typing import Any

from emulator.chapters.eip.records.eip import HELD, WITH_HOLDER, BoundTo, Eip, EipStatus, SeedEip
from emulator.world.by_hand import ImpossibleChange
from emulator.world.facets import States
from emulator.world.paging import Order, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

_SERVERS, _BALANCERS = "devices", "load_balancers"
_SORTED_BY = ("eip", "status", "bound_to", "created_at")


def _why_impossible(world: World, eip: Eip) -> str | None:
    if (eip.status in WITH_HOLDER) != bool(eip.bound_to) and eip.status != EipStatus.CREATING:
        return f"{eip.eip_id} has status {eip.status}: bound_to goes with 1 (being bound), 2 (bound) and 3 alone"
    if any(other.eip_id != eip.eip_id for other in listed(world, EIPS, [equals("eip", eip.eip)], _BY_ID)[0]):
        return f"{eip.eip} is the address of another elastic IP"
    if eip.kind in (BoundTo.SERVER, BoundTo.VPC_IP):
        others = [other.eip_id for other in sharing(world, eip) if other.eip_id != eip.eip_id]
        if others:
            return f"{eip.bound_to} has {others[0]}: it can have one elastic IP"
    return None


def _check_seed(world: World, seed: SeedEip) -> None:
    fields: dict[str, Any] = {name: getattr(seed, name) for name in seed.__struct_fields__}
    if why := _why_impossible(world, Eip(account_id=0, **fields)):
        raise LookupError(why)


_seeds, _by_hand = plain(
    "eips",
    SeedEip,
    "name",
    "vpc",
    "exclusive",
    "tunnel",
    "status",
    "bound_to",
    "pay_mode",
    "bandwidth",
    "acl",
    check=_check_seed,
)


def _sow(world: World, account_id: int, seed: SeedEip) -> None:
    _seeds.sow(world, account_id, seed)
    show_at_server(world, seed.bound_to)


def _change(world: World, eip: Eip, changes: Any) -> None:
    _by_hand.change(world, eip, changes)
    changed = EIPS.find_any(world, eip.eip_id) or eip
    if why := _why_impossible(world, changed):
        raise ImpossibleChange(why)
    for holder in {eip.bound_to, changed.bound_to}:
        show_at_server(world, holder)


EIPS: Resource[Eip] = Resource(
    "eips",
    "eip",
    Eip,
    id="eip_id",
    prefix="eip",
    indexes=(
        *(("eip",), ("bound_to",), ("vpc",), ("acl",), ("account_id", "eip_id", "status", "name")),
        *(("account_id", column, "eip_id") for column in _SORTED_BY),
    ),
    listed_by=frozenset(_SORTED_BY),
    states=States(tuple(it.name.lower() for it in EipStatus), lambda eip: EipStatus(eip.status).name.lower()),
    seeds=_seeds._replace(sow=_sow),
    by_hand=_by_hand._replace(change=_change),
)
_BY_ID = Order(("eip_id",))


def find_eip(world: World, account_id: int, wanted: str) -> Eip | None:
    """The account's elastic IP of that address or id."""
    by_address = listed(world, EIPS, [equals("account_id", account_id), equals("eip", wanted)], _BY_ID, limit=1)[0]
    return by_address[0] if by_address else EIPS.find(world, account_id, wanted)


def number_of_eips(world: World, account_id: int) -> int:
    """How many the account has, in whatever state."""
    return listed(world, EIPS, [equals("account_id", account_id)], _BY_ID, limit=0)[1]


def is_given(world: World, address: str) -> bool:
    """Whether anybody's elastic IP or load balancer has the public address."""
    of_balancers = [equals("vip", address), equals("kind", "open")]
    balancers = world.resources[_BALANCERS]
    return bool(
        listed(world, EIPS, [equals("eip", address)], _BY_ID, limit=1)[0]
        or listed(world, balancers, of_balancers, Order((balancers.id,)), limit=1)[0]
    )


def bound_to(world: World, id: str) -> list[Eip]:
    """What is bound to a server or a NAT gateway, or is being bound to or unbound from it."""
    return listed(world, EIPS, [equals("bound_to", id)], _BY_ID)[0]


def bound_to_address(world: World, vpc: str, address: str) -> list[Eip]:
    """Likewise of an address in a VPC."""
    return listed(world, EIPS, [equals("bound_to", address), equals("vpc", vpc)], _BY_ID)[0]


def sharing(world: World, eip: Eip) -> list[Eip]:
    """What is bound to the thing that this one is bound to, itself too."""
    at_address = eip.kind == BoundTo.VPC_IP
    return bound_to_address(world, eip.vpc, eip.bound_to) if at_address else bound_to(world, eip.bound_to)


def in_vpc(world: World, vpc: str) -> list[Eip]:
    return listed(world, EIPS, [equals("vpc", vpc)], _BY_ID)[0]


def begin_holding(world: World, eip_id: str, holder: str) -> None:
    EIPS.change(world, eip_id, status=EipStatus.BINDING, bound_to=holder)


def begin_freeing(world: World, eip_id: str) -> None:
    EIPS.change(world, eip_id, status=EipStatus.UNBINDING)


def hold(world: World, eip_id: str, at: int) -> None:
    """End the binding that was begun. An elastic IP of a NAT gateway has no ACL, so that it loses its own."""
    EIPS.change(world, eip_id, status=EipStatus.BOUND, updated_at=at)
    eip = EIPS.find_any(world, eip_id)
    if eip is not None and eip.kind == BoundTo.NAT_GATEWAY:
        EIPS.change(world, eip_id, acl="")
    elif eip is not None:
        show_at_server(world, eip.bound_to)


def free(world: World, eip_id: str, at: int) -> None:
    """Unbind an elastic IP from whatever has it; where the binding has not ended, take it back."""
    eip = EIPS.find_any(world, eip_id)
    if eip is None:
        return
    freed = {"freed_at": at, "updated_at": at} if eip.status in HELD else {}
    EIPS.change(world, eip_id, status=EipStatus.UNBOUND, bound_to="", **freed)
    show_at_server(world, eip.bound_to)


def show_at_server(world: World, instance_id: str) -> None:
    """Write the elastic IP that a server has into the server's row, by which lists are searched and sorted."""
    held = [eip.eip for eip in bound_to(world, instance_id) if eip.status in HELD] if instance_id else []
    world.resources[_SERVERS].change(world, instance_id, wan_ip=held[0] if held else None)
