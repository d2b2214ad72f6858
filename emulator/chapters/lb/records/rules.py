"""What listeners of layer 7 forward: domains, and paths (locations) of them."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from emulator.chapters.lb.records.health import Check
from emulator.chapters.lb.records.status import STATES, Switch
from emulator.chapters.vpc.records.networks import Name
from emulator.world.paging import Order, Where, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

ALL_CLASSES = 31
"""1xx to 5xx, each a bit."""
Text = Annotated[str, Meta(min_length=1, max_length=80)]
_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class Domain(NamedTuple):
    domain_id: str
    account_id: int
    lb_id: str
    listener_id: str
    domain: str
    status: int
    created_at: int


class Location(NamedTuple):
    location_id: str
    account_id: int
    lb_id: str
    listener_id: str
    domain_id: str
    url: str
    status: int
    created_at: int
    session_expire: int
    """Seconds; 0: sessions do not persist."""
    health_switch: int
    interval_time: int
    """Seconds."""
    health_num: int
    unhealth_num: int
    http_code: int
    """The classes of HTTP status that are healthy: 1 is 1xx, 2 is 2xx, 4 is 3xx, 8 is 4xx, 16 is 5xx, added up."""
    check_path: str
    check_domain: str
    balance_mode: str

    @property
    def check(self) -> Check:
        return Check(bool(self.health_switch), self.interval_time, self.health_num, self.unhealth_num)


class SeedDomain(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A domain that a listener of layer 7 forwards."""

    domain_id: Name
    """Its id, such as dm-abcdefgh."""
    lb_id: Name
    """The load balancer."""
    listener_id: Name
    """The listener."""
    domain: Text
    """The domain, plain, with a wildcard, as a regular expression that begins with ~, or _ for any."""
    status: Literal[0, 1, 2, 3, 4] = 1
    """0 being created, 1 running, 2 its creation failed, 3 being deleted, 4 its deletion failed."""
    created_at: datetime = _CREATED
    """When it was made."""


class SeedLocation(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A path of a domain."""

    location_id: Name
    """Its id, such as loc-abcdefgh."""
    lb_id: Name
    """The load balancer."""
    listener_id: Name
    """The listener."""
    domain_id: Name
    """The domain."""
    url: Text
    """The path, such as /, or with one of the modifiers ~ ~* ^~ = before it."""
    status: Literal[0, 1, 2, 3, 4] = 1
    """0 being created, 1 running, 2 its creation failed, 3 being deleted, 4 its deletion failed."""
    created_at: datetime = _CREATED
    """When it was made."""
    session_expire: Annotated[int, Meta(ge=0, le=3600)] = 0
    """How long sessions persist, in seconds; 0: they do not."""
    health_switch: Switch = 0
    """Whether the servers behind it are probed."""
    interval_time: Annotated[int, Meta(ge=5, le=300)] = 5
    """The seconds from one probe to the next."""
    health_num: Annotated[int, Meta(ge=2, le=10)] = 3
    """So many good probes make a server healthy."""
    unhealth_num: Annotated[int, Meta(ge=2, le=10)] = 5
    """So many bad probes make a server unhealthy."""
    http_code: Annotated[int, Meta(ge=0, le=31)] = ALL_CLASSES
    """The classes of HTTP status that are healthy: 1 is 1xx, 2 is 2xx, 4 is 3xx, 8 is 4xx, 16 is 5xx, added up."""
    check_path: str = ""
    """The path that is probed."""
    check_domain: str = ""
    """The domain that is probed."""
    balance_mode: Literal["wrr", "ip_hash"] = "wrr"
    """How requests are spread over the servers."""


_domain_seeds, _domain_by_hand = plain("forward_domains", SeedDomain, "status", "created_at")
_location_seeds, _location_by_hand = plain("locations", SeedLocation, "status", "created_at")
DOMAINS: Resource[Domain] = Resource(
    "forward_domains",
    "forward_domain",
    Domain,
    id="domain_id",
    prefix="dm",
    indexes=(("listener_id", "created_at", "domain_id"), ("lb_id",)),
    states=STATES,
    seeds=_domain_seeds,
    by_hand=_domain_by_hand,
)
LOCATIONS: Resource[Location] = Resource(
    "locations",
    "location",
    Location,
    id="location_id",
    prefix="loc",
    indexes=(("domain_id", "created_at", "location_id"), ("listener_id",), ("lb_id",)),
    states=STATES,
    seeds=_location_seeds,
    by_hand=_location_by_hand,
)


def domains_of(world: World, listener_id: str) -> list[Domain]:
    """The domains of a listener, the oldest first."""
    return listed(world, DOMAINS, [equals("listener_id", listener_id)], Order(("created_at", "domain_id")))[0]


def locations_of(world: World, domain_id: str) -> list[Location]:
    """The paths of a domain, the oldest first."""
    return _locations(world, equals("domain_id", domain_id))


def locations_of_listener(world: World, listener_id: str) -> list[Location]:
    """The paths of all domains of a listener, the oldest first."""
    return _locations(world, equals("listener_id", listener_id))


def _locations(world: World, where: Where) -> list[Location]:
    return listed(world, LOCATIONS, [where], Order(("created_at", "location_id")))[0]
