"""Lazy time: whoever looks next settles everything that is due, in due order, in the same transaction.

An operation is planned with its outcome, so that nothing but the clock decides when it ends, a restart loses
nothing, and two clients that look at once settle it once.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from emulator.inventory import operations
from emulator.inventory.operations import Operation
from emulator.inventory.world import World

Settler = Callable[[World, Operation], None]
_SETTLERS: dict[str, Settler] = {}


def settles(kind: str) -> Callable[[Settler], Settler]:
    """Name the function that carries out the planned outcome of a kind of operation."""

    def register(settler: Settler) -> Settler:
        _SETTLERS[kind] = settler
        return settler

    return register


def settle(world: World, now: int) -> None:
    while operation := operations.take_due(world, now):
        _SETTLERS[operation.kind](world, operation)


def begin(world: World, kind: str, subject: int, *, now: int, lasting_ms: int, outcome: dict[str, Any]) -> None:
    operations.plan(world, kind, subject, now + lasting_ms, outcome)


def duration_ms(world: World, what: str, shortest: float, longest: float) -> int:
    """Between the two (seconds, as the real thing takes), scaled; the same for the same `what` in the same world."""
    digest = blake2b(f"{world.seed}/duration/{what}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest) / 2**32
    return round((shortest + (longest - shortest) * share) * 1000 * world.time_scale)
