"""The journal of a world, as a test searches it and asserts on it."""

from collections.abc import Mapping
from typing import Any, Unpack

from emulator.testing.api import flatten
from emulator.testing.driver import Driver, View, path_segment
from emulator.testing.fields import SearchFields

_ALL_CALLS = 100_000


class Journal:
    """The calls that a world has received. `bm-emulator journal show --help` lists the fields of a search."""

    def __init__(self, driver: Driver, world_path: str) -> None:
        self._driver = driver
        self._path = f"{world_path}/journal"

    def calls(self, action: str | None = None, **search: Unpack[SearchFields]) -> list[View]:
        """The calls that match, oldest first; at most `limit` of them, the newest."""
        return list(self._find(action, search)["calls"])

    def count(self, action: str | None = None, **search: Unpack[SearchFields]) -> int:
        return int(self._find(action, search)["found"])

    @property
    def dropped(self) -> int:
        """How many calls the journal dropped because it was full."""
        return int(self._find(None, SearchFields())["dropped"])

    def called(
        self,
        *actions: str,
        times: int | None = None,
        with_: Mapping[str, Any] | None = None,
        in_order: bool = False,
    ) -> None:
        """Assert that each action was called at least once, or exactly `times` times, with these parameters.

        `in_order`: one after the other, whatever came between. The AssertionError shows the nearest call.
        ControlError: no action has such a name.
        """
        __tracebackhide__ = True
        wanted = {"actions": list(actions), "times": times, "parameters": flatten(with_ or {}), "in_order": in_order}
        verdict = self._driver.ask("POST", f"{self._path}/verify", wanted)
        if not verdict["holds"]:
            raise AssertionError(verdict["message"])

    def story(self, request_id: str) -> View:
        """Everything that is known of one call, by its X-Emulator-Request-Id."""
        story: View = self._driver.ask("GET", f"/journal/{path_segment(request_id)}")
        return story

    def export(self, action: str | None = None, **search: Unpack[SearchFields]) -> str:
        """The calls that match, as JSON lines."""
        return self._driver.ask_text(
            "GET", f"{self._path}.jsonl", query={"limit": _ALL_CALLS, "action": action, **search}
        )

    def clear(self) -> None:
        self._driver.ask("DELETE", self._path)

    def _find(self, action: str | None, search: SearchFields) -> View:
        calls: View = self._driver.ask("GET", self._path, query={"action": action, **search})
        return calls
