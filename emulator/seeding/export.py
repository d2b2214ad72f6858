"""A world becomes a fixture that loads as an equal world.

Work that is pending keeps what is left of its time, and fault rules their age; everything else is as it stands. Used
nonces, the journal and the setting of the clock are not part of it.
"""

from datetime import datetime
from typing import Any

import msgspec

from emulator.chapters import RESOURCES
from emulator.chapters.devices.records.stock import all_totals
from emulator.chapters.outband.records import VPN_ACCOUNTS, ZONES, SeedVpnAccount, SeedZone
from emulator.clock import local
from emulator.seeding.fixture import Account, Credential, Fixture, Operation, Outcome, SetFaultRule, Stock
from emulator.world import pending, rules
from emulator.world.accounts import all_accounts, all_credentials, quotas_of
from emulator.world.facets import Columns
from emulator.world.row_numbers import last_numbers
from emulator.world.world import World


def export_world(world: World) -> Fixture:
    """Within the caller's transaction."""
    now = world.clock.now()
    return Fixture(
        seed=world.seed,
        zones=[SeedZone(zone.id, zone.vpn_gateway) for zone in ZONES.every(world)],
        accounts=_accounts(world),
        set_faults=[_fault(fault, now) for fault in rules.all_faults(world)],
        outcomes=[outcome(row) for row in rules.all_outcomes(world)],
        stock=[Stock(*row) for row in all_totals(world)],
        operations=[_operation(row, now) for row in pending.every_operation(world)],
        counters=world.counters(),
        last_numbers=last_numbers(world),
    )


def to_toml(fixture: Fixture) -> str:
    import tomli_w  # needed by an export alone

    return tomli_w.dumps(_without_nulls(msgspec.to_builtins(fixture, builtin_types=(datetime,))))


def to_json(fixture: Fixture) -> str:
    return msgspec.json.format(msgspec.json.encode(fixture).decode(), indent=2)


def _accounts(world: World) -> list[Account]:
    owned: dict[int, Columns] = {}
    for resource in RESOURCES.values():
        if resource.seeds:
            for record in resource.every(world):
                kinds = owned.setdefault(record.account_id, {})
                kinds.setdefault(resource.plural, []).append(resource.seeds.reap(world, record))
    credentials = all_credentials(world)
    accounts = []
    for account in all_accounts(world):
        vpn = VPN_ACCOUNTS.find_any(world, account.id)
        fields: Columns = {
            "app_id": account.app_id,
            "script_quota": account.script_quota,
            "balance": account.balance,
            "may_buy": bool(account.may_buy),
            "docker_customer": bool(account.docker_customer),
            "may_postpay": bool(account.may_postpay),
            "quotas": quotas_of(account),
            "credentials": [
                Credential(it.secret_id, it.secret_key, None if it.allowed is None else msgspec.json.decode(it.allowed))
                for it in credentials
                if it.account_id == account.id
            ],
            "out_of_band_vpn": SeedVpnAccount(vpn.password, vpn.user_name, vpn.user_group) if vpn else None,
        }
        accounts.append(Account(**fields, **owned.get(account.id, {})))
    return accounts


def _fault(fault: rules.SetFault, now: int) -> SetFaultRule:
    age = (now - fault.set_at) / 1000
    return SetFaultRule(fault.rule, fault.incident, age, fault.seen, fault.fired, fault.id)


def outcome(row: Columns) -> Outcome:
    """What a fixture says of an outcome's row."""
    duration = None if row["duration_ms"] is None else row["duration_ms"] / 1000
    names = ("command", "device", "parameter", "exit_code", "output")
    return Outcome(**{name: row[name] for name in names}, duration=duration)


def _operation(row: Columns, now: int) -> Operation:
    is_work = row["failure"] is not None
    hangs = row["hangs_at"] is not None
    return Operation(
        kind=row["kind"],
        about=row["about"],
        then=row["outcome"],
        otherwise=row["failure"],
        left=(row["due_at"] - now) / 1000 if is_work and not hangs else None,
        due_at=None if is_work else local(row["due_at"]),
        began_at=local(row["began_at"]) if is_work else None,
        subject=row["subject"],
        fails=bool(row["fails"]),
        hangs_at=row["hangs_at"],
        id=row["id"],
    )


def _without_nulls(value: Any) -> Any:
    """TOML has no null; what is null here is what a fixture leaves out."""
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
