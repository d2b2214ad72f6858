"""Snapshots of a world: kept, restored, deleted, and compared with each other or with the world as it is now."""

from msgspec import Struct

from emulator.checking.values import WrongValue
from emulator.console.page import Shown, Visit, change, page
from emulator.console.values import without_secrets
from emulator.console.worlds import one_world
from emulator.control import worlds
from emulator.control.worlds import DiffRange
from emulator.world.differences import Differences

_MOST_ROWS = 200
"""Of each table, so many rows that differ are shown."""


class Label(Struct, frozen=True):
    """The form that names a snapshot."""

    snapshot: str = ""


@change("/w/{world}/snapshots/keep", on_refusal=one_world)
def keep(visit: Visit) -> str:
    """Keep a snapshot under the name that was entered."""
    label: Label = visit.entered(Label)
    if not label.snapshot:
        raise WrongValue("snapshot: it is missing; name the snapshot")
    visit.call(worlds.keep_snapshot, snapshot=label.snapshot)
    return visit.at(said="kept")


@change("/w/{world}/snapshots/{snapshot}/restore", on_refusal=one_world)
def restore(visit: Visit) -> str:
    """Make the world what the snapshot shows."""
    visit.call(worlds.restore_snapshot)
    return visit.at(said="restored")


@change("/w/{world}/snapshots/{snapshot}/delete", on_refusal=one_world)
def delete(visit: Visit) -> str:
    """Delete a snapshot."""
    visit.call(worlds.delete_snapshot)
    return visit.at(said="gone")


@page("/w/{world}/diff")
def compare(visit: Visit) -> Shown:
    """The rows that differ between two states of the world, side by side."""
    wanted: DiffRange = visit.asked(DiffRange)
    found: Differences = visit.call(worlds.diff_snapshots, wanted)
    mask = visit.control.mask
    values = {
        "before": wanted.before,
        "after": wanted.after,
        "tables": found,
        "shown": lambda row: without_secrets(row, mask),
        "most": _MOST_ROWS,
    }
    return Shown("diff.html", values)
