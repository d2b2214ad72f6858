"""Endpoints for worlds: make, read, change, reset, fork and delete them; keep and restore snapshots; compare two."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from emulator.checking.values import converted
from emulator.checking.words import WORDS
from emulator.clock import to_wire
from emulator.control.accounts import KeyPair, key_pairs
from emulator.control.endpoints import TEXT, ControlRequest, Nothing, endpoint
from emulator.control.state import Control
from emulator.seeding.export import export_world, to_json, to_toml
from emulator.seeding.fixture import Fixture
from emulator.world.by_hand import Moment, moment
from emulator.world.differences import Differences
from emulator.world.world import World
from emulator.world.worlds import Recipe

NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_NAME_IN_WORDS = "a name of 1 to 64 letters, digits, dots, underscores and hyphens that begins with a letter or digit"
Name = Annotated[str, Meta(pattern=f"^{NAME}$", extra={WORDS: _NAME_IN_WORDS})]
Scale = Annotated[float, Meta(ge=0, le=1_000)]
MAX_DEVICES = 10_000
"""More would block all other requests for over two seconds; `serve --devices` generates them before it serves."""
EMPTY, DEMO = "empty", "demo"


class ClockView(Struct, frozen=True):
    """The clock of a world."""

    now: int
    """Milliseconds since the epoch."""
    time: str
    """The same moment as the API prints it, in China Standard Time."""
    rate: float
    """How fast the clock runs: 1 is real time, 0 is frozen."""
    real: bool
    """Whether the clock shows real time."""


class WorldView(Struct, frozen=True):
    """A world, without its inventory."""

    name: str
    """The name by which the control interface addresses the world."""
    seed: str
    """What the world's devices, ids and durations are drawn from."""
    credentials: list[KeyPair]
    """The key pairs whose calls reach this world."""
    clock: ClockView
    """The clock of the world."""
    time_scale: float
    """How long tasks take: 1 is as long as the real ones, 0 is no time."""
    rate_limit: bool
    """Whether calls above the quota are refused with 4400."""
    snapshots: list[str]
    """The names of the world's snapshots."""


class NewWorld(Struct, frozen=True, forbid_unknown_fields=True):
    """What a new world shall be."""

    name: Name | None = None
    """The name of the world; left out: w1, w2, …"""
    fixture: Literal["empty", "demo"] | dict[str, Any] | None = None
    """`demo`, `empty` (one account that owns nothing), or the content of a world file. Left out: demo, or empty if
    devices are asked for."""
    devices: Annotated[int, Meta(ge=0, le=MAX_DEVICES)] = 0
    """How many generated devices the first account gets."""
    seed: Annotated[str, Meta(min_length=1, max_length=200)] = "0"
    """The same seed gives the same devices, ids and durations."""
    time_scale: Scale | None = None
    """How long tasks take: 1 is as long as the real ones, 0 is no time. Left out: the server's setting."""
    frozen_at: Moment | None = None
    """The moment at which the clock stands still; left out: it runs."""
    rate_limit: bool = False
    """Whether more than 1,000 calls a minute, or 100 of one action, are refused with 4400."""


