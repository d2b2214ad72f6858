"""Servers join a subnet, and leave it: a task with a part for each server."""

from emulator.chapters.vpc.records.interfaces import INTERFACES, JOINED, JOINING, LEAVING, Interface
from emulator.world.work import Beginner, Kind, Piece, begin_task

_JOIN = Kind("interface creation", "createInterface", (5.0, 15.0))
_LEAVE = Kind("interface removal", "delInterface", (5.0, 15.0))


def begin_joining(call: Beginner, interfaces: list[Interface]) -> int:
    """Return the task's number. A server whose part fails has not joined."""
    pieces = []
    for interface in interfaces:
        INTERFACES.add(call.world, **interface._asdict())
        then = [INTERFACES.write(interface.id, {"state": [JOINING]}, state=JOINED)]
        pieces.append(Piece(interface.instance_id, then, [INTERFACES.gone(interface.id)]))
    return begin_task(call, _JOIN, pieces)


def begin_leaving(call: Beginner, interfaces: list[Interface]) -> int:
    """Return the task's number. A server whose part fails stays in the subnet."""
    pieces = []
    for interface in interfaces:
        INTERFACES.change(call.world, interface.id, state=LEAVING)
        stays = [INTERFACES.write(interface.id, state=JOINED)]
        pieces.append(Piece(interface.instance_id, [INTERFACES.gone(interface.id)], stays))
    return begin_task(call, _LEAVE, pieces)
