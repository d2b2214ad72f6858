"""Lazy time: whoever looks next settles everything that is due, in due order, in the same transaction.

An operation is planned with its outcome, so that nothing but the clock decides when it ends, a restart loses
nothing, and two clients that look at once settle it once. A fault may disturb what a call begins: it then ends in the
planned failure, later, or never.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from emulator.world import pending as operations
from emulator.world.pending import Operation
from emulator.world.world import Disturbance, World

Settler = Callable[[World, Operation], None]
_SETTLERS: dict[str, Settler] = {}


def settles(kind: str) -> Callable[[Settler], Settler]:
    """Name the function that carries out the planned outcome of a kind of operation."""

    def register(settler: Settler) -> Settler:
        _SETTLERS[kind] = settler
        return settler

    return register


def settle(world: World, now: int) -> int:
    """Returns how many operations were due."""
    number = 0
    while operation := operations.take_due(world, now):
        _SETTLERS[operation.kind](world, operation)
        number += 1
    return number


@dataclass(frozen=True, slots=True)
class Work:
    """What a call begins: kind and subject as the settler knows them, whatever it is `about`, and both ways to end."""

    kind: str
    subject: int
    about: str
    lasting_ms: int
    outcome: dict[str, Any]
    failure: dict[str, Any]
    share: float = 1.0
    """Of a larger piece of work: the part of its time after which this is over."""


def begin(world: World, work: Work, now: int) -> int:
    """Plan it, and return when it is over."""
    disturbance = _disturbance(world, work)
    lasting_ms = work.lasting_ms + disturbance.late_ms
    row = operations.planned(
        work.kind,
        work.subject,
        now + lasting_ms,
        work.outcome,
        about=work.about,
        began_at=now,
        failure=work.failure,
    )
    row["fails"] = int(disturbance.fails)
    if disturbance.hangs_at is not None:
        row.update(hangs_at=disturbance.hangs_at, due_at=operations.NEVER)
    operations.plan(world, row)
    return now + lasting_ms


def _disturbance(world: World, work: Work) -> Disturbance:
    """A stage of larger work is spared where the fault comes later than it."""
    none, found = Disturbance(), world.disturbance
    if found is None or found.about not in (None, work.about):
        return none
    if found.hangs_at is not None and work.share * 100 <= found.hangs_at:
        return none
    return none if found.fails and work.share < 1 else found


def duration_ms(world: World, what: str, shortest: float, longest: float) -> int:
    """Between the two (seconds, as the real thing takes), scaled; the same for the same `what` in the same world."""
    digest = blake2b(f"{world.seed}/duration/{what}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest) / 2**32
    return round((shortest + (longest - shortest) * share) * 1000 * world.time_scale)
