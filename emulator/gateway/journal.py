"""The last refusals, and calls with something to tell, kept for `bm-emulator explain`."""

from collections import OrderedDict
from itertools import count
from typing import Any
from uuid import UUID

_KEPT = 1000


class Journal:
    """Bounded: the oldest stories go first. Ids follow (seed, ordinal) within one run of the server."""

    def __init__(self, seed_digest: bytes) -> None:
        self._prefix = str(UUID(bytes=seed_digest, version=4))[:24]
        self._ordinals = count(1)
        self._stories: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def next_id(self) -> str:
        return f"{self._prefix}{next(self._ordinals):012x}"

    def keep(self, request_id: str, story: dict[str, Any]) -> None:
        self._stories[request_id] = story
        if len(self._stories) > _KEPT:
            self._stories.popitem(last=False)

    def find(self, request_id: str) -> dict[str, Any] | None:
        return self._stories.get(request_id)
