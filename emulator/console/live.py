"""New calls as they come: a stream of Server-Sent Events, or what is new since the last question.

The stream looks into the journals twice a second, so that calls pay nothing for it, and sends at most so many calls at
once. A page that finds no connection free for a stream asks instead.
"""

import asyncio
from collections.abc import AsyncIterator
from itertools import islice

from starlette.responses import HTMLResponse, Response, StreamingResponse

from emulator.console.calls import Filter, line
from emulator.console.page import Visit
from emulator.console.rendering import templates
from emulator.console.session import HEADERS
from emulator.journal.journal import Entry, Journals

_BEAT_SECONDS = 0.5
_BEATS_TO_KEEP_ALIVE = 20
_MOST_AT_ONCE = 25
_MOST_LOOKED_AT = 2_000
"""Calls of one beat that the filter is held against."""


class Follower:
    """What is new in the journals of a world, or of all, since it was last asked."""

    def __init__(self, journals: Journals, world: str | None, after: str) -> None:
        self._journals = journals
        self._world = world
        known = journals.find(after) if after else None
        self._at = known.at if known else -1
        self._seen = {known.request_id} if known else set()
        """The calls of the millisecond in which the last one came."""

    def new(self) -> list[Entry]:
        """The calls that came since, the newest first."""
        found = []
        for entry in islice(self._journals.newest(self._world), _MOST_LOOKED_AT):
            if entry.at < self._at:
                break
            if entry.at > self._at or entry.request_id not in self._seen:
                found.append(entry)
        if found:
            at = found[0].at
            self._seen = {entry.request_id for entry in found if entry.at == at} | (
                self._seen if at == self._at else set()
            )
            self._at = at
        return found


def answer(visit: Visit) -> Response:
    """The stream; with `once`, what is new now."""
    wanted: Filter = visit.asked(Filter)
    after = visit.request.headers.get("last-event-id") or visit.query.get("after", "")
    follower = Follower(visit.control.journals, visit.query.get("world"), after)
    if "once" in visit.query:
        entries = follower.new()
        newest = {"X-Newest": entries[0].request_id} if entries else {}
        return HTMLResponse(_rows(visit, wanted, entries), headers={**HEADERS, **newest})
    headers = {**HEADERS, "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(visit, wanted, follower), media_type="text/event-stream", headers=headers)


async def _events(visit: Visit, wanted: Filter, follower: Follower) -> AsyncIterator[str]:
    yield ": open\n\n"
    quiet = 0
    while True:
        entries = follower.new()
        rows = _rows(visit, wanted, entries) if entries else ""
        if rows:
            data = "".join(f"data: {row}\n" for row in rows.splitlines())
            yield f"id: {entries[0].request_id}\nevent: calls\n{data}\n"
        quiet = 0 if rows else quiet + 1
        if quiet == _BEATS_TO_KEEP_ALIVE:
            quiet = 0
            yield ": still here\n\n"
        await asyncio.sleep(_BEAT_SECONDS)


def _rows(visit: Visit, wanted: Filter, entries: list[Entry]) -> str:
    chosen = islice((entry for entry in entries if wanted.fits(entry)), _MOST_AT_ONCE)
    lines = [line(visit.control, entry) for entry in chosen]
    if not lines:
        return ""
    values = {"lines": lines, "t": visit.text, "every_world": "world" not in visit.query, "is_new": True}
    return templates().get_template("call_rows.html").render(values)
