"""Lazy time: whoever looks next settles everything that is due, in due order.

An operation is planned with its outcome, so that nothing but the clock decides when it ends, a restart loses nothing,
and two clients that look at once settle it once. For most kinds the outcome is rows to write, and one settler writes
them; a kind that has to compute something at its end names a settler of its own. A fault may disturb what a call
begins: it then ends in the planned failure, later, or never.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple, Protocol

import msgspec

from emulator.logs import FACTS, WORLD_TIME
from emulator.world import pending, tasks
from emulator.world.database import DatabaseError
from emulator.world.facets import Columns, Write
from emulator.world.pending import Due, Outcome
from emulator.world.world import World

Settler = Callable[[World, Due], bool | None]
"""Ends an operation. False: it was impossible by then, so that it failed."""
log = logging.getLogger("emulator.work")
_SETTLERS: dict[str, Settler] = {}


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What a fault does to the work that a call begins."""

    fails: bool = False
    hangs_at: int | None = None
    """Per cent."""
    late_ms: int = 0
    about: str | None = None
    """Only work on that thing; None: all."""


class Beginner(Protocol):
    """What beginning some work needs of the call that begins it."""

    @property
    def world(self) -> World: ...
    @property
    def account_id(self) -> int: ...
    @property
    def now(self) -> int: ...
    @property
    def may_begin(self) -> bool: ...
    @property
    def disturbance(self) -> Disturbance | None: ...
    @property
    def begun(self) -> list[tuple[str, str]]: ...


class Kind(NamedTuple):
    """A kind of work."""

    operation: str
    """As the view of pending work calls it."""
    name: str
    """As the operation log calls it."""
    seconds: tuple[float, float]
    """The shortest and the longest that the real thing takes."""


class Piece(NamedTuple):
    """Work on one thing, and its two endings: rows to write, or what the kind's own settler needs."""

    about: str
    then: Outcome
    otherwise: Outcome


def settles(operation: str) -> Callable[[Settler], Settler]:
    """Declare the settler of a kind of operation that does not just write rows."""

    def register(settler: Settler) -> Settler:
        _SETTLERS[operation] = settler
        return settler

    return register


def settle(world: World, now: int) -> int:
    """Carry out all that is due, within the caller's transaction. Returns how many operations were due."""
    number = 0
    try:
        while due := pending.take_due(world, now):
            world.settled_to = due.due_at
            done = _SETTLERS.get(due.kind, _write_rows)(world, due)
            number += 1
            failed = due.fails or done is False
            if failed or log.isEnabledFor(logging.INFO):
                _log_end(world, due, failed=failed)
    finally:
        world.settled_to = None
    return number


def _log_end(world: World, due: Due, *, failed: bool) -> None:
    """At the time at which it ended, which is before somebody looks."""
    name = tasks.name_of(world, due.subject) or due.kind
    how = "failed" if failed else "ended"
    reason = "" if not failed else ", as a fault had it" if due.fails else ", as it was not possible any more"
    facts = {"world": world.name, "operation": name, "about": due.about, "outcome": how}
    level = logging.WARNING if failed else logging.INFO
    extra = {FACTS: {WORLD_TIME: due.due_at, **facts}}
    log.log(level, "%s %s on %s %s%s", world.name, name, due.about, how, reason, extra=extra)


def rehearse(world: World, row: Columns) -> None:
    """Carry out both endings of an operation that was written by hand, and leave no trace.

    Raises LookupError where one of them cannot be carried out.
    """
    for outcome, fails in ((row["outcome"], False), (row["failure"], True)):
        if outcome is not None:
            try:
                with world.database.rehearsal():
                    _rehearse_ending(world, row, outcome, fails=fails)
            except Exception as error:
                what = f"{row['kind']} on {row['about']}"
                raise LookupError(f"the operation {what} cannot end with {outcome}: {_why(error)}") from error


def _why(error: Exception) -> str:
    """What is wrong with an ending that was written by hand."""
    if isinstance(error, KeyError):
        return f"there is no {error.args[0]!r}"
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON at character {error.pos + 1}"
    if isinstance(error, msgspec.ValidationError):
        return "it sets a column to a value of another type"
    return str(error) if isinstance(error, DatabaseError) else "it has another form than `world export` writes"


