"""Health: what a check has seen by now of something that turned on or off at a known moment.

Nothing is probed. A server that goes down is found unhealthy after as many bad probes as the check wants, one each
interval; one that comes up is found healthy after as many good ones. What is bound begins unhealthy.
"""

from typing import NamedTuple, Protocol


class Check(NamedTuple):
    """A health check. Where it is off, everything passes for healthy."""

    on: bool
    interval: int
    """Seconds."""
    healthy: int
    """So many good probes in a row make healthy."""
    unhealthy: int
    """So many bad ones make unhealthy."""


NO_CHECK = Check(on=False, interval=0, healthy=0, unhealthy=0)


class Probed(Protocol):
    @property
    def up(self) -> int:
        """0 or 1: whether it answers."""

    @property
    def alive(self) -> int:
        """0 or 1: what the check had found at `since`."""

    @property
    def since(self) -> int:
        """When it was bound, came up or went down last, or its check was changed."""


def is_alive(probed: Probed, check: Check, at: int) -> bool:
    """What the check has found by then."""
    if not check.on:
        return True
    if probed.up == probed.alive:
        return bool(probed.up)
    probes = check.healthy if probed.up else check.unhealthy
    found = at >= probed.since + probes * check.interval * 1000
    return bool(probed.up if found else probed.alive)
