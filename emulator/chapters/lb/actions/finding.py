"""What the calls of this chapter name, and the states in which they are refused.

A load balancer that is being made answers 12003, one that a task works on -21001 where the page has that, 12003
otherwise; a listener or rule that is not running answers its own error before that. What belongs to another load
balancer, listener or domain does not exist here.
"""

from typing import Any, NoReturn, TypeVar

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.finding import find, kind_of
from emulator.chapters.lb.records.balancers import LOAD_BALANCERS, BalancerStatus, LoadBalancer, is_busy
from emulator.chapters.lb.records.forward_listeners import FORWARD_LISTENERS, ForwardListener
from emulator.chapters.lb.records.listeners import LISTENERS, Listener
from emulator.chapters.lb.records.rules import DOMAINS, LOCATIONS, Domain, Location
from emulator.chapters.lb.records.status import Status
from emulator.chapters.vpc.records.networks import VPCS
from emulator.world.resource import Resource

MODULE = "bmlb"
NOT_THERE, BUSY, NOT_ALLOWED = 11041, 12003, -21001
NO_LAYER_4, NO_LAYER_7, NO_RULE = -12023, -12000, -12003
LAYER_4_NOT_RUNNING, LAYER_7_NOT_RUNNING, RULE_NOT_RUNNING = -12021, -12010, -12011
R = TypeVar("R", bound=tuple[Any, ...])


def own_balancer(call: Call, *, unknown: int | None = NOT_THERE) -> LoadBalancer:
    """The account's load balancer. It is where its VPC is. `unknown`: the error where there is none; None: a bad
    parameter.
    """
    balancer = find(call, LOAD_BALANCERS, call["loadBalancerId"], unknown=unknown, subject="loadBalancerId")
    vpc = VPCS.find(call.world, call.account_id, balancer.vpc)
    if vpc is not None and not call.sees(balancer.lb_id, vpc.zone_id, "load balancer"):
        refuse(unknown, "loadBalancerId", f"{balancer.lb_id} is not in the call's Region")
    return balancer


def made_balancer(call: Call) -> LoadBalancer:
    """The account's load balancer, which has to be made."""
    balancer = own_balancer(call)
    if balancer.status != BalancerStatus.RUNNING:
        raise Refusal(BUSY, why=why_busy(call, balancer) or "")
    return balancer


def check_idle(call: Call, balancer: LoadBalancer, *, busy: int = BUSY) -> None:
    """Raises that error where a task works on the load balancer: it changes one thing at a time."""
    if why := why_busy(call, balancer):
        raise Refusal(busy, why=why)


def why_busy(call: Call, balancer: LoadBalancer) -> str | None:
    """Why it can be neither changed nor deleted; None: it can."""
    if balancer.status != BalancerStatus.RUNNING:
        return f"{balancer.lb_id} is being created"
    return f"the task {balancer.task} works on {balancer.lb_id}" if is_busy(call.world, balancer) else None


def idle_balancer(call: Call, *, busy: int = BUSY) -> LoadBalancer:
    """The account's load balancer, made and with no task at work on it."""
    balancer = made_balancer(call)
    check_idle(call, balancer, busy=busy)
    return balancer


def layer_4(call: Call, balancer: LoadBalancer, *, unknown: int | None = NO_LAYER_4) -> Listener:
    """The listener of layer 4 that `listenerId` names."""
    return listener_of(call, balancer, call["listenerId"], unknown=unknown, subject="listenerId")


def listener_of(call: Call, balancer: LoadBalancer, id: str, *, unknown: int | None, subject: str) -> Listener:
    """A listener of layer 4."""
    return _part(call, LISTENERS, id, unknown, subject, lb_id=balancer.lb_id)


def layer_7(call: Call, balancer: LoadBalancer, *, unknown: int | None = NO_LAYER_7) -> ForwardListener:
    """The listener of layer 7 that `listenerId` names."""
    return _part(call, FORWARD_LISTENERS, call["listenerId"], unknown, "listenerId", lb_id=balancer.lb_id)


def domain_of(call: Call, listener: ForwardListener, id: str, *, unknown: int | None = NO_RULE) -> Domain:
    return _part(call, DOMAINS, id, unknown, "domainId", listener_id=listener.listener_id)


def location_of(call: Call, domain: Domain, id: str, *, unknown: int | None = NO_RULE) -> Location:
    return _part(call, LOCATIONS, id, unknown, "locationId", domain_id=domain.domain_id)


def named_location(call: Call, balancer: LoadBalancer) -> Location:
    """The path that the call names with its listener and its domain; the pages have no error for one not there."""
    listener = layer_7(call, balancer, unknown=None)
    domain = domain_of(call, listener, call["domainId"], unknown=None)
    return location_of(call, domain, call["locationId"], unknown=None)


def check_running(thing: Listener | ForwardListener | Domain | Location, error: int) -> None:
    """Raises that error where the thing is in any other state."""
    if thing.status != Status.RUNNING:
        state = Status(thing.status).name.lower().replace("_", " ")
        raise Refusal(error, why=f"{thing[0]} is not running: {state}")


def task_body(number: int) -> Body:
    """The answer of an action that begins a task."""
    return {"requestId": number}


def sent(call: Call, columns: dict[str, str]) -> dict[str, Any]:
    """What was sent of some parameters, by the columns that they set. Empty values are not sent."""
    values = {column: call.get(parameter) for parameter, column in columns.items()}
    return {column: value for column, value in values.items() if value not in (None, "")}


def _part(call: Call, resource: Resource[R], id: str, unknown: int | None, subject: str, **belongs: str) -> R:
    found = find(call, resource, id, unknown=unknown, subject=subject if unknown is None else "")
    for column, owner in belongs.items():
        if getattr(found, column) != owner:
            refuse(unknown, subject, f"{owner} has no {kind_of(resource)} {id}")
    return found


def refuse(unknown: int | None, subject: str, why: str) -> NoReturn:
    """Raises that error, or a BadParameter where the page has none."""
    raise BadParameter(subject, why) if unknown is None else Refusal(unknown, why=why)
