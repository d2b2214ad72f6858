"""The client of an emulator: it lists, finds and makes worlds."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from emulator.seeding.fixture import read_fixture
from emulator.testing.driver import Driver, Exchange, over_socket, path_segment
from emulator.testing.processes import environment
from emulator.testing.world_client import WorldClient


class EmulatorClient:
    """An emulator, driven over its control interface."""

    def __init__(self, url: str, exchange: Exchange, token: str | None) -> None:
        self.url = url
        """Where it listens, as `http://127.0.0.1:8386`. The API is at /v2/index.php."""
        self.proxy_url: str | None = None
        """Where its proxy listens, if there is a `proxy_port` (0: a free one)."""
        self.ca_dir: str | None = None
        """Where its certificate authority is kept; None: in the user's data directory."""
        self._driver = Driver(exchange, token)

    @property
    def exchange(self) -> Exchange:
        """Carries one HTTP request to the emulator."""
        return self._driver.exchange

    @property
    def world(self) -> WorldClient:
        """The default world."""
        return self.find_world("default")

    def find_world(self, name: str) -> WorldClient:
        return WorldClient(self, self._driver, self._driver.ask("GET", f"/worlds/{path_segment(name)}"))

    def worlds(self) -> list[WorldClient]:
        return [WorldClient(self, self._driver, view) for view in self._driver.ask("GET", "/worlds")]

    def new_world(
        self,
        name: str | None = None,
        *,
        fixture: str | Path | dict[str, Any] | None = None,
        devices: int = 0,
        seed: str | int = "0",
        time_scale: float | None = None,
        frozen_at: datetime | str | None = None,
        rate_limit: bool = False,
    ) -> WorldClient:
        """Make a world with credentials of its own.

        `fixture` is `demo`, `empty`, a world file of this machine (TOML or JSON), or the content of one. The default is
        `demo`, or `empty` if there are `devices` to generate. Raises ControlError, or FixtureError for an invalid file.
        """
        body = {
            "name": name,
            "fixture": _fixture_body(fixture),
            "devices": devices,
            "seed": str(seed),
            "time_scale": time_scale,
            "frozen_at": frozen_at.isoformat() if isinstance(frozen_at, datetime) else frozen_at,
            "rate_limit": rate_limit,
        }
        return WorldClient(self, self._driver, self._driver.ask("POST", "/worlds", body))

    def environment(self, world: WorldClient) -> dict[str, str]:
        """The environment of a process that shall call this world, as `emulator.testing.environment` describes it."""
        return environment(world)


def connect(url: str, token: str | None = None) -> EmulatorClient:
    """Drive an emulator that runs elsewhere. `token` is the control token that it printed at its start, if any."""
    return EmulatorClient(url, over_socket(url), token)


def _fixture_body(fixture: str | Path | dict[str, Any] | None) -> Any:
    if fixture is None or isinstance(fixture, dict) or fixture in ("demo", "empty"):
        return fixture
    return msgspec.to_builtins(read_fixture(Path(fixture), ("demo", "empty")))
