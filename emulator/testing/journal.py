"""A world's journal as a test reads it."""

from collections.abc import Mapping
from typing import Any

from emulator.testing.api import flatten
from emulator.testing.driver import Driver, safe

View = dict[str, Any]


class Journal:
    def __init__(self, driver: Driver, path: str) -> None:
        self._driver = driver
        self._path = f"{path}/journal"

    def calls(self, action: str | None = None, **search: Any) -> list[View]:  # noqa: ANN401
        """The calls that fit, the oldest first.

        By code, method, host, client, authentication, parameter (`name=value`), fault, began, changed, unknown,
        slower_than, since, until; at most `limit`, the newest.
        """
        return list(self._find(action, search)["calls"])

    def count(self, action: str | None = None, **search: Any) -> int:  # noqa: ANN401
        return int(self._find(action, search)["found"])

    @property
    def dropped(self) -> int:
        """How many calls there was no room for any more."""
        return int(self._find(None, {})["dropped"])

    def called(
        self,
        *actions: str,
        times: int | None = None,
        with_: Mapping[str, Any] | None = None,
        in_order: bool = False,
    ) -> None:
        """Raises AssertionError, with the nearest call, unless each action was called at least once, or `times` times,
        with these parameters; `in_order`: one after the other, whatever came between."""
        __tracebackhide__ = True
        wanted = {"actions": list(actions), "times": times, "parameters": flatten(with_ or {}), "in_order": in_order}
        verdict = self._driver.ask("POST", f"{self._path}/verify", wanted)
        if not verdict["holds"]:
            raise AssertionError(verdict["message"])

    def story(self, request_id: str) -> View:
        """All of one call, by its X-Emulator-Request-Id."""
        found: View = self._driver.ask("GET", f"/journal/{safe(request_id)}")
        return found

    def export(self, **search: Any) -> str:  # noqa: ANN401
        """JSON lines."""
        return self._driver.ask_text("GET", f"{self._path}.jsonl", query={"limit": 100_000, **search})

    def clear(self) -> None:
        self._driver.ask("DELETE", self._path)

    def _find(self, action: str | None, search: View) -> View:
        found: View = self._driver.ask("GET", self._path, query={"action": action, **search})
        return found
