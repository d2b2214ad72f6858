"""Work on NAT gateways: tasks of some seconds, the tasks of one gateway one after another.

What is bound or unbound says so from the beginning, so that nothing is promised twice. When the creation of a gateway
fails, and when a gateway is deleted, its elastic IPs are free again, and those that were applied for with a creation
that failed are gone; work that waits for it fails.
"""

from collections.abc import Iterable

from emulator.chapters.eip.records import EIPS, Eip, EipStatus, bound_to
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
from emulator.world.tasks import end_part
from emulator.world.work import Beginner, Kind, Piece, begin_task, settles
from emulator.world.world import World

_CREATION = Kind("nat creation", "createNat", (10.0, 30.0))
_DELETION = Kind("nat deletion", "deleteNat", (10.0, 30.0))
_CHANGE = Kind("nat change", "changeNat", (5.0, 15.0))
_FREE: Columns = {"status": EipStatus.UNBOUND, "bound_to": ""}


def begin_creation(call: Beginner, nat: NatGateway, bindings: list[NatBinding], eips: list[Eip], new: list[str]) -> int:
    """Return the task's number. `new`: the ids of elastic IPs that are applied for on the way."""
    NAT_GATEWAYS.add(call.world, **nat._asdict())
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
    then = [EIPS.write(id, status=EipStatus.BOUND) for id in (*(it.eip_id for it in eips), *new)]
    otherwise = [*(EIPS.write(it.eip_id, **_FREE) for it in eips), *(EIPS.gone(id) for id in new)]
    return _begin(call, nat, then, otherwise)


def begin_unbinding_eips(call: Beginner, nat: NatGateway, eips: list[Eip]) -> int:
    for eip in eips:
        EIPS.change(call.world, eip.eip_id, status=EipStatus.UNBINDING)
    otherwise = [EIPS.write(it.eip_id, status=EipStatus.BOUND) for it in eips]
    return _begin(call, nat, [EIPS.write(it.eip_id, **_FREE) for it in eips], otherwise)


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
        EIPS.change(world, eip.eip_id, status=EipStatus.BINDING, bound_to=nat_id)


@settles(_CREATION.operation)
def _created(world: World, due: Due) -> None:
    if due.subject is not None:
        end_part(world, due.subject, succeeded=not due.fails, at=due.due_at)
    if due.fails:
        NAT_GATEWAYS.change(world, due.about, production_status=Production.FAILED, running=0)
        _release(world, due.about, due.outcome["released"])
        return
    NAT_GATEWAYS.change(world, due.about, production_status=Production.CREATED, running=1)
    for id in due.outcome["bindings"]:
        NAT_BINDINGS.change(world, id, state=BOUND)
    for id in due.outcome["eips"]:
        EIPS.change(world, id, status=EipStatus.BOUND)


@settles(_DELETION.operation)
def _deleted(world: World, due: Due) -> None:
    there = NAT_GATEWAYS.find_any(world, due.about) is not None
    if due.subject is not None:
        end_part(world, due.subject, succeeded=there and not due.fails, at=due.due_at)
    if not due.fails:
        NAT_GATEWAYS.remove(world, due.about)
        _release(world, due.about, [])


def _release(world: World, nat_id: str, gone: list[str]) -> None:
    """Free what is bound to a gateway, or is to be."""
    for binding in bindings_of(world, nat_id):
        NAT_BINDINGS.remove(world, binding.id)
    for eip in bound_to(world, nat_id):
        if eip.eip_id in gone or eip.status == EipStatus.CREATING:
            EIPS.remove(world, eip.eip_id)
        else:
            EIPS.change(world, eip.eip_id, **_FREE)
