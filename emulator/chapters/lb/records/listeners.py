"""Listeners of layer 4 (tcp, udp): one port of a load balancer each, with the servers bound to it."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from emulator.chapters.lb.records.health import Check
from emulator.chapters.lb.records.status import STATES, Port, Switch
from emulator.chapters.vpc.records.networks import Name
from emulator.world.paging import Order, among, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

LAYER_4 = ("tcp", "udp")
_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class Listener(NamedTuple):
    listener_id: str
    account_id: int
    lb_id: str
    name: str
    protocol: str
    """tcp or udp."""
    port: int
    status: int
    created_at: int
    bandwidth: int
    """Mbit/s; 0: no limit of its own."""
    session_expire: int
    """Seconds; 0: sessions do not persist."""
    health_switch: int
    time_out: int
    interval_time: int
    """Seconds."""
    health_num: int
    unhealth_num: int
    custom_health_switch: int
    input_type: str
    """text or hexadecimal; empty where there is no probe of the user's own."""
    line_separator: int
    """1 LF, 2 CR, 3 LF and CR; 0 likewise."""
    health_request: str
    health_response: str
    toa_flag: int
    instance_port: int
    """The port of every server that is registered with the load balancer; 0: servers are bound by their own ports."""

    @property
    def check(self) -> Check:
        """The check of what is bound to the listener itself."""
        return Check(bool(self.health_switch), self.interval_time, self.health_num, self.unhealth_num)


class SeedListener(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A listener of layer 4."""

    listener_id: Name
    """Its id, such as lbl-abcdefgh."""
    lb_id: Name
    """Its load balancer."""
    name: str
    """Its name."""
    port: Port
    """The port that it listens on."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """Its protocol."""
    status: Literal[0, 1, 2, 3, 4] = 1
    """0 being created, 1 running, 2 its creation failed, 3 being deleted, 4 its deletion failed."""
    created_at: datetime = _CREATED
    """When it was made."""
    bandwidth: Annotated[int, Meta(ge=0, le=1000)] = 0
    """The most that it carries, in Mbit/s; 0: no limit of its own."""
    session_expire: Annotated[int, Meta(ge=0, le=3600)] = 0
    """How long sessions persist, in seconds; 0: they do not."""
    health_switch: Switch = 0
    """Whether the servers behind it are probed."""
    time_out: Annotated[int, Meta(ge=2, le=60)] = 2
    """How long a probe waits, in seconds."""
    interval_time: Annotated[int, Meta(ge=5, le=300)] = 5
    """The seconds from one probe to the next."""
    health_num: Annotated[int, Meta(ge=2, le=10)] = 3
    """So many good probes make a server healthy."""
    unhealth_num: Annotated[int, Meta(ge=2, le=10)] = 3
    """So many bad probes make a server unhealthy."""
    custom_health_switch: Switch = 0
    """Whether the user's own probe is sent."""
    input_type: Literal["", "text", "hexadecimal"] = ""
    """How that probe is written."""
    line_separator: Literal[0, 1, 2, 3] = 0
    """What a line break in it becomes: 1 LF, 2 CR, 3 LF and CR."""
    health_request: str = ""
    """What that probe sends."""
    health_response: str = ""
    """What a healthy server answers to it."""
    toa_flag: Switch = 0
    """Whether the client's address is handed on (TOA)."""
    instance_port: Annotated[int, Meta(ge=0, le=65_535)] = 0
    """The port of all registered servers, of a listener of the older form; 0: of the newer."""


_seeds, _by_hand = plain("listeners", SeedListener, "name", "status", "created_at")
LISTENERS: Resource[Listener] = Resource(
    "listeners",
    "listener",
    Listener,
    id="listener_id",
    prefix="lbl",
    indexes=(("lb_id", "created_at", "listener_id"),),
    states=STATES,
    seeds=_seeds,
    by_hand=_by_hand,
)
OLDEST_FIRST = Order(("created_at", "listener_id"))


def listeners_of(world: World, lb_id: str, protocols: tuple[str, ...] = LAYER_4) -> list[Listener]:
    """The listeners of a load balancer, the oldest first."""
    wheres = [equals("lb_id", lb_id), among("protocol", protocols)]
    return listed(world, LISTENERS, wheres, OLDEST_FIRST)[0]
