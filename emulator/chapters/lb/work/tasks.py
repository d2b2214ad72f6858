"""A load balancer changes one thing at a time: it knows the task that works on it."""

from collections.abc import Sequence

from emulator.chapters.lb.records.balancers import LOAD_BALANCERS
from emulator.world.work import Beginner, Kind, Piece, begin_task

SECONDS = (5.0, 15.0)
"""What any change of a load balancer takes."""


def begin_on(call: Beginner, lb_ids: Sequence[str], kind: Kind, pieces: Sequence[Piece]) -> int:
    """Begin a task on load balancers, and return its number."""
    number = begin_task(call, kind, pieces)
    for lb_id in lb_ids:
        LOAD_BALANCERS.change(call.world, lb_id, task=number)
    return number
