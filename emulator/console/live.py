"""New calls as they come: a stream of Server-Sent Events, or what is new since the last question.

The stream looks into the journals twice a second, so that calls pay nothing for it, and sends at most so many calls at
once. A page that finds no connection free for a stream asks instead. Both name the last call that the page knows.
"""

import asyncio
from collections.abc import AsyncIterator
from itertools import islice, takewhile

from starlette.responses import HTMLResponse, Response, StreamingResponse

from emulator.console import session
from emulator.console.calls import Filter, line
from emulator.console.page import Visit
from emulator.console.rendering import templates
from emulator.console.session import HEADERS
from emulator.control.state import Control
from emulator.journal.journal import Entry

_BEAT_SECONDS = 0.5
_BEATS_TO_KEEP_ALIVE = 20
_MOST_AT_ONCE, _MOST_ASKED_FOR = 25, 100
"""Calls of one beat, and of one question."""
_MOST_KEPT = 200
"""As many rows as the page keeps (console.js)."""
_MOST_LOOKED_AT = 2_000
"""Calls of one beat that the filter is held against."""
_MOST_DIGITS = 18
_LAST = "last-event-id"


class Wanted(Filter, frozen=True):
    """Which calls a page follows."""

    world: str = ""
    """Empty: all worlds."""
    after: int = 0
    """The number of the last call that the page knows."""
    once: bool = False
    """Only what is new now."""


def answer(visit: Visit) -> Response:
    """The stream; with `once`, what is new now. Raises UnknownWorld, WrongValue."""
    wanted: Wanted = visit.asked(Wanted)
    if wanted.world:
        visit.control.worlds.named(wanted.world)
    if wanted.once:
        entries, after = _next(visit.control, wanted, wanted.after, _MOST_ASKED_FOR)
        return HTMLResponse(_rows(visit, wanted, entries), headers={**HEADERS, "X-Newest": str(after)})
    headers = {**HEADERS, "X-Accel-Buffering": "no"}
    last = visit.request.headers.get(_LAST, "")[:_MOST_DIGITS]
    after = int(last) if last.isdecimal() else wanted.after
    return StreamingResponse(_events(visit, wanted, after), media_type="text/event-stream", headers=headers)


async def _events(visit: Visit, wanted: Wanted, after: int) -> AsyncIterator[str]:
    """Ends with the world and with the visitor's session; a page that asks anew then hears why."""
    yield ": open\n\n"
    quiet = 0
    while _may_go_on(visit, wanted):
        entries, after = _next(visit.control, wanted, after, _MOST_AT_ONCE)
        rows = _rows(visit, wanted, entries) if entries else ""
        if rows:
            data = "".join(f"data: {row}\n" for row in rows.splitlines())
            yield f"id: {after}\nevent: calls\n{data}\n"
        quiet = 0 if rows else quiet + 1
        if quiet == _BEATS_TO_KEEP_ALIVE:
            quiet = 0
            yield ": still here\n\n"
        await asyncio.sleep(_BEAT_SECONDS)


def _may_go_on(visit: Visit, wanted: Wanted) -> bool:
    has_world = not wanted.world or visit.control.worlds.has(wanted.world)
    return has_world and session.refusal(visit.console, visit.request) is None


def _next(control: Control, wanted: Wanted, after: int, most: int) -> tuple[list[Entry], int]:
    """The calls that ended since and fit, the last first, and the number from which to go on.

    If there are more than `most`, the rest follows the next time. What a page would not keep is left out.
    """
    newest = islice(control.journals.newest(wanted.world or None), _MOST_LOOKED_AT)
    new = list(takewhile(lambda entry: entry.number > after, newest))
    fitting = list(islice((entry for entry in new if wanted.fits(entry, control.mask)), _MOST_KEPT))
    if len(fitting) > most:
        return fitting[-most:], fitting[-most].number
    return fitting, new[0].number if new else after


def _rows(visit: Visit, wanted: Wanted, entries: list[Entry]) -> str:
    lines = [line(visit.control, entry) for entry in entries]
    if not lines:
        return ""
    values = {"lines": lines, "t": visit.text, "every_world": not wanted.world, "is_new": True}
    return templates().get_template("call_rows.html").render(values)
