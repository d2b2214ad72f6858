"""The world's clock, and what is pending on a time line."""

from typing import Annotated, NamedTuple

import msgspec
from msgspec import UNSET, Meta, Struct

from emulator.checking.values import WrongValue
from emulator.clock import to_wire
from emulator.console.fleet import settled
from emulator.console.page import Shown, Visit, change, page
from emulator.console.relations import Link, found_by_id
from emulator.console.work import Work, work_in
from emulator.control import inventory, world_clock, worlds
from emulator.control.world_clock import Advance, Freeze, Moved, Rate
from emulator.control.worlds import WorldChanges
from emulator.world import pending, world_time
from emulator.world.by_hand import ImpossibleChange
from emulator.world.operation_views import OperationChanges
from emulator.world.world import World

PAGE = 50
"""Pieces of work on a page."""
WIDTH = 1000
"""Of the time line, in units of its own."""
_MARK = 4
"""How wide the mark of now is."""
STEPS = ((60, "1 minute"), (3600, "1 hour"), (24 * 3600, "1 day"), (30 * 24 * 3600, "30 days"))


class Bar(NamedTuple):
    """Work on the time line: where it begins, and how much of it is over and is left."""

    work: Work
    on: Link | None
    """The thing that it is done on."""
    start: int
    passed: int
    left: int


class Line(NamedTuple):
    """The time line of some work, from when the first began to when the last ends."""

    bars: list[Bar]
    first: str
    last: str
    now: int
    """Where on the line it is now."""


class Asked(Struct, frozen=True):
    page: Annotated[int, Meta(ge=1, le=10**7)] = 1
    ended: Annotated[int, Meta(ge=0)] | None = None
    """How many operations ended when the clock was set."""


@page("/w/{world}/time")
def clock(visit: Visit) -> Shown:
    """The clock, and what is going on."""
    world, asked = settled(visit), visit.asked(Asked)
    now = world.clock.now()
    work = work_in(world, now)
    shown = work[(asked.page - 1) * PAGE : asked.page * PAGE]
    values = {
        "clock": worlds.clock_view(world),
        "time_scale": world.time_scale,
        "line": _line(world, shown, now) if shown else None,
        "total": len(work),
        "page": asked.page,
        "newer": visit.at("time", page=min(asked.page - 1, -(-len(work) // PAGE))) if asked.page > 1 else "",
        "older": visit.at("time", page=asked.page + 1) if asked.page * PAGE < len(work) else "",
        "width": WIDTH,
        "steps": STEPS,
        "moved": asked.ended,
    }
    return Shown("time.html", values)


def _line(world: World, shown: list[Work], now: int) -> Line:
    first, last = min(work.began for work in shown), max(work.ends for work in shown)

    def place(moment: int) -> int:
        return WIDTH * (moment - first) // max(1, last - first)

    at = place(now)
    bars = [
        Bar(work, found_by_id(world, work.about), place(work.began), at - place(work.began), place(work.ends) - at)
        for work in shown
    ]
    return Line(bars, to_wire(first), to_wire(last), min(at, WIDTH - _MARK))


@change("/w/{world}/time/freeze", on_refusal=clock)
def freeze(visit: Visit) -> str:
    """Stand still, now or at the moment that was entered."""
    return _moved(visit, visit.call(world_clock.freeze_clock, visit.entered(Freeze)))


@change("/w/{world}/time/advance", on_refusal=clock)
def advance(visit: Visit) -> str:
    """Go on by so many seconds."""
    return _moved(visit, visit.call(world_clock.advance_clock, visit.entered(Advance)))


@change("/w/{world}/time/next", on_refusal=clock)
def to_next_event(visit: Visit) -> str:
    """Go on to when the next work ends."""
    world = settled(visit)
    following = pending.next_work(world)
    if following is None:
        raise ImpossibleChange("nothing is going on that will end")
    ended = world_time.advance(world, max(0, following.due_at - world.clock.now()))
    return _moved(visit, Moved(worlds.clock_view(world), ended))


@change("/w/{world}/time/idle", on_refusal=clock)
def to_idle(visit: Visit) -> str:
    """Go on to when all work is over."""
    return _moved(visit, visit.call(world_clock.advance_clock_to_idle))


@change("/w/{world}/time/rate", on_refusal=clock)
def set_rate(visit: Visit) -> str:
    """Run so many times as fast as real time."""
    return _moved(visit, visit.call(world_clock.set_clock_rate, visit.entered(Rate)))


@change("/w/{world}/time/real", on_refusal=clock)
def to_real(visit: Visit) -> str:
    """Back to real time."""
    return _moved(visit, visit.call(world_clock.release_clock))


@change("/w/{world}/time/scale", on_refusal=clock)
def set_scale(visit: Visit) -> str:
    """Set how long work takes from now on."""
    wanted: WorldChanges = visit.entered(WorldChanges)
    if wanted.time_scale is UNSET:
        raise WrongValue("time_scale: it is missing; name how long new work takes")
    visit.call(worlds.change_world, wanted)
    return visit.at("time", said="set")


class Ending(Struct, frozen=True, forbid_unknown_fields=True):
    """How a piece of work ends."""

    how: Annotated[str, Meta(pattern="^(now|fail|hang|well)$")]


@change("/w/{world}/time/work/{operation}", on_refusal=clock)
def end_work(visit: Visit) -> str:
    """Let work end now, fail, hang, or end well after all."""
    wanted: Ending = visit.entered(Ending)
    changes = {"now": {"due_in": 0}, "fail": {"fails": True}, "hang": {"hangs_at": 50}, "well": {"fails": False}}
    visit.call(inventory.set_operation, msgspec.convert(changes[wanted.how], OperationChanges))
    return visit.at("time", said="set", page=visit.asked(Asked).page)


def _moved(visit: Visit, moved: Moved) -> str:
    return visit.at("time", said="moved", ended=moved.ended)
