"""The nonces that were used: each SecretId may use a nonce once with a timestamp.

All those of the time window are in memory, and written in batches: a write transaction for each would cost more than
the rest of a call. A crash forgets the last batch of them, and nothing else.
"""

import struct
from functools import lru_cache
from hashlib import blake2b

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from emulator.world.database import Database, Prepared
from emulator.world.schema import nonces

_BATCH = 500
_USE = struct.Struct("<qQ")
_ALL = Prepared(select(nonces.c.uses).order_by(nonces.c.id))
_REMEMBER = Prepared(insert(nonces).values(newest=bindparam("newest"), uses=bindparam("uses")))
_FORGET = Prepared(delete(nonces).where(nonces.c.newest < bindparam("oldest")))


class UsedNonces:
    """Timestamps are in seconds, nonces of at most 64 bits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unwritten: list[tuple[int, int]] = []
        self._marks: dict[int, set[int]] = {}
        for (uses,) in _ALL.run(self._database):
            for timestamp, mark in _USE.iter_unpack(uses):
                self._marks.setdefault(timestamp, set()).add(mark)

    def use(self, secret_id: str, timestamp: int, nonce: int, *, oldest: int) -> bool:
        """False where it was used before. Timestamps before `oldest` are refused anyway, and so forgotten."""
        mark = nonce ^ _salt(secret_id)
        marks = self._marks.setdefault(timestamp, set())
        if mark in marks:
            return False
        marks.add(mark)
        self._unwritten.append((timestamp, mark))
        if len(self._unwritten) >= _BATCH:
            self.write()
            self._forget(oldest)
        return True

    def write(self) -> None:
        """Write what is in memory only."""
        if self._unwritten:
            uses = b"".join(_USE.pack(*use) for use in self._unwritten)
            _REMEMBER.run(self._database, newest=max(self._unwritten)[0], uses=uses)
            self._unwritten.clear()

    def _forget(self, oldest: int) -> None:
        for timestamp in [timestamp for timestamp in self._marks if timestamp < oldest]:
            del self._marks[timestamp]
        _FORGET.run(self._database, oldest=oldest)


@lru_cache(maxsize=256)
def _salt(secret_id: str) -> int:
    """Keeps the marks of two SecretIds apart."""
    return int.from_bytes(blake2b(secret_id.encode(), digest_size=8).digest())
