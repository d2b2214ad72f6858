"""Work that is going on, with how far it is."""

from typing import NamedTuple

from emulator.clock import to_wire
from emulator.world.pending import Pending, pending, works_on
from emulator.world.world import World


class Work(NamedTuple):
    id: int
    kind: str
    about: str
    began_at: str
    due_at: str | None
    """None: it hangs."""
    began: int
    """Milliseconds of the world's time."""
    ends: int
    """Milliseconds of the world's time; of what hangs, now."""
    fails: bool
    progress: int
    """Per cent."""


def work_in(world: World, now: int) -> list[Work]:
    """What is going on in a world, the next to end first."""
    return [_work(found, now) for found in pending(world)]


def work_about(world: World, id: str) -> list[Work]:
    """What is going on with a thing, the oldest first."""
    now = world.clock.now()
    return [_work(found, now) for found in works_on(world, id)]


def _work(found: Pending, now: int) -> Work:
    hangs = found.hangs_at is not None
    lasts, passed = max(1, found.due_at - found.began_at), max(0, now - found.began_at)
    progress = found.hangs_at if found.hangs_at is not None else min(100, 100 * passed // lasts)
    due = None if hangs else to_wire(found.due_at)
    began, ends = min(found.began_at, now), now if hangs else max(now, found.due_at)
    return Work(
        found.id, found.kind, found.about, to_wire(found.began_at), due, began, ends, bool(found.fails), progress
    )