def _rehearse_ending(world: World, row: Columns, outcome: str, *, fails: bool) -> None:
    decoded = json.loads(outcome)
    settler = _SETTLERS.get(row["kind"], _write_rows)
    settler(world, Due(0, row["kind"], row["subject"], row["about"], world.clock.now(), decoded, fails))
    if settler is _write_rows:
        for write in (Write(*write) for write in decoded):
            found = world.resources[write.resource].find_any(world, write.id)
            if found is not None:
                msgspec.convert(tuple(found), type(found))


def end_its_part(world: World, due: Due, *, possible: bool = True) -> None:
    """End the part of a numbered task that the operation belongs to, if it belongs to one."""
    if due.subject is not None:
        tasks.end_part(world, due.subject, succeeded=possible and not due.fails, at=due.due_at)


def _write_rows(world: World, due: Due) -> bool:
    writes = [Write(*write) for write in due.outcome]
    possible = all(_may_write(world, write) for write in writes)
    end_its_part(world, due, possible=possible)
    for write in writes if possible else ():
        resource = world.resources[write.resource]
        if write.columns is None:
            resource.remove(world, write.id)
        else:
            resource.change(world, write.id, **write.columns)
    return possible


def _may_write(world: World, write: Write) -> bool:
    if write.only_if is None:
        return True
    row = world.resources[write.resource].find_any(world, write.id)
    return row is not None and all(getattr(row, name) in values for name, values in write.only_if.items())


def begin_task(call: Beginner, kind: Kind, pieces: Sequence[Piece], *, operator: str = "", waits_ms: int = 0) -> int:
    """Begin a numbered task with a part for each piece. Returns its number.

    `waits_ms`: how long it waits before it starts, as for other work to end.
    """
    about = [piece.about for piece in pieces]
    task, parts = tasks.add_task(call.world, call.account_id, kind.name, about, operator=operator, now=call.now)
    for part, piece in zip(parts, pieces, strict=True):
        lasting_ms = duration_ms(call.world, f"{kind.operation}/{part}", *kind.seconds)
        begin(call, kind.operation, piece, waits_ms + lasting_ms, subject=tasks.subject_of(part))
    return task


def begin(
    call: Beginner, operation: str, piece: Piece, lasting_ms: int, *, subject: str | None = None, share: float = 1.0
) -> int:
    """Begin work that no task numbers. Returns when it is due.

    `share`: of work in stages, the part of its whole time after which this stage ends.
    """
    assert call.may_begin, "an action that begins work is declared with begins_operations"  # noqa: S101
    disturbance = _disturbance(call.disturbance, piece.about, share)
    due_at = call.now + lasting_ms + disturbance.late_ms
    hangs = disturbance.hangs_at is not None
    row = pending.operation_row(
        operation,
        pending.NEVER if hangs else due_at,
        piece.then,
        about=piece.about,
        began_at=call.now,
        subject=subject,
        failure=piece.otherwise,
        fails=disturbance.fails,
        hangs_at=disturbance.hangs_at,
    )
    pending.add_operation(call.world, row)
    call.begun.append((operation, piece.about))
    return due_at


def _disturbance(found: Disturbance | None, about: str, share: float) -> Disturbance:
    """Work in stages is disturbed from the stage that the fault reaches: a hang at 70 % leaves stages that end before
    70 % alone, and a failure hits only the last stage."""
    none = Disturbance()
    if found is None or found.about not in (None, about):
        return none
    if found.hangs_at is not None and share * 100 <= found.hangs_at:
        return none
    return none if found.fails and share < 1 else found


def duration_ms(world: World, what: str, shortest: float, longest: float) -> int:
    """Between the two (seconds, as the real thing takes), scaled; the same for the same `what` in the same world."""
    return round((shortest + (longest - shortest) * draw(world, f"duration/{what}")) * 1000 * world.time_scale)


def draw(world: World, what: str) -> float:
    """A number from 0 to 1 that depends on the world's seed and on `what` alone."""
    digest = blake2b(f"{world.seed}/{what}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) / 2**32
