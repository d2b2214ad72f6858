"""A world as a test drives it: its key pair, its clock, faults, journal, inventory, incidents and snapshots.

Dictionaries are what the control interface answers; `/_emulator/openapi.json` describes them.
"""

import json
from datetime import datetime
from typing import Any

from emulator.testing.api import ApiClient
from emulator.testing.driver import Driver, safe
from emulator.testing.journal import Journal

View = dict[str, Any]


class World:
    """`view` is what the emulator told of it when it was made."""

    def __init__(self, driver: Driver, view: View) -> None:
        self._driver = driver
        self.name: str = view["name"]
        self.seed: str = view["seed"]
        self.credentials: list[dict[str, str]] = view["credentials"]
        """secret_id, secret_key and app_id of each."""
        first = self.credentials[0]
        self.secret_id, self.secret_key, self.app_id = first["secret_id"], first["secret_key"], first["app_id"]
        self._path = f"/worlds/{safe(self.name)}"
        self.clock = Clock(driver, self._path)
        self.faults = Faults(driver, self._path)
        self.journal = Journal(driver, self._path)
        self.inventory = Inventory(driver, self._path)
        self.incidents = Incidents(driver, self._path)
        self._api = ApiClient(driver.exchange, self.secret_id, self.secret_key)

    def call(self, action: str, **parameters: Any) -> Any:
        """Sign a call, send it, and return the answer. A list becomes `name.0`, `name.1`, …"""
        return self._api.call(action, parameters)

    def reset(self) -> None:
        """As it was made: inventory, clock, faults, used nonces and journal."""
        self._driver.ask("POST", f"{self._path}/reset")

    def delete(self) -> None:
        self._driver.ask("DELETE", self._path)

    def configure(self, *, time_scale: float | None = None, rate_limit: bool | None = None) -> None:
        """How long tasks take, and whether calls are limited; None: as before."""
        changes = {"time_scale": time_scale, "rate_limit": rate_limit}
        self._driver.ask("PATCH", self._path, {name: value for name, value in changes.items() if value is not None})

    def snapshot(self, name: str) -> None:
        """Keep it as it is now; one of that name is replaced."""
        self._driver.ask("PUT", f"{self._path}/snapshots/{safe(name)}")

    def restore(self, name: str) -> None:
        self._driver.ask("POST", f"{self._path}/snapshots/{safe(name)}/restore")

    def snapshots(self) -> list[str]:
        return [found["name"] for found in self._driver.ask("GET", f"{self._path}/snapshots")]

    def delete_snapshot(self, name: str) -> None:
        self._driver.ask("DELETE", f"{self._path}/snapshots/{safe(name)}")

    def diff(self, before: str, after: str | None = None) -> View:
        """What rows changed between two snapshots, or since one: by table `added`, `removed` and `changed`."""
        found: View = self._driver.ask("GET", f"{self._path}/diff", query={"before": before, "after": after})
        return found

    def fork(self, name: str | None = None, snapshot: str | None = None) -> "World":
        """A copy as it is now, or as a snapshot shows, with credentials of its own."""
        view = self._driver.ask("POST", f"{self._path}/fork", {"name": name, "snapshot": snapshot})
        return World(self._driver, view)


class Clock:
    """A world's time. What moves it returns how many operations ended on the way."""

    def __init__(self, driver: Driver, path: str) -> None:
        self._driver = driver
        self._path = f"{path}/clock"

    @property
    def now(self) -> int:
        """Milliseconds since the epoch."""
        return int(self._driver.ask("GET", self._path)["now"])

    @property
    def time(self) -> str:
        """As the API prints it, in China Standard Time."""
        return str(self._driver.ask("GET", self._path)["time"])

    def freeze(self, at: datetime | str | None = None) -> int:
        """Now, or at a moment: ISO 8601, China Standard Time unless it names an offset."""
        return self._move("freeze", {"at": at.isoformat() if isinstance(at, datetime) else at})

    def advance(self, seconds: float) -> int:
        return self._move("advance", {"seconds": seconds})

    def advance_to_idle(self) -> int:
        """Until no work is pending but what hangs."""
        return self._move("advance-to-idle", None)

    def run_at(self, rate: float) -> int:
        """So many times as fast as real time."""
        return self._move("rate", {"rate": rate})

    def real(self) -> int:
        """Back to real time."""
        return self._move("real", None)

    def _move(self, verb: str, body: View | None) -> int:
        return int(self._driver.ask("POST", f"{self._path}/{verb}", body)["ended"])


