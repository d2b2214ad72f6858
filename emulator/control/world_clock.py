"""The clock of a world: read, frozen, moved, run at another speed, and let go."""

from typing import Annotated

from msgspec import Meta, Struct

from emulator.clock import WorldClock
from emulator.control.endpoints import Ask, endpoint
from emulator.control.state import Control
from emulator.control.worlds import ClockView, clock_view, of
from emulator.world import world_time
from emulator.world.by_hand import ImpossibleChange, Moment, moment
from emulator.world.world import World


class Moved(Struct, frozen=True):
    clock: ClockView
    """The clock as it is now."""
    ended: int
    """How many operations ended, and dates came, on the way."""


class Freeze(Struct, frozen=True, forbid_unknown_fields=True):
    at: Moment | None = None
    """The moment at which the clock stands still; left out: now."""


class Advance(Struct, frozen=True, forbid_unknown_fields=True):
    seconds: Annotated[float, Meta(ge=0, le=1e10)]
    """Seconds to put the clock forward."""


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    rate: Annotated[float, Meta(ge=0, le=1_000_000)]
    """How fast the clock runs: 1 is real time, 60 is a minute a second, 0 is frozen."""


@endpoint("GET", "/worlds/{world}/clock", answer=ClockView)
def read_clock(control: Control, ask: Ask) -> ClockView:
    """Read the clock of a world."""
    return clock_view(of(control, ask))


@endpoint("POST", "/worlds/{world}/clock/freeze", body=Freeze, answer=Moved)
def freeze_clock(control: Control, ask: Ask) -> Moved:
    """Make the clock stand still, now or at a moment."""
    world = of(control, ask)
    return _moved(world, world_time.freeze(world, None if ask.body.at is None else moment(ask.body.at, 0)))


@endpoint("POST", "/worlds/{world}/clock/advance", body=Advance, answer=Moved)
def advance_clock(control: Control, ask: Ask) -> Moved:
    """Put the clock forward; all that is due on the way happens in order."""
    world = of(control, ask)
    milliseconds = round(ask.body.seconds * 1000)
    if world.clock.now() + milliseconds > WorldClock.LATEST:
        raise ImpossibleChange("a world's time ends with the year 9998")
    return _moved(world, world_time.advance(world, milliseconds))


@endpoint("POST", "/worlds/{world}/clock/advance-to-idle", answer=Moved)
def advance_clock_to_idle(control: Control, ask: Ask) -> Moved:
    """Put the clock forward until no work is pending but what hangs."""
    world = of(control, ask)
    return _moved(world, world_time.advance_to_idle(world))


@endpoint("POST", "/worlds/{world}/clock/rate", body=Rate, answer=Moved)
def set_clock_rate(control: Control, ask: Ask) -> Moved:
    """Let the clock run faster or slower than real time."""
    world = of(control, ask)
    return _moved(world, world_time.run_at(world, ask.body.rate))


@endpoint("POST", "/worlds/{world}/clock/real", answer=Moved)
def release_clock(control: Control, ask: Ask) -> Moved:
    """Put the clock back to real time; what has happened stays."""
    world = of(control, ask)
    return _moved(world, world_time.release(world))


def _moved(world: World, ended: int) -> Moved:
    return Moved(clock_view(world), ended)
