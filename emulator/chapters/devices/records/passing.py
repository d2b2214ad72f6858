"""What a server shows while something is bound to it or unbound from it."""

from emulator.chapters.devices.records.device import Device, OperateStatus
from emulator.chapters.devices.records.devices import DEVICES
from emulator.world.world import World

_PASSING = {
    OperateStatus.BINDING_EIP,
    OperateStatus.UNBINDING_EIP,
    OperateStatus.BINDING_BALANCER,
    OperateStatus.UNBINDING_BALANCER,
}


def begin_passing(world: World, server: Device, meanwhile: OperateStatus) -> int:
    """Show an operateStatus at a server, if it is up. Returns the one that it has to show afterwards."""
    if server.is_up:
        DEVICES.change(world, server.instance_id, operate_status=meanwhile)
    return server.operate_status


def end_passing(world: World, instance_id: str, before: int) -> Device | None:
    """The server, which shows its own operateStatus again; None where it is gone."""
    server = DEVICES.find_any(world, instance_id)
    if server is not None and server.operate_status in _PASSING:
        DEVICES.change(world, instance_id, operate_status=before)
    return server
