"""A record of each call, world by world, for `bm-emulator explain` and for tests.

An entry keeps the request as it was received; `stories.py` renders it, secrets masked, when a client asks for it. Of a
journal with too many entries or too many bytes, the oldest entries are dropped.
"""

import heapq
import sys
from collections import deque
from collections.abc import Iterator, Sequence, Set
from hashlib import blake2b
from itertools import count
from uuid import UUID

from emulator.request import Limits, Request, parse_pairs
from emulator.world.row_log import ChangedRow
from emulator.world.world import DEFAULT, World

_MAX_BYTES = 32 * 1024 * 1024
"""The sum of `Entry.size` over a journal."""
_MAX_ANSWER_BYTES = 4 * 1024 * 1024
"""Of the answers that a journal keeps; the older calls lose theirs first."""


class Entry:
    """One call, filled in by the stages that it passes.

    Entries are many, so they are small: a finished one keeps the request as received, and parses it again on demand.
    """

    __slots__ = (
        "_request",
        "action",
        "at",
        "authentication",
        "authority",
        "begun",
        "body",
        "changed",
        "client",
        "code",
        "fault",
        "message",
        "method",
        "notes",
        "number",
        "path",
        "quoted",
        "raw",
        "read",
        "request_id",
        "rows",
        "sent_action",
        "status",
        "ticks",
        "told",
        "world",
        "world_time",
    )

    def __init__(self, request: Request, client: str, world: str, at: int, world_time: int) -> None:
        self._request: Request | None = request
        self.method = request.method
        self.path = request.path
        self.authority = request.authority
        self.raw = request.raw
        self.request_id = request.request_id
        self.number = 0
        """Its place among all calls that are over, of all worlds; it comes back neither after a reset nor a restart."""
        self.notes: Sequence[str] = request.notes
        self.told = 0
        """How many of the notes, the last ones, are advice about a call that may well have succeeded."""
        self.quoted = False
        """Whether some of them tell of what was sent and not understood."""
        self.sent_action = request.parameters.get("Action")
        """The parameter Action, whether such an action exists or not."""
        self.action: str | None = None
        """The name of the action that the routes found."""
        self.client = client
        self.world = world
        self.at = at
        """Real time, in milliseconds."""
        self.world_time = world_time
        """The world's time, in milliseconds."""
        self.authentication = "not reached"
        """not reached, refused, verified, not checked or accepted though wrong."""
        self.fault: str | None = None
        """What the fault rule that fired does, in words."""
        self.begun: tuple[tuple[str, str], ...] = ()
        """(kind, id) of every operation that the call began."""
        self.rows = 0
        """How many rows the call added, changed or removed."""
        self.changed: tuple[ChangedRow, ...] = ()
        """The first of them, as they were and became; kept as long as the answer, from when somebody looked first."""
        self.read: Set[str] | None = None
        """Names of the parameters that the action read; None: the action was not reached."""
        self.code: int | str | None = None
        """The code of the answer; None: the client got no whole answer, or one without a code."""
        self.message = ""
        self.body = b""
        """The answer as it was sent; empty where there was none, or where it is no longer kept."""
        self.status: int | None = 200
        """The HTTP status; None: no answer was sent."""
        self.ticks = 0
        """How long the call took without a fault's delay, in nanoseconds."""

    @property
    def request(self) -> Request:
        """The request; of a finished entry, parsed again."""
        if self._request is not None:
            return self._request
        pairs = parse_pairs(self.raw, "", Limits(parameters=sys.maxsize))
        request = Request(self.method, self.path, self.authority, pairs, self.raw)
        request.request_id = self.request_id
        return request

    @property
    def size(self) -> int:
        """The characters and bytes of all that a client can make long."""
        return len(self.raw) + len(self.authority) + sum(map(len, self.notes))

    @property
    def kept_size(self) -> int:
        """The bytes and characters of what is kept for a shorter time."""
        rows = sum(len(text) for row in self.changed for text in row[1:] if text) if self.changed else 0
        return len(self.body) + rows

    def finish(self) -> None:
        """Drop what can be parsed again, when the call is over."""
        self._request = None
        self.notes = tuple(self.notes)


class Journal:
    """The calls of one world. Request ids derive from (seed, ordinal), so a world that is reset repeats them."""

    def __init__(self, world: World, max_entries: int, numbers: Iterator[int]) -> None:
        self._max_entries = max_entries
        self._numbers = numbers
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._answered: deque[Entry] = deque()
        """The entries that keep their answers."""
        self._answer_size = 0
        self._read_sets: dict[Set[str], Set[str]] = {}
        """Every set of parameter names that an action reads, shared by the entries."""
        origin = world.seed if world.name == DEFAULT else f"{world.name}/{world.seed}"
        self.prefix = str(UUID(bytes=blake2b(origin.encode(), digest_size=16).digest(), version=4))[:24]
        self.reset()

    def reset(self) -> None:
        """Drop all entries, and number calls from 1 again."""
        self.clear()
        self._ordinals = count(1)

    def next_id(self) -> str:
        """The request id of the next call."""
        return f"{self.prefix}{next(self._ordinals):012x}"

    def keep(self, entry: Entry) -> None:
        """Add the entry of a call that is over, and drop the oldest ones if there is no room."""
        entries = self._entries
        entries.append(entry)
        entry.number = next(self._numbers)
        entry.finish()
        if entry.read is not None:
            read = frozenset(entry.read)
            entry.read = self._read_sets.setdefault(read, read)
        self._answered.append(entry)
        self._answer_size += entry.kept_size
        while self._answer_size > _MAX_ANSWER_BYTES:
            oldest = self._answered.popleft()
            self._answer_size -= oldest.kept_size
            oldest.body, oldest.changed = b"", ()
        self._size += entry.size
        while len(entries) > self._max_entries or self._size > _MAX_BYTES:
            oldest = entries.popleft()
            self._size -= oldest.size
            self.dropped += 1
            if self._answered and self._answered[0] is oldest:
                self._answer_size -= self._answered.popleft().kept_size

    def clear(self) -> None:
        """Drop all entries, and go on numbering calls."""
        self._entries.clear()
        self._answered.clear()
        self._size = self._answer_size = 0
        self.dropped = 0

    def __iter__(self) -> Iterator[Entry]:
        """Iterate over the entries, the oldest first."""
        return iter(self._entries)

    def __reversed__(self) -> Iterator[Entry]:
        """Iterate over the entries, the newest first."""
        return reversed(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class Journals:
    """The journals of all worlds, created when they are first used.

    `first`: the number of the first call, greater than any of an earlier start.
    """

    def __init__(self, max_entries: int, first: int) -> None:
        self._max_entries = max_entries
        self._numbers = count(first)
        self._journals: dict[str, Journal] = {}

    def for_world(self, world: World) -> Journal:
        """The journal of a world."""
        journal = self._journals.get(world.name)
        if journal is None:
            journal = self._journals[world.name] = Journal(world, self._max_entries, self._numbers)
        return journal

    def remove(self, name: str) -> None:
        """Drop the journal of a world that is deleted."""
        self._journals.pop(name, None)

    def newest(self, world: str | None) -> Iterator[Entry]:
        """The entries of a world, or of all worlds, the last to end first."""
        every = [reversed(found) for name, found in self._journals.items() if world in (None, name)]
        return heapq.merge(*every, key=lambda entry: entry.number, reverse=True)

    def find(self, request_id: str) -> Entry | None:
        """The entry with this request id, of any world."""
        for journal in self._journals.values():
            if request_id.startswith(journal.prefix):
                for entry in reversed(list(journal)):
                    if entry.request_id == request_id:
                        return entry
        return None
