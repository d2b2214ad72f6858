"""Binding a LAN IP to a hosted server, and taking it back: a few minutes' work in four steps.

A binding fails in the end where the user name or the password is not the server's.
"""

from typing import Any

from emulator.inventory.hosted import BindStatus, HostedDevice, change_hosted
from emulator.inventory.operations import Operation
from emulator.inventory.world import World
from emulator.lifecycle.operations import begin, duration_ms, settles

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
    outcome = {"bind_status": int(BindStatus.BOUND)} if right else {"bind_status": int(BindStatus.FAILED), **_FREE}
    _begin(world, device, number, BindStatus.BINDING, {"then": outcome}, now, **place)


def begin_unbinding(world: World, device: HostedDevice, number: int, now: int) -> None:
    outcome = {"bind_status": int(BindStatus.UNBOUND), "bind_began_at": None, "bind_ends_at": None, **_FREE}
    _begin(world, device, number, BindStatus.UNBINDING, {"then": outcome}, now)


def _begin(
    world: World,
    device: HostedDevice,
    number: int,
    meanwhile: BindStatus,
    outcome: dict[str, Any],
    now: int,
    **changes: str,
) -> None:
    lasting_ms = duration_ms(world, f"{_KIND}/{device.instance_id}/{number}", *_SECONDS)
    times = {"bind_began_at": now, "bind_ends_at": now + lasting_ms}
    change_hosted(world, device.instance_id, bind_status=int(meanwhile), **times, **changes)
    whole = {**outcome, "instance_id": device.instance_id}
    begin(world, _KIND, number, now=now, lasting_ms=lasting_ms, outcome=whole)


@settles(_KIND)
def _end(world: World, operation: Operation) -> None:
    change_hosted(world, operation.outcome["instance_id"], **operation.outcome["then"])
