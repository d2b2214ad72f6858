"""The nonces that were used: each SecretId may use a nonce once with a timestamp.

All nonces of the time window are in memory, most of them packed: eight bytes each in one sorted array a timestamp.
They are written to a file in batches, as a write transaction for each would cost more than the rest of a call; a
crash forgets the last batch, and nothing else. A world in memory writes them when it is copied.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from hashlib import blake2b

from sqlalchemy import bindparam, delete, insert, select

from emulator.world.database import Database, Prepared
from emulator.world.schema import nonces

_BATCH = 500
_LOOSE = 512
_LOOSE_SHARE = 16
"""A set takes about 70 bytes a nonce, so at most 512 of a timestamp, or a sixteenth of them, are not packed yet."""
_ALL = Prepared(select(nonces.c.timestamp, nonces.c.marks).order_by(nonces.c.id))
_ADD = Prepared(insert(nonces).values(timestamp=bindparam("timestamp"), marks=bindparam("marks")))
_FORGET = Prepared(delete(nonces).where(nonces.c.timestamp < bindparam("oldest")))
_CLEAR = Prepared(delete(nonces))


class _Marks:
    """The nonces of one timestamp."""

    __slots__ = ("loose", "packed")

    def __init__(self) -> None:
        self.packed = array("Q")
        self.loose: set[int] = set()

    def add(self, mark: int) -> bool:
        """False where it is there already."""
        packed, loose = self.packed, self.loose
        if mark in loose:
            return False
        if packed:
            place = bisect_left(packed, mark)
            if place < len(packed) and packed[place] == mark:
                return False
        loose.add(mark)
        if len(loose) >= _LOOSE and len(loose) * _LOOSE_SHARE >= len(packed):
            self.pack(loose)
            loose.clear()
        return True

    def pack(self, marks: "set[int] | array[int]") -> None:
        self.packed = array("Q", sorted([*self.packed, *marks]))


class UsedNonces:
    """Timestamps are in seconds, nonces of at most 64 bits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unwritten: list[tuple[int, int]] = []
        self._uses = 0
        self._marks: defaultdict[int, _Marks] = defaultdict(_Marks)
        written: defaultdict[int, bytearray] = defaultdict(bytearray)
        for timestamp, marks in _ALL.all(self._database):
            written[timestamp] += marks
        for timestamp, every in written.items():
            self._marks[timestamp].pack(array("Q", bytes(every)))

    def use(self, secret_id: str, timestamp: int, nonce: int, *, oldest: int) -> bool:
        """False where it was used before. Timestamps before `oldest` are refused anyway, and so forgotten."""
        mark = nonce ^ _salt(secret_id)
        if not self._marks[timestamp].add(mark):
            return False
        if not self._database.is_in_memory:
            self._unwritten.append((timestamp, mark))
        self._uses += 1
        if self._uses >= _BATCH:
            self._uses = 0
            self._write_batch()
            self._forget(oldest)
        return True

    def write(self) -> None:
        """Write down what is in memory only."""
        if self._database.is_in_memory:
            _CLEAR.run(self._database)
            for timestamp, marks in self._marks.items():
                whole = array("Q", [*marks.packed, *marks.loose])
                _ADD.run(self._database, timestamp=timestamp, marks=whole.tobytes())
        else:
            self._write_batch()

    def _write_batch(self) -> None:
        by_timestamp: defaultdict[int, list[int]] = defaultdict(list)
        for timestamp, mark in self._unwritten:
            by_timestamp[timestamp].append(mark)
        self._unwritten.clear()
        for timestamp, marks in by_timestamp.items():
            _ADD.run(self._database, timestamp=timestamp, marks=array("Q", marks).tobytes())

    def _forget(self, oldest: int) -> None:
        for timestamp in [timestamp for timestamp in self._marks if timestamp < oldest]:
            del self._marks[timestamp]
        _FORGET.run(self._database, oldest=oldest)


@lru_cache(maxsize=256)
def _salt(secret_id: str) -> int:
    """Keeps the marks of two SecretIds apart."""
    return int.from_bytes(blake2b(secret_id.encode(), digest_size=8).digest())
