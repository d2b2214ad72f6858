"""Work on NAT gateways: tasks of some seconds, the tasks of one gateway one after another.

What is bound or unbound says so from the beginning, so that nothing is promised twice. When the creation of a gateway
fails, and when a gateway is deleted, its elastic IPs are free again, and those that were applied for with a creation
that failed are gone; work that waits for it fails.
"""

from collections.abc import Callable, Iterable

from emulator.chapters.eip.records.eip import Eip, EipStatus
from emulator.chapters.eip.records.eips import EIPS, begin_freeing, begin_holding, bound_to, free, hold
from emulator.chapters.vpc.records.nat import (
    BINDING,
    BOUND,
    NAT_BINDINGS,
    NAT_GATEWAYS,
    UNBINDING,
    NatBinding,
    NatGateway,
    Production,
    bindings_of,
)
from emulator.world.facets import Columns, Write
from emulator.world.pending import Due, works_on
from emulator.world.work import Beginner, Kind, Piece, begin_task, end_its_part, settles
from emulator.world.world import World

_CREATION = Kind("nat creation", "createNat", (10.0, 30.0))
_DELETION = Kind("nat deletion", "deleteNat", (10.0, 30.0))
_CHANGE = Kind("nat change", "changeNat", (5.0, 15.0))
_EIPS = Kind("nat eip change", "changeNat", (5.0, 15.0))
_ENDINGS: dict[str, Callable[[World, str, int], None]] = {
    "hold": hold,
    "free": free,
    "gone": lambda world, id, _at: EIPS.remove(world, id),
}


def begin_creation(call: Beginner, nat: NatGateway, bindings: list[NatBinding], eips: list[Eip], new: list[str]) -> int:
    """Return the task's number. `new`: the ids of elastic IPs that are applied for on the way."""
    NAT_GATEWAYS.add(call.world, **{name: value for name, value in nat._asdict().items() if name != "number"})
    _promise(call.world, nat.nat_id, bindings, eips)
    outcome = {"bindings": [it.id for it in bindings], "eips": [*(it.eip_id for it in eips), *new]}
    return begin_task(call, _CREATION, [Piece(nat.nat_id, outcome, {"released": new})])


def begin_deletion(call: Beginner, nat: NatGateway) -> int:
    piece = Piece(nat.nat_id, {"released": []}, {})
    return begin_task(call, _DELETION, [piece], waits_ms=_waits_ms(call, nat.nat_id))


def begin_upgrade(call: Beginner, nat: NatGateway, max_concurrent: int) -> int:
    return _begin(call, nat, [NAT_GATEWAYS.write(nat.nat_id, max_concurrent=max_concurrent)], [])


def begin_binding_eips(call: Beginner, nat: NatGateway, eips: list[Eip], new: list[str]) -> int:
    _promise(call.world, nat.nat_id, [], eips)
    assigned = [it.eip_id for it in eips]
    otherwise = {**dict.fromkeys(assigned, "free"), **dict.fromkeys(new, "gone")}
    return _begin_eips(call, nat, dict.fromkeys([*assigned, *new], "hold"), otherwise)


def begin_unbinding_eips(call: Beginner, nat: NatGateway, eips: list[Eip]) -> int:
    for eip in eips:
        begin_freeing(call.world, eip.eip_id)
    ids = [it.eip_id for it in eips]
    return _begin_eips(call, nat, dict.fromkeys(ids, "free"), dict.fromkeys(ids, "hold"))


def _begin_eips(call: Beginner, nat: NatGateway, then: Columns, otherwise: Columns) -> int:
    """What becomes of each elastic IP."""
    outcome = {"then": then, "otherwise": otherwise}
    return begin_task(call, _EIPS, [Piece(nat.nat_id, outcome, outcome)], waits_ms=_waits_ms(call, nat.nat_id))


def begin_binding(call: Beginner, nat: NatGateway, bindings: list[NatBinding]) -> int:
    """Begin to bind subnets, or addresses of them."""
    _promise(call.world, nat.nat_id, bindings, [])
    then = [NAT_BINDINGS.write(it.id, state=BOUND) for it in bindings]
    return _begin(call, nat, then, [NAT_BINDINGS.gone(it.id) for it in bindings])


def begin_unbinding(call: Beginner, nat: NatGateway, bindings: list[NatBinding]) -> int:
    for binding in bindings:
        NAT_BINDINGS.change(call.world, binding.id, state=UNBINDING)
    otherwise = [NAT_BINDINGS.write(it.id, state=BOUND) for it in bindings]
    return _begin(call, nat, [NAT_BINDINGS.gone(it.id) for it in bindings], otherwise)


def _begin(call: Beginner, nat: NatGateway, then: list[Write], otherwise: list[Write]) -> int:
    there = NAT_GATEWAYS.write(nat.nat_id, {"production_status": [Production.CREATED]})
    piece = Piece(nat.nat_id, [there, *then], otherwise)
    return begin_task(call, _CHANGE, [piece], waits_ms=_waits_ms(call, nat.nat_id))


def _waits_ms(call: Beginner, nat_id: str) -> int:
    """Until the last work on the gateway is over. Work that hangs is not waited for."""
    ends = [work.due_at for work in works_on(call.world, nat_id) if work.hangs_at is None]
    return max([0, *(end - call.now for end in ends)])


def _promise(world: World, nat_id: str, bindings: Iterable[NatBinding], eips: Iterable[Eip]) -> None:
    for binding in bindings:
        NAT_BINDINGS.add(world, **binding._replace(state=BINDING)._asdict())
    for eip in eips:
        begin_holding(world, eip.eip_id, nat_id)


@settles(_CREATION.operation)
def _created(world: World, due: Due) -> None:
    end_its_part(world, due)
    if due.fails:
        NAT_GATEWAYS.change(world, due.about, production_status=Production.FAILED, running=0)
        _release(world, due, due.outcome["released"])
        return
    NAT_GATEWAYS.change(world, due.about, production_status=Production.CREATED, running=1)
    for id in due.outcome["bindings"]:
        NAT_BINDINGS.change(world, id, state=BOUND)
    for id in due.outcome["eips"]:
        hold(world, id, due.due_at)


@settles(_EIPS.operation)
def _eips_changed(world: World, due: Due) -> bool:
    """A gateway that was not made, or is gone by then, gets nothing and keeps nothing."""
    nat = NAT_GATEWAYS.find_any(world, due.about)
    possible = nat is not None and nat.production_status == Production.CREATED
    end_its_part(world, due, possible=possible)
    for id, ending in due.outcome["otherwise" if due.fails or not possible else "then"].items():
        eip = EIPS.find_any(world, id)
        if eip is not None and eip.bound_to == due.about:
            _ENDINGS[ending](world, id, due.due_at)
    return possible


@settles(_DELETION.operation)
def _deleted(world: World, due: Due) -> None:
    there = NAT_GATEWAYS.find_any(world, due.about) is not None
    end_its_part(world, due, possible=there)
    if not due.fails:
        NAT_GATEWAYS.remove(world, due.about)
        _release(world, due, [])


def _release(world: World, due: Due, gone: list[str]) -> None:
    """Free what is bound to a gateway, or is to be."""
    for binding in bindings_of(world, due.about):
        NAT_BINDINGS.remove(world, binding.id)
    for eip in bound_to(world, due.about):
        if eip.eip_id in gone or eip.status == EipStatus.CREATING:
            EIPS.remove(world, eip.eip_id)
        else:
            free(world, eip.eip_id, due.due_at)
