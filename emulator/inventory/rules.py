"""What a fixture says shall happen: faults, and how scripts end."""

from typing import NamedTuple

from sqlalchemy import bindparam, or_, select, update

from emulator.inventory.database import Prepared
from emulator.inventory.tables import faults, scripted_outcomes
from emulator.inventory.world import World


class Fault(NamedTuple):
    """Answer an action with one of its errors (by name or number), so many times; None: always."""

    id: int
    action: str
    error: str
    times: int | None
    fired: int


class ScriptedOutcome(NamedTuple):
    exit_code: int
    output: str | None
    duration_ms: int | None


_FAULT_COLUMNS = tuple(faults.c[name] for name in Fault._fields)
_FAULTS = Prepared(select(*_FAULT_COLUMNS).order_by(faults.c.id))
_READY = Prepared(
    select(*_FAULT_COLUMNS)
    .where(faults.c.action == bindparam("called"), or_(faults.c.times.is_(None), faults.c.fired < faults.c.times))
    .order_by(faults.c.id)
    .limit(1)
)
_FIRED = Prepared(update(faults).where(faults.c.id == bindparam("fault")).values(fired=faults.c.fired + 1))


def all_faults(world: World) -> list[Fault]:
    return [Fault._make(row) for row in _FAULTS.run(world.database)]


def fire_fault(world: World, action: str) -> Fault | None:
    """The first fault that is set for the action and not yet used up; it counts as fired."""
    if not world.may_fault:
        return None
    row = _READY.first(world.database, called=action)
    if row is None:
        world.may_fault = bool(all_faults(world))
        return None
    _FIRED.run(world.database, fault=row[0])
    return Fault._make(row)


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
