"""Binding a LAN IP to a hosted server, and taking it back: a few minutes' work in four steps.

A binding fails in the end where the user name or the password is not the server's.
"""

from typing import Any

from emulator.chapters.hosted.records import FREE, HOSTED, NO_TIMES, BindStatus, HostedDevice
from emulator.world.pending import work_on
from emulator.world.work import Beginner, Piece, begin, duration_ms
from emulator.world.world import World

STEPS = (
    ("正在申请内网IP", 0.1),
    ("配置私有网络", 0.2),
    ("在网卡上配置内网IP，现场服务工单 :", 0.9),
    ("正在打开交换机端口", 1.0),
)
"""What the page calls them, and the share of the time after which each is over."""

_OPERATION = "hosted LAN IP"
_SECONDS = (120.0, 240.0)


def begin_binding(call: Beginner, device: HostedDevice, place: dict[str, str], login: tuple[str, str]) -> None:
    """`place`: vpc, subnet, lan_ip and gateway_ip, which the server has from now on."""
    failure = {"bind_status": BindStatus.FAILED, **FREE}
    opens = login == (device.user_name, device.password)
    _begin(call, device, BindStatus.BINDING, {"bind_status": BindStatus.BOUND} if opens else failure, failure)
    HOSTED.change(call.world, device.instance_id, **place)


def begin_unbinding(call: Beginner, device: HostedDevice) -> None:
    _begin(
        call,
        device,
        BindStatus.UNBINDING,
        {"bind_status": BindStatus.UNBOUND, **NO_TIMES, **FREE},
        {"bind_status": BindStatus.BOUND, **NO_TIMES},
    )


def _begin(
    call: Beginner, device: HostedDevice, meanwhile: BindStatus, then: dict[str, Any], otherwise: dict[str, Any]
) -> None:
    world, instance_id = call.world, device.instance_id
    what = f"{_OPERATION}/{instance_id}/{world.next_number('hosted')}"
    piece = Piece(instance_id, [HOSTED.write(instance_id, **then)], [HOSTED.write(instance_id, **otherwise)])
    ends = begin(call, _OPERATION, piece, duration_ms(world, what, *_SECONDS))
    HOSTED.change(world, instance_id, bind_status=meanwhile, bind_began_at=call.now, bind_ends_at=ends)


def progressed_until(world: World, device: HostedDevice, now: int) -> int:
    """The time up to which steps count as done: now or, if the operation hangs, when it stopped."""
    work = work_on(world, device.instance_id)
    if work is None or work.hangs_at is None or device.bind_ends_at is None:
        return now
    return min(now, work.began_at + (device.bind_ends_at - work.began_at) * work.hangs_at // 100)
