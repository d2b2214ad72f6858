"""The clock of a world, as a test moves it."""

from datetime import datetime

from emulator.testing.driver import Driver, View


class Clock:
    """The clock of a world. Each method that moves it returns how many operations ended on the way."""

    def __init__(self, driver: Driver, world_path: str) -> None:
        self._driver = driver
        self._path = f"{world_path}/clock"

    @property
    def now(self) -> int:
        """Milliseconds since the epoch."""
        return int(self._driver.ask("GET", self._path)["now"])

    @property
    def time(self) -> str:
        """The time as the API prints it, in China Standard Time."""
        return str(self._driver.ask("GET", self._path)["time"])

    def freeze(self, at: datetime | str | None = None) -> int:
        """Stop the clock now, or at a time: ISO 8601, China Standard Time unless it names an offset."""
        return self._move("freeze", {"at": at.isoformat() if isinstance(at, datetime) else at})

    def advance(self, seconds: float) -> int:
        return self._move("advance", {"seconds": seconds})

    def advance_to_idle(self) -> int:
        """Advance until no operation is pending, except those that hang."""
        return self._move("advance-to-idle", None)

    def run_at(self, rate: float) -> int:
        """Run `rate` times as fast as real time."""
        return self._move("rate", {"rate": rate})

    def real(self) -> int:
        """Return to real time."""
        return self._move("real", None)

    def _move(self, verb: str, body: View | None) -> int:
        return int(self._driver.ask("POST", f"{self._path}/{verb}", body)["ended"])
