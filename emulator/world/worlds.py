"""The worlds of one server: the default one and any number of others, each round a database of its own.

A SecretId routes a call to its world. Each recipe is filled once, into a template; a world made or reset later is a
copy of it. A snapshot is a copy of a world, kept under a name.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from emulator.checking.words import listed, meant
from emulator.clock import Clock
from emulator.world.accounts import all_credentials, rename_credentials
from emulator.world.catalogue import Catalogue
from emulator.world.database import Database
from emulator.world.differences import Differences, differences
from emulator.world.pending import shift_work
from emulator.world.rules import shift_faults
from emulator.world.world import DEFAULT, World

MOST_WORLDS = 1_000
MOST_SNAPSHOTS = 100
_TEMPLATES = 16
_MOST_NAMED = 20
"""A refusal names so many of those that there are."""


class UnknownWorld(LookupError):
    """No world, or no snapshot, has that name."""


class WorldConflict(ValueError):
    """It cannot be done as things are, with the reason."""


@dataclass(frozen=True)
class Recipe:
    """What a world is filled from."""

    fixtures: tuple[str, ...]
    """Names of bundled fixtures, or paths."""
    inline: bytes | None = None
    """A fixture of its own, as JSON."""
    devices: int = 0
    seed: str = "0"


@dataclass(frozen=True)
class _Origin:
    """How a world began, for when it is reset."""

    recipe: Recipe
    frozen_at: int | None = None


@dataclass(frozen=True)
class _Template:
    """A world as its recipe makes it, for copying."""

    image: bytes
    made_at: int
    """The time from which its pending work and its fault rules count."""


Fill = Callable[[World, Recipe], None]


class Worlds:
    """`fill` makes what a recipe describes in a world that holds nothing."""

    def __init__(self, default: World, recipe: Recipe, catalogue: Catalogue, clock: Clock, fill: Fill) -> None:
        self.default = default
        self._clock = clock
        self._catalogue = catalogue
        self._fill = fill
        self._worlds = {DEFAULT: default}
        self._origins = {DEFAULT: _Origin(recipe)}
        self._snapshots: dict[str, dict[str, bytes]] = {DEFAULT: {}}
        self._by_secret_id: dict[str, World] = {}
        self._templates: OrderedDict[Recipe, _Template] = OrderedDict()
        self._made = 0
        self.logs_rows = False
        """Whether the rows that calls change are written down, from the next call to each world on."""

    def of(self, secret_id: str) -> World:
        """Whose SecretId it is; an unknown one belongs to the default world, which refuses it."""
        return self._by_secret_id.get(secret_id, self.default)

    def all(self) -> list[World]:
        return list(self._worlds.values())

    def has(self, name: str) -> bool:
        return name in self._worlds

    def named(self, name: str) -> World:
        try:
            return self._worlds[name]
        except KeyError:
            there = listed(list(self._worlds)[:_MOST_NAMED], "and")
            raise UnknownWorld(f"there is no world {name!r}{meant(name, self._worlds)}; there is {there}") from None

    def make(self, name: str | None, recipe: Recipe, *, time_scale: float, frozen_at: int | None = None) -> World:
        """A fresh world with credentials of its own. Raises WorldConflict, or what `fill` raises."""
        template = self._template(recipe)
        world = self._add(self._new_name(name), _Origin(recipe, frozen_at), template.image, time_scale)
        _begin(world, frozen_at, template.made_at)
        return world

    def fork(self, name: str, new_name: str | None, snapshot: str | None = None) -> World:
        """A copy of a world as it is now, or as a snapshot of it shows, with credentials of its own."""
        source = self.named(name)
        image = source.image() if snapshot is None else self._image(name, snapshot)
        world = self._add(self._new_name(new_name), self._origins[name], image, source.time_scale)
        world.limits_rate = source.limits_rate
        return world

    def reset(self, name: str) -> World:
        """Return the world to the state in which it was made."""
        world, origin = self.named(name), self._origins[name]
        template = self._template(origin.recipe)
        world.load(template.image)
        self._renew(world)
        _begin(world, origin.frozen_at, template.made_at)
        return world

    def delete(self, name: str) -> None:
        """With its snapshots."""
        world = self.named(name)
        if world is self.default:
            raise WorldConflict("the default world stays; reset it instead")
        self._by_secret_id = {key: other for key, other in self._by_secret_id.items() if other is not world}
        del self._worlds[name], self._origins[name], self._snapshots[name]
        world.close()

    def snapshots(self, name: str) -> dict[str, int]:
        """Their sizes in bytes."""
        self.named(name)
        return {label: len(image) for label, image in self._snapshots[name].items()}

    def keep(self, name: str, label: str) -> None:
        """A snapshot; one of that name before is replaced."""
        image, kept = self.named(name).image(), self._snapshots[name]
        if label not in kept and len(kept) >= MOST_SNAPSHOTS:
            raise WorldConflict(f"a world keeps at most {MOST_SNAPSHOTS} snapshots; delete one")
        kept[label] = image

    def restore(self, name: str, label: str) -> World:
        world = self.named(name)
        world.load(self._image(name, label))
        return world

    def drop_snapshot(self, name: str, label: str) -> None:
        self._image(name, label)
        del self._snapshots[name][label]

    def differences(self, name: str, before: str, after: str | None) -> Differences:
        """What rows changed between two snapshots; `after` None: until now."""
        last = self.named(name).image() if after is None else self._image(name, after)
        return differences(self._image(name, before), last)

    def close(self) -> None:
        """All of them; twice does no harm."""
        while self._worlds:
            self._worlds.popitem()[1].close()

    def _image(self, name: str, label: str) -> bytes:
        self.named(name)
        try:
            return self._snapshots[name][label]
        except KeyError:
            kept = self._snapshots[name]
            there = listed(list(kept)[:_MOST_NAMED], "and")
            told = f"the world {name!r} has no snapshot {label!r}{meant(label, kept)}; it has {there}"
            raise UnknownWorld(told) from None

    def _new_name(self, wanted: str | None) -> str:
        if len(self._worlds) >= MOST_WORLDS:
            raise WorldConflict(f"there are {MOST_WORLDS} worlds; delete one")
        if wanted is not None:
            if wanted in self._worlds:
                raise WorldConflict(f"there is a world {wanted!r} already")
            return wanted
        while True:
            self._made += 1
            if (name := f"w{self._made}") not in self._worlds:
                return name

    def _add(self, name: str, origin: _Origin, image: bytes, time_scale: float) -> World:
        database = Database(image=image)
        resources = self.default.resources
        world = World(database, self._clock, self._catalogue, resources, name=name, time_scale=time_scale)
        self._worlds[name], self._origins[name], self._snapshots[name] = world, origin, {}
        self._renew(world)
        return world

    def _renew(self, world: World) -> None:
        """What a copy has of its own: its key pairs."""
        if world is not self.default:
            rename_credentials(world)
            self._by_secret_id.update((credential.secret_id, world) for credential in all_credentials(world))

    def _template(self, recipe: Recipe) -> _Template:
        template = self._templates.pop(recipe, None)
        if template is None:
            world = World(Database(), self._clock, self._catalogue, self.default.resources, seed=recipe.seed)
            try:
                made_at = world.clock.now()
                world.clock.set(made_at, 0)
                self._fill(world, recipe)
                world.clock.release()
                template = _Template(world.image(), made_at)
            finally:
                world.close()
        self._templates[recipe] = template
        if len(self._templates) > _TEMPLATES:
            self._templates.popitem(last=False)
        return template


def _begin(world: World, frozen_at: int | None, made_at: int) -> None:
    """A fresh world's clock stands still where it was asked to. Work and fault rules of its fixture begin now."""
    if frozen_at is not None:
        world.clock.set(frozen_at, 0)
        world.keep_clock()
    later = world.clock.now() - made_at
    shift_work(world, later)
    shift_faults(world, later)
