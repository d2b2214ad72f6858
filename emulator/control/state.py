"""What the endpoints of the control interface need from the running emulator."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from emulator.clock import Clock
from emulator.contract import Action
from emulator.gateway.routes import Routes
from emulator.journal.journal import Entry, Journals
from emulator.journal.masking import Mask
from emulator.journal.stories import Stories
from emulator.world.world import World
from emulator.world.worlds import Worlds


@dataclass(frozen=True)
class Control:
    """The parts of a running emulator that can be driven."""

    worlds: Worlds
    journals: Journals
    stories: Stories
    routes: Routes
    mask: Mask
    settle: Callable[[World, int], int]
    """Settles the operations that are due in a world at a time (milliseconds), and returns how many were."""
    search_on: Callable[[World, Entry, Action], None]
    """Searches on for the mistake in the signature of a call."""
    real_clock: Clock
    time_scale: float
    """The time scale of a new world that asks for none."""
    by_world_time: bool
    """Whether a Timestamp is held against the world's clock alone."""
    incidents: tuple[Path, ...]
    """The folders that hold incidents; of two of one name, the one in the earlier folder counts."""
