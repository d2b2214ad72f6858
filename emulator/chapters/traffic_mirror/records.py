"""Traffic mirrors, and the listeners whose traffic they copy. Their receivers are backends (chapter lb)."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from emulator.chapters.lb.records.health import Check
from emulator.chapters.vpc.records.networks import Name
from emulator.world.facets import States
from emulator.world.paging import Order, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

STATES = ("binding", "bound", "failed", "unbinding")
"""Of a listener at a mirror, as GetTrafficMirrorListenerList's page numbers them."""
_CREATED = datetime(2018, 1, 1)  # noqa: DTZ001
_Times = Annotated[int, Meta(ge=1, le=10)]


class Mirror(NamedTuple):
    mirror_id: str
    account_id: int
    alias: str
    vpc: str
    """The VPC's un_id; it may name what is gone."""
    subnet: str
    """The subnet's un_id, as it was sent; nothing depends on it."""
    balance_type: int
    """0 wrr, 1 ip_hash, 2 least_conn."""
    health_switch: int
    health_num: int
    unhealth_num: int
    interval_time: int
    """Seconds."""
    check_domain: str
    check_path: str
    http_codes: str
    """JSON: a list of codes, or of classes of them."""
    created_at: int

    @property
    def check(self) -> Check:
        return Check(bool(self.health_switch), self.interval_time, self.health_num, self.unhealth_num)


class Binding(NamedTuple):
    id: str
    """The mirror and the listener, as tm-…/lbl-…."""
    account_id: int
    mirror_id: str
    listener_id: str
    status: int
    """0 being bound, 1 bound, 2 failed, 3 being unbound."""


class SeedMirror(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A traffic mirror."""

    mirror_id: Name
    """Its id, such as tm-abcdefgh."""
    alias: str
    """Its alias."""
    vpc: Name
    """Its VPC, by un_id."""
    subnet: str = ""
    """The subnet that was sent with it."""
    balance_type: Literal[0, 1, 2] = 0
    """How traffic is spread over the receivers: 0 wrr, 1 ip_hash, 2 least_conn."""
    health_switch: Literal[0, 1] = 0
    """Whether the receivers are probed."""
    health_num: _Times = 3
    """So many good probes make a receiver healthy."""
    unhealth_num: _Times = 3
    """So many bad probes make a receiver unhealthy."""
    interval_time: Annotated[int, Meta(ge=1, le=300)] = 5
    """The seconds from one probe to the next."""
    check_domain: str = ""
    """The domain that is probed."""
    check_path: str = ""
    """The path that is probed."""
    http_codes: list[int] = []
    """The HTTP codes, or classes of them, that are healthy."""
    created_at: datetime = _CREATED
    """When it was made."""


class SeedBinding(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A listener whose traffic a mirror copies."""

    id: str
    """The mirror and the listener, as tm-abcdefgh/lbl-abcdefgh."""
    mirror_id: Name
    """The mirror."""
    listener_id: Name
    """The listener, of layer 7."""
    status: Literal[0, 1, 2, 3] = 1
    """0 being bound, 1 bound, 2 its binding failed, 3 being unbound."""


_mirror_seeds, _mirror_by_hand = plain("traffic_mirrors", SeedMirror, "alias", "created_at")
_binding_seeds, _binding_by_hand = plain("mirror_listeners", SeedBinding, "status")
MIRRORS: Resource[Mirror] = Resource(
    "traffic_mirrors",
    "traffic_mirror",
    Mirror,
    id="mirror_id",
    prefix="tm",
    indexes=(("account_id", "mirror_id"),),
    seeds=_mirror_seeds,
    by_hand=_mirror_by_hand,
)
MIRROR_LISTENERS: Resource[Binding] = Resource(
    "mirror_listeners",
    "mirror_listener",
    Binding,
    id="id",
    form="[^/]+/[^/]+",
    indexes=(("mirror_id", "listener_id"), ("listener_id",)),
    states=States(STATES, lambda binding: STATES[binding.status]),
    seeds=_binding_seeds,
    by_hand=_binding_by_hand,
)
_BY_ID = Order(("id",))


def mirror_bindings_of(world: World, listener_id: str) -> list[Binding]:
    """The mirrors that a listener is bound to."""
    return listed(world, MIRROR_LISTENERS, [equals("listener_id", listener_id)], _BY_ID)[0]


def listeners_of_mirror(world: World, mirror_id: str) -> list[Binding]:
    return listed(world, MIRROR_LISTENERS, [equals("mirror_id", mirror_id)], _BY_ID)[0]
