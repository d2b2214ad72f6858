"""Devices as people see and set them: state, hardware fault, expiry, the out-of-band record gone, …"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from emulator.chapters.devices.records.device import (
    DEVICE_STATES,
    IN_TRASH,
    LASTING_STATES,
    SCRIPT_RUN,
    UNDELIVERED,
    Device,
    DeviceStatus,
    past_deadline,
    plan_expiry,
    state_of,
)
from emulator.chapters.devices.records.installation import Setup
from emulator.chapters.devices.records.parts import OUT_OF_BAND, set_tags, tags_of
from emulator.chapters.eip.records.eips import bound_to, free
from emulator.chapters.eip.records.pool import give_address
from emulator.chapters.vpc.records.addresses import is_free
from emulator.chapters.vpc.records.networks import SUBNETS
from emulator.checking.words import meant
from emulator.clock import add_months, to_wire
from emulator.world.by_hand import Free, ImpossibleChange, Moment, Text, app_ids, given, moment
from emulator.world.facets import Columns
from emulator.world.pending import work_on
from emulator.world.world import World


class OutOfBandLogin(Struct, frozen=True, forbid_unknown_fields=True):
    ip: Text
    """The address of the out-of-band interface."""
    user_name: Text
    """The user name of the out-of-band login."""
    password: Free
    """The password of the out-of-band login."""
    serial_number: Text
    """The serial number of the server."""


class DeviceView(Struct, frozen=True):
    instance_id: str
    """The id of the device, such as cpm-an5a9wv4."""
    app_id: str
    """The account that the device belongs to."""
    alias: str
    """The name that the customer gave the device."""
    state: str
    """running, shutdown, isolated, fault, rebooting, …: its lasting state or what it is passing through."""
    busy_with: str | None
    """The kind of the operation that works on the device; null: none."""
    os_type: str
    """linux or xserver."""
    system_id: int
    """The operating system, by its number in the catalogue."""
    raid_id: int
    """The RAID level, by its number in the catalogue."""
    class_code: str
    """The device class, such as PS100v1."""
    zone_id: int
    """The availability zone, by its number."""
    vpc: str | None
    """The VPC of the device, by its unVpcId; null: none."""
    subnet: str | None
    """The subnet of the device, by its unSubnetId; null: none."""
    lan_ip: str | None
    """The address in the subnet; null: none."""
    wan_ip: str | None
    """The public address; null: none."""
    login_type: str
    """password, key or none."""
    user_name: str
    """The user name of the operating system's login."""
    password: str
    """The password of that login; empty: none is known."""
    login_key: str | None
    """The SSH key of that login; null: none."""
    agent_alive: bool
    """Whether the agent on the device answers."""
    auto_renew: bool
    """Whether the device is renewed when it expires."""
    pay_mode: int
    """1 prepaid, 2 postpaid."""
    setup: Setup | None
    """The partitions, file system and agents that the device was installed with; null: as usual."""
    delivered_at: str
    """When the device was delivered, in China Standard Time."""
    deadline: str
    """When the device expires, in China Standard Time."""
    tags: dict[str, str]
    """The values of the tags, by key."""
    out_of_band: OutOfBandLogin | None
    """The out-of-band login; null: the record is gone."""


class DeviceChanges(Struct, frozen=True, forbid_unknown_fields=True):
    alias: Text | UnsetType = UNSET
    """The name that the customer gives the device."""
    state: Text | UnsetType = UNSET
    """running, shutdown, isolated, fault, start-failed, shutdown-failed, reboot-failed, reinstall-failed."""
    device_status: Annotated[int, Meta(ge=1, le=14)] | UnsetType = UNSET
    """Any deviceStatus of the page, also one that passes; nothing ends it by itself."""
    operate_status: Annotated[int, Meta(ge=1, le=15)] | UnsetType = UNSET
    """Any operateStatus of the page, likewise."""
    deadline: Moment | UnsetType = UNSET
    """When the device expires; a past time is carried out at the next call. Left out where `state` makes it isolated:
    a day ago; where `state` takes it out of the recycle bin: in a month.
    """
    auto_renew: bool | UnsetType = UNSET
    """Whether the device is renewed when it expires."""
    pay_mode: Literal[1, 2] | UnsetType = UNSET
    """1 prepaid, 2 postpaid."""
    agent_alive: bool | UnsetType = UNSET
    """Whether the agent on the device answers."""
    lan_ip: Text | UnsetType | None = UNSET
    """A free address of the device's subnet; null: none."""
    wan_ip: Text | UnsetType | None = UNSET
    """The public address: a free elastic IP of the account, or a new one; null: none."""
    login_type: Literal["password", "key", "none"] | UnsetType = UNSET
    """password, key or none."""
    user_name: Text | UnsetType = UNSET
    """The user name of the operating system's login."""
    password: Free | UnsetType = UNSET
    """The password of that login."""
    login_key: Free | UnsetType | None = UNSET
    """The SSH key of that login; null: none."""
    tags: dict[Text, Free] | UnsetType = UNSET
    """The values of all its tags, by key; other tags are removed."""
    out_of_band: OutOfBandLogin | UnsetType | None = UNSET
    """The out-of-band login; null: the record is gone."""


