"""Making, changing and deleting listeners.

Those of layer 7 are made without a task: their ids are known at once, and they are being created for some seconds.
"""

from collections.abc import Sequence
from typing import Any

from emulator.chapters.lb.records.backends import backends_of, reckon
from emulator.chapters.lb.records.certificates import CERTIFICATES
from emulator.chapters.lb.records.forward_listeners import FORWARD_LISTENERS, ForwardListener
from emulator.chapters.lb.records.listeners import LISTENERS, Listener
from emulator.chapters.lb.records.removal import remove_listener
from emulator.chapters.lb.records.status import Status
from emulator.chapters.lb.work.tasks import SECONDS, begin_on
from emulator.world.facets import Columns
from emulator.world.pending import Due
from emulator.world.resource import Resource
from emulator.world.work import Beginner, Kind, Piece, begin, duration_ms, end_its_part, settles
from emulator.world.world import World

_CREATION = Kind("listener creation", "createListener", SECONDS)
_CHANGE = Kind("listener change", "modifyListener", SECONDS)
_FORWARD_CHANGE = Kind("forward listener change", "modifyForwardListener", SECONDS)
_DELETION = Kind("listener deletion", "deleteListener", SECONDS)
_SHORT = (2.0, 5.0)


def begin_creation(call: Beginner, listeners: Sequence[Listener]) -> int:
    """Of layer 4, of one load balancer. Returns the task's number."""
    for listener in listeners:
        LISTENERS.add(call.world, **listener._asdict())
    pieces = [_made(LISTENERS, listener.listener_id) for listener in listeners]
    return begin_on(call, [listeners[0].lb_id], _CREATION, pieces)


def begin_creation_without_task(call: Beginner, listeners: Sequence[ForwardListener]) -> None:
    """Of layer 7."""
    for listener in listeners:
        FORWARD_LISTENERS.add(call.world, **listener._asdict())
        piece = _made(FORWARD_LISTENERS, listener.listener_id)
        begin(call, _CREATION.operation, piece, duration_ms(call.world, f"listener/{piece.about}", *_SHORT))


def begin_change(call: Beginner, listener: Listener, wanted: Columns) -> int:
    return begin_on(call, [listener.lb_id], _CHANGE, [Piece(listener.listener_id, wanted, {})])


def begin_forward_change(call: Beginner, listener: ForwardListener, wanted: Columns) -> int:
    """It fails where a certificate that it is to give the listener is gone by then."""
    then = [FORWARD_LISTENERS.write(listener.listener_id, {"lb_id": [listener.lb_id]}, **wanted)]
    given = [id for column in ("cert_id", "cert_ca_id") if (id := wanted.get(column))]
    then += [CERTIFICATES.write(id, {"cert_id": [id]}, cert_id=id) for id in given]
    return begin_on(call, [listener.lb_id], _FORWARD_CHANGE, [Piece(listener.listener_id, then, [])])


def begin_deletion(call: Beginner, listeners: Sequence[Listener]) -> int:
    for listener in listeners:
        LISTENERS.change(call.world, listener.listener_id, status=Status.DELETING)
    pieces = [Piece(listener.listener_id, {}, {}) for listener in listeners]
    return begin_on(call, [listeners[0].lb_id], _DELETION, pieces)


def _made(resource: Resource[Any], id: str) -> Piece:
    """How the creation of a listener ends."""
    creating = {"status": [int(Status.CREATING)]}
    then = resource.write(id, creating, status=Status.RUNNING)
    return Piece(id, [then], [resource.write(id, creating, status=Status.CREATION_FAILED)])


@settles(_CHANGE.operation)
def _end_change(world: World, due: Due) -> bool:
    listener = LISTENERS.find_any(world, due.about)
    end_its_part(world, due, possible=listener is not None)
    if listener is not None and not due.fails:
        if listener._replace(**due.outcome).check != listener.check:
            for backend in backends_of(world, due.about):
                reckon(world, backend, listener.check)
        LISTENERS.change(world, due.about, **due.outcome)
    return listener is not None


@settles(_DELETION.operation)
def _end_deletion(world: World, due: Due) -> bool:
    possible = LISTENERS.find_any(world, due.about) is not None
    end_its_part(world, due, possible=possible)
    if due.fails:
        LISTENERS.change(world, due.about, status=Status.DELETION_FAILED)
    else:
        remove_listener(world, due.about)
    return possible
