"""What shall happen in a world: fault rules, and how scripts end."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from emulator.world.database import Prepared
from emulator.world.schema import faults, scripted_outcomes
from emulator.world.world import World

Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Range = Annotated[list[Seconds], Meta(min_length=2, max_length=2)]
"""No fixed tuple: msgspec 0.22 crashes on one with constrained items."""
Text = Annotated[str, Meta(min_length=1, max_length=200)]
Status = Annotated[int, Meta(ge=400, le=599)]
KINDS = ("error", "http_status", "cut", "html", "truncate", "lose_answer", "operation")
"""The fields that say what a rule does; one of them, or `delay` alone, or both."""


class FaultRule(Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """Which calls it fits, how often it fires, and what it does then. What is left out fits every call."""

    action: Text | None = None
    """The call is of this action."""
    secret_id: Text | None = None
    """The call is signed by this SecretId."""
    parameters: dict[str, str] = {}
    """The call sends these values, by the names sent (`instanceIds.0`)."""
    device: Text | None = None
    """The call names this device."""
    device_state: Text | None = None
    """The call names a device in this state: running, shutdown, isolated, fault, rebooting, …"""
    resource: Text | None = None
    """The call names the thing of this id, of whatever kind."""
    kind: Text | None = None
    """With `state`: the kind of the thing, as the inventory calls it (devices, hosted, …)."""
    state: Text | None = None
    """With `kind`: the call names a thing of that kind in this state."""
    skip: Count = 0
    """How many matching calls are let through before the rule fires."""
    times: Annotated[int, Meta(ge=1, le=1_000_000_000)] | None = None
    """How often the rule fires at most; left out: without limit."""
    lasts: Annotated[float, Meta(gt=0, le=1e9)] | None = None
    """Seconds of the world's time from when the rule was set until it expires; left out: never."""
    error: str | int | None = None
    """Answer this error, by name or number: one that the action documents, or a common code. Nothing is done."""
    partly: bool = False
    """With `error`: do a part of the work first, as an order that is paid and delivered in part."""
    force: bool = False
    """Whether `error` may be one that the action does not document."""
    http_status: Status | None = None
    """Answer an HTML page with this HTTP status, 400 to 599. Nothing is done."""
    body: dict[str, Any] | None = None
    """With `http_status`: the JSON object that is answered in place of the HTML page."""
    cut: bool = False
    """Close the connection without an answer. Nothing is done."""
    html: bool = False
    """Answer an HTML page with HTTP status 200, or with `http_status`. Nothing is done."""
    truncate: bool = False
    """Do the work, send half of the answer, and close the connection."""
    lose_answer: bool = False
    """Do the work, and close the connection without an answer."""
    operation: Literal["fail", "hang", "late"] | None = None
    """What becomes of the asynchronous operation that the call begins: it fails, hangs or is late. With `device`, or a
    `resource` that has states, only what works on that one.
    """
    hangs_at: Annotated[int, Meta(ge=0, le=99)] = 0
    """Per cent at which the operation hangs, where it hangs."""
    late_by: Seconds = 60.0
    """Seconds of the world's time by which the operation is late, where it is late."""
    delay: Seconds | Range | None = None
    """Real seconds before the answer: one number, or a range of two from which the world's seed draws."""

    def names(self) -> set[str]:
        """The ids that a call has to name."""
        return {wanted for wanted in (self.device, self.resource) if wanted is not None}

    def states(self) -> list[tuple[str, str]]:
        """Kinds and states: a call has to name a thing of each kind in that state."""
        wanted = (("devices", self.device_state), (self.kind, self.state))
        return [(kind, state) for kind, state in wanted if kind is not None and state is not None]

    def kinds(self) -> list[str]:
        """What the rule does, by the names of its fields; a page with an HTTP status is one thing."""
        found = [kind for kind in KINDS if getattr(self, kind) not in (None, False)]
        return [kind for kind in found if kind != "html" or self.http_status is None]


@dataclass(slots=True)
class SetFault:
    """A rule that is set in a world, and how it has fared."""

    id: int
    rule: FaultRule
    incident: str | None
    set_at: int
    seen: int
    """Calls that it fitted."""
    fired: int

    def is_over(self, now: int) -> bool:
        used_up = self.rule.times is not None and self.fired >= self.rule.times
        return used_up or (self.rule.lasts is not None and now >= self.set_at + self.rule.lasts * 1000)


