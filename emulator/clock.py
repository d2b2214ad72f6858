"""Time, as everything else is told it: whole milliseconds since the UNIX epoch, from one injected clock.

The wire prints China Standard Time, `YYYY-MM-DD HH:MM:SS`.
"""

import time
from datetime import datetime, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8))
NEVER = "0000-00-00 00:00:00"
"""How the API prints a moment that has not come (seen on the VPC task pages)."""


class Clock(Protocol):
    def now(self) -> int:
        """Milliseconds since the epoch."""


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


class ManualClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("a clock cannot run backwards")
        self._now += round(seconds * 1000)


def to_wire(moment: int | None) -> str:
    if moment is None:
        return NEVER
    return datetime.fromtimestamp(moment // 1000, CHINA).strftime("%Y-%m-%d %H:%M:%S")


def from_local(moment: datetime) -> int:
    """A fixture's date: China Standard Time unless it names an offset."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    return round(aware.timestamp() * 1000)
