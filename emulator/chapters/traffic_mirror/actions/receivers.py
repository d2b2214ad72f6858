"""Ports of servers that receive the traffic.

Their status is that of the binding, as the page numbers it, which is done at once; what the health check finds has no
place in any answer of these pages, so that its settings show in GetTrafficMirror alone.
"""

from typing import Any

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.devices.records.device import DeviceStatus
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.finding import find
from emulator.chapters.lb.records.backends import (
    BACKENDS,
    SERVER,
    Backend,
    backend_id,
    backends_of,
    is_target_up,
)
from emulator.chapters.lb.records.backends import BOUND as BOUND_BACKEND
from emulator.chapters.lb.records.removal import remove_backends
from emulator.chapters.registry import action
from emulator.chapters.traffic_mirror.actions.finding import MODULE, WRONG_VPC, own, own_in_vpc, own_that_stays, page
from emulator.chapters.traffic_mirror.records import (
    Mirror,
)

_HAS_RECEIVER, _NO_RECEIVER = 30005, 30006


@action("BindTrafficMirrorReceivers", MODULE)
def bind_traffic_mirror_receivers(call: Call) -> Body:
    """Bind ports of servers (负载均衡相关接口/流量镜像相关接口/绑定流量镜像接收机.md)."""
    mirror = own_in_vpc(call)
    own_that_stays(call)
    taken = {backend.id for backend in backends_of(call.world, mirror.mirror_id)}
    new = []
    for item in call["receivers"]:
        receiver = _receiver(call, mirror, item)
        if receiver.id in taken:
            raise Refusal(_HAS_RECEIVER, why=f"port {receiver.port} of {receiver.target} receives already")
        taken.add(receiver.id)
        new.append(receiver._asdict())
    BACKENDS.add_many(call.world, new)
    return {}


@action("UnbindTrafficMirrorReceivers", MODULE)
def unbind_traffic_mirror_receivers(call: Call) -> Body:
    """Unbind ports of servers (负载均衡相关接口/流量镜像相关接口/解绑流量镜像接收机.md)."""
    mirror = own(call)
    bound = {backend.id: backend for backend in backends_of(call.world, mirror.mirror_id)}
    ids = [backend_id(mirror.mirror_id, item["instanceId"], item["rsPort"]) for item in call["receivers"]]
    for id in ids:
        if id not in bound:
            raise Refusal(_NO_RECEIVER, why=f"{id.partition('/')[2]} receives nothing from {mirror.mirror_id}")
    remove_backends(call.world, [bound[id] for id in ids])
    return {}


@action("GetTrafficMirrorReceiverList", MODULE)
def get_traffic_mirror_receiver_list(call: Call) -> Body:
    """List the receivers of a traffic mirror (负载均衡相关接口/流量镜像相关接口/获取流量镜像接收机列表.md)."""
    names = {"instanceIds": "instanceId", "rsPorts": "rsPort", "weights": "weight"}
    rows = [
        {"instanceId": it.target, "rsPort": it.port, "weight": it.weight, "status": 1}
        for it in backends_of(call.world, own(call).mirror_id)
    ]
    return page(call, rows, names)


def _receiver(call: Call, mirror: Mirror, item: dict[str, Any]) -> Backend:
    device = find(call, DEVICES, item["instanceId"], unknown=None, subject="receivers")
    if device.vpc != mirror.vpc:
        raise Refusal(WRONG_VPC, why=f"{device.instance_id} is in {device.vpc}, {mirror.mirror_id} in {mirror.vpc}")
    if device.device_status != DeviceStatus.IN_OPERATION:
        raise BadParameter("receivers", f"{device.instance_id} is not in operation")
    id = backend_id(mirror.mirror_id, device.instance_id, item["rsPort"])
    place = (id, call.account_id, "traffic_mirrors", mirror.mirror_id, "", device.instance_id, SERVER)
    up = int(is_target_up(call.world, "", device.instance_id, SERVER))
    return Backend(*place, item["rsPort"], item["weight"], 0, BOUND_BACKEND, 1, up, 0, call.now)
