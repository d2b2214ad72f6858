"""Snapshots of a world: kept, restored and deleted."""

from msgspec import Struct

from emulator.checking.values import WrongValue
from emulator.console.page import Visit, change
from emulator.console.worlds import one_world
from emulator.control import worlds


class Label(Struct, frozen=True):
    """The form that names a snapshot."""

    snapshot: str = ""
    replace: bool = False
    """Whether one of that name is replaced."""


@change("/w/{world}/snapshots/keep", on_refusal=one_world)
def keep(visit: Visit) -> str:
    """Keep a snapshot under the name that was entered."""
    label: Label = visit.entered(Label)
    if not label.snapshot:
        raise WrongValue("snapshot: it is missing; name the snapshot")
    if label.snapshot in visit.control.worlds.snapshots(visit.path["world"]) and not label.replace:
        raise WrongValue(f"snapshot: there is one named {label.snapshot!r}; tick the box to replace it")
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
