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
    app_id: str
    alias: str
    in_order: bool
    """Whether it can be worked on."""
    bind_status: str
    """never, binding, bound, failed, unbinding or unbound: of its LAN IP."""
    busy_with: str | None
    user_name: str
    password: str
    vpc: str
    subnet: str
    lan_ip: str
    gateway_ip: str
    wan_ip: str
    added_at: str


class HostedChanges(Struct, frozen=True, forbid_unknown_fields=True):
    alias: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET
    in_order: bool | UnsetType = UNSET
    user_name: Text | UnsetType = UNSET
    password: Free | UnsetType = UNSET
    wan_ip: Free | UnsetType = UNSET
    lan_ip: UnsetType | None = UNSET
    """Null: it has none any more. BindHostedLanIP gives it one."""


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
