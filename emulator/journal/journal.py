"""What is remembered of each call, world by world, for `bm-emulator explain` and for tests.

An entry keeps the request as it came and is put into words, secrets masked, when somebody asks. The oldest go first
when there are too many, or when they are too large together.
"""

import sys
from collections import deque
from collections.abc import Iterator, Sequence, Set
from hashlib import blake2b
from itertools import count
from uuid import UUID

from emulator.request import Limits, Request, parse_pairs
from emulator.world.world import DEFAULT, World

_MOST_BYTES = 32 * 1024 * 1024
"""Of parameters as they were received, Host headers and notes."""


class Entry:
    """One call, as the stages have left it.

    Small, as there are many: of the request it keeps what was received, and reads that again when somebody asks.
    """

    __slots__ = (
        "_request",
        "action",
        "asked",
        "at",
        "authentication",
        "authority",
        "begun",
        "client",
        "code",
        "fault",
        "message",
        "method",
        "notes",
        "path",
        "raw",
        "read",
        "request_id",
        "rows",
        "status",
        "ticks",
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
        self.notes: Sequence[str] = request.notes
        self.asked = request.parameters.get("Action")
        """The Action as it was sent."""
        self.action: str | None = None
        """Once the routes know it."""
        self.client = client
        self.world = world
        self.at = at
        """Real time, in milliseconds."""
        self.world_time = world_time
        self.authentication = "not reached"
        self.fault: str | None = None
        """What the rule that fired does."""
        self.begun: tuple[tuple[str, str], ...] = ()
        """Kind and device of the operations that the call planned."""
        self.rows = 0
        """How many it added, changed or removed."""
        self.read: Set[str] | None = None
        """Parameters that the action asked for; None: it was not reached."""
        self.code: int | str | None = None
        """As the client reads it; None: it got no code to read."""
        self.message = ""
        self.status: int | None = 200
        """Of HTTP; None: no answer was sent."""
        self.ticks = 0
        """Nanoseconds that it took, but for a delay."""

    @property
    def request(self) -> Request:
        if self._request is not None:
            return self._request
        pairs = parse_pairs(self.raw, "", Limits(parameters=sys.maxsize))
        request = Request(self.method, self.path, self.authority, pairs, self.raw)
        request.request_id = self.request_id
        return request

    @property
    def size(self) -> int:
        """Of what a client can make long."""
        return len(self.raw) + len(self.authority) + sum(map(len, self.notes))

    def fold(self) -> None:
        """The call is over."""
        self._request = None
        self.notes = tuple(self.notes)


class Journal:
    """The calls of one world. Request ids follow (seed, ordinal), so that a world that is reset says them again."""

    def __init__(self, world: World, most: int) -> None:
        self._most = most
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._reads: dict[Set[str], Set[str]] = {}
        """Each set of parameters that an action reads, once."""
        origin = world.seed if world.name == DEFAULT else f"{world.name}/{world.seed}"
        self.prefix = str(UUID(bytes=blake2b(origin.encode(), digest_size=16).digest(), version=4))[:24]
        self.clear()

    def clear(self) -> None:
        """Forget everything, and number from 1 again."""
        self._entries.clear()
        self._size = 0
        self._ordinals = count(1)
        self.dropped = 0

    def next_id(self) -> str:
        return f"{self.prefix}{next(self._ordinals):012x}"

    def keep(self, entry: Entry) -> None:
        entries = self._entries
        entries.append(entry)
        entry.fold()
        if entry.read is not None:
            read = frozenset(entry.read)
            entry.read = self._reads.setdefault(read, read)
        self._size += entry.size
        while len(entries) > self._most or self._size > _MOST_BYTES:
            self._size -= entries.popleft().size
            self.dropped += 1

    def forget(self) -> None:
        """Drop the entries, and go on numbering."""
        self._entries.clear()
        self._size = 0
        self.dropped = 0

    def __iter__(self) -> Iterator[Entry]:
        """The oldest first."""
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class Journals:
    """One for each world."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._journals: dict[str, Journal] = {}

    def of(self, world: World) -> Journal:
        journal = self._journals.get(world.name)
        if journal is None:
            journal = self._journals[world.name] = Journal(world, self._most)
        return journal

    def remove(self, name: str) -> None:
        self._journals.pop(name, None)

    def find(self, request_id: str) -> Entry | None:
        for journal in self._journals.values():
            if request_id.startswith(journal.prefix):
                for entry in reversed(list(journal)):
                    if entry.request_id == request_id:
                        return entry
        return None
