"""The fault rules of a world, and the incidents that are named sets of them."""

from typing import Unpack

from emulator.testing.driver import Driver, View, path_segment
from emulator.testing.fields import FaultFields


class Faults:
    """The fault rules of a world."""

    def __init__(self, driver: Driver, world_path: str) -> None:
        self._driver = driver
        self._path = f"{world_path}/faults"

    def set(self, action: str | None = None, **rule: Unpack[FaultFields]) -> "Fault":
        """Set a rule, for instance `set("RunUserCmd", error=9001, skip=1, times=2)`.

        `bm-emulator fault set --help` lists the fields. Raises ControlError for a rule that could never match a call.
        """
        body = {**rule} if action is None else {"action": action, **rule}
        return Fault(self._driver, self._path, self._driver.ask("POST", self._path, body))

    def all(self) -> list[View]:
        return list(self._driver.ask("GET", self._path))

    def unfired(self) -> list[View]:
        """The rules that never fired."""
        return list(self._driver.ask("GET", self._path, query={"unfired": True}))

    def clear(self) -> None:
        self._driver.ask("DELETE", self._path)


class Fault:
    """A rule that is set in a world."""

    def __init__(self, driver: Driver, faults_path: str, view: View) -> None:
        self._driver = driver
        self.id: int = view["id"]
        self._path = f"{faults_path}/{self.id}"

    @property
    def fired(self) -> int:
        """How often the rule has fired."""
        return int(self._driver.ask("GET", self._path)["fired"])

    def remove(self) -> None:
        self._driver.ask("DELETE", self._path)


class Incidents:
    """Named sets of fault rules, from `fixtures/incidents/` or `--incidents`."""

    def __init__(self, driver: Driver, world_path: str) -> None:
        self._driver = driver
        self._path = f"{world_path}/incidents"

    def known(self) -> dict[str, str]:
        """The titles of all incidents, by name."""
        return {incident["name"]: incident["title"] for incident in self._driver.ask("GET", "/incidents")}

    def running(self) -> list[str]:
        return list(self._driver.ask("GET", self._path))

    def start(self, name: str) -> None:
        self._driver.ask("POST", f"{self._path}/{path_segment(name)}")

    def stop(self, name: str) -> None:
        self._driver.ask("DELETE", f"{self._path}/{path_segment(name)}")
