"""What a fixture file may say: TOML or JSON, checked field by field.

Times are China Standard Time. What is left out gets a value that makes the thing work: a device without `login_type`
takes a password, an account without `script_quota` may keep 100 scripts. An account has a list of each kind of thing
that `chapters/__init__.py` declares; what such a thing may say is written beside its record.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from emulator.chapters import RESOURCES
from emulator.chapters.outband.records import SeedVpnAccount, SeedZone
from emulator.checking.files import UnreadableFile, read_data
from emulator.checking.values import WrongValue, converted
from emulator.checking.words import WORDS
from emulator.world.accounts import Quotas
from emulator.world.catalogue import FixtureError
from emulator.world.rules import FaultRule

Count = Annotated[int, Meta(ge=0, le=2**53)]
Span = Annotated[float, Meta(ge=-1e11, le=1e11)]
"""Seconds."""
Name = Annotated[str, Meta(min_length=1, max_length=64)]


class Credential(Struct, forbid_unknown_fields=True, omit_defaults=True):
    secret_id: Name
    secret_key: Name
    actions: list[str] | None = None
    """The only actions it may call; left out: all."""


class AccountOnly(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An account, but for the kinds of things that it has."""

    app_id: Annotated[str, Meta(pattern="^[0-9]{1,20}$", extra={WORDS: "a text of 1 to 20 digits"})]
    """The account's APPID, a number as text."""
    script_quota: Count = 100
    """How many scripts the account may keep."""
    balance: int = 100_000_000
    """What the account can spend, in cents (分)."""
    may_buy: bool = True
    """Whether the account may buy servers."""
    may_postpay: bool = True
    """Whether the account may have servers billed afterwards."""
    docker_customer: bool = False
    """Whether the account may ask for docker subnets."""
    quotas: Quotas = Quotas()
    """How many of some things the account may have."""
    credentials: list[Credential] = []
    out_of_band_vpn: SeedVpnAccount | None = None


if TYPE_CHECKING:

    class Account(AccountOnly):
        """An account with a list of each declared kind of thing, by its plural."""
else:
    Account = msgspec.defstruct(
        "Account",
        [
            (resource.plural, list[resource.seeds.struct], msgspec.field(default_factory=list))
            for resource in RESOURCES.values()
            if resource.seeds
        ],
        bases=(AccountOnly,),
        forbid_unknown_fields=True,
        omit_defaults=True,
        module=__name__,
    )


class Outcome(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """How a script ends where everything it fits: command and device by id or name, parameter decoded."""

    command: str | None = None
    """The script, by id or alias; left out: any."""
    device: str | None = None
    """The device, by id or alias; left out: any."""
    parameter: str | None = None
    """The parameters of the run, decoded; left out: any."""
    exit_code: Annotated[int, Meta(ge=0, le=255)] = 0
    """The exit code of the script, 0 to 255."""
    output: str | None = None
    """What the script prints; left out: the generated transcript."""
    duration: Annotated[float, Meta(ge=0, le=1e11)] | None = None
    """Seconds that the run takes, never scaled; left out: drawn."""


class Operation(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Something that takes time and is not over, or a date of the calendar; as `world export` writes it."""

    kind: str
    """What is done, as `device operation`."""
    about: str
    """The id of the thing that it works on."""
    then: str
    """Its outcome, as JSON: rows to write, or what the kind's own settler needs."""
    otherwise: str | None = None
    """Its outcome if it fails, as JSON; left out: it is a date of the calendar, no work."""
    left: Span | None = None
    """Work: seconds of the world's time until it is over; left out: it hangs."""
    due_at: datetime | None = None
    """A date of the calendar: when it comes."""
    began_at: datetime | None = None
    """Work: when it began."""
    subject: Annotated[str, Meta(pattern="^(part|run)/[0-9]{1,15}$", extra={WORDS: "part/N or run/N"})] | None = None
    """What it ends: `part/N` of a numbered task, or `run/N` of a script task."""
    fails: bool = False
    """Whether it will end in failure."""
    hangs_at: Annotated[int, Meta(ge=0, le=99)] | None = None
    """Per cent, where it hangs."""
    id: Count | None = None
    """Its number; left out: the next one."""


class Stock(Struct, forbid_unknown_fields=True):
    """How many servers of a class a zone has, in the place of the catalogue's number."""

    zone_id: int
    class_code: str
    total: int
    """With the bought ones that exist."""


class SetFaultRule(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A fault rule with how it has fared; as `world export` writes it."""

    rule: FaultRule
    incident: str | None = None
    """The incident that set it."""
    age: Span = 0.0
    """Seconds of the world's time since it was set."""
    seen: Count = 0
    """Calls that it fitted."""
    fired: Count = 0
    """How often it fired."""
    id: Count | None = None
    """Its number; left out: the next one."""


class Fixture(Struct, forbid_unknown_fields=True, omit_defaults=True):
    seed: str | None = None
    """The world's seed, from which ids and durations follow; left out: as the world was made."""
    zones: list[SeedZone] = []
    accounts: list[Account] = []
    faults: list[FaultRule] = []
    """The fault rules of the world, as `world/rules.py` describes them."""
    set_faults: list[SetFaultRule] = []
    """Fault rules that have a history."""
    outcomes: list[Outcome] = []
    """How scripts end; the first that matches counts."""
    stock: list[Stock] = []
    operations: list[Operation] | None = None
    """Everything that is pending; left out: the expiry of each device in operation."""
    counters: dict[str, dict[str, Count]] = {}
    """The last number of each kind, by account ("" for the world): the next id follows from it."""
    last_numbers: dict[str, Count] = {}
    """The last number that each table gave to a row, by table; left out: the highest that it holds."""


def read_fixture(path: Path, bundled: Iterable[str] = ()) -> Fixture:
    """Read a fixture file. `bundled`: the names that it could have been instead. Raises FixtureError."""
    try:
        data = read_data(path, bundled)
    except UnreadableFile as error:
        raise FixtureError(f"cannot read the fixture {path}: {error}") from error
    try:
        fixture: Fixture = converted(data, Fixture, whole="the file")
    except WrongValue as error:
        raise FixtureError(f"the fixture {path} is wrong: {error}") from error
    return fixture
