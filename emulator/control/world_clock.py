"""Endpoints for the clock of a world: read, freeze and advance it, set its rate, put it back to real time."""

from typing import Annotated

from msgspec import Meta, Struct

from emulator.clock import WorldClock
from emulator.control.endpoints import ControlRequest, endpoint
from emulator.control.state import Control
from emulator.control.worlds import ClockView, clock_view, world_named
from emulator.world import world_time
from emulator.world.by_hand import ImpossibleChange, Moment, moment
from emulator.world.world import World


class Moved(Struct, frozen=True):
    """The clock after a change, and what the change brought about."""

    clock: ClockView
    """The clock as it is now."""
    ended: int
    """How many operations ended, and dates came, on the way."""


class Freeze(Struct, frozen=True, forbid_unknown_fields=True):
    """When the clock stands still."""

    at: Moment | None = None
    """The moment at which the clock stands still; left out: now."""


class Advance(Struct, frozen=True, forbid_unknown_fields=True):
    """How far the clock is put forward."""

    seconds: Annotated[float, Meta(ge=0, le=1e10)]
    """Seconds to put the clock forward."""


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    """The speed of the clock."""

    rate: Annotated[float, Meta(ge=0, le=1_000_000)]
    """How fast the clock runs: 1 is real time, 60 is a minute a second, 0 is frozen."""


@endpoint("GET", "/worlds/{world}/clock", answer=ClockView)
def read_clock(control: Control, request: ControlRequest) -> ClockView:
    """Read the clock of a world."""
    return clock_view(world_named(control, request))


@endpoint("POST", "/worlds/{world}/clock/freeze", body=Freeze, answer=Moved)
def freeze_clock(control: Control, request: ControlRequest) -> Moved:
    """Freeze the clock, now or at a given moment."""
    world = world_named(control, request)
    return _moved(world, world_time.freeze(world, None if request.body.at is None else moment(request.body.at, 0)))


@endpoint("POST", "/worlds/{world}/clock/advance", body=Advance, answer=Moved)
def advance_clock(control: Control, request: ControlRequest) -> Moved:
    """Put the clock forward; operations that become due on the way end in order."""
    world = world_named(control, request)
    milliseconds = round(request.body.seconds * 1000)
    if world.clock.now() + milliseconds > WorldClock.LATEST:
        raise ImpossibleChange("a world's time ends with the year 9998")
    return _moved(world, world_time.advance(world, milliseconds))


@endpoint("POST", "/worlds/{world}/clock/advance-to-idle", answer=Moved)
def advance_clock_to_idle(control: Control, request: ControlRequest) -> Moved:
    """Put the clock forward until no operation is pending, except those that hang."""
    world = world_named(control, request)
    return _moved(world, world_time.advance_to_idle(world))


@endpoint("POST", "/worlds/{world}/clock/rate", body=Rate, answer=Moved)
def set_clock_rate(control: Control, request: ControlRequest) -> Moved:
    """Set how fast the clock runs, compared with real time."""
    world = world_named(control, request)
    return _moved(world, world_time.run_at(world, request.body.rate))


@endpoint("POST", "/worlds/{world}/clock/real", answer=Moved)
def release_clock(control: Control, request: ControlRequest) -> Moved:
    """Put the clock back to real time; operations that have ended stay ended."""
    world = world_named(control, request)
    return _moved(world, world_time.release(world))


def _moved(world: World, ended: int) -> Moved:
    return Moved(clock_view(world), ended)