class ScriptedOutcome(NamedTuple):
    exit_code: int
    output: str | None
    duration_ms: int | None


_MEMO = "fault rules"
_ALL = Prepared(select(*(faults.c[name] for name in SetFault.__dataclass_fields__)).order_by(faults.c.id))
_ADD = Prepared(
    insert(faults).values(
        rule=bindparam("rule"), incident=bindparam("incident"), set_at=bindparam("set_at"), seen=0, fired=0
    )
)
_RESTORE = Prepared(
    insert(faults).values({name: bindparam(name) for name in ("id", "rule", "incident", "set_at", "seen", "fired")})
)
_ALL_OUTCOMES = Prepared(select(scripted_outcomes).order_by(scripted_outcomes.c.id))
_COUNT = Prepared(
    update(faults)
    .where(faults.c.id == bindparam("fault"))
    .values(seen=bindparam("now_seen"), fired=bindparam("now_fired"))
)


def all_faults(world: World) -> list[SetFault]:
    """In the order in which they were set; read once."""
    found: list[SetFault] | None = world.memo.get(_MEMO)
    if found is None:
        found = world.memo[_MEMO] = [
            SetFault(number, msgspec.json.decode(rule, type=FaultRule), *rest)
            for number, rule, *rest in _ALL.all(world.database)
        ]
    return found


def add_fault(world: World, rule: FaultRule, incident: str | None = None) -> SetFault:
    text = msgspec.json.encode(rule).decode()
    _ADD.run(world.database, rule=text, incident=incident, set_at=world.clock.now())
    world.memo.pop(_MEMO, None)
    return all_faults(world)[-1]


def restore_fault(
    world: World, rule: FaultRule, *, id: int | None, incident: str | None, set_at: int, seen: int, fired: int
) -> None:
    """Set a rule that has a history already. `id`: its number; None: the next one."""
    text = msgspec.json.encode(rule).decode()
    _RESTORE.run(world.database, id=id, rule=text, incident=incident, set_at=set_at, seen=seen, fired=fired)
    world.memo.pop(_MEMO, None)


def count_fault(world: World, fault: SetFault, *, fires: bool) -> None:
    """A call fitted it. It stays counted whatever becomes of the call."""
    fault.seen += 1
    fault.fired += fires
    _COUNT.run(world.database, fault=fault.id, now_seen=fault.seen, now_fired=fault.fired)


def remove_faults(world: World, numbers: Iterable[int]) -> None:
    world.execute(delete(faults).where(faults.c.id.in_(list(numbers))))
    world.memo.pop(_MEMO, None)


def add_outcome(world: World, **columns: str | int | None) -> None:
    world.execute(insert(scripted_outcomes), columns)


def put_outcome(world: World, **columns: str | int | None) -> int:
    """Add an outcome that is tried before all others, and return its number."""
    least = world.execute(select(func.min(scripted_outcomes.c.id))).scalar()
    number = 0 if least is None else int(least) - 1
    add_outcome(world, id=number, **columns)
    return number


def remove_outcomes(world: World, numbers: Iterable[int]) -> None:
    world.execute(delete(scripted_outcomes).where(scripted_outcomes.c.id.in_(list(numbers))))


def all_outcomes(world: World) -> list[dict[str, Any]]:
    """In the order in which they are tried."""
    names = [column.name for column in scripted_outcomes.c]
    return [dict(zip(names, row, strict=True)) for row in _ALL_OUTCOMES.all(world.database)]


def find_outcome(
    world: World, *, cmd_id: str, cmd_alias: str, instance_id: str, instance_name: str, parameter: str
) -> ScriptedOutcome | None:
    """The first scripted outcome that fits: what it leaves out fits anything."""
    table = scripted_outcomes.c
    query = (
        select(table.exit_code, table.output, table.duration_ms)
        .where(
            or_(table.command.is_(None), table.command.in_((cmd_id, cmd_alias))),
            or_(table.device.is_(None), table.device.in_((instance_id, instance_name))),
            or_(table.parameter.is_(None), table.parameter == parameter),
        )
        .order_by(table.id)
        .limit(1)
    )
    row = world.execute(query).first()
    return ScriptedOutcome._make(row) if row else None


def shift_faults(world: World, milliseconds: int) -> None:
    """As if every rule had been set that much later."""
    world.execute(update(faults).values(set_at=faults.c.set_at + milliseconds))
    world.memo.pop(_MEMO, None)