class WorldChanges(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a world that can be changed; what is left out stays."""

    time_scale: Scale | UnsetType = UNSET
    """How long tasks take: 1 is as long as the real ones, 0 is no time."""
    rate_limit: bool | UnsetType = UNSET
    """Whether more than 1,000 calls a minute, or 100 of one action, are refused with 4400."""


class Fork(Struct, frozen=True, forbid_unknown_fields=True):
    """What to copy, and under which name."""

    name: Name | None = None
    """The name of the copy; left out: w1, w2, …"""
    snapshot: Name | None = None
    """The snapshot to copy; left out: the world as it is now."""


class SnapshotView(Struct, frozen=True):
    """A snapshot of a world."""

    name: str
    """The name of the snapshot."""
    bytes: int
    """The size of the snapshot, in bytes."""


class DiffRange(Struct, frozen=True, forbid_unknown_fields=True):
    """The two states of a world to compare."""

    before: Name
    """The snapshot to compare from."""
    after: Name | None = None
    """The snapshot to compare with; left out: the world as it is now."""


class ExportFormat(Struct, frozen=True, forbid_unknown_fields=True):
    """How an exported world is written."""

    format: Literal["toml", "json"] = "toml"
    """toml, which people read more easily, or json."""


def view_world(control: Control, world: World) -> WorldView:
    """The world as the control interface shows it."""
    return WorldView(
        name=world.name,
        seed=world.seed,
        credentials=key_pairs(world),
        clock=clock_view(world),
        time_scale=world.time_scale,
        rate_limit=world.limits_rate,
        snapshots=list(control.worlds.snapshots(world.name)),
    )


def clock_view(world: World) -> ClockView:
    """The clock of a world, as the control interface shows it."""
    now = world.clock.now()
    return ClockView(now, to_wire(now), world.clock.rate, world.clock.is_real)


def world_named(control: Control, request: ControlRequest) -> World:
    """The world that the path names. Raises UnknownWorld."""
    return control.worlds.named(request.path["world"])


@endpoint("GET", "/worlds", answer=list[WorldView])
def list_worlds(control: Control, _request: ControlRequest) -> list[WorldView]:
    """List the worlds, the default world first."""
    return [view_world(control, world) for world in control.worlds.all()]


@endpoint("POST", "/worlds", body=NewWorld, answer=WorldView, status=201, problems=(409,))
def make_world(control: Control, request: ControlRequest) -> WorldView:
    """Make a world with credentials of its own."""
    wanted: NewWorld = request.body
    world = control.worlds.make(
        wanted.name,
        _recipe(wanted),
        time_scale=control.time_scale if wanted.time_scale is None else wanted.time_scale,
        frozen_at=None if wanted.frozen_at is None else moment(wanted.frozen_at, 0),
    )
    world.limits_rate = wanted.rate_limit
    return view_world(control, world)


@endpoint("GET", "/worlds/{world}", answer=WorldView)
def read_world(control: Control, request: ControlRequest) -> WorldView:
    """Read a world: its credentials, its clock, its snapshots."""
    return view_world(control, world_named(control, request))


@endpoint("PATCH", "/worlds/{world}", body=WorldChanges, answer=WorldView)
def change_world(control: Control, request: ControlRequest) -> WorldView:
    """Change how long tasks take in a world, and whether its calls are limited."""
    world, changes = world_named(control, request), request.body
    if changes.time_scale is not UNSET:
        world.time_scale = changes.time_scale
    if changes.rate_limit is not UNSET:
        world.limits_rate = changes.rate_limit
    return view_world(control, world)


@endpoint("DELETE", "/worlds/{world}", problems=(409,))
def delete_world(control: Control, request: ControlRequest) -> Nothing:
    """Delete a world with its snapshots and its journal."""
    control.worlds.delete(request.path["world"])
    control.journals.remove(request.path["world"])
    return Nothing()


@endpoint("POST", "/worlds/{world}/reset", answer=WorldView, problems=(422,))
def reset_world(control: Control, request: ControlRequest) -> WorldView:
    """Reset a world to its first state: inventory, clock, faults, used nonces and journal."""
    world = control.worlds.reset(request.path["world"])
    control.journals.for_world(world).reset()
    return view_world(control, world)


@endpoint("POST", "/worlds/{world}/fork", body=Fork, answer=WorldView, status=201, problems=(409,))
def fork_world(control: Control, request: ControlRequest) -> WorldView:
    """Make a copy of a world, with credentials of its own."""
    return view_world(control, control.worlds.fork(request.path["world"], request.body.name, request.body.snapshot))


@endpoint("GET", "/worlds/{world}/export", query=ExportFormat, answer=str, media_type=TEXT)
def export(control: Control, request: ControlRequest) -> bytes:
    """Write a world file that loads as an equal world: accounts, every resource, pending work, fault rules."""
    world = world_named(control, request)
    with world.transaction:
        control.settle(world, world.clock.now())
        fixture = export_world(world)
    return (to_json(fixture) if request.query.format == "json" else to_toml(fixture)).encode()


@endpoint("GET", "/worlds/{world}/snapshots", answer=list[SnapshotView])
def list_snapshots(control: Control, request: ControlRequest) -> list[SnapshotView]:
    """List the snapshots of a world."""
    return [SnapshotView(name, size) for name, size in control.worlds.snapshots(request.path["world"]).items()]


@endpoint("PUT", "/worlds/{world}/snapshots/{snapshot}", answer=SnapshotView, problems=(409, 422))
def keep_snapshot(control: Control, request: ControlRequest) -> SnapshotView:
    """Keep a snapshot of a world as it is now; one of the same name is replaced."""
    world, label = request.path["world"], request.path["snapshot"]
    control.worlds.keep(world, converted(label, Name, whole="snapshot"))
    return SnapshotView(label, control.worlds.snapshots(world)[label])


@endpoint("DELETE", "/worlds/{world}/snapshots/{snapshot}")
def delete_snapshot(control: Control, request: ControlRequest) -> Nothing:
    """Delete a snapshot of a world."""
    control.worlds.drop_snapshot(request.path["world"], request.path["snapshot"])
    return Nothing()


@endpoint("POST", "/worlds/{world}/snapshots/{snapshot}/restore", answer=WorldView)
def restore_snapshot(control: Control, request: ControlRequest) -> WorldView:
    """Restore a world from a snapshot; its journal goes on."""
    return view_world(control, control.worlds.restore(request.path["world"], request.path["snapshot"]))


@endpoint("GET", "/worlds/{world}/diff", query=DiffRange, answer=Differences)
def diff_snapshots(control: Control, request: ControlRequest) -> Differences:
    """List the rows that changed between two snapshots, or since one, by table and with the changed columns."""
    return control.worlds.differences(request.path["world"], request.query.before, request.query.after)


def _recipe(wanted: NewWorld) -> Recipe:
    fixture: str | dict[str, Any] | None = wanted.fixture
    if fixture is None:
        fixture = EMPTY if wanted.devices else DEMO
    if isinstance(fixture, str):
        return Recipe((fixture,), None, wanted.devices, wanted.seed)
    checked = converted(fixture, Fixture, whole="fixture")
    return Recipe((), msgspec.json.encode(checked), wanted.devices, wanted.seed)
