"""Binding a LAN IP to a hosted server, and taking it back: a few minutes' work in four steps.

A binding fails in the end where the user name or the password is not the server's.
"""

from typing import Any

from emulator.chapters.hosted.records import BindStatus, HostedDevice, change_hosted
from emulator.world import pending as operations
from emulator.world.pending import Operation
from emulator.world.work import Work, begin, duration_ms, settles
from emulator.world.world import World

STEPS = (
    ("正在申请内网IP", 0.1),
    ("配置私有网络", 0.2),
    ("在网卡上配置内网IP，现场服务工单 :", 0.9),
    ("正在打开交换机端口", 1.0),
)
"""What the page calls them, and the share of the time after which each is over."""

_KIND = "hosted LAN IP"
_SECONDS = (120.0, 240.0)
_FREE = {"vpc": "", "subnet": "", "lan_ip": "", "gateway_ip": ""}


def begin_binding(
    world: World, device: HostedDevice, place: dict[str, str], login: tuple[str, str], number: int, now: int
) -> None:
    """`place`: vpc, subnet, lan_ip and gateway_ip, which the server has from now on."""
    right = login == (device.user_name, device.password)
    failure = {"bind_status": int(BindStatus.FAILED), **_FREE}
    outcome = {"bind_status": int(BindStatus.BOUND)} if right else failure
    _begin(world, device, number, BindStatus.BINDING, (outcome, failure), now, **place)


def begin_unbinding(world: World, device: HostedDevice, number: int, now: int) -> None:
    outcome = {"bind_status": int(BindStatus.UNBOUND), "bind_began_at": None, "bind_ends_at": None, **_FREE}
    failure = {"bind_status": int(BindStatus.BOUND), "bind_began_at": None, "bind_ends_at": None}
    _begin(world, device, number, BindStatus.UNBINDING, (outcome, failure), now)


def _begin(
    world: World,
    device: HostedDevice,
    number: int,
    meanwhile: BindStatus,
    endings: tuple[dict[str, Any], dict[str, Any]],
    now: int,
    **changes: str,
) -> None:
    """`endings`: what the server's row holds afterwards, and what if it fails."""
    lasting_ms = duration_ms(world, f"{_KIND}/{device.instance_id}/{number}", *_SECONDS)
    outcome, failure = ({"then": ending, "instance_id": device.instance_id} for ending in endings)
    ends = begin(world, Work(_KIND, number, device.instance_id, lasting_ms, outcome, failure), now)
    times = {"bind_began_at": now, "bind_ends_at": ends}
    change_hosted(world, device.instance_id, bind_status=int(meanwhile), **times, **changes)


def progressed_until(world: World, device: HostedDevice, now: int) -> int:
    """Up to which moment the work has got: now, unless it hangs."""
    work = operations.work_on(world, device.instance_id)
    if work is None or work.hangs_at is None or device.bind_ends_at is None:
        return now
    return min(now, work.began_at + (device.bind_ends_at - work.began_at) * work.hangs_at // 100)


@settles(_KIND)
def _end(world: World, operation: Operation) -> None:
    change_hosted(world, operation.outcome["instance_id"], **operation.outcome["then"])
