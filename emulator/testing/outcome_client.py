"""How scripts end in a world, as a test sets it."""

from emulator.testing.driver import Driver, View


class Outcomes:
    """How scripts end that RunUserCmd runs from now on."""

    def __init__(self, driver: Driver, world_path: str) -> None:
        self._driver = driver
        self._path = f"{world_path}/outcomes"

    def set(
        self,
        command: str | None = None,
        *,
        device: str | None = None,
        parameter: str | None = None,
        exit_code: int = 0,
        output: str | None = None,
        duration: float | None = None,
    ) -> "Outcome":
        """Set an outcome, for instance `set("deploy", device="web-2", exit_code=3, output="no space left")`.

        `command` and `device` are ids or names, `parameter` is the decoded one; None fits all. The outcome counts
        before those that were set earlier. Without `output` the script prints its usual transcript; `duration` is in
        seconds.
        """
        body: View = {"command": command, "device": device, "parameter": parameter}
        body |= {"exit_code": exit_code, "output": output, "duration": duration}
        return Outcome(self._driver, self._path, self._driver.ask("POST", self._path, body))

    def all(self) -> list[View]:
        """The outcomes in the order in which they are tried."""
        return list(self._driver.ask("GET", self._path))

    def clear(self) -> None:
        """Remove all outcomes, those of the world file too."""
        self._driver.ask("DELETE", self._path)


class Outcome:
    """An outcome that is set in a world."""

    def __init__(self, driver: Driver, outcomes_path: str, view: View) -> None:
        self._driver = driver
        self.id: int = view["id"]
        self._path = f"{outcomes_path}/{self.id}"

    def remove(self) -> None:
        self._driver.ask("DELETE", self._path)
