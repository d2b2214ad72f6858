"""Hosted servers: the customer's own machines in the provider's racks."""

from datetime import datetime
from enum import IntEnum
from typing import Annotated, NamedTuple

from msgspec import UNSET, Meta, Struct, UnsetType

from emulator.clock import from_local, local, to_wire
from emulator.world.by_hand import Free, ImpossibleChange, Text, app_ids, given
from emulator.world.facets import ByHand, Place, Seeds, States
from emulator.world.pending import work_on
from emulator.world.resource import Resource
from emulator.world.world import World

Name = Annotated[str, Meta(min_length=1, max_length=64)]


class BindStatus(IntEnum):
    """Of its LAN IP, as DescribeHostedDevice's page numbers it."""

    NEVER = -1
    BINDING = 0
    BOUND = 1
    FAILED = 2
    UNBINDING = 3
    UNBOUND = 4


BUSY = (BindStatus.BINDING, BindStatus.UNBINDING)
FREE = {"vpc": "", "subnet": "", "lan_ip": "", "gateway_ip": ""}
"""The place of a server without a LAN IP."""
NO_TIMES = {"bind_began_at": None, "bind_ends_at": None}


class HostedDevice(NamedTuple):
    instance_id: str
    account_id: int
    asset_id: str
    serial_number: str
    alias: str
    in_order: int
    """0 or 1: whether it can be worked on."""
    zone_id: int
    idc_id: int
    idc_name: str
    rack_id: int
    rack: str
    position_id: int
    position: str
    out_of_band_ip: str
    vpn_ip: str
    vpn_port: str
    user_name: str
    password: str
    vpc: str
    """This and the next three are empty while no LAN IP is bound."""
    subnet: str
    lan_ip: str
    gateway_ip: str
    wan_ip: str
    bind_status: int
    bind_began_at: int | None
    bind_ends_at: int | None
    added_at: int


class SeedHosted(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A hosted server. Left out, `bind_status` and the place are those of a server that never had a LAN IP."""

    instance_id: Name
    user_name: str = "root"
    """Of the server's own login, which a binding needs."""
    password: str = ""
    alias: str = ""
    in_order: bool = True
    """Whether the server can be worked on."""
    asset_id: str = "TYSV17091K55"
    serial_number: str = "HYH32F2"
    zone_id: int = 1000100003
    idc_id: int = 3967
    idc_name: str = "广州电信永顺DC3楼"
    rack_id: int = 110437
    rack: str = "0302-H10"
    position_id: int = 1608859
    position: str = "15"
    out_of_band_ip: str = "100.100.139.103"
    """The address of the out-of-band interface."""
    vpn_ip: str = "118.89.9.11"
    """The address of the VPN gateway, as the pages print it."""
    vpn_port: str = "443"
    vpc: str = ""
    """The un_id of the VPC that its LAN IP is in."""
    subnet: str = ""
    """The un_id of the subnet that its LAN IP is in."""
    lan_ip: str = ""
    gateway_ip: str = ""
    wan_ip: str = ""
    bind_status: Annotated[int, Meta(ge=-1, le=4)] = -1
    """Of its LAN IP: -1 never bound, 0 being bound, 1 bound, 2 failed, 3 being unbound, 4 unbound."""
    bind_began_at: datetime | None = None
    """When the latest binding began, or unbinding."""
    bind_ends_at: datetime | None = None
    """When the latest binding ends or ended."""
    added_at: datetime = datetime(2017, 10, 1)  # noqa: DTZ001
    """When it came into the rack."""


class HostedView(Struct, frozen=True):
    instance_id: str
    """The id of the hosted server."""
    app_id: str
    """The account that the server belongs to."""
    alias: str
    """The name that the customer gave the server."""
    in_order: bool
    """Whether the server can be worked on."""
    bind_status: str
    """The state of its LAN IP: never, binding, bound, failed, unbinding or unbound."""
    busy_with: str | None
    """The kind of the operation that works on the server; null: none."""
    user_name: str
    """The user name of the server's login."""
    password: str
    """The password of the server's login."""
    vpc: str
    """The VPC of its LAN IP, by its unVpcId; empty: none."""
    subnet: str
    """The subnet of its LAN IP, by its unSubnetId; empty: none."""
    lan_ip: str
    """The LAN IP; empty: none."""
    gateway_ip: str
    """The gateway of its LAN IP; empty: none."""
    wan_ip: str
    """The public address; empty: none."""
    added_at: str
    """When the server was added, in China Standard Time."""


class HostedChanges(Struct, frozen=True, forbid_unknown_fields=True):
    alias: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET
    """The name that the customer gives the server."""
    in_order: bool | UnsetType = UNSET
    """Whether the server can be worked on."""
    user_name: Text | UnsetType = UNSET
    """The user name of the server's login."""
    password: Free | UnsetType = UNSET
    """The password of the server's login."""
    wan_ip: Free | UnsetType = UNSET
    """The public address; empty: none."""
    lan_ip: UnsetType | None = UNSET
    """Null: the server loses its LAN IP. BindHostedLanIP gives it one."""


def _sow(world: World, account_id: int, seed: SeedHosted) -> None:
    row = {name: getattr(seed, name) for name in seed.__struct_fields__}
    times = {name: row[name] and from_local(row[name]) for name in ("bind_began_at", "bind_ends_at", "added_at")}
    HOSTED.add(world, account_id=account_id, **row | times)


def _reap(_world: World, device: HostedDevice) -> SeedHosted:
    row = {name: getattr(device, name) for name in SeedHosted.__struct_fields__}
    times = {name: row[name] and local(row[name]) for name in ("bind_began_at", "bind_ends_at", "added_at")}
    return SeedHosted(**row | times | {"in_order": bool(device.in_order)})


def _show(world: World, device: HostedDevice) -> HostedView:
    work = work_on(world, device.instance_id)
    shown = {name: getattr(device, name) for name in HostedView.__struct_fields__ if hasattr(device, name)}
    shown |= {"in_order": bool(device.in_order), "added_at": to_wire(device.added_at)}
    shown |= {"bind_status": _state(device), "busy_with": work.kind if work else None}
    return HostedView(**shown, app_id=app_ids(world)[device.account_id])


def _change(world: World, device: HostedDevice, changes: HostedChanges) -> None:
    values = given(changes, "alias", "in_order", "user_name", "password", "wan_ip")
    if changes.lan_ip is not UNSET:
        if device.bind_status in BUSY:
            why = f"{device.instance_id} is being bound or unbound: let that end first, or set its operation"
            raise ImpossibleChange(why)
        values |= {**FREE, **NO_TIMES, "bind_status": BindStatus.UNBOUND}
    HOSTED.change(world, device.instance_id, **values)


def _state(device: HostedDevice) -> str:
    return BindStatus(device.bind_status).name.lower()


HOSTED: Resource[HostedDevice] = Resource(
    "hosted",
    "hosted_server",
    HostedDevice,
    id="instance_id",
    prefix="chm",
    form="chm-[a-z0-9]{6,8}",
    indexes=(("account_id", "instance_id"), ("subnet", "lan_ip")),
    states=States(tuple(status.name.lower() for status in BindStatus), _state),
    place=Place("subnet", "lan_ip"),
    seeds=Seeds(SeedHosted, _sow, _reap),
    by_hand=ByHand(HostedView, HostedChanges, _show, _change),
)
