"""Time: whole milliseconds since the UNIX epoch, from one injected clock.

The wire prints China Standard Time, `YYYY-MM-DD HH:MM:SS`.
"""

import json
import time
from calendar import monthrange
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Protocol

CHINA = timezone(timedelta(hours=8))
_LAST_YEAR = 9998
"""A later date could not be printed once a day is added to it."""
_EPOCH_IN_CHINA = datetime(1970, 1, 1, 8)  # noqa: DTZ001
NEVER = "0000-00-00 00:00:00"
"""How the API prints a moment that has not come (seen on the VPC task pages)."""


class Clock(Protocol):
    def now(self) -> int:
        """Milliseconds since the epoch."""

    def ticks(self) -> int:
        """Nanoseconds, for measuring how long something takes."""


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def ticks(self) -> int:
        return time.perf_counter_ns()


class ManualClock:
    """A clock that moves only when `advance` is called."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def ticks(self) -> int:
        return self._now * 1_000_000

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("a clock cannot run backwards")
        self._now += round(seconds * 1000)


class WorldClock:
    """A world's own time: that of the clock beneath it, until it is set.

    It runs at `rate` times the speed of the clock beneath: 1 as that does, 0 not at all.
    """

    LATEST = 253_370_736_000_000
    """The end of the year 9998, in milliseconds: a day later could not be printed."""

    def __init__(self, beneath: Clock) -> None:
        self.beneath = beneath
        self._setting = (0, 0, 1.0)

    def now(self) -> int:
        beneath, own, rate = self._setting
        if rate == 1.0:
            return self.beneath.now() - beneath + own
        if not rate:
            return own
        return min(own + round((self.beneath.now() - beneath) * rate), self.LATEST)

    def ticks(self) -> int:
        return self.beneath.ticks()

    @property
    def rate(self) -> float:
        return self._setting[2]

    @property
    def is_real(self) -> bool:
        return self._setting == (0, 0, 1.0)

    def set(self, now: int, rate: float) -> None:
        """Go on from there. Raises ValueError beyond LATEST or before 1970."""
        if not 0 <= now <= self.LATEST:
            raise ValueError("a world's time is between 1970 and 9998")
        self._setting = (self.beneath.now(), now, rate)

    def release(self) -> None:
        """Back to the time beneath."""
        self._setting = (0, 0, 1.0)

    def save(self) -> str:
        return json.dumps(self._setting)

    def load(self, saved: str) -> None:
        beneath, own, rate = json.loads(saved)
        self._setting = (beneath, own, rate)


def to_wire(moment: int | None) -> str:
    if moment is None:
        return NEVER
    return _second_to_wire(moment // 1000)


@lru_cache(maxsize=4096)
def _second_to_wire(second: int) -> str:
    """Lists print the same moments again and again."""
    return (_EPOCH_IN_CHINA + timedelta(seconds=second)).isoformat(" ")


class ImpossibleTime(ValueError):
    """A time that no world can have."""


def from_local(moment: datetime) -> int:
    """A date that a person wrote: China Standard Time unless it names an offset. Raises ImpossibleTime."""
    found = _milliseconds(moment)
    if not 0 <= found <= WorldClock.LATEST:
        raise ImpossibleTime("a time is between 1970 and 9998")
    return found


def local(moment: int) -> datetime:
    """A moment as a fixture gives it: China Standard Time, without an offset."""
    return datetime.fromtimestamp(moment // 1000, CHINA).replace(microsecond=moment % 1000 * 1000, tzinfo=None)


def from_wire(text: str, form: str = "%Y-%m-%d %H:%M:%S") -> int:
    """A time as the API prints it. Raises ValueError."""
    return _milliseconds(datetime.strptime(text, form))  # noqa: DTZ007


def day_of(moment: int) -> int:
    """The beginning of the moment's day in China."""
    day = datetime.fromtimestamp(moment // 1000, CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return _milliseconds(day)


def add_months(moment: int, months: int) -> int:
    """The same time of day so many calendar months later in China; the last of a shorter month."""
    day = datetime.fromtimestamp(moment // 1000, CHINA)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > _LAST_YEAR:
        return WorldClock.LATEST
    last = monthrange(year, month + 1)[1]
    return _milliseconds(day.replace(year=year, month=month + 1, day=min(day.day, last)))


def _milliseconds(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    return round(aware.timestamp() * 1000)