class Faults:
    """The fault rules of a world."""

    def __init__(self, driver: Driver, path: str) -> None:
        self._driver = driver
        self._path = f"{path}/faults"

    def set(self, action: str | None = None, **rule: Any) -> "Fault":
        """For instance `set("RunUserCmd", error=9001, skip=1, times=2)`. `emulator/inventory/rules.py` lists the rest.

        Raises ControlError for a rule that no call could ever meet, with the reason.
        """
        whole = rule if action is None else {"action": action, **rule}
        return Fault(self._driver, self._path, self._driver.ask("POST", self._path, whole))

    def all(self) -> list[View]:
        return list(self._driver.ask("GET", self._path))

    def unfired(self) -> list[View]:
        """Those that never fired."""
        return list(self._driver.ask("GET", self._path, query={"unfired": True}))

    def clear(self) -> None:
        self._driver.ask("DELETE", self._path)


class Fault:
    """A rule that is set."""

    def __init__(self, driver: Driver, path: str, view: View) -> None:
        self._driver = driver
        self.id: int = view["id"]
        self._path = f"{path}/{self.id}"

    @property
    def fired(self) -> int:
        """How often."""
        return int(self._driver.ask("GET", self._path)["fired"])

    def remove(self) -> None:
        self._driver.ask("DELETE", self._path)


class Inventory:
    """A world's things, read and set by hand. What cannot be is refused with a ControlError that says why."""

    def __init__(self, driver: Driver, path: str) -> None:
        self._driver = driver
        self._world = path
        self._path = f"{path}/inventory"

    def ids(self, kind: str, *, offset: int = 0, limit: int = 1000) -> list[str]:
        """Of the `devices`, `hosted`, `scripts` or `tasks`."""
        return list(self._driver.ask("GET", f"{self._path}/{kind}", query={"offset": offset, "limit": limit})["ids"])

    def device(self, instance_id: str) -> View:
        return self._read("devices", instance_id)

    def set_device(self, instance_id: str, /, **changes: Any) -> View:
        """For instance `state="fault"`, `deadline="2017-10-20T10:00:00"`, `out_of_band=None`."""
        return self._set("devices", instance_id, changes)

    def hosted(self, instance_id: str) -> View:
        return self._read("hosted", instance_id)

    def set_hosted(self, instance_id: str, /, **changes: Any) -> View:
        """For instance `in_order=False`, `password="…"`, `lan_ip=None`."""
        return self._set("hosted", instance_id, changes)

    def script(self, cmd_id: str) -> View:
        return self._read("scripts", cmd_id)

    def set_script(self, cmd_id: str, /, **changes: Any) -> View:
        return self._set("scripts", cmd_id, changes)

    def task(self, task_id: str | int) -> View:
        return self._read("tasks", str(task_id))

    def set_task(self, task_id: str | int, /, **changes: Any) -> View:
        """Of what is not over: `fails=True`, `due_in=5`, `hangs_at=70`."""
        return self._set("tasks", str(task_id), changes)

    def operations(self) -> list[View]:
        """What is going on, deliveries and bindings included."""
        return list(self._driver.ask("GET", f"{self._world}/operations"))

    def set_operation(self, number: int, /, **changes: Any) -> View:
        found: View = self._driver.ask("PATCH", f"{self._world}/operations/{number}", changes)
        return found

    def accounts(self) -> list[View]:
        return list(self._driver.ask("GET", f"{self._path}/accounts"))

    def set_account(self, app_id: str, /, **changes: Any) -> View:
        """`balance` (cents), `script_quota`, `may_buy`, `docker_customer`."""
        return self._set("accounts", app_id, changes)

    def stock(self) -> list[View]:
        return list(self._driver.ask("GET", f"{self._path}/stock"))

    def set_stock(self, zone_id: int, class_code: str, left: int) -> View:
        path = f"{self._path}/stock/{zone_id}/{safe(class_code)}"
        found: View = self._driver.ask("PUT", path, {"left": left})
        return found

    def _read(self, kind: str, wanted: str) -> View:
        found: View = self._driver.ask("GET", f"{self._path}/{kind}/{safe(wanted)}")
        return found

    def _set(self, kind: str, wanted: str, changes: View) -> View:
        plain = json.loads(json.dumps(changes, default=_plain))
        found: View = self._driver.ask("PATCH", f"{self._path}/{kind}/{safe(wanted)}", plain)
        return found


class Incidents:
    """Named fault plans, from `fixtures/incidents/`."""

    def __init__(self, driver: Driver, path: str) -> None:
        self._driver = driver
        self._path = f"{path}/incidents"

    def known(self) -> dict[str, str]:
        """Titles by name."""
        return {found["name"]: found["title"] for found in self._driver.ask("GET", "/incidents")}

    def running(self) -> list[str]:
        return list(self._driver.ask("GET", self._path))

    def start(self, name: str) -> None:
        self._driver.ask("POST", f"{self._path}/{safe(name)}")

    def stop(self, name: str) -> None:
        self._driver.ask("DELETE", f"{self._path}/{safe(name)}")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} is not JSON")
