"""The inventory of a world, read and set by hand."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Unpack

from emulator.testing.driver import Driver, View, path_segment
from emulator.testing.kind_fields import (
    AccountFields,
    DeviceFields,
    HostedServerFields,
    OperationFields,
    ScriptFields,
    SubnetFields,
    TaskFields,
    VpcFields,
)
from emulator.testing.kind_setters import Kind, Setters


class Inventory(Setters):
    """The things of a world. A change that the world cannot have raises ControlError with the reason.

    `set` takes every kind, each with its own fields; some kinds have a method of their own too.
    """

    def __init__(self, driver: Driver, world_path: str) -> None:
        self._driver = driver
        self._world_path = world_path
        self._path = f"{world_path}/inventory"

    def ids(self, kind: Kind, *, offset: int = 0, limit: int = 1000) -> list[str]:
        """The ids of a kind of thing: `devices`, `hosted`, `scripts`, `tasks`, `vpcs`, `subnets`, …"""
        return list(self._driver.ask("GET", f"{self._path}/{kind}", query={"offset": offset, "limit": limit})["ids"])

    def read(self, kind: Kind, id: str | int) -> View:
        """A thing of any kind, by its id."""
        return self._read(kind, str(id))

    def device(self, instance_id: str) -> View:
        return self._read("devices", instance_id)

    def set_device(self, instance_id: str, /, **changes: Unpack[DeviceFields]) -> View:
        """Set a device, for instance `state="fault"`, `deadline="2017-10-20T10:00:00"`, `out_of_band=None`."""
        return self._set("devices", instance_id, changes)

    def hosted(self, instance_id: str) -> View:
        return self._read("hosted", instance_id)

    def set_hosted(self, instance_id: str, /, **changes: Unpack[HostedServerFields]) -> View:
        """Set a hosted server, for instance `in_order=False`, `password="…"`, `lan_ip=None`."""
        return self._set("hosted", instance_id, changes)

    def script(self, cmd_id: str) -> View:
        return self._read("scripts", cmd_id)

    def set_script(self, cmd_id: str, /, **changes: Unpack[ScriptFields]) -> View:
        return self._set("scripts", cmd_id, changes)

    def task(self, task_id: str | int) -> View:
        return self._read("tasks", str(task_id))

    def set_task(self, task_id: str | int, /, **changes: Unpack[TaskFields]) -> View:
        """Set the unfinished parts of a task, for instance `fails=True`, `due_in=5`, `hangs_at=70`."""
        return self._set("tasks", str(task_id), changes)

    def vpc(self, un_id: str) -> View:
        return self._read("vpcs", un_id)

    def set_vpc(self, un_id: str, /, **changes: Unpack[VpcFields]) -> View:
        return self._set("vpcs", un_id, changes)

    def subnet(self, un_id: str) -> View:
        return self._read("subnets", un_id)

    def set_subnet(self, un_id: str, /, **changes: Unpack[SubnetFields]) -> View:
        return self._set("subnets", un_id, changes)

    def operations(self) -> list[View]:
        """The pending operations: parts of tasks, deliveries, bindings."""
        return list(self._driver.ask("GET", f"{self._world_path}/operations"))

    def set_operation(self, number: int, /, **changes: Unpack[OperationFields]) -> View:
        """Set a pending operation, with the fields of `set_task`."""
        operation: View = self._driver.ask("PATCH", f"{self._world_path}/operations/{number}", changes)
        return operation

    def accounts(self) -> list[View]:
        return list(self._driver.ask("GET", f"{self._path}/accounts"))

    def set_account(self, app_id: str, /, **changes: Unpack[AccountFields]) -> View:
        """Set `balance` (cents), `script_quota`, `may_buy` or `docker_customer`."""
        return self._set("accounts", app_id, changes)

    def stock(self) -> list[View]:
        return list(self._driver.ask("GET", f"{self._path}/stock"))

    def set_stock(self, zone_id: int, class_code: str, left: int) -> View:
        """Set how many servers of a class a zone has left."""
        path = f"{self._path}/stock/{zone_id}/{path_segment(class_code)}"
        stock: View = self._driver.ask("PUT", path, {"left": left})
        return stock

    def _read(self, kind: str, id_: str) -> View:
        view: View = self._driver.ask("GET", f"{self._path}/{kind}/{path_segment(id_)}")
        return view

    def _set(self, kind: str, id_: str, changes: Mapping[str, Any]) -> View:
        body = json.loads(json.dumps(changes, default=_as_json))
        view: View = self._driver.ask("PATCH", f"{self._path}/{kind}/{path_segment(id_)}", body)
        return view


def _as_json(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} is not JSON")
