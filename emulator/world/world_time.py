"""A world's time, as a test controls it. What is due on the way happens in order, before the function returns."""

from emulator.world import pending
from emulator.world.work import settle
from emulator.world.world import World

_MOST_STEPS = 100_000


def freeze(world: World, at: int | None) -> int:
    """Stand still, now or at that moment (milliseconds). Returns how many operations ended, as all of these do."""
    return _move(world, world.clock.now() if at is None else at, 0)


def advance(world: World, milliseconds: int) -> int:
    """Go on from so much later, as fast as before."""
    return _move(world, world.clock.now() + milliseconds, world.clock.rate)


def advance_to_idle(world: World) -> int:
    """Go on from when all work is over, but for what hangs. Dates of the calendar, as expiries, are no work."""
    ended = 0
    for _ in range(_MOST_STEPS):
        work = pending.next_work(world)
        if work is None:
            break
        ended += _move(world, max(world.clock.now(), work.due_at), world.clock.rate)
    return ended


def run_at(world: World, rate: float) -> int:
    """Run so many times as fast as real time."""
    return _move(world, world.clock.now(), rate)


def release(world: World) -> int:
    """Back to real time, even if that is earlier: what has happened stays."""
    world.clock.release()
    return _settled(world)


def _move(world: World, now: int, rate: float) -> int:
    world.clock.set(now, rate)
    return _settled(world)


def _settled(world: World) -> int:
    with world.transaction:
        world.keep_clock()
        return settle(world, world.clock.now())
