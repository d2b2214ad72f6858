"""A world: one database with its clock, its seed and its ids."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from emulator.clock import Clock, WorldClock
from emulator.world import ids
from emulator.world.catalogue import Catalogue
from emulator.world.database import Database, Prepared, upsert
from emulator.world.nonces import UsedNonces
from emulator.world.row_log import RowLog
from emulator.world.schema import accounts, counters, world

_GET = Prepared(select(world.c.value).where(world.c.key == bindparam("wanted")))
_SET = Prepared(
    upsert(world)
    .values(key=bindparam("key"), value=bindparam("value"))
    .on_conflict_do_update(index_elements=["key"], set_={"value": bindparam("value")})
)
_ANY_ACCOUNT = Prepared(select(accounts.c.id).limit(1))
_COUNT = Prepared(
    upsert(counters)
    .values(scope=bindparam("scope"), kind=bindparam("kind"), next=1)
    .on_conflict_do_update(index_elements=["scope", "kind"], set_={"next": counters.c.next + 1})
    .returning(counters.c.next)
)

_LATER = Prepared(
    upsert(counters)
    .values(scope=bindparam("scope"), kind=bindparam("kind"), next=bindparam("least"))
    .on_conflict_do_update(
        index_elements=["scope", "kind"], set_={"next": func.max(counters.c.next + 1, bindparam("least"))}
    )
    .returning(counters.c.next)
)

if TYPE_CHECKING:
    from emulator.world.resource import Resource

_ALL_COUNTERS = Prepared(select(counters).order_by(counters.c.scope, counters.c.kind))

DEFAULT = "default"
"""The name of the world that a server begins with."""


class World:
    """`time_scale` is how long work lasts: 1 is as long as the real thing, 0 at once.

    The seed of a world that holds something already stays what it is.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        catalogue: Catalogue,
        resources: "Mapping[str, Resource[Any]]",
        *,
        name: str = DEFAULT,
        seed: str = "0",
        time_scale: float = 1.0,
    ) -> None:
        self.database = database
        self.clock = WorldClock(clock)
        self.catalogue = catalogue
        self.resources = resources
        """The kinds of things that it holds, by their plural."""
        self.name = name
        self.time_scale = time_scale
        self.limits_rate = False
        """Whether too many calls a minute are refused."""
        self.settled_to: int | None = None
        """While work is ended, the moment at which it ended, which may be past."""
        self._row_log: RowLog | None = None
        self.memo: dict[Any, Any] = {}
        """What has been read and may be needed again; cleared whenever the database may hold something else."""
        self.transaction = database.transaction
        database.on_rollback = self.memo.clear
        self.execute = database.execute
        self.is_new = self.is_empty()
        """Whether it held nothing when it was opened."""
        if self.is_new:
            self._set("seed", seed)
        self._read()

    def _read(self) -> None:
        self.seed = self._get("seed") or "0"
        self.nonces = UsedNonces(self.database)
        self.clock.release()
        if saved := self._get("clock"):
            self.clock.load(saved)

    def _get(self, key: str) -> str | None:
        row = _GET.first(self.database, wanted=key)
        return str(row[0]) if row else None

    def _set(self, key: str, value: str) -> None:
        _SET.run(self.database, key=key, value=value)

    def log_rows(self) -> RowLog:
        """Write down the rows that are changed from now on."""
        if self._row_log is None:
            self._row_log = RowLog(self.database)
        self._row_log.clear()
        return self._row_log

    def moment(self) -> int:
        """When what is happening happens: now, or when the work that is being ended ended."""
        return self.clock.now() if self.settled_to is None else self.settled_to

    def image(self) -> bytes:
        """Everything that calls depend on, as one piece."""
        self.nonces.write()
        return self.database.image()

    def load(self, image: bytes) -> None:
        """Become the world that an image shows, its clock and its used nonces included."""
        self.database.load(image)
        self.memo.clear()
        self._read()

    def set_seed(self, seed: str) -> None:
        """Before anything is derived from it."""
        self._set("seed", seed)
        self.seed = seed

    def counters(self) -> dict[str, dict[str, int]]:
        """The last number of each kind, by the appId of an account, or "" for the world's own."""
        found: dict[str, dict[str, int]] = {}
        for scope, kind, last in _ALL_COUNTERS.all(self.database):
            found.setdefault(scope, {})[kind] = last
        return found

    def set_counters(self, found: dict[str, dict[str, int]]) -> None:
        for scope, kinds in found.items():
            for kind, last in kinds.items():
                _LATER.first(self.database, scope=scope, kind=kind, least=last)

    def keep_clock(self) -> None:
        """Keep how the clock is set, for when the world is opened again."""
        self._set("clock", self.clock.save())

    def close(self) -> None:
        self.nonces.write()
        self.database.close()

    def is_empty(self) -> bool:
        return _ANY_ACCOUNT.first(self.database) is None

    def next_number(self, kind: str) -> int:
        """The next of 1, 2, 3, … for that kind of thing."""
        return self._count(_COUNT, "", kind)

    def later_number(self, kind: str, least: int) -> str:
        """A number of at least `least`, and higher than the last of its kind."""
        return str(self._count(_LATER, "", kind, least=least))

    def _count(self, counting: Prepared, scope: str, kind: str, **least: int) -> int:
        row = counting.first(self.database, scope=scope, kind=kind, **least)
        assert row is not None  # noqa: S101 - the statement returns the row that it has written
        return int(row[0])

    def new_id(self, app_id: str, kind: str, taken: Callable[[str], bool]) -> str:
        """The account's next id of that kind; `taken` tells whether the world holds one already."""

        def ordinal() -> int:
            return self._count(_COUNT, app_id, kind)

        return ids.first_free(self.seed, app_id, kind, ordinal, taken)
