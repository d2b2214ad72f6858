"""ACLs of elastic IPs: what may come in and go out."""

from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from emulator.chapters.eip.records.eips import EIPS
from emulator.world.paging import Order, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class EipAcl(NamedTuple):
    acl_id: str
    account_id: int
    name: str
    status: int
    """0 stateless, 1 stateful."""
    inbound: str
    """A JSON list of AclRule."""
    outbound: str
    """Likewise."""
    created_at: int


class AclRule(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A rule of an ACL; of several the first that fits decides."""

    ip: str
    """An address or a CIDR."""
    action: Literal["accept", "drop"]
    """Whether what fits may pass."""
    protocol: Literal["TCP", "UDP", "ICMP", "ANY"] = "ANY"
    """The protocol that fits."""
    port: str = ""
    """A port or a range of ports, as 80-8080; empty: every one."""
    description: str = ""
    """A remark."""


class SeedEipAcl(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An ACL of elastic IPs."""

    acl_id: str
    """Its id, such as bmeipacl-7mc70i3o."""
    name: str
    """Its name."""
    status: Literal[0, 1] = 0
    """0 stateless, 1 stateful."""
    inbound: list[AclRule] = []
    """The rules of what comes in, in order; empty: everything is dropped."""
    outbound: list[AclRule] = []
    """The rules of what goes out, in order; empty: everything is dropped."""
    created_at: datetime = _CREATED
    """When it was made."""


_seeds, _by_hand = plain("eip_acls", SeedEipAcl, "name", "status", "inbound", "outbound", "created_at")
EIP_ACLS: Resource[EipAcl] = Resource(
    "eip_acls",
    "eip_acl",
    EipAcl,
    id="acl_id",
    prefix="bmeipacl",
    indexes=(("account_id", "acl_id", "name"),),
    seeds=_seeds,
    by_hand=_by_hand,
)


def number_of_eips_with(world: World, acl_id: str) -> int:
    """How many elastic IPs have the ACL."""
    return listed(world, EIPS, [equals("acl", acl_id)], Order(("eip_id",)), limit=0)[1]


def rules_of(text: str) -> list[AclRule]:
    """The rules of a column, in order."""
    return msgspec.json.decode(text, type=list[AclRule])


def text_of(rules: list[AclRule]) -> str:
    """A column that holds these rules."""
    return msgspec.json.encode(rules).decode()
