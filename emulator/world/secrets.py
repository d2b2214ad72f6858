"""The secrets that the worlds of a server hold, for those who must not show them.

They are read again only where a world's data has changed since, and only when somebody asks: for a refused call or for
a reader of the journal. A call that succeeds without a note costs nothing.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar, cast

from sqlalchemy import select

from emulator.world.accounts import Credential, all_credentials
from emulator.world.world import World
from emulator.world.worlds import UnknownWorld, Worlds

_COLUMN = "password"
"""The column of every kind of thing that has a password."""
SHORTEST_PASSWORD = 4
"""A shorter password is masked by its parameter's name alone: as a value, it would hide half of every text."""

T = TypeVar("T")


class Secrets:
    """The credentials of all worlds, and the passwords of each."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def credentials(self) -> Iterator[tuple[str, Credential]]:
        """The name of a world and a credential, for all credentials of all worlds."""
        for world in self._worlds.all():
            for credential in _remembered(world, "every credential", all_credentials):
                yield world.name, credential

    def secret_keys(self) -> set[str]:
        """The SecretKeys of all worlds."""
        return {credential.secret_key for _world, credential in self.credentials()}

    def is_secret_id(self, text: str) -> bool:
        """Whether any world has this SecretId."""
        return any(credential.secret_id == text for _world, credential in self.credentials())

    def passwords(self, name: str) -> frozenset[str]:
        """The passwords of a world's servers, out-of-band logins and VPN accounts; none of a world that is gone."""
        try:
            world = self._worlds.named(name)
        except UnknownWorld:
            return frozenset()
        return _remembered(world, "every password", _read_passwords)


def _read_passwords(world: World) -> frozenset[str]:
    found: set[str] = set()
    for resource in world.resources.values():
        column = resource.table.columns.get(_COLUMN)
        if column is not None:
            statement = resource.prepared("every password", lambda column=column: select(column).distinct())  # type: ignore[misc]
            found.update(row[0] for row in statement.all(world.database) if len(row[0] or "") >= SHORTEST_PASSWORD)
    return frozenset(found)


def _remembered(world: World, what: str, read: Callable[[World], T]) -> T:
    """What `read` finds, kept in the world's memo until a row of the world changes."""
    changes = world.database.changes
    kept = world.memo.get(what)
    if kept is None or kept[0] != changes:
        kept = world.memo[what] = (changes, read(world))
    return cast("T", kept[1])
