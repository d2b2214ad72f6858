"""A world: one inventory round one database, with its clock, its seed and its ids."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from emulator.clock import Clock, WorldClock
from emulator.world import ids
from emulator.world.catalogue import Catalogue
from emulator.world.database import Database, Prepared
from emulator.world.nonces import UsedNonces
from emulator.world.schema import accounts, counters, world

_GET = Prepared(select(world.c.value).where(world.c.key == bindparam("wanted")))
_SET = Prepared(
    insert(world)
    .values(key=bindparam("key"), value=bindparam("value"))
    .on_conflict_do_update(index_elements=["key"], set_={"value": bindparam("value")})
)
_ANY_ACCOUNT = Prepared(select(accounts.c.id).limit(1))
_COUNT = Prepared(
    insert(counters)
    .values(scope=bindparam("scope"), kind=bindparam("kind"), next=1)
    .on_conflict_do_update(index_elements=["scope", "kind"], set_={"next": counters.c.next + 1})
    .returning(counters.c.next)
)


_LATER = Prepared(
    insert(counters)
    .values(scope=bindparam("scope"), kind=bindparam("kind"), next=bindparam("least"))
    .on_conflict_do_update(
        index_elements=["scope", "kind"], set_={"next": func.max(counters.c.next + 1, bindparam("least"))}
    )
    .returning(counters.c.next)
)

DEFAULT = "default"
"""The name of the world that a server begins with."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What a fault does to the work that a call begins."""

    fails: bool = False
    hangs_at: int | None = None
    """Per cent."""
    late_ms: int = 0
    about: str | None = None
    """Only work on that device; None: all."""


class World:
    """`time_scale`: how long what takes time lasts; 1 is as long as the real thing, 0 at once.

    The seed of a world that holds something already stays what it is.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        catalogue: Catalogue,
        *,
        name: str = DEFAULT,
        seed: str = "0",
        time_scale: float = 1.0,
    ) -> None:
        self.database = database
        self.clock = WorldClock(clock)
        self.catalogue = catalogue
        self.name = name
        self.time_scale = time_scale
        self.limits_rate = False
        """Whether too many calls a minute are refused."""
        self.calls: tuple[int, dict[tuple[int, str], int]] = (0, {})
        """The minute, and how often each account has called each action in it, as `gateway/quota.py` counts."""
        self.credentials: dict[str, tuple[Any, ...]] = {}
        """Rows that `accounts.py` has read: every call needs one."""
        self.next_due = 0
        """No pending operation is due earlier: a hint that saves a look. 0: not known."""
        self.device_ids: dict[tuple[int, bool], list[str]] = {}
        """The ids of an account's devices, not in the recycle bin or in it: as `devices.py` has read them."""
        self.rules: list[Any] | None = None
        """The fault rules, as `rules.py` has read them."""
        self.disturbance: Disturbance | None = None
        """What happens to the work that the call which is going on begins."""
        self.begun: list[tuple[str, str]] = []
        """Kind and device of the operations planned since somebody emptied it."""
        self.transaction = database.transaction
        database.on_rollback = self._forget
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

    def _forget(self) -> None:
        """What was read inside a transaction that was undone."""
        self.next_due = 0
        self.device_ids.clear()

    def image(self) -> bytes:
        """All that calls depend on, as one piece."""
        self.nonces.write()
        return self.database.image()

    def load(self, image: bytes) -> None:
        """Become the world that an image shows, its clock and its used nonces included."""
        self.database.load(image)
        self._forget()
        self.credentials.clear()
        self.rules = None
        self._read()

    def keep_clock(self) -> None:
        """Write down how the clock was set."""
        self._set("clock", self.clock.save())

    def close(self) -> None:
        self.nonces.write()
        self.database.close()

    def is_empty(self) -> bool:
        return _ANY_ACCOUNT.first(self.database) is None

    def next_number(self, kind: str) -> int:
        """1, 2, 3, … for each kind of thing that is numbered in this world."""
        return int(_COUNT.run(self.database, scope="", kind=kind).fetchone()[0])

    def later_number(self, kind: str, least: int) -> str:
        """At least that, and more than the last of its kind."""
        return str(_LATER.run(self.database, scope="", kind=kind, least=least).fetchone()[0])

    def new_id(self, app_id: str, kind: str, taken: Callable[[str], bool]) -> str:
        """The account's next id of that kind; `taken` tells whether the world holds one already."""

        def ordinal() -> int:
            return int(_COUNT.run(self.database, scope=app_id, kind=kind).fetchone()[0])

        return ids.first_free(self.seed, app_id, kind, ordinal, taken)
