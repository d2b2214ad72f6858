"""NAT gateways, what is bound to them, and where their logs go."""

from datetime import datetime
from enum import IntEnum
from typing import Literal, NamedTuple

from msgspec import Struct

from emulator.chapters.vpc.records.networks import Name
from emulator.world.facets import States
from emulator.world.paging import Order, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

SIZES = {1_000_000: "small", 3_000_000: "middle", 10_000_000: "big"}
"""The limits of concurrent connections, and what the pages call them."""
BY_IP, BY_CIDR = 0, 1
BINDING, BOUND, UNBINDING = "binding", "bound", "unbinding"
_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class Production(IntEnum):
    """As DescribeBmNatGateway's page numbers it."""

    CREATING = 0
    CREATED = 1
    FAILED = 2


class NatGateway(NamedTuple):
    number: int
    """As DescribeEipBm prints it."""
    nat_id: str
    account_id: int
    name: str
    vpc: str
    running: int
    """0 or 1."""
    production_status: int
    max_concurrent: int
    forward_mode: int
    """0 by IP, 1 by CIDR."""
    exclusive: int
    """0 or 1."""
    created_at: int


class NatBinding(NamedTuple):
    id: str
    """The gateway and the subnet, and the address where it is one, as nat-…/subnet-…/10.0.0.9."""
    account_id: int
    nat_id: str
    subnet: str
    address: str
    """Empty: the whole subnet."""
    state: str


class KafkaConf(NamedTuple):
    id: str
    """The ckafka instance and the topic, as ckafka-…/topic."""
    account_id: int
    kafka_id: str
    topic: str


class SeedNatGateway(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A NAT gateway."""

    nat_id: Name
    """Its id, such as nat-3247x9jj."""
    name: str
    """Its name."""
    vpc: Name
    """Its VPC, by un_id."""
    running: bool = True
    """Whether it forwards."""
    production_status: Literal[0, 1, 2] = 1
    """0 being created, 1 created, 2 its creation failed."""
    max_concurrent: Literal[1_000_000, 3_000_000, 10_000_000] = 1_000_000
    """The limit of concurrent connections."""
    forward_mode: Literal[0, 1] = 0
    """0 by IP, 1 by CIDR."""
    exclusive: bool = False
    """Whether it is of an exclusive cluster."""
    created_at: datetime = _CREATED
    """When it was made."""
    number: int | None = None
    """Its number; left out: the next one."""


class SeedNatBinding(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A subnet that uses a NAT gateway, or an address of one."""

    id: str
    """The gateway and the subnet, and the address where it is one, as nat-3247x9jj/subnet-5n0j08b2."""
    nat_id: Name
    """The gateway."""
    subnet: Name
    """The subnet, by un_id."""
    address: str = ""
    """An address of the subnet; empty: all of them."""
    state: Literal["binding", "bound", "unbinding"] = "bound"
    """binding and unbinding pass."""


class SeedKafkaConf(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A queue that receives the logs of NAT gateways."""

    id: str
    """The ckafka instance and the topic, as ckafka-kd7d06of/receive-test."""
    kafka_id: Name
    """The ckafka instance."""
    topic: Name
    """The topic."""


_nat_seeds, _nat_by_hand = plain("nat_gateways", SeedNatGateway, "name", "running", "production_status", "created_at")
_binding_seeds, _binding_by_hand = plain("nat_bindings", SeedNatBinding, "state")
_kafka_seeds, _kafka_by_hand = plain("kafka_confs", SeedKafkaConf)
NAT_GATEWAYS: Resource[NatGateway] = Resource(
    "nat_gateways",
    "nat_gateway",
    NatGateway,
    id="nat_id",
    prefix="nat",
    numbered="number",
    form="nat-[a-z0-9]{5,8}",
    indexes=(("vpc",), ("account_id", "nat_id", "name")),
    states=States(("creating", "created", "failed"), lambda nat: Production(nat.production_status).name.lower()),
    seeds=_nat_seeds,
    by_hand=_nat_by_hand,
)
NAT_BINDINGS: Resource[NatBinding] = Resource(
    "nat_bindings",
    "nat_binding",
    NatBinding,
    id="id",
    form="[^/]+/[^/]+(/.+)?",
    indexes=(("nat_id", "subnet"), ("subnet",)),
    states=States((BINDING, BOUND, UNBINDING), lambda binding: str(binding.state)),
    seeds=_binding_seeds,
    by_hand=_binding_by_hand,
)
KAFKA_CONFS: Resource[KafkaConf] = Resource(
    "kafka_confs", "kafka_conf", KafkaConf, id="id", form="[^/]+/.+", seeds=_kafka_seeds, by_hand=_kafka_by_hand
)
_BY_ID = Order(("id",))


def gateways_of(world: World, vpc: str) -> list[NatGateway]:
    """The NAT gateways of a VPC."""
    return listed(world, NAT_GATEWAYS, [equals("vpc", vpc)], Order(("nat_id",)))[0]


def bindings_of(world: World, nat_id: str) -> list[NatBinding]:
    return listed(world, NAT_BINDINGS, [equals("nat_id", nat_id)], _BY_ID)[0]


def bindings_to(world: World, subnet: str) -> list[NatBinding]:
    """What of a subnet is bound, to whichever gateway."""
    return listed(world, NAT_BINDINGS, [equals("subnet", subnet)], _BY_ID)[0]


def binding_id(nat_id: str, subnet: str, address: str = "") -> str:
    return f"{nat_id}/{subnet}/{address}" if address else f"{nat_id}/{subnet}"
