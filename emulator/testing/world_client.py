"""The client of a world: its key pair, clock, faults, journal, inventory, incidents, outcomes and snapshots."""

from typing import TYPE_CHECKING, Any, Literal

from emulator.testing.api import ApiClient
from emulator.testing.clock_client import Clock
from emulator.testing.driver import Driver, View, path_segment
from emulator.testing.fault_client import Faults, Incidents
from emulator.testing.inventory_client import Inventory
from emulator.testing.journal_client import Journal
from emulator.testing.outcome_client import Outcomes

if TYPE_CHECKING:
    from emulator.testing.emulator_client import EmulatorClient


class WorldClient:
    """A world of an emulator, driven over its control interface.

    `secret_id`, `secret_key`, `app_id` and `credentials` are what a client signs with; `emulator.url` is where it
    calls. `clock`, `faults`, `incidents`, `journal`, `inventory` and `outcomes` drive the world.
    """

    def __init__(self, emulator: "EmulatorClient", driver: Driver, view: View) -> None:
        """`view`: how the emulator described the world."""
        self._driver = driver
        self.emulator = emulator
        """The emulator that the world is in."""
        self.name: str = view["name"]
        self.seed: str = view["seed"]
        self.credentials: list[dict[str, str]] = view["credentials"]
        """The secret_id, secret_key and app_id of each credential."""
        first = self.credentials[0]
        self.secret_id, self.secret_key, self.app_id = first["secret_id"], first["secret_key"], first["app_id"]
        self._path = f"/worlds/{path_segment(self.name)}"
        self.clock = Clock(driver, self._path)
        self.faults = Faults(driver, self._path)
        self.journal = Journal(driver, self._path)
        self.inventory = Inventory(driver, self._path)
        self.incidents = Incidents(driver, self._path)
        self.outcomes = Outcomes(driver, self._path)
        self._api = ApiClient(driver.exchange, self.secret_id, self.secret_key)

    def call(self, action: str, **parameters: Any) -> Any:
        """Sign a call, send it, and return the answer. A list becomes `name.0`, `name.1`, …"""
        return self._api.call(action, parameters)

    def reset(self) -> None:
        """Return the world to the state in which it was made: inventory, clock, faults, used nonces and journal."""
        self._driver.ask("POST", f"{self._path}/reset")

    def delete(self) -> None:
        self._driver.ask("DELETE", self._path)

    def configure(self, *, time_scale: float | None = None, rate_limit: bool | None = None) -> None:
        """Change how long tasks take and whether calls are rate-limited. None changes nothing."""
        changes = {"time_scale": time_scale, "rate_limit": rate_limit}
        self._driver.ask("PATCH", self._path, {name: value for name, value in changes.items() if value is not None})

    def snapshot(self, name: str) -> None:
        """Keep a snapshot of the world. An older one of that name is replaced."""
        self._driver.ask("PUT", self._snapshot_path(name))

    def restore(self, name: str) -> None:
        """Return the world to a snapshot. The journal is kept."""
        self._driver.ask("POST", f"{self._snapshot_path(name)}/restore")

    def snapshots(self) -> list[str]:
        return [snapshot["name"] for snapshot in self._driver.ask("GET", f"{self._path}/snapshots")]

    def delete_snapshot(self, name: str) -> None:
        self._driver.ask("DELETE", self._snapshot_path(name))

    def diff(self, before: str, after: str | None = None) -> View:
        """The rows that changed between two snapshots, or since one: by table, `added`, `removed` and `changed`."""
        differences: View = self._driver.ask("GET", f"{self._path}/diff", query={"before": before, "after": after})
        return differences

    def export(self, kind: Literal["toml", "json"] = "toml") -> str:
        """The text of a world file that loads as an equal world: `new_world(fixture=…)` or `serve --fixture FILE`."""
        return self._driver.ask_text("GET", f"{self._path}/export", query={"format": kind})

    def fork(self, name: str | None = None, snapshot: str | None = None) -> "WorldClient":
        """Copy the world as it is now, or a snapshot of it. The copy has credentials of its own."""
        view = self._driver.ask("POST", f"{self._path}/fork", {"name": name, "snapshot": snapshot})
        return WorldClient(self.emulator, self._driver, view)

    def _snapshot_path(self, name: str) -> str:
        return f"{self._path}/snapshots/{path_segment(name)}"
