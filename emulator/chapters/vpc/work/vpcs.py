"""Making and deleting a VPC: a task of some seconds."""

from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, Subnet, Vpc, VpcStatus
from emulator.world.work import Beginner, Kind, Piece, begin_task

_CREATION = Kind("vpc creation", "createVpc", (3.0, 8.0))
_DELETION = Kind("vpc deletion", "deleteVpc", (3.0, 8.0))


def begin_creation(call: Beginner, vpc: Vpc, subnets: list[Subnet]) -> int:
    """Return the task's number. If it fails, the VPC stays to be seen, without its subnets."""
    then = [VPCS.write(vpc.un_id, status=VpcStatus.RUNNING)]
    otherwise = [VPCS.write(vpc.un_id, status=VpcStatus.FAILED), *(SUBNETS.gone(it.un_id) for it in subnets)]
    return begin_task(call, _CREATION, [Piece(vpc.un_id, then, otherwise)])


def begin_deletion(call: Beginner, vpc: Vpc) -> int:
    """Return the task's number. If it fails, the VPC is as it was."""
    VPCS.change(call.world, vpc.un_id, status=VpcStatus.DELETING)
    otherwise = [VPCS.write(vpc.un_id, status=vpc.status)]
    return begin_task(call, _DELETION, [Piece(vpc.un_id, [VPCS.gone(vpc.un_id)], otherwise)])
