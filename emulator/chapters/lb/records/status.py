"""What listeners, domains and paths have in common: their states, and the forms of some fields."""

from enum import IntEnum
from typing import Annotated, Literal

from msgspec import Meta

from emulator.world.facets import States

Port = Annotated[int, Meta(ge=1, le=65_535)]
Switch = Literal[0, 1]


class Status(IntEnum):
    """Of listeners, domains and paths, as DescribeBmListeners' page numbers it."""

    CREATING = 0
    RUNNING = 1
    CREATION_FAILED = 2
    DELETING = 3
    DELETION_FAILED = 4


STATES = States(tuple(it.name.lower() for it in Status), lambda it: Status(it.status).name.lower())
