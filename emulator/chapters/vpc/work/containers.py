"""Registering the range of a subnet for containers, and giving it back: a task of some seconds."""

from emulator.chapters.vpc.records.networks import SUBNETS, Subnet
from emulator.world.work import Beginner, Kind, Piece, begin_task

_REGISTRATION = Kind("container range", "registerContainerSubnet", (5.0, 15.0))


def begin_registration(call: Beginner, subnet: Subnet, *, registered: bool) -> int:
    """Return the task's number. One that fails changes nothing."""
    then = [SUBNETS.write(subnet.un_id, registered=int(registered))]
    return begin_task(call, _REGISTRATION, [Piece(subnet.un_id, then, [])])
