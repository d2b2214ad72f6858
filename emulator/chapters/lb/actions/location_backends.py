"""What is behind a path of layer 7: bound, listed, changed and unbound at once, as the pages name no task.

The pages have no error for a port that is behind the path already but for addresses (-12025): a server's is a bad
parameter.
"""

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.lb.actions.backend_rows import backend_rows
from emulator.chapters.lb.actions.binding import (
    NO_SERVER,
    Wanted,
    bound,
    check_number,
    check_state,
    check_target,
    new_backend,
)
from emulator.chapters.lb.actions.finding import (
    BUSY,
    MODULE,
    NOT_ALLOWED,
    check_idle,
    made_balancer,
    named_location,
    own_balancer,
)
from emulator.chapters.lb.records.backends import ADDRESS, BACKENDS, BOUND, SERVER, Backend, backend_id, backends_of
from emulator.chapters.lb.records.balancers import LoadBalancer
from emulator.chapters.lb.records.removal import remove_backends
from emulator.chapters.lb.records.rules import Location
from emulator.chapters.lb.records.status import Status
from emulator.chapters.lb.work.backends import bind_now, change_port
from emulator.chapters.registry import action

_BOUND_ALREADY = -12025
_PRINTED = ("bindType", "rsPort", "weight", "instanceId", "alias", "lanIp", "mgtIp", "operates", "status")


@action("BindBmLocationInstances", MODULE)
def bind_bm_location_instances(call: Call) -> Body:
    """Bind ports of servers (负载均衡相关接口/七层监听器相关接口/绑定物理服务器到七层转发路径.md)."""
    return _bind(call, Wanted.servers(call["backends"]))


@action("BindBmL7LocationVmIp", MODULE)
def bind_bm_l7_location_vm_ip(call: Call) -> Body:
    """Bind ports of addresses (负载均衡相关接口/七层监听器相关接口/绑定虚机IP到负载均衡七层转发路径.md)."""
    return _bind(call, Wanted.addresses(call["vmList"]))


@action("UnbindBmLocationInstances", MODULE)
def unbind_bm_location_instances(call: Call) -> Body:
    """Unbind ports of servers (负载均衡相关接口/七层监听器相关接口/解绑物理服务器到七层转发路径.md)."""
    location = _running(call, NOT_ALLOWED)[1]
    wanted = Wanted.servers(call["backends"])
    leaving = [bound(call, location, it, unknown=NO_SERVER, subject="backends") for it in wanted]
    for id in {backend.target for backend in leaving}:
        check_state(call, id)
    remove_backends(call.world, leaving)
    return {}


@action("UnbindBmL7LocationVmIp", MODULE)
def unbind_bm_l7_location_vm_ip(call: Call) -> Body:
    """Unbind ports of addresses (负载均衡相关接口/七层监听器相关接口/解绑负载均衡七层转发路径虚机IP.md)."""
    location = _running(call, NOT_ALLOWED)[1]
    wanted = Wanted.addresses(call["vmList"])
    remove_backends(call.world, [bound(call, location, it, unknown=None, subject="vmList") for it in wanted])
    return {}


@action("DescribeBmLocationBackends", MODULE)
def describe_bm_location_backends(call: Call) -> Body:
    """List what is behind a path (负载均衡相关接口/七层监听器相关接口/获取负载均衡七层转发路径绑定的主机列表.md)."""
    location = named_location(call, own_balancer(call))
    rows = backend_rows(call, backends_of(call.world, location.location_id), location.check, _PRINTED)
    first, limit = call.get("offset") or 0, call.get("limit")
    return {"data": rows[first : None if limit is None else first + limit]}


@action("ModifyBmLocationBackendPort", MODULE)
def modify_bm_location_backend_port(call: Call) -> Body:
    """Change a server's port (负载均衡相关接口/七层监听器相关接口/修改负载均衡七层转发路径后端实例端口.md)."""
    location = _running(call, NOT_ALLOWED)[1]
    backend = _bound_server(call, location)
    check_state(call, backend.target)
    moved = backend_id(location.location_id, backend.target, call["newPort"])
    if any(other.id == moved for other in backends_of(call.world, location.location_id)):
        raise BadParameter("newPort", f"port {call['newPort']} of {backend.target} is behind the path already")
    change_port(call.world, backend, call["newPort"])
    return {}


@action("ModifyBmLocationBackendWeight", MODULE)
def modify_bm_location_backend_weight(call: Call) -> Body:
    """Change a weight (负载均衡相关接口/七层监听器相关接口/修改负载均衡七层转发路径后端实例权重.md)."""
    backend = _bound_server(call, _running(call, BUSY)[1])
    BACKENDS.change(call.world, backend.id, weight=call["weight"])
    return {}


def _bind(call: Call, wanted: list[Wanted]) -> Body:
    balancer, location = _running(call, NOT_ALLOWED)
    taken = {backend.id for backend in backends_of(call.world, location.location_id)}
    for item in wanted:
        check_target(call, balancer, item)
        id = backend_id(location.location_id, item.target, item.port)
        if id in taken:
            _refuse(item)
        taken.add(id)
    check_number(call, location.location_id, wanted)
    new = [new_backend(call, balancer, "locations", location.location_id, item, BOUND) for item in wanted]
    bind_now(call.world, new)
    return {}


def _refuse(item: Wanted) -> None:
    why = f"port {item.port} of {item.target} is behind the path already"
    if item.bind_type == ADDRESS:
        raise Refusal(_BOUND_ALREADY, why=why)
    raise BadParameter("backends", why)


def _running(call: Call, busy: int) -> tuple[LoadBalancer, Location]:
    """The path that the call names. The pages have no error for one that is not running: the load balancer's."""
    balancer = made_balancer(call)
    location = named_location(call, balancer)
    check_idle(call, balancer, busy=busy)
    if location.status != Status.RUNNING:
        raise Refusal(busy, why=f"the path {location.location_id} is not running: it has status {location.status}")
    return balancer, location


def _bound_server(call: Call, location: Location) -> Backend:
    wanted = Wanted(call["instanceId"], SERVER, call["port"], 0, 0)
    return bound(call, location, wanted, unknown=NO_SERVER, subject="instanceId")
