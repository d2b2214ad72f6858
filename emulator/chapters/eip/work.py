"""What takes time with elastic IPs: making, releasing, binding and unbinding them, and changing their billing.

A new billing comes into force with the next whole hour after its task has succeeded. A server shows operateStatus 12
or 13 while an elastic IP is bound to it or unbound from it, if it is up. When a binding fails, the elastic IP is free
again; when an unbinding fails, it is still bound.
"""

from emulator.chapters.devices.records.device import Device, DeviceStatus, OperateStatus
from emulator.chapters.devices.records.passing import begin_passing, end_passing
from emulator.chapters.eip.records.eip import Eip, EipStatus
from emulator.chapters.eip.records.eips import EIPS, begin_freeing, begin_holding, free, hold
from emulator.world.facets import Columns
from emulator.world.pending import Due, add_operation, drop_dates, operation_row
from emulator.world.work import Beginner, Kind, Piece, begin_task, end_its_part, settles
from emulator.world.world import World

APPLY = "applyEip"
_HOUR_MS = 60 * 60 * 1000
_SECONDS = (5.0, 15.0)
_CREATION = Kind("eip creation", APPLY, _SECONDS)
_RELEASE = Kind("eip release", "releaseEip", _SECONDS)
_BINDING = Kind("eip binding", "bindEip", _SECONDS)
_UNBINDING = Kind("eip unbinding", "unbindEip", _SECONDS)
_CHARGE = Kind("eip billing", "modifyEipCharge", _SECONDS)
_NEXT_HOUR = "eip billing comes into force"


def begin_creation(call: Beginner, eip_ids: list[str]) -> int:
    """Returns the task's number."""
    creating = {"status": [EipStatus.CREATING]}
    pieces = [
        Piece(
            id,
            [EIPS.write(id, creating, status=EipStatus.UNBOUND)],
            [EIPS.write(id, creating, status=EipStatus.CREATION_FAILED)],
        )
        for id in eip_ids
    ]
    return begin_task(call, _CREATION, pieces)


def begin_release(call: Beginner, eips: list[Eip]) -> int:
    pieces = []
    for eip in eips:
        EIPS.change(call.world, eip.eip_id, status=EipStatus.GOING_OFFLINE)
        pieces.append(Piece(eip.eip_id, [EIPS.gone(eip.eip_id)], [EIPS.write(eip.eip_id, status=eip.status)]))
    return begin_task(call, _RELEASE, pieces)


def begin_binding(call: Beginner, eip: Eip, holder: str, server: Device | None) -> int:
    """`holder`: a server's id, or an address of the VPC."""
    begin_holding(call.world, eip.eip_id, holder)
    return _begin(call, _BINDING, eip, server, OperateStatus.BINDING_EIP)


def begin_unbinding(call: Beginner, eip: Eip, server: Device | None) -> int:
    begin_freeing(call.world, eip.eip_id)
    return _begin(call, _UNBINDING, eip, server, OperateStatus.UNBINDING_EIP)


def begin_new_billing(call: Beginner, eips: list[Eip], pay_mode: str, bandwidth: int) -> int:
    wanted = {"pay_mode": pay_mode, "bandwidth": bandwidth}
    return begin_task(call, _CHARGE, [Piece(eip.eip_id, wanted, {}) for eip in eips])


def _begin(call: Beginner, kind: Kind, eip: Eip, server: Device | None, meanwhile: OperateStatus) -> int:
    """What a server takes part in is about the server: its log has it, and it is busy."""
    outcome: Columns = {"eip": eip.eip_id}
    if server is not None:
        outcome |= {"before": begin_passing(call.world, server, meanwhile)}
    return begin_task(call, kind, [Piece(server.instance_id if server else eip.eip_id, outcome, outcome)])


@settles(_BINDING.operation)
def _end_binding(world: World, due: Due) -> bool:
    """A server that has been isolated or is gone by then gets nothing."""
    eip, server = EIPS.find_any(world, due.outcome["eip"]), end_passing(world, due.about, due.outcome.get("before", 0))
    serves = server is not None and server.device_status == DeviceStatus.IN_OPERATION
    begun = eip is not None and eip.status == EipStatus.BINDING
    possible = begun and (serves or "before" not in due.outcome)
    end_its_part(world, due, possible=possible)
    if possible and not due.fails:
        hold(world, due.outcome["eip"], due.due_at)
    elif begun:
        free(world, due.outcome["eip"], due.due_at)
    return possible


@settles(_UNBINDING.operation)
def _end_unbinding(world: World, due: Due) -> bool:
    eip = EIPS.find_any(world, due.outcome["eip"])
    end_passing(world, due.about, due.outcome.get("before", 0))
    possible = eip is not None and eip.status == EipStatus.UNBINDING
    end_its_part(world, due, possible=possible)
    if possible:
        (hold if due.fails else free)(world, due.outcome["eip"], due.due_at)
    return possible


@settles(_CHARGE.operation)
def _end_charge(world: World, due: Due) -> bool:
    possible = EIPS.find_any(world, due.about) is not None
    end_its_part(world, due, possible=possible)
    if possible and not due.fails:
        billing = due.outcome
        latest = {"latest_pay_mode": billing["pay_mode"], "latest_bandwidth": billing["bandwidth"]}
        EIPS.change(world, due.about, **latest, updated_at=due.due_at)
        drop_dates(world, due.about)
        next_hour = (due.due_at // _HOUR_MS + 1) * _HOUR_MS
        write = EIPS.write(due.about, **billing)
        add_operation(world, operation_row(_NEXT_HOUR, next_hour, [write], about=due.about))
    return possible
