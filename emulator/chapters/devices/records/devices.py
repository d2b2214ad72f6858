"""Devices and their place in the network."""

from enum import IntEnum
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Table, bindparam, delete, select, update

from emulator.chapters.devices.records.tables import device_tags, devices, out_of_band
from emulator.world.catalogue import DeviceClass, Parts
from emulator.world.database import Prepared
from emulator.world.pending import planned
from emulator.world.schema import subnets, vpcs
from emulator.world.world import World


class DeviceStatus(IntEnum):
    """As DescribeDevice's page numbers them."""

    CLAIMING = 1
    INITIALISING = 2
    IN_OPERATION = 4
    HARDWARE_FAULT = 5
    ISOLATED = 8
    GOING_OFFLINE = 12


class OperateStatus(IntEnum):
    """Likewise."""

    RUNNING = 1
    SHUTTING_DOWN = 2
    SHUT_DOWN = 3
    SHUTDOWN_FAILED = 4
    STARTING = 5
    START_FAILED = 6
    REBOOTING = 7
    REBOOT_FAILED = 8
    REINSTALLING = 9
    REINSTALL_FAILED = 10
    RESETTING_PASSWORD = 11


STATES = {
    "running": (DeviceStatus.IN_OPERATION, OperateStatus.RUNNING),
    "shutdown": (DeviceStatus.IN_OPERATION, OperateStatus.SHUT_DOWN),
    "isolated": (DeviceStatus.ISOLATED, OperateStatus.SHUT_DOWN),
    "fault": (DeviceStatus.HARDWARE_FAULT, OperateStatus.SHUT_DOWN),
}
"""What a fixture calls them."""
DEVICE_STATES = {
    **STATES,
    "claiming": (DeviceStatus.CLAIMING, OperateStatus.SHUT_DOWN),
    "initialising": (DeviceStatus.INITIALISING, OperateStatus.SHUT_DOWN),
    "going-offline": (DeviceStatus.GOING_OFFLINE, OperateStatus.SHUT_DOWN),
    "shutting-down": (DeviceStatus.IN_OPERATION, OperateStatus.SHUTTING_DOWN),
    "shutdown-failed": (DeviceStatus.IN_OPERATION, OperateStatus.SHUTDOWN_FAILED),
    "starting": (DeviceStatus.IN_OPERATION, OperateStatus.STARTING),
    "start-failed": (DeviceStatus.IN_OPERATION, OperateStatus.START_FAILED),
    "rebooting": (DeviceStatus.IN_OPERATION, OperateStatus.REBOOTING),
    "reboot-failed": (DeviceStatus.IN_OPERATION, OperateStatus.REBOOT_FAILED),
    "reinstalling": (DeviceStatus.IN_OPERATION, OperateStatus.REINSTALLING),
    "reinstall-failed": (DeviceStatus.IN_OPERATION, OperateStatus.REINSTALL_FAILED),
    "resetting-password": (DeviceStatus.IN_OPERATION, OperateStatus.RESETTING_PASSWORD),
}
"""Every state that a device is ever in, as faults and the inventory by hand call it."""
PREPAID, POSTPAID = 1, 2
EXPIRY = "device expiry"
"""The kind of operation that is planned for a device's deadline; lifecycle/expiry.py carries it out."""
IN_TRASH = (DeviceStatus.ISOLATED, DeviceStatus.GOING_OFFLINE)


class Network(NamedTuple):
    """A VPC or a subnet: its numeric id, its id, its name and its address block."""

    id: int
    un_id: str
    name: str
    cidr: str


class Device(NamedTuple):
    instance_id: str
    alias: str
    device_status: int
    operate_status: int
    os_type: str
    system_id: int
    raid_id: int
    class_code: str
    parts: str | None
    """JSON, of a custom model."""
    setup: str | None
    """JSON: the parameters of partitions, file system, hyper-threading and agents that it was installed with."""
    zone_id: int
    rack: str
    rack_position: str
    switches: str
    lan_ip: str | None
    wan_ip: str | None
    vpc: str | None
    subnet: str | None
    login_type: str
    user_name: str
    password: str
    login_key: str | None
    agent_alive: int
    is_gateway: int
    auto_renew: int
    pay_mode: int
    delivered_at: int
    deadline: int

    @property
    def is_running(self) -> bool:
        return (self.device_status, self.operate_status) == STATES["running"]


COLUMNS = tuple(devices.c[name] for name in Device._fields)
_DEVICE = Prepared(
    select(*COLUMNS).where(
        devices.c.instance_id == bindparam("instance_id"), devices.c.account_id == bindparam("account_id")
    )
)


def _network(table: Table) -> Prepared:
    return Prepared(
        select(*(table.c[name] for name in Network._fields)).where(
            table.c.un_id == bindparam("network_id"), table.c.account_id == bindparam("account_id")
        )
    )


_VPC = _network(vpcs)
_SUBNET = _network(subnets)
_WITH_LOGIN = Prepared(
    select(devices.c.instance_id)
    .join(out_of_band)
    .where(devices.c.account_id == bindparam("account_id"))
    .order_by(devices.c.instance_id)
    .limit(1)
)


def find_device(world: World, account_id: int, instance_id: str) -> Device | None:
    row = _DEVICE.first(world.database, account_id=account_id, instance_id=instance_id)
    return Device._make(row) if row else None


def class_of(world: World, device: Device) -> DeviceClass | None:
    """None where the catalogue has it no longer."""
    if device.parts is None:
        return world.catalogue.device_class(device.class_code)
    return world.catalogue.custom_class(msgspec.json.decode(device.parts, type=Parts))


def find_vpc(world: World, account_id: int, un_id: str | None) -> Network | None:
    row = _VPC.first(world.database, account_id=account_id, network_id=un_id)
    return Network._make(row) if row else None


def find_subnet(world: World, account_id: int, un_id: str | None) -> Network | None:
    row = _SUBNET.first(world.database, account_id=account_id, network_id=un_id)
    return Network._make(row) if row else None


def first_device(world: World, account_id: int) -> str | None:
    """A device of the account that has an out-of-band record."""
    row = _WITH_LOGIN.first(world.database, account_id=account_id)
    return row[0] if row else None


def find_any_device(world: World, instance_id: str) -> tuple[int, Device] | None:
    """With its account's number, whichever that is."""
    row = world.execute(select(devices.c.account_id, *COLUMNS).where(devices.c.instance_id == instance_id)).first()
    return (row[0], Device._make(row[1:])) if row else None


def expiry_of(instance_id: str, deadline: int) -> dict[str, Any]:
    """The operation that waits for a device's deadline."""
    return planned(EXPIRY, 0, deadline, {"instance_id": instance_id}, about=instance_id)


def remove_device(world: World, instance_id: str) -> None:
    """With its out-of-band record and its tags; its log stays."""
    world.device_ids.clear()
    for table in (device_tags, out_of_band, devices):
        world.execute(delete(table).where(table.c.instance_id == instance_id))


def state_of(device: Device) -> str:
    """One of DEVICE_STATES: out of operation, what is going on with it does not matter."""
    status = (device.device_status, device.operate_status)
    for state, numbers in DEVICE_STATES.items():
        if numbers == status or (status[0] != DeviceStatus.IN_OPERATION and numbers[0] == status[0]):
            return state
    raise ValueError(f"{device.instance_id} has deviceStatus {status[0]} and operateStatus {status[1]}")


def change_device(world: World, instance_id: str, **changes: Any) -> None:  # noqa: ANN401
    if "device_status" in changes:
        world.device_ids.clear()
    world.execute(update(devices).where(devices.c.instance_id == instance_id).values(**changes))
