"""Hosted servers, read and set by hand."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import func, select

from emulator.chapters.devices.records.tables import hosted_devices
from emulator.chapters.hosted.records import BUSY, BindStatus, change_hosted
from emulator.clock import to_wire
from emulator.world.by_hand import Free, ImpossibleChange, Text, UnknownThing, app_ids, given
from emulator.world.pending import work_on
from emulator.world.world import World

_PLAIN = ("alias", "in_order", "user_name", "password", "wan_ip")
_UNBOUND = {"vpc": "", "subnet": "", "lan_ip": "", "gateway_ip": "", "bind_status": int(BindStatus.UNBOUND)}
_NO_TIMES = {"bind_began_at": None, "bind_ends_at": None}


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


def hosted_ids(world: World, offset: int, limit: int) -> tuple[list[str], int]:
    """Of all accounts, in order, and how many there are."""
    total = world.execute(select(func.count()).select_from(hosted_devices)).scalar_one()
    key = hosted_devices.c.instance_id
    return list(world.execute(select(key).order_by(key).offset(offset).limit(limit)).scalars()), int(total)


def view_hosted(world: World, instance_id: str) -> HostedView:
    row = _row(world, instance_id)
    work = work_on(world, instance_id)
    told = {name: getattr(row, name) for name in HostedView.__struct_fields__ if hasattr(row, name)}
    told |= {"in_order": bool(row.in_order), "added_at": to_wire(row.added_at)}
    told |= {"bind_status": BindStatus(row.bind_status).name.lower()}
    return HostedView(**told, app_id=app_ids(world)[row.account_id], busy_with=work.kind if work else None)


def change_hosted_by_hand(world: World, instance_id: str, changes: HostedChanges) -> None:
    """Raises UnknownThing or ImpossibleChange."""
    row = _row(world, instance_id)
    values = given(changes, *_PLAIN)
    if changes.lan_ip is not UNSET:
        if row.bind_status in BUSY:
            raise ImpossibleChange(f"{instance_id} is being bound or unbound: let that end first, or set its operation")
        values |= {**_UNBOUND, **_NO_TIMES}
    if values:
        change_hosted(world, instance_id, **values)


def _row(world: World, instance_id: str) -> Any:  # noqa: ANN401
    row = world.execute(select(hosted_devices).where(hosted_devices.c.instance_id == instance_id)).first()
    if row is None:
        raise UnknownThing(f"the world has no hosted server {instance_id!r}")
    return row
