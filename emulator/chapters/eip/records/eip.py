"""The row of an elastic IP, its states, and what a fixture says of it."""

from datetime import datetime
from enum import IntEnum
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

FLOW, BANDWIDTH = "flow", "bandwidth"
BGP = 5
_CREATED = datetime(2017, 10, 1)  # noqa: DTZ001


class EipStatus(IntEnum):
    """What an address is doing, as DescribeEipBm's page numbers it."""

    CREATING = 0
    BINDING = 1
    BOUND = 2
    UNBINDING = 3
    UNBOUND = 4
    GOING_OFFLINE = 6
    CREATION_FAILED = 9


class BoundTo(IntEnum):
    """The kind of thing that an address is bound to, as the page numbers them."""

    SERVER = 0
    NAT_GATEWAY = 1
    VPC_IP = 2


HELD = (EipStatus.BOUND, EipStatus.UNBINDING)
"""The states in which what an address is bound to can be reached by it."""
WITH_HOLDER = (*HELD, EipStatus.BINDING)


class Eip(NamedTuple):
    eip_id: str
    account_id: int
    name: str
    eip: str
    """The address."""
    isp_id: int
    """The carrier, as the page numbers them: 5 BGP."""
    vpc: str
    """The VPC's un_id; empty: it may be bound in any."""
    exclusive: int
    """0 or 1: of an exclusive cluster."""
    tunnel: int
    """0 or 1: in tunnel mode."""
    status: int
    bound_to: str
    """The id of what it is bound to, or the address in the VPC; empty: of nothing."""
    pay_mode: str
    """flow or bandwidth."""
    bandwidth: int
    """MB, as the page says; 0 where the traffic is billed."""
    latest_pay_mode: str
    """What the latest change of the billing asked for; it may not have come into force."""
    latest_bandwidth: int
    acl: str
    """The id of its ACL; empty: none."""
    freed_at: int | None
    """When it was unbound last; None: never, so that it is free from its creation on."""
    updated_at: int | None
    created_at: int

    @property
    def kind(self) -> BoundTo | None:
        """What it is bound to, or is being bound to; None: nothing."""
        if not self.bound_to:
            return None
        if self.bound_to.startswith("nat-"):
            return BoundTo.NAT_GATEWAY
        return BoundTo.VPC_IP if self.bound_to.replace(".", "").isdecimal() else BoundTo.SERVER

    @property
    def state(self) -> str:
        return EipStatus(self.status).name.lower().replace("_", " ")


class SeedEip(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A public address that the account has applied for."""

    eip_id: str
    """Its id, such as eip-testid01."""
    eip: str
    """The address."""
    name: str = ""
    """Its name."""
    isp_id: Annotated[int, Meta(ge=0, le=6)] = BGP
    """The carrier: 0 China Telecom, 1 China Unicom, 2 China Mobile, 3 the education network, 4 Yingke, 5 BGP,
    6 Hong Kong.
    """
    vpc: str = ""
    """The VPC that it belongs to, by un_id; empty: it may be bound in any."""
    exclusive: bool = False
    """Whether it is of an exclusive cluster."""
    tunnel: bool = False
    """Whether it is in tunnel mode, in which it can be bound to no address of a VPC and has no ACL."""
    status: Literal[0, 1, 2, 3, 4, 6, 9] = 4
    """0 being created, 1 being bound, 2 bound, 3 being unbound, 4 bound to nothing, 6 going offline, 9 its
    creation failed.
    """
    bound_to: str = ""
    """The server or the NAT gateway that it is bound to, by id, or the address in its VPC; empty: nothing."""
    pay_mode: Literal["flow", "bandwidth"] = "flow"
    """What is billed: the traffic, or the bandwidth."""
    bandwidth: Annotated[int, Meta(ge=0, le=1000)] = 0
    """The most that it carries, in MB, where the bandwidth is billed."""
    latest_pay_mode: Literal["flow", "bandwidth"] = "flow"
    """What the latest change of the billing asked for."""
    latest_bandwidth: Annotated[int, Meta(ge=0, le=1000)] = 0
    """The bandwidth that the latest change of the billing asked for, in MB."""
    acl: str = ""
    """Its ACL, by id; empty: none."""
    freed_at: datetime | None = None
    """When it was unbound last; left out: never."""
    updated_at: datetime | None = None
    """When it was changed last; left out: when it was applied for."""
    created_at: datetime = _CREATED
    """When it was applied for."""
