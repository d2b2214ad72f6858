"""What may be bound to a listener or a path: servers in operation, and addresses that were applied for, of the load
balancer's VPC.

The pages give a server of another VPC no error of its own, so that it is one that does not exist (30011); an address
is one that ApplyIps or RegisterBatchIp took (-12024). One that is being bound counts as bound.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from emulator.call import BadParameter, Call, Refusal
from emulator.chapters.devices.records.device import SCRIPT_RUN, Device, DeviceStatus
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.finding import find
from emulator.chapters.lb.records.backends import (
    ADDRESS,
    BINDING,
    BOUND,
    SERVER,
    Backend,
    Holder,
    backend_id,
    backends_of,
    backends_of_balancer,
)
from emulator.chapters.lb.records.balancers import LoadBalancer
from emulator.chapters.lb.records.listeners import Listener, listeners_of
from emulator.chapters.lb.records.rules import Location
from emulator.chapters.vpc.records.interfaces import SUBNET_IPS
from emulator.world.accounts import account_of, quotas_of
from emulator.world.paging import Order, equals, listed
from emulator.world.pending import work_on

TOO_MANY = 12013
NO_SERVER, WRONG_STATE, NO_ADDRESS = 30011, -21000, -12024
_BOUND_ALREADY = -12022


class Wanted(NamedTuple):
    """A port of a server, or of an address, as a call names it."""

    target: str
    bind_type: int
    port: int
    weight: int
    probe_port: int

    @classmethod
    def servers(cls, items: Iterable[dict[str, Any]]) -> "list[Wanted]":
        return [cls._of(item["instanceId"], SERVER, item) for item in items]

    @classmethod
    def addresses(cls, items: Iterable[dict[str, Any]]) -> "list[Wanted]":
        return [cls._of(item["vmIp"], ADDRESS, item) for item in items]

    @classmethod
    def _of(cls, target: str, bind_type: int, item: dict[str, Any]) -> "Wanted":
        return cls(target, bind_type, item["port"], item.get("weight", 0), item.get("probePort") or 0)


def check_target(call: Call, balancer: LoadBalancer, wanted: Wanted) -> None:
    """Raises 30011, -21000 or -12024 where it may not be bound or unbound."""
    if wanted.bind_type == ADDRESS:
        check_address(call, balancer, wanted.target)
    else:
        usable_server(call, balancer, wanted.target)


def usable_server(call: Call, balancer: LoadBalancer, id: str) -> Device:
    """A server of the load balancer's VPC that is in operation and not busy."""
    device = find(call, DEVICES, id, unknown=NO_SERVER)
    if device.vpc != balancer.vpc:
        raise Refusal(NO_SERVER, why=f"{id} is in {device.vpc}, {balancer.lb_id} in {balancer.vpc}")
    check_state(call, id)
    return device


def check_state(call: Call, id: str) -> None:
    """Raises -21000 where a server is not in operation, or busy."""
    device, work = DEVICES.find_any(call.world, id), work_on(call.world, id, but=SCRIPT_RUN)
    if device is None or device.device_status != DeviceStatus.IN_OPERATION or work is not None:
        doing = f"is busy with {work.kind}" if work else "is not in operation"
        raise Refusal(WRONG_STATE, why=f"{id} {doing}")


def check_address(call: Call, balancer: LoadBalancer, address: str) -> None:
    wheres = [equals("account_id", call.account_id), equals("vpc", balancer.vpc), equals("lan_ip", address)]
    if not listed(call.world, SUBNET_IPS, wheres, Order(("id",)), limit=1)[0]:
        raise Refusal(
            NO_ADDRESS, why=f"{address} was not applied for in {balancer.vpc} with ApplyIps or RegisterBatchIp"
        )


def new_backend(
    call: Call, balancer: LoadBalancer, kind: Holder, holder: str, wanted: Wanted, state: str = BINDING
) -> Backend:
    id = backend_id(holder, wanted.target, wanted.port)
    place = (id, call.account_id, kind, holder, balancer.lb_id, wanted.target, wanted.bind_type)
    return Backend(*place, wanted.port, wanted.weight, wanted.probe_port, state, 1, 0, 0, call.now)


def check_number(call: Call, holder: str, wanted: Sequence[Wanted]) -> None:
    """Raises 12013 where a listener or path would have more than 255 ports behind it."""
    has, most = len(backends_of(call.world, holder)), quotas_of(account_of(call.world, call.account_id)).backends
    if has + len(wanted) > most:
        raise Refusal(TOO_MANY, why=f"{holder} has {has} ports behind it and may have {most}")


def check_free_for(call: Call, balancer: LoadBalancer, listener: Listener, wanted: Sequence[Wanted]) -> None:
    """Raises -12022 where a port is behind a listener of the same protocol, of this load balancer, already."""
    alike = {it.listener_id for it in listeners_of(call.world, balancer.lb_id, (listener.protocol,))}
    every = backends_of_balancer(call.world, balancer.lb_id, {it.target for it in wanted})
    taken = {(it.target, it.port): it.holder for it in every if it.holder in alike}
    for item in wanted:
        key = (item.target, item.port)
        if key in taken:
            raise Refusal(_BOUND_ALREADY, why=f"port {item.port} of {item.target} is behind {taken[key]} already")
        taken[key] = listener.listener_id


def bound(call: Call, holder: Listener | Location, wanted: Wanted, *, unknown: int | None, subject: str) -> Backend:
    """What is bound to a listener or path, by server or address and port.

    `unknown`: the error where it is not; None: a bad parameter.
    """
    id = backend_id(holder[0], wanted.target, wanted.port)
    found = next((it for it in backends_of(call.world, holder[0]) if it.id == id and it.state == BOUND), None)
    if found is not None and found.bind_type == wanted.bind_type:
        return found
    why = f"port {wanted.port} of {wanted.target} is not bound to {holder[0]}, or is just changing"
    if unknown is None:
        raise BadParameter(subject, why)
    raise Refusal(unknown, why=why)
