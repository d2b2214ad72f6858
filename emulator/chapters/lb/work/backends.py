"""Binding servers and addresses to listeners of layer 4, changing and unbinding them.

What a server takes part in is about the server: its log has it, and it is busy meanwhile. A server that is isolated or
gone by then is not bound. What is bound says so from the beginning, so that no port is promised twice.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from emulator.chapters.devices.records.device import Device, DeviceStatus, OperateStatus
from emulator.chapters.devices.records.devices import by_ids
from emulator.chapters.devices.records.passing import begin_passing, end_passing
from emulator.chapters.lb.records.backends import (
    BACKENDS,
    BINDING,
    BOUND,
    SERVER,
    UNBINDING,
    Backend,
    backend_id,
    check_of,
    is_up,
    reckon,
)
from emulator.chapters.lb.work.tasks import SECONDS, begin_on
from emulator.world.facets import Columns
from emulator.world.pending import Due
from emulator.world.work import Beginner, Kind, Piece, end_its_part, settles
from emulator.world.world import World

_BINDING = Kind("backend binding", "bindLb", SECONDS)
_UNBINDING = Kind("backend unbinding", "unbindLb", SECONDS)
_CHANGE = Kind("backend change", "modifyLbBackend", SECONDS)


def begin_binding(call: Beginner, lb_id: str, backends: Sequence[Backend]) -> int:
    """Returns the task's number."""
    BACKENDS.add_many(call.world, [backend._asdict() for backend in backends])
    return begin_on(call, [lb_id], _BINDING, _pieces(call, backends, OperateStatus.BINDING_BALANCER))


def begin_unbinding(call: Beginner, lb_id: str, backends: Sequence[Backend]) -> int:
    for backend in backends:
        BACKENDS.change(call.world, backend.id, state=UNBINDING)
    return begin_on(call, [lb_id], _UNBINDING, _pieces(call, backends, OperateStatus.UNBINDING_BALANCER))


def begin_change(call: Beginner, lb_id: str, wanted: dict[str, Columns]) -> int:
    """`wanted`: what changes, by the backend's id."""
    return begin_on(call, [lb_id], _CHANGE, [Piece(id, columns, {}) for id, columns in wanted.items()])


def bind_now(world: World, backends: Sequence[Backend]) -> None:
    """Bind without a task, as the pages of layer 7 have it."""
    BACKENDS.add_many(world, [backend._asdict() for backend in backends])
    for backend in backends:
        _bound(world, backend)


def change_port(world: World, backend: Backend, port: int) -> None:
    """Move it to another port of the same server; its check begins anew."""
    moved = backend._replace(id=backend_id(backend.holder, backend.target, port), port=port)
    BACKENDS.change(world, backend.id, id=moved.id, port=port, alive=0, since=world.moment())


def _pieces(call: Beginner, backends: Iterable[Backend], meanwhile: OperateStatus) -> list[Piece]:
    """One for each server, one for each listener that has addresses."""
    pieces = []
    ordered = sorted(backends, key=_about)
    servers = {device.instance_id: device for device in by_ids(call.world, {it.target for it in ordered})}
    for about, group in groupby(ordered, key=_about):
        outcome: Columns = {"ids": [backend.id for backend in group]}
        server: Device | None = servers.get(about)
        if server is not None:
            outcome["before"] = begin_passing(call.world, server, meanwhile)
        pieces.append(Piece(about, outcome, outcome))
    return pieces


def _about(backend: Backend) -> str:
    return str(attrgetter("target" if backend.bind_type == SERVER else "holder")(backend))


def _bound(world: World, backend: Backend) -> None:
    up = is_up(world, backend)
    BACKENDS.change(world, backend.id, state=BOUND, up=int(up), alive=0, since=world.moment())


def _found(world: World, due: Due) -> list[Backend]:
    found = (BACKENDS.find_any(world, id) for id in due.outcome["ids"])
    return [backend for backend in found if backend is not None]


@settles(_BINDING.operation)
def _end_binding(world: World, due: Due) -> bool:
    server = end_passing(world, due.about, due.outcome.get("before", 0))
    serves = server is not None and server.device_status == DeviceStatus.IN_OPERATION
    possible = serves or "before" not in due.outcome
    end_its_part(world, due, possible=possible)
    for backend in _found(world, due):
        if backend.state == BINDING and possible and not due.fails:
            _bound(world, backend)
        elif backend.state == BINDING:
            BACKENDS.remove(world, backend.id)
    return possible


@settles(_UNBINDING.operation)
def _end_unbinding(world: World, due: Due) -> None:
    end_passing(world, due.about, due.outcome.get("before", 0))
    end_its_part(world, due)
    for backend in _found(world, due):
        if due.fails:
            BACKENDS.change(world, backend.id, state=BOUND)
        else:
            BACKENDS.remove(world, backend.id)


@settles(_CHANGE.operation)
def _end_change(world: World, due: Due) -> bool:
    backend = BACKENDS.find_any(world, due.about)
    end_its_part(world, due, possible=backend is not None)
    if backend is not None and not due.fails:
        columns = dict(due.outcome)
        port = columns.pop("port", backend.port)
        BACKENDS.change(world, backend.id, **columns)
        if port != backend.port:
            change_port(world, backend, port)
        elif "probe_port" in columns:
            reckon(world, backend, check_of(world, backend))
    return backend is not None
