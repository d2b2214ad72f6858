"""A fixture becomes a world's rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from emulator.chapters import RESOURCES
from emulator.chapters.devices.records.stock import set_total
from emulator.chapters.outband.records import VPN_ACCOUNTS, ZONES
from emulator.checking.words import shown
from emulator.clock import ImpossibleTime, from_local
from emulator.seeding.addresses import check_addresses
from emulator.seeding.fixture import Account, Fixture, Operation, Outcome
from emulator.world import pending, rules, work
from emulator.world.accounts import add_account, add_credential
from emulator.world.catalogue import FixtureError
from emulator.world.database import DatabaseError
from emulator.world.facets import Columns
from emulator.world.row_numbers import go_on_from
from emulator.world.world import World

_EPOCH = 1970
_OWN = ("app_id", "script_quota", "balance", "may_buy", "docker_customer", "may_postpay")


def load_fixture(world: World, fixture: Fixture, name: str) -> None:
    """Within the caller's transaction. Raises FixtureError, for instance for an id that is taken."""
    try:
        if fixture.seed is not None:
            world.set_seed(fixture.seed)
        for zone in fixture.zones:
            ZONES.add(world, id=zone.id, vpn_gateway=zone.vpn_gateway)
        for number, account in enumerate(fixture.accounts):
            _load_account(world, account, f"accounts.{number}")
        check_addresses(world)
        _load_rules(world, fixture)
        for row in fixture.stock:
            set_total(world, row.zone_id, row.class_code, row.total)
        if fixture.operations is not None:
            _load_operations(world, fixture, fixture.operations)
        world.set_counters(fixture.counters)
        go_on_from(world, fixture.last_numbers)
    except (DatabaseError, ImpossibleTime) as error:
        raise FixtureError(f"the fixture {name} is wrong: {error}") from error
    except LookupError as error:
        raise FixtureError(f"the fixture {name} is wrong: {error.args[0]}") from error


@contextmanager
def _at(place: str, id: object) -> Iterator[None]:
    """Name the place of what cannot be loaded. Raises LookupError."""
    try:
        yield
    except (DatabaseError, ImpossibleTime, OverflowError) as error:
        raise LookupError(f"{place}: {shown(id)} cannot be added: {error}") from error
    except LookupError as error:
        raise LookupError(f"{place}: {error.args[0]}") from error


def _load_rules(world: World, fixture: Fixture) -> None:
    for rule in fixture.faults:
        rules.add_fault(world, rule)
    for old in fixture.set_faults:
        set_at = world.clock.now() - round(old.age * 1000)
        rules.restore_fault(world, old.rule, set_at=set_at, **_fields(old, "rule", "age"))
    for outcome in fixture.outcomes:
        rules.add_outcome(world, **outcome_columns(outcome))


def outcome_columns(outcome: Outcome) -> Columns:
    """The row of an outcome, without a number."""
    duration_ms = None if outcome.duration is None else round(outcome.duration * 1000)
    return {**_fields(outcome, "duration"), "duration_ms": duration_ms}


def _load_account(world: World, account: Account, place: str) -> None:
    own = {name: getattr(account, name) for name in _OWN}
    with _at(f"{place}.app_id", account.app_id):
        account_id = add_account(world, {**own, "quotas": msgspec.json.encode(account.quotas).decode()})
    for number, credential in enumerate(account.credentials):
        with _at(f"{place}.credentials.{number}", credential.secret_id):
            add_credential(world, account_id, credential.secret_id, credential.secret_key, credential.actions)
    if vpn := account.out_of_band_vpn:
        names = {"user_name": vpn.user_name or account.app_id, "user_group": vpn.user_group or f"bm{account.app_id}"}
        VPN_ACCOUNTS.add(world, account_id=account_id, **names, password=vpn.password)
    for resource in RESOURCES.values():
        if resource.seeds:
            for number, seed in enumerate(getattr(account, resource.plural)):
                with _at(f"{place}.{resource.plural}.{number}", getattr(seed, resource.id, number)):
                    resource.seeds.sow(world, account_id, seed)


def _load_operations(world: World, fixture: Fixture, operations: list[Operation]) -> None:
    """In the place of the dates that the devices were given."""
    for account in fixture.accounts:
        for device in getattr(account, "devices"):  # noqa: B009 - one of the lists that the kinds declare
            pending.drop_dates(world, device.instance_id)
    rehearsed = set()
    for operation in operations:
        row = _row(world, operation)
        ending = (operation.kind, operation.then, operation.otherwise, operation.subject)
        if ending not in rehearsed:  # the expiry of one server is as that of another
            work.rehearse(world, row)
            rehearsed.add(ending)
        pending.add_operation(world, row)


def _row(world: World, operation: Operation) -> Columns:
    _check_times(operation)
    if operation.due_at is not None:
        due_at = from_local(operation.due_at)
    else:
        due_at = pending.NEVER if operation.left is None else world.clock.now() + round(operation.left * 1000)
    return {
        **_fields(operation, "then", "otherwise", "left", "due_at", "began_at"),
        "began_at": from_local(operation.began_at) if operation.began_at else 0,
        "due_at": due_at,
        "outcome": operation.then,
        "failure": operation.otherwise,
    }


def _check_times(operation: Operation) -> None:
    is_work = operation.otherwise is not None
    what = f"the operation {operation.kind} on {operation.about}"
    if is_work and (operation.left is None) == (operation.hangs_at is None):
        raise LookupError(f"{what} needs `left`, or `hangs_at` if it hangs")
    if is_work and operation.due_at is not None:
        raise LookupError(f"{what} has `otherwise`, so that it is work; `due_at` is for dates of the calendar")
    if not is_work and operation.due_at is None:
        raise LookupError(f"{what} needs `due_at`, or `otherwise` if it is work")
    if any(time is not None and time.year < _EPOCH for time in (operation.due_at, operation.began_at)):
        raise LookupError(f"{what} has a time before {_EPOCH}")


def _fields(struct: Any, *left_out: str) -> Columns:
    return {name: getattr(struct, name) for name in struct.__struct_fields__ if name not in left_out}
