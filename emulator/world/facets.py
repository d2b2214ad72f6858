"""What a kind of thing declares for others: rows that work writes, its states, its place, its fixtures, what may be
set.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from msgspec import Struct

if TYPE_CHECKING:
    from emulator.world.world import World

Columns = dict[str, Any]


class Write(NamedTuple):
    """A row to write when some work ends: columns to set, or None where the row goes."""

    resource: str
    id: str | int
    columns: Columns | None
    only_if: dict[str, list[Any]] | None = None
    """Values by column that the row must have then. Where it has others, or is gone, the work has failed."""


class States(NamedTuple):
    """The names of a kind's numbered states, for people and for fault rules."""

    names: tuple[str, ...]
    name_of: Callable[[Any], str]


class Watch(NamedTuple):
    """What is told when some columns of a row change, such as who probes a server that goes down."""

    columns: frozenset[str]
    tell: Callable[["World", Any, Any], None]
    """Gets the row as it was and as it is."""


class Place(NamedTuple):
    """The columns of the subnet that a thing of the kind is in, and of the address that it takes there."""

    subnet: str = "subnet"
    address: str = "lan_ip"
    kind: Literal["cpm", "vm", "tg"] = "cpm"
    """Whose address it is, as DescribeBmSubnetIps has it: a machine's, a virtual one's, or a gateway's."""


class Seeds(NamedTuple):
    """What a fixture may say of a kind."""

    struct: type[Struct]
    sow: Callable[["World", int, Any], None]
    """Add to the account of that number what the struct says. Raises LookupError for what cannot be."""
    reap: Callable[["World", Any], Struct]
    """What a fixture has to say for such a record."""


class ByHand(NamedTuple):
    """What people see of a kind, and may set."""

    view: type[Struct]
    changes: type[Struct]
    show: Callable[["World", Any], Struct]
    change: Callable[["World", Any, Any], None]
    """Raises ImpossibleChange."""
    plural: str = ""
    """In paths and commands; left out: the resource's own."""
