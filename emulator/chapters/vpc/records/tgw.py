"""Switching a VPC between the shared and an exclusive TGW cluster, which two chapters offer."""

from emulator.chapters.vpc.records.networks import VPCS, Vpc
from emulator.world.work import Beginner, Kind, Piece, begin_task

OTHER_MODE = {"shared": "exclusive", "exclusive": "shared"}
_SWITCH = Kind("tgw switch", "tgw switch", (30.0, 60.0))


def begin_switch(call: Beginner, vpc: Vpc, mode: str) -> int:
    """Begin to switch the VPC to that mode, and return the task's number. A switch that fails changes nothing."""
    return begin_task(call, _SWITCH, [Piece(vpc.un_id, [VPCS.write(vpc.un_id, tgw_mode=mode)], [])])
