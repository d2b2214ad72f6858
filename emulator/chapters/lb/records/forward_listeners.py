"""Listeners of layer 7 (http, https): one port of a load balancer each, with domains and their paths."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from emulator.chapters.lb.records.status import STATES, Port
from emulator.chapters.vpc.records.networks import Name
from emulator.world.paging import Order, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class ForwardListener(NamedTuple):
    listener_id: str
    account_id: int
    lb_id: str
    name: str
    protocol: str
    """http or https."""
    port: int
    status: int
    created_at: int
    bandwidth: int
    """Mbit/s; 0: no limit of its own."""
    ssl_mode: int
    """0 no certificate, 1 the server's, 2 the clients' too."""
    cert_id: str
    cert_ca_id: str


class SeedForwardListener(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A listener of layer 7."""

    listener_id: Name
    """Its id, such as lbl-abcdefgh."""
    lb_id: Name
    """Its load balancer."""
    name: str
    """Its name."""
    port: Port
    """The port that it listens on."""
    protocol: Literal["http", "https"] = "http"
    """Its protocol."""
    status: Literal[0, 1, 2, 3, 4] = 1
    """0 being created, 1 running, 2 its creation failed, 3 being deleted, 4 its deletion failed."""
    created_at: datetime = _CREATED
    """When it was made."""
    bandwidth: Annotated[int, Meta(ge=0, le=1000)] = 0
    """The most that it carries, in Mbit/s; 0: no limit of its own."""
    ssl_mode: Literal[0, 1, 2] = 0
    """0 no certificate, 1 the server's, 2 the clients' too."""
    cert_id: str = ""
    """The server's certificate."""
    cert_ca_id: str = ""
    """The certificate of the authority of the clients'."""


_seeds, _by_hand = plain("forward_listeners", SeedForwardListener, "name", "status", "created_at")
FORWARD_LISTENERS: Resource[ForwardListener] = Resource(
    "forward_listeners",
    "forward_listener",
    ForwardListener,
    id="listener_id",
    prefix="lbl",
    indexes=(("lb_id", "created_at", "listener_id"), ("cert_id",), ("cert_ca_id",)),
    states=STATES,
    seeds=_seeds,
    by_hand=_by_hand,
)
_OLDEST_FIRST = Order(("created_at", "listener_id"))


def forward_listeners_of(world: World, lb_id: str) -> list[ForwardListener]:
    """The listeners of a load balancer, the oldest first."""
    return listed(world, FORWARD_LISTENERS, [equals("lb_id", lb_id)], _OLDEST_FIRST)[0]


def listeners_with(world: World, cert_id: str) -> list[ForwardListener]:
    """The listeners that use a certificate, the server's or the clients'."""
    columns = ("cert_id", "cert_ca_id")
    found = (listed(world, FORWARD_LISTENERS, [equals(column, cert_id)], _OLDEST_FIRST)[0] for column in columns)
    return list(dict.fromkeys(listener for listeners in found for listener in listeners))