_PLAIN = (
    "alias",
    "auto_renew",
    "pay_mode",
    "agent_alive",
    "login_type",
    "user_name",
    "password",
    "login_key",
)


def show(world: World, device: Device) -> DeviceView:
    work = work_on(world, device.instance_id, but=SCRIPT_RUN)
    login = OUT_OF_BAND.find_any(world, device.instance_id)
    shown = {name: getattr(device, name) for name in DeviceView.__struct_fields__ if hasattr(device, name)}
    shown |= {"agent_alive": bool(device.agent_alive), "auto_renew": bool(device.auto_renew)}
    shown["setup"] = None if device.setup is None else msgspec.json.decode(device.setup, type=Setup)
    shown |= {"delivered_at": to_wire(device.delivered_at), "deadline": to_wire(device.deadline)}
    return DeviceView(
        **shown,
        app_id=app_ids(world)[device.account_id],
        state=state_of(device),
        busy_with=work.kind if work else None,
        tags=dict(tags_of(world, [device.instance_id]).get(device.instance_id, ())),
        out_of_band=OutOfBandLogin(*login[1:]) if login else None,
    )


def apply_changes(world: World, device: Device, changes: DeviceChanges) -> Columns:
    """Make the changes that are not the device's own columns, and return those. Raises ImpossibleChange."""
    row = given(changes, *_PLAIN)
    if changes.lan_ip is not UNSET:
        _check_address(world, device, changes.lan_ip)
        row["lan_ip"] = changes.lan_ip
    status = device.device_status
    if changes.state is not UNSET:
        _check_state(world, device, changes.state)
        status, row["operate_status"] = DEVICE_STATES[changes.state]
        row["device_status"] = status
    if changes.device_status is not UNSET:
        row["device_status"] = status = changes.device_status
    if changes.operate_status is not UNSET:
        row["operate_status"] = changes.operate_status
    fitting = _fitting_deadline(device, status, world.clock.now())
    row["deadline"] = deadline = moment(changes.deadline, fitting)
    if status in IN_TRASH and deadline > world.clock.now():
        raise ImpossibleChange(f"{device.instance_id} is in the recycle bin, so that its deadline is past")
    numbered = changes.device_status is not UNSET
    if numbered or changes.state is not UNSET or changes.deadline is not UNSET or changes.pay_mode is not UNSET:
        # As in a fixture, a server that is isolated stays so.
        plan_expiry(
            world,
            device._replace(device_status=status, deadline=deadline, pay_mode=row.get("pay_mode", device.pay_mode)),
        )
    _change_belongings(world, device, changes)
    return row


def _change_belongings(world: World, device: Device, changes: DeviceChanges) -> None:
    """The public address, the tags and the out-of-band login."""
    if changes.wan_ip is not UNSET:
        _set_wan_ip(world, device, changes.wan_ip)
    if changes.tags is not UNSET:
        set_tags(world, device.instance_id, changes.tags)
    if changes.out_of_band is not UNSET:
        OUT_OF_BAND.remove(world, device.instance_id)
        if changes.out_of_band is not None:
            login = {name: getattr(changes.out_of_band, name) for name in OutOfBandLogin.__struct_fields__}
            OUT_OF_BAND.add(world, instance_id=device.instance_id, **login)


def _fitting_deadline(device: Device, status: int, now: int) -> int:
    """The device's deadline or, where its new state does not go with that, one that does: past in the recycle bin, a
    month from now outside it.
    """
    if status == device.device_status:
        return device.deadline
    if device.deadline > now:
        return past_deadline(status, now, device.delivered_at) or device.deadline
    return add_months(now, 1) if device.device_status in IN_TRASH else device.deadline


def _check_state(world: World, device: Device, state: str) -> None:
    if state not in DEVICE_STATES:
        near = meant(state, LASTING_STATES)
        raise ImpossibleChange(f"no device is ever {state!r}{near}; states are {', '.join(LASTING_STATES)}")
    if state not in LASTING_STATES:
        raise ImpossibleChange(f"{state} passes: call the action that begins it, with a fault if it shall hang")
    work = work_on(world, device.instance_id, but=SCRIPT_RUN)
    if work is not None and device.device_status in (DeviceStatus.IN_OPERATION, *UNDELIVERED):
        raise ImpossibleChange(f"{device.instance_id} is busy with a {work.kind}: let that end first, or set its task")


def _set_wan_ip(world: World, device: Device, address: str | None) -> None:
    for eip in bound_to(world, device.instance_id):
        free(world, eip.eip_id, world.clock.now())
    if address is not None:
        try:
            at = world.clock.now()
            give_address(world, device.account_id, device.instance_id, address, at=at, vpc=device.vpc)
        except LookupError as error:
            raise ImpossibleChange(str(error)) from None


def _check_address(world: World, device: Device, address: str | None) -> None:
    if address in (None, device.lan_ip):
        return
    subnet = SUBNETS.find(world, device.account_id, device.subnet)
    if subnet is None:
        raise ImpossibleChange(f"{device.instance_id} is in no subnet, so it has no LAN IP")
    if not is_free(world, subnet, str(address)):
        raise ImpossibleChange(f"{address!r} is not free in {subnet.un_id}, {subnet.cidr}")
