"""Accounts, their credentials, their balance and their quotas."""

import json
from hashlib import blake2b
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import ColumnElement, bindparam, insert, literal_column, select, update

from emulator.world.database import Prepared
from emulator.world.schema import accounts, credentials
from emulator.world.world import World

_CREDENTIALS_MEMO = "credentials"
Quota = Annotated[int, Meta(ge=0, le=1_000_000)]


class Quotas(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """How many of some things an account may have."""

    vpcs: Quota = 5
    """VPCs in a region."""
    subnets: Quota = 100
    """Subnets in a VPC."""
    interfaces: Quota = 20
    """Subnets that a server may join."""
    nat_gateways: Quota = 5
    """NAT gateways in a VPC."""
    nat_eips: Quota = 5
    """Elastic IPs of a NAT gateway."""
    dhcp_servers: Quota = 4
    """DHCP servers of a subnet."""
    ssl_vpn_users: Quota = 10
    """Users of an SSL VPN gateway."""
    eips: Quota = 100
    """Elastic IPs."""
    eips_a_day: Quota = 200
    """Elastic IPs that are applied for on one day, in China Standard Time."""
    eip_acls: Quota = 100
    """ACLs of elastic IPs."""
    load_balancers: Quota = 100
    """Load balancers."""
    listeners: Quota = 50
    """Listeners of layer 4, and as many of layer 7, of a load balancer."""
    forward_domains: Quota = 50
    """Domains of a listener."""
    locations: Quota = 100
    """Paths of a domain."""
    backends: Quota = 255
    """Ports of servers and addresses behind a listener or a path."""
    balancer_servers: Quota = 50
    """Servers that are registered with a load balancer in the older form."""


class Account(NamedTuple):
    id: int
    app_id: str
    script_quota: int
    balance: int
    """Cents (分)."""
    may_buy: int
    """0 or 1: whether it may buy servers."""
    docker_customer: int
    """0 or 1: whether it may ask for docker subnets."""
    may_postpay: int
    """0 or 1: whether it may have servers billed afterwards."""
    quotas: str
    """JSON of `Quotas`."""


class Credential(NamedTuple):
    secret_id: str
    secret_key: str
    account_id: int
    app_id: str
    allowed: str | None
    """A JSON list of the actions that it is limited to; None: all."""

    def may_call(self, action: str) -> bool:
        return self.allowed is None or action in json.loads(self.allowed)


_ROW: ColumnElement[int] = literal_column("rowid")
_CREDENTIALS = select(
    credentials.c.secret_id,
    credentials.c.secret_key,
    credentials.c.account_id,
    accounts.c.app_id,
    credentials.c.allowed_actions,
).join(accounts)
_ORDERED = _CREDENTIALS.order_by(accounts.c.id, credentials.c.allowed_actions.is_not(None), credentials.c.secret_id)
_BY_SECRET_ID = Prepared(_CREDENTIALS.where(credentials.c.secret_id == bindparam("secret_id")))
_FIRST = Prepared(_ORDERED.limit(1))
_ALL = Prepared(_ORDERED)
_ACCOUNTS = Prepared(select(accounts).order_by(accounts.c.id))
_ACCOUNT = Prepared(select(accounts).where(accounts.c.id == bindparam("account")))
_PAY = Prepared(
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(balance=accounts.c.balance - bindparam("cents"))
)


def find_credential(world: World, secret_id: str) -> Credential | None:
    """Every call needs one, so that they are kept in the world's memo."""
    known: dict[str, Credential] = world.memo.setdefault(_CREDENTIALS_MEMO, {})
    found = known.get(secret_id)
    if found is None:
        row = _BY_SECRET_ID.first(world.database, secret_id=secret_id)
        if row is None:
            return None
        found = known[secret_id] = Credential._make(row)
    return found


def first_credential(world: World) -> Credential | None:
    """A credential of the oldest account: one that may call everything, where there is one."""
    row = _FIRST.first(world.database)
    return Credential._make(row) if row else None


def all_credentials(world: World) -> list[Credential]:
    """The oldest account's first and, within an account, those that may call everything."""
    return [Credential._make(row) for row in _ALL.all(world.database)]


def all_accounts(world: World) -> list[Account]:
    return [Account._make(row) for row in _ACCOUNTS.all(world.database)]


def account_of(world: World, account_id: int) -> Account:
    """The account of that number, which exists."""
    return Account._make(_ACCOUNT.first(world.database, account=account_id) or ())


def quotas_of(account: Account) -> Quotas:
    return msgspec.json.decode(account.quotas, type=Quotas)


def add_account(world: World, values: dict[str, Any]) -> int:
    """Returns its number."""
    return int(world.execute(insert(accounts).returning(accounts.c.id), values).scalar_one())


def change_account(world: World, account_id: int, values: dict[str, Any]) -> None:
    if values:
        world.execute(update(accounts).where(accounts.c.id == account_id).values(**values))


def add_credential(world: World, account_id: int, secret_id: str, secret_key: str, actions: list[str] | None) -> None:
    """`actions`: the only ones that it may call; None: all."""
    row = {"secret_id": secret_id, "secret_key": secret_key, "account_id": account_id}
    world.execute(insert(credentials), {**row, "allowed_actions": None if actions is None else json.dumps(actions)})


def pay(world: World, account_id: int, cents: int) -> None:
    _PAY.run(world.database, account=account_id, cents=cents)


def rename_credentials(world: World) -> None:
    """Give each credential a key pair that only the world of this name has, and has again when it is made again.

    The pair follows from the row's number, which stays the same when a world is copied.
    """
    rows = list(world.execute(select(_ROW).select_from(credentials).order_by(_ROW)).scalars())
    for number, row in enumerate(rows):
        digest = blake2b(f"{world.name}/{number}".encode(), digest_size=32).hexdigest()
        pair = {"secret_id": f"AKID{digest[:32]}", "secret_key": digest[32:]}
        world.execute(update(credentials).where(row == _ROW).values(**pair))
    world.memo.pop(_CREDENTIALS_MEMO, None)
