"""What the endpoints of the control interface work on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from emulator.clock import Clock
from emulator.gateway.routes import Routes
from emulator.journal.journal import Journals
from emulator.journal.masking import Mask
from emulator.journal.stories import Stories
from emulator.world.world import World
from emulator.world.worlds import Worlds


@dataclass(frozen=True)
class Control:
    worlds: Worlds
    journals: Journals
    stories: Stories
    routes: Routes
    mask: Mask
    settle: Callable[[World, int], int]
    real_clock: Clock
    time_scale: float
    """Of a world that asks for none."""
    incidents: tuple[Path, ...]
    """The folders that hold incidents, the first found first."""
