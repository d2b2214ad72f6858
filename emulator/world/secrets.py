"""The secrets that the worlds of a server hold, for those who must not show them.

They are looked for only when somebody asks: for a call that is refused or has notes, or for a reader of the journal.
Credentials are kept until a world's data changes; passwords are looked up by index, as a fleet has thousands.
"""

import json
from collections.abc import Collection, Iterator
from typing import Any, cast

from sqlalchemy import Select, bindparam, func, select

from emulator.world.accounts import Credential, all_credentials
from emulator.world.database import Prepared
from emulator.world.pending import planned_writes
from emulator.world.resource import Resource
from emulator.world.table import SECRET_COLUMNS
from emulator.world.world import World
from emulator.world.worlds import UnknownWorld, Worlds

_EVERY_CREDENTIAL = "every credential"
SHORTEST_PASSWORD = 4
"""A shorter password is masked by its parameter's name alone: as a value, it would hide half of every text."""


class Secrets:
    """The credentials of all worlds, and the passwords of each."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def credentials(self) -> Iterator[tuple[str, Credential]]:
        """The name of a world and a credential, for all credentials of all worlds."""
        for world in self._worlds.all():
            for credential in _credentials(world):
                yield world.name, credential

    def keys_in(self, text: str) -> set[str]:
        """The SecretKeys, of any world, that the text has in it."""
        keys = (credential.secret_key for world in self._worlds.all() for credential in _credentials(world))
        return {key for key in keys if key in text and key}

    def is_secret_id(self, text: str) -> bool:
        """Whether any world has this SecretId."""
        return any(credential.secret_id == text for _world, credential in self.credentials())

    def passwords(self, values: Collection[str], name: str) -> set[str]:
        """Those of the values that a world's servers, out-of-band logins or VPN accounts have as passwords or login
        keys, or will have when pending work has ended.

        None of a world that is gone.
        """
        long = [value for value in values if len(value) >= SHORTEST_PASSWORD]
        try:
            world = self._worlds.named(name)
        except UnknownWorld:
            return set()
        wanted = json.dumps(long)
        found = (
            _statement(resource, column)
            for resource in world.resources.values()
            for column in SECRET_COLUMNS
            if column in resource.table.columns
        )
        known = {row[0] for statement in found for row in statement.all(world.database, wanted=wanted)}
        planned = {write.columns["password"] for write in planned_writes(world, "password") if write.columns}
        return known | planned.intersection(long)


def _statement(resource: Resource[Any], name: str) -> Prepared:
    """The secrets of a kind of thing that are among the wanted values, a JSON list."""

    def select_wanted() -> Select[tuple[str]]:
        column = resource.table.columns[name]
        values = func.json_each(bindparam("wanted")).table_valued("value").c.value
        return select(column).where(column.in_(select(values)))

    return resource.prepared(f"{name} among", select_wanted)


def _credentials(world: World) -> list[Credential]:
    """All credentials of a world, kept until a row of the world changes."""
    kept = world.database.kept.of()
    if _EVERY_CREDENTIAL not in kept:
        kept[_EVERY_CREDENTIAL] = all_credentials(world)
    return cast("list[Credential]", kept[_EVERY_CREDENTIAL])
