"""What takes time with traffic mirrors: binding listeners to them, changing and deleting them.

Listeners and receivers are bound without a task; a listener shows that it is being bound for some seconds.
"""

from collections.abc import Sequence

from emulator.chapters.lb.records.backends import backends_of, reckon
from emulator.chapters.lb.records.removal import remove_backends
from emulator.chapters.traffic_mirror.records import MIRROR_LISTENERS, MIRRORS, Binding, Mirror, listeners_of_mirror
from emulator.world.facets import Columns
from emulator.world.pending import Due, works_on
from emulator.world.work import Beginner, Kind, Piece, begin, begin_task, duration_ms, end_its_part, settles
from emulator.world.world import World

_SECONDS = (5.0, 15.0)
_SHORT = (2.0, 5.0)
_CHANGE = Kind("traffic mirror change", "setTrafficMirror", _SECONDS)
_DELETION = Kind("traffic mirror deletion", "deleteTrafficMirror", _SECONDS)
_BINDING, _UNBINDING = "mirror listener binding", "mirror listener unbinding"
BEING_BOUND, BOUND, FAILED, BEING_UNBOUND = range(4)


def begin_change(call: Beginner, mirror: Mirror, wanted: Columns) -> int:
    """It starts when the changes before it are over, so that the last one wins. Returns the task's number."""
    before = [work.due_at for work in works_on(call.world, mirror.mirror_id) if work.hangs_at is None]
    waits_ms = max(0, max(before, default=0) - call.now)
    return begin_task(call, _CHANGE, [Piece(mirror.mirror_id, wanted, {})], waits_ms=waits_ms)


def is_leaving(world: World, mirror_id: str) -> bool:
    """Whether a mirror is being deleted."""
    return any(work.kind == _DELETION.operation for work in works_on(world, mirror_id))


def begin_deletion(call: Beginner, mirrors: Sequence[Mirror]) -> int:
    return begin_task(call, _DELETION, [Piece(mirror.mirror_id, {}, {}) for mirror in mirrors])


def begin_binding(call: Beginner, bindings: Sequence[Binding]) -> None:
    for binding in bindings:
        MIRROR_LISTENERS.add(call.world, **binding._asdict())
        then = MIRROR_LISTENERS.write(binding.id, {"status": [BEING_BOUND]}, status=BOUND)
        otherwise = MIRROR_LISTENERS.write(binding.id, status=FAILED)
        _begin(call, _BINDING, Piece(binding.id, [then], [otherwise]))


def begin_unbinding(call: Beginner, bindings: Sequence[Binding]) -> None:
    for binding in bindings:
        MIRROR_LISTENERS.change(call.world, binding.id, status=BEING_UNBOUND)
        otherwise = MIRROR_LISTENERS.write(binding.id, status=BOUND)
        _begin(call, _UNBINDING, Piece(binding.id, [MIRROR_LISTENERS.gone(binding.id)], [otherwise]))


def _begin(call: Beginner, operation: str, piece: Piece) -> None:
    begin(call, operation, piece, duration_ms(call.world, f"{operation}/{piece.about}/{call.now}", *_SHORT))


@settles(_CHANGE.operation)
def _end_change(world: World, due: Due) -> bool:
    mirror = MIRRORS.find_any(world, due.about)
    end_its_part(world, due, possible=mirror is not None)
    if mirror is not None and not due.fails:
        if mirror._replace(**due.outcome).check != mirror.check:
            for backend in backends_of(world, due.about):
                reckon(world, backend, mirror.check)
        MIRRORS.change(world, due.about, **due.outcome)
    return mirror is not None


@settles(_DELETION.operation)
def _end_deletion(world: World, due: Due) -> bool:
    possible = MIRRORS.find_any(world, due.about) is not None
    end_its_part(world, due, possible=possible)
    if not due.fails:
        for binding in listeners_of_mirror(world, due.about):
            MIRROR_LISTENERS.remove(world, binding.id)
        remove_backends(world, backends_of(world, due.about))
        MIRRORS.remove(world, due.about)
    return possible
