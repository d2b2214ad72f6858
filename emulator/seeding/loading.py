"""A fixture's rows become a world's rows."""

import json
from ipaddress import IPv4Network
from typing import Any

import msgspec
from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from emulator.chapters.devices.records import tables as device_tables
from emulator.chapters.devices.records.devices import STATES, DeviceStatus, expiry_of
from emulator.chapters.hosted.records import BindStatus
from emulator.chapters.scripts.records.tasks import place_columns
from emulator.clock import from_local
from emulator.seeding import fixture as fx
from emulator.seeding.fixture import Fixture
from emulator.world import schema as tables
from emulator.world.catalogue import FixtureError
from emulator.world.rules import add_fault
from emulator.world.world import World


def load_fixture(world: World, fixture: Fixture, name: str) -> None:
    """Within the caller's transaction. Raises FixtureError, for instance for an id that is taken."""
    try:
        _insert(world, tables.zones, [_row(zone) for zone in fixture.zones])
        for account in fixture.accounts:
            _load_account(world, account)
        for rule in fixture.faults:
            add_fault(world, rule)
        _insert(world, tables.scripted_outcomes, [_outcome(outcome) for outcome in fixture.outcomes])
    except IntegrityError as error:
        raise FixtureError(
            f"the fixture {name} holds something twice, or what the world holds already: {error.orig}"
        ) from error
    except LookupError as error:
        raise FixtureError(f"the fixture {name} is wrong: {error.args[0]}") from error


def _load_account(world: World, account: fx.Account) -> None:
    own = ("app_id", "script_quota", "balance", "may_buy", "docker_customer")
    values = {name: getattr(account, name) for name in own}
    account_id: int = world.execute(insert(tables.accounts).returning(tables.accounts.c.id), values).scalar_one()

    def add(table: Table, rows: list[dict[str, Any]]) -> None:
        _insert(world, table, [{"account_id": account_id, **row} for row in rows])

    add(tables.credentials, [_credential(credential) for credential in account.credentials])
    if account.out_of_band_vpn:
        add(tables.vpn_accounts, [_vpn(account.out_of_band_vpn, account.app_id)])
    for network in (*account.vpcs, *account.subnets):
        _check_cidr(network)
    add(tables.vpcs, [_row(vpc) for vpc in account.vpcs])
    add(tables.subnets, [_row(subnet) for subnet in account.subnets])
    rows = [_device(device, world) for device in account.devices]
    add(device_tables.devices, rows)
    expiring = [row for row in rows if row["device_status"] == DeviceStatus.IN_OPERATION]
    _insert(world, tables.operations, [expiry_of(row["instance_id"], row["deadline"]) for row in expiring])
    tags = [(device.instance_id, key, value) for device in account.devices for key, value in device.tags.items()]
    _insert(
        world, device_tables.device_tags, [dict(zip(("instance_id", "key", "value"), tag, strict=True)) for tag in tags]
    )
    _insert(
        world, device_tables.out_of_band, [_out_of_band(device) for device in account.devices if device.out_of_band]
    )
    add(device_tables.hosted_devices, [_hosted(device) for device in account.hosted])
    add(tables.scripts, [_script(script) for script in account.scripts])
    add(tables.tasks, [_task(task) for task in account.tasks])
    _insert(world, tables.task_runs, [_run(account, task, run) for task in account.tasks for run in task.runs])


def _check_cidr(network: fx.Network) -> None:
    try:
        IPv4Network(network.cidr)
    except ValueError as error:
        raise LookupError(f"the cidr of {network.un_id}: {error}") from error


def _insert(world: World, table: Table, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        world.execute(insert(table), row)


def _row(record: fx.Row, *left_out: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__ if name not in left_out}


def _credential(credential: fx.Credential) -> dict[str, Any]:
    allowed = None if credential.actions is None else json.dumps(credential.actions)
    return {**_row(credential, "actions"), "allowed_actions": allowed}


def _vpn(account: fx.VpnAccount, app_id: str) -> dict[str, Any]:
    return {
        "user_name": account.user_name or app_id,
        "user_group": account.user_group or f"bm{app_id}",
        "password": account.password,
    }


def _device(device: fx.Device, world: World) -> dict[str, Any]:
    device_status, operate_status = STATES[device.state]
    system_id = device.system_id or world.catalogue.first_system(device.os_type).id
    system = world.catalogue.system(system_id)
    catalogue, parts = world.catalogue, device.parts
    device_class = catalogue.custom_class(parts) if parts else catalogue.device_class(device.class_code)
    if system is None or device_class is None:
        raise LookupError(f"the catalogue lacks the system or the device class of {device.instance_id}")
    return {
        **_row(device, "out_of_band", "state", "tags"),
        "device_status": device_status,
        "operate_status": operate_status,
        "os_type": system.family,
        "system_id": system_id,
        "class_code": device_class.code,
        "parts": msgspec.json.encode(parts).decode() if parts else None,
        "setup": None,
        "delivered_at": from_local(device.delivered_at),
        "deadline": from_local(device.deadline),
    }


def _hosted(device: fx.Hosted) -> dict[str, Any]:
    unbound = {"vpc": "", "subnet": "", "lan_ip": "", "gateway_ip": "", "bind_status": int(BindStatus.NEVER)}
    return {**_row(device), **unbound, "added_at": from_local(device.added_at)}


def _out_of_band(device: fx.Device) -> dict[str, Any]:
    assert device.out_of_band is not None  # noqa: S101
    return {"instance_id": device.instance_id, **_row(device.out_of_band)}


def _script(script: fx.Script) -> dict[str, Any]:
    created = from_local(script.created_at)
    modified = from_local(script.modified_at) if script.modified_at else created
    return {**_row(script), "created_at": created, "modified_at": modified}


def _task(task: fx.Task) -> dict[str, Any]:
    succeeded = sum(run.status == 0 for run in task.runs)
    return {
        **_row(task, "runs"),
        "status": 0,
        "instance_count": len(task.runs),
        "success_count": succeeded,
        "failure_count": len(task.runs) - succeeded,
        "began_at": from_local(task.began_at),
        "ended_at": from_local(task.ended_at),
    }


def _run(account: fx.Account, task: fx.Task, run: fx.Run) -> dict[str, Any]:
    device = _named(account.devices, "instance_id", run.instance_id)
    vpc = _named(account.vpcs, "un_id", device.vpc)
    subnet = _named(account.subnets, "un_id", device.subnet)
    return {
        **_row(run),
        "task_id": task.task_id,
        "began_at": from_local(task.began_at),
        "ended_at": from_local(run.ended_at or task.ended_at),
        "instance_name": device.alias,
        **place_columns(vpc, subnet),
        "lan_ip": device.lan_ip or "",
    }


def _outcome(outcome: fx.Outcome) -> dict[str, Any]:
    duration_ms = None if outcome.duration is None else round(outcome.duration * 1000)
    return {**_row(outcome, "duration"), "duration_ms": duration_ms}


def _named(records: list[Any], key: str, wanted: str | None) -> Any:  # noqa: ANN401
    for record in records:
        if getattr(record, key) == wanted:
            return record
    raise LookupError(f"a task's run needs the {key} {wanted}, which the account does not have")
