"""Accounts (balance, quota, permissions) and stock, read and set by hand."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from emulator.chapters.devices.records.stock import left, set_left
from emulator.checking.words import listed, meant
from emulator.world.accounts import Account, Quotas, all_accounts, all_credentials, change_account, quotas_of
from emulator.world.by_hand import UnknownThing, given
from emulator.world.world import World

Cents = Annotated[int, Meta(ge=0, le=10**15)]
Count = Annotated[int, Meta(ge=0, le=10**9)]


class KeyPair(Struct, frozen=True):
    secret_id: str
    """The SecretId that calls are sent with."""
    secret_key: str
    """The SecretKey that signs them."""
    app_id: str
    """The account that the pair belongs to."""


class AccountView(Struct, frozen=True):
    app_id: str
    """The account's APPID, a number as text."""
    balance: int
    """What the account can spend, in cents (分)."""
    script_quota: int
    """How many scripts the account may keep."""
    may_buy: bool
    """Whether the account may buy servers."""
    docker_customer: bool
    """Whether the account may ask for docker subnets."""
    may_postpay: bool
    """Whether the account may have servers billed afterwards."""
    quotas: Quotas
    """How many of some things the account may have."""


class AccountChanges(Struct, frozen=True, forbid_unknown_fields=True):
    balance: Cents | UnsetType = UNSET
    """What the account can spend, in cents (分)."""
    script_quota: Count | UnsetType = UNSET
    """How many scripts the account may keep."""
    may_buy: bool | UnsetType = UNSET
    """Whether the account may buy servers."""
    docker_customer: bool | UnsetType = UNSET
    """Whether the account may ask for docker subnets."""
    may_postpay: bool | UnsetType = UNSET
    """Whether the account may have servers billed afterwards."""
    quotas: Quotas | UnsetType = UNSET
    """How many of some things the account may have; what is left out is as usual."""


class StockView(Struct, frozen=True):
    zone_id: int
    """The availability zone, by its number."""
    class_code: str
    """The device class, such as PS100v1."""
    left: int
    """How many servers of the class can still be bought in the zone."""


class StockChange(Struct, frozen=True, forbid_unknown_fields=True):
    left: Count
    """How many servers of the class can be bought in the zone."""


def key_pairs(world: World) -> list[KeyPair]:
    """The first account's first, and one that may call everything before others."""
    return [KeyPair(found.secret_id, found.secret_key, found.app_id) for found in all_credentials(world)]


def view_accounts(world: World) -> list[AccountView]:
    """The oldest first."""
    return [_view(account) for account in all_accounts(world)]


def view_account(world: World, app_id: str) -> AccountView:
    """Raises UnknownThing."""
    return _view(_find(world, app_id))


def set_account_by_hand(world: World, app_id: str, changes: AccountChanges) -> None:
    """Raises UnknownThing."""
    columns = given(changes, *AccountChanges.__struct_fields__)
    if changes.quotas is not UNSET:
        columns["quotas"] = msgspec.json.encode(changes.quotas).decode()
    change_account(world, _find(world, app_id).id, columns)


def _find(world: World, app_id: str) -> Account:
    for account in all_accounts(world):
        if account.app_id == app_id:
            return account
    known = [account.app_id for account in all_accounts(world)]
    raise UnknownThing(f"the world has no account {app_id!r}; it has {listed(known, 'and')}")


def view_stock(world: World) -> list[StockView]:
    """Of each class in each zone."""
    zones, classes = world.catalogue.zones, world.catalogue.classes
    return [_stock(world, zone.id, found.code) for zone in zones for found in classes]


def change_stock(world: World, zone_id: str, class_code: str, change: StockChange) -> StockView:
    """Raises UnknownThing."""
    zone = next((zone for zone in world.catalogue.zones if str(zone.id) == zone_id), None)
    found = world.catalogue.device_class(class_code)
    if zone is None or found is None:
        raise UnknownThing(_unsold(world, zone_id, class_code))
    set_left(world, zone.id, found.code, change.left)
    return _stock(world, zone.id, found.code)


def _unsold(world: World, zone_id: str, class_code: str) -> str:
    zones = [str(zone.id) for zone in world.catalogue.zones]
    if zone_id not in zones:
        return f"the catalogue has no zone {zone_id!r}{meant(zone_id, zones)}; it has {listed(zones, 'and')}"
    codes = [found.code for found in world.catalogue.classes]
    return f"the catalogue has no class {class_code!r}{meant(class_code, codes)}; it has {listed(codes, 'and')}"


def _stock(world: World, zone_id: int, class_code: str) -> StockView:
    found = world.catalogue.device_class(class_code)
    assert found is not None  # noqa: S101
    return StockView(zone_id, class_code, left(world, zone_id, found))


def _view(row: Account) -> AccountView:
    flags = (bool(row.may_buy), bool(row.docker_customer), bool(row.may_postpay))
    return AccountView(row.app_id, row.balance, row.script_quota, *flags, quotas_of(row))
