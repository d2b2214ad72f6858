"""The open connections of a server: how many there may be, and how long each may wait.

A `Connection` says what it waits for and since when. Once a second a sweep closes those that have waited too long, so
that no request needs a timer. When the bound is reached, the connection that has waited longest makes room: an idle
one, or one whose request, answer or end is incomplete; never one that the emulator owes an answer. Where it owes all of
them one, a few more are let in for the control interface. uvicorn's own options do none of this for httptools:
`timeout_keep_alive` begins after an answer and needs a timer for each, `limit_concurrency` refuses requests but keeps
slow connections, `h11_max_incomplete_event_size` is read by its other parser only.
"""

import asyncio
import heapq
import logging
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

try:
    import resource
except ImportError:  # there is no such module on Windows
    resource = None  # type: ignore[assignment]

log = logging.getLogger("emulator.connections")

_CONTROL_ROOM = 16
"""How many connections beyond the bound are let in for the control interface."""
_MOST = 10_000
_UNKNOWN_FILE_LIMIT = 1_024
_SHARE_TO_CLOSE = 100
"""When the bound is reached, one connection in so many is closed, so that the search for the oldest is rare."""


class State(Enum):
    """What a connection waits for."""

    IDLE = "the client's next request"
    RECEIVING = "the rest of a request, or of a handshake"
    ANSWERING = "the emulator's answer"
    STALLED = "the client to take its answer"
    RELAYING = "a host beyond the proxy, or its client"
    CLOSING = "the end"


class Limits(NamedTuple):
    """How many connections there may be, and how long they may wait."""

    request_seconds: float
    """How long a request may take to arrive, and an answer to be taken."""
    idle_seconds: float
    """How long a connection may be without a request."""
    most: int
    """How many file descriptors connections may use."""


class Connection:
    """One open connection."""

    __slots__ = ("expire", "files", "for_control", "since", "state", "transport")

    def __init__(self, transport: asyncio.WriteTransport, files: int, now: float, *, for_control: bool) -> None:
        self.transport = transport
        self.files = files
        """How many file descriptors it uses."""
        self.for_control = for_control
        """Whether it was let in beyond the bound, for the control interface."""
        self.state = State.RECEIVING
        self.since = now
        """When it came into this state, in the event loop's time."""
        self.expire: Callable[[], None] = transport.abort
        """What ends it when it has been idle for too long, or a request did not arrive in time."""


class Connections:
    """The open connections of one server, whatever their protocol. Used in the server's event loop only."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: set[Connection] = set()
        self._files = 0
        self._told = False
        self._seconds = {
            State.IDLE: limits.idle_seconds,
            State.RECEIVING: limits.request_seconds,
            State.STALLED: limits.request_seconds,
            State.CLOSING: limits.request_seconds,
        }

    def admit(self, transport: asyncio.WriteTransport, files: int = 1) -> Connection | None:
        """Count a connection that has just been made, receiving from now on; None if there is no room for it."""
        if self._files + files > self.limits.most:
            self._make_room(files)
        beyond = self._files + files - self.limits.most
        if beyond > _CONTROL_ROOM:
            return None
        connection = Connection(transport, files, _now(), for_control=beyond > 0)
        self._open.add(connection)
        self._files += files
        return connection

    def remove(self, connection: Connection) -> None:
        """Count a connection no longer; it may be removed already."""
        if connection in self._open:
            self._open.remove(connection)
            self._files -= connection.files

    def sweep(self) -> None:
        """Close what has waited for too long. To be called once a second."""
        self._told = False
        now = _now()
        for connection in tuple(self._open):
            state = connection.state
            if state is not State.CLOSING and connection.transport.is_closing():
                connection.state, connection.since = State.CLOSING, now
            elif (seconds := self._seconds.get(state)) is None or now - connection.since < seconds:
                pass
            elif state is State.IDLE or state is State.RECEIVING:
                connection.expire()
            else:
                connection.transport.abort()

    def _make_room(self, files: int) -> None:
        if not self._told:  # once a second at most
            self._told = True
            log.warning("%d connections are open: those that have waited longest are closed", len(self._open))
        waiting = [one for one in self._open if one.state is not State.ANSWERING]
        for oldest in heapq.nsmallest(files + len(self._open) // _SHARE_TO_CLOSE, waiting, key=lambda one: one.since):
            self.remove(oldest)
            oldest.transport.abort()


def most_connections() -> int:
    """Half of the file descriptors that this process may open, at most 10,000.

    The other half is for the control interface, for databases, and for connections that arrive all at once.
    """
    limit = _UNKNOWN_FILE_LIMIT
    if resource is not None:
        limit, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if limit == resource.RLIM_INFINITY:
            return _MOST
    return max(1, min(limit // 2, _MOST))


def _now() -> float:
    return asyncio.get_running_loop().time()
