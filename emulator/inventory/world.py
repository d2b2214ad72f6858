"""A world: one inventory round one database, with its clock, its seed and its ids."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from emulator.clock import Clock
from emulator.inventory import ids
from emulator.inventory.catalogue import Catalogue
from emulator.inventory.database import Database, Prepared
from emulator.inventory.tables import accounts, counters, world

_SEED = Prepared(select(world.c.value).where(world.c.key == "seed"))
_SET_SEED = Prepared(
    insert(world)
    .values(key="seed", value=bindparam("seed"))
    .on_conflict_do_update(index_elements=["key"], set_={"value": bindparam("seed")})
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


class World:
    """`time_scale`: how long what takes time lasts; 1 is as long as the real thing, 0 at once.

    The seed of a world that holds something already stays what it is.
    """

    def __init__(
        self, database: Database, clock: Clock, catalogue: Catalogue, *, seed: str = "0", time_scale: float = 1.0
    ) -> None:
        self.database = database
        self.clock = clock
        self.catalogue = catalogue
        self.time_scale = time_scale
        self.credentials: dict[str, tuple[Any, ...]] = {}
        """Rows that `accounts.py` has read: every call needs one."""
        self.next_due = 0
        """No pending operation is due earlier: a hint that saves a look. 0: not known."""
        self.device_ids: dict[tuple[int, bool], list[str]] = {}
        """The ids of an account's devices, not in the recycle bin or in it: as `devices.py` has read them."""
        self.may_fault = True
        """False where no fault rule is known to be set: likewise."""
        self.transaction = database.transaction
        database.on_rollback = self._forget
        self.execute = database.execute
        self.close = database.close
        self.is_new = self.is_empty()
        """Whether it held nothing when it was opened."""
        if self.is_new:
            _SET_SEED.run(database, seed=seed)
        self.seed = str(_SEED.run(database).fetchone()[0])

    def _forget(self) -> None:
        """What was read inside a transaction that was undone."""
        self.next_due = 0
        self.device_ids.clear()

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
