"""Load balancers: one virtual address each, public or of a subnet."""

from datetime import datetime
from enum import IntEnum
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from emulator.world.facets import Place, States
from emulator.world.paging import Order, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.tasks import RUNNING, parts_of, state_of_task
from emulator.world.world import World

OPEN, INTERNAL = "open", "internal"
_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class BalancerStatus(IntEnum):
    """As DescribeBmLoadBalancers' page numbers it."""

    CREATING = 0
    RUNNING = 1


class LoadBalancer(NamedTuple):
    lb_id: str
    account_id: int
    name: str
    kind: str
    """open or internal."""
    domain: str
    """Empty: an internal one has none."""
    vip: str
    status: int
    vpc: str
    """The VPC's un_id."""
    subnet: str
    """The subnet's un_id; empty: a public one is in none."""
    project_id: int
    pay_mode: str
    bandwidth: int
    latest_pay_mode: str
    tgw_set_type: str
    exclusive: int
    ip_protocol: str
    created_at: int
    status_at: int
    """When its status or its attributes changed last."""
    task: int
    """The number of the last task that works or worked on it; 0: none did."""


class SeedLoadBalancer(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A load balancer."""

    lb_id: str
    """Its id, such as lb-abcdefgh."""
    name: str
    """Its name."""
    vip: str
    """Its virtual address: a public one, or one of its subnet."""
    vpc: str
    """Its VPC, by un_id."""
    kind: Literal["open", "internal"] = "open"
    """open: public; internal: in a subnet."""
    domain: str = ""
    """Its domain, of a public one."""
    status: Literal[0, 1] = 1
    """0 being created, 1 running."""
    subnet: str = ""
    """The subnet of an internal one, by un_id."""
    project_id: int = 0
    """The number of its project."""
    pay_mode: Literal["flow", "bandwidth"] = "flow"
    """What is billed: the traffic, or the bandwidth."""
    bandwidth: Annotated[int, Meta(ge=0, le=1000)] = 0
    """The most that it carries, in Mbit/s, where the bandwidth is billed."""
    latest_pay_mode: Literal["flow", "bandwidth"] = "flow"
    """What the latest change of the billing asked for."""
    tgw_set_type: Literal["tunnel", "fullnat", "dnat"] = "fullnat"
    """The kind of its cluster."""
    exclusive: Annotated[int, Meta(ge=0, le=4)] = 0
    """0 not exclusive, 1 layer 4, 2 layer 7, 3 both, 4 shared disaster recovery."""
    ip_protocol: Literal["ipv4", "ipv6"] = "ipv4"
    """Its IP protocol."""
    created_at: datetime = _CREATED
    """When it was bought."""
    status_at: datetime = _CREATED
    """When its status or its attributes changed last."""
    task: int = 0
    """The number of the last task on it; while that runs, nothing else changes it."""


_seeds, _by_hand = plain("load_balancers", SeedLoadBalancer, "name", "domain", "status", "created_at", "status_at")
LOAD_BALANCERS: Resource[LoadBalancer] = Resource(
    "load_balancers",
    "load_balancer",
    LoadBalancer,
    id="lb_id",
    prefix="lb",
    indexes=(
        *(("vip",), ("vpc",), ("subnet", "vip"), ("domain",)),
        *(("account_id", column, "lb_id") for column in ("name", "created_at", "domain", "kind")),
    ),
    listed_by=frozenset({"name", "domain"}),
    states=States(tuple(it.name.lower() for it in BalancerStatus), lambda it: BalancerStatus(it.status).name.lower()),
    place=Place("subnet", "vip", "tg"),
    seeds=_seeds,
    by_hand=_by_hand,
)
_BY_ID = Order(("lb_id",))


def balancers_in(world: World, vpc: str) -> list[LoadBalancer]:
    """The load balancers of a VPC."""
    return listed(world, LOAD_BALANCERS, [equals("vpc", vpc)], _BY_ID)[0]


def is_busy(world: World, balancer: LoadBalancer) -> bool:
    """Whether a task works on it."""
    return balancer.task != 0 and state_of_task(parts_of(world, balancer.task)) == RUNNING


def number_of_balancers(world: World, account_id: int) -> int:
    return listed(world, LOAD_BALANCERS, [equals("account_id", account_id)], _BY_ID, limit=0)[1]


def has_domain(world: World, domain: str) -> bool:
    """Whether anybody's load balancer has the domain."""
    return bool(listed(world, LOAD_BALANCERS, [equals("domain", domain)], _BY_ID, limit=1)[0])
