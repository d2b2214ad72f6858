"""A device's row, and its states."""

from enum import IntEnum
from typing import NamedTuple

import msgspec

from emulator.world.catalogue import DeviceClass, Parts
from emulator.world.facets import Columns
from emulator.world.pending import add_operation, drop_dates, operation_row
from emulator.world.world import World


class DeviceStatus(IntEnum):
    """As DescribeDevice's page numbers them."""

    CLAIMING = 1
    INITIALISING = 2
    INIT_FAILED = 3
    IN_OPERATION = 4
    HARDWARE_FAULT = 5
    NETWORK_FAULT = 6
    ISOLATING = 7
    ISOLATED = 8
    ISOLATION_FAILED = 9
    LIFTING_ISOLATION = 10
    LIFTING_FAILED = 11
    GOING_OFFLINE = 12
    OFFLINE = 13
    EXPIRED = 14


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
    BINDING_EIP = 12
    UNBINDING_EIP = 13
    BINDING_BALANCER = 14
    UNBINDING_BALANCER = 15


STATES = {
    "running": (DeviceStatus.IN_OPERATION, OperateStatus.RUNNING),
    "shutdown": (DeviceStatus.IN_OPERATION, OperateStatus.SHUT_DOWN),
    "isolated": (DeviceStatus.ISOLATED, OperateStatus.SHUT_DOWN),
    "fault": (DeviceStatus.HARDWARE_FAULT, OperateStatus.SHUT_DOWN),
    "init-failed": (DeviceStatus.INIT_FAILED, OperateStatus.SHUT_DOWN),
    "network-fault": (DeviceStatus.NETWORK_FAULT, OperateStatus.SHUT_DOWN),
    "isolation-failed": (DeviceStatus.ISOLATION_FAILED, OperateStatus.SHUT_DOWN),
    "lifting-failed": (DeviceStatus.LIFTING_FAILED, OperateStatus.SHUT_DOWN),
    "offline": (DeviceStatus.OFFLINE, OperateStatus.SHUT_DOWN),
    "expired": (DeviceStatus.EXPIRED, OperateStatus.SHUT_DOWN),
}
"""The states that last, by the names that people use."""
DEVICE_STATES = {
    **STATES,
    "claiming": (DeviceStatus.CLAIMING, OperateStatus.SHUT_DOWN),
    "initialising": (DeviceStatus.INITIALISING, OperateStatus.SHUT_DOWN),
    "isolating": (DeviceStatus.ISOLATING, OperateStatus.SHUT_DOWN),
    "lifting-isolation": (DeviceStatus.LIFTING_ISOLATION, OperateStatus.SHUT_DOWN),
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
    "binding-eip": (DeviceStatus.IN_OPERATION, OperateStatus.BINDING_EIP),
    "unbinding-eip": (DeviceStatus.IN_OPERATION, OperateStatus.UNBINDING_EIP),
    "binding-balancer": (DeviceStatus.IN_OPERATION, OperateStatus.BINDING_BALANCER),
    "unbinding-balancer": (DeviceStatus.IN_OPERATION, OperateStatus.UNBINDING_BALANCER),
}
"""Every state that a device is ever in, by the names that people use: deviceStatus and operateStatus."""
LASTING_STATES = tuple(state for state in DEVICE_STATES if state in STATES or state.endswith("-failed"))
"""States that a device can be put into: the others pass, and belong to an operation."""
PREPAID, POSTPAID = 1, 2
DAY_MS = 24 * 60 * 60 * 1000
EXPIRY = "device expiry"
"""The kind of operation that is planned for a device's deadline; work/expiry.py carries it out."""
SCRIPT_RUN = "script run"
"""The one kind of work that does not keep a device busy."""
UNDELIVERED = (DeviceStatus.CLAIMING, DeviceStatus.INITIALISING)
IN_TRASH = (DeviceStatus.ISOLATED, DeviceStatus.GOING_OFFLINE, DeviceStatus.OFFLINE)
MEETS_DEADLINE = (
    DeviceStatus.IN_OPERATION,
    DeviceStatus.INIT_FAILED,
    DeviceStatus.HARDWARE_FAULT,
    DeviceStatus.NETWORK_FAULT,
    DeviceStatus.LIFTING_FAILED,
)
"""The others are not delivered yet, or past their deadline."""
_OVERDUE_MS = {
    DeviceStatus.ISOLATED: DAY_MS,
    DeviceStatus.GOING_OFFLINE: 7 * DAY_MS,
    DeviceStatus.OFFLINE: 8 * DAY_MS,
}


_UP = (
    OperateStatus.RUNNING,
    OperateStatus.SHUTDOWN_FAILED,
    OperateStatus.REBOOT_FAILED,
    OperateStatus.RESETTING_PASSWORD,
    OperateStatus.BINDING_EIP,
    OperateStatus.UNBINDING_EIP,
    OperateStatus.BINDING_BALANCER,
    OperateStatus.UNBINDING_BALANCER,
)


class Device(NamedTuple):
    instance_id: str
    account_id: int
    alias: str
    device_status: int
    """As DescribeDevice prints it: 4 in operation, 8 isolated, …"""
    operate_status: int
    """As DescribeDevice prints it: 1 running, 3 shut down, …"""
    os_type: str
    """linux or xserver, as scripts name it."""
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
    """The VPC's un_id; it may name what is gone."""
    subnet: str | None
    login_type: str
    """password, key or none."""
    user_name: str
    password: str
    login_key: str | None
    agent_alive: int
    """0 or 1: whether the server's agent answers."""
    is_gateway: int
    auto_renew: int
    pay_mode: int
    """1 prepaid, 2 postpaid."""
    delivered_at: int | None
    """None: it is not delivered yet."""
    deadline: int
    bought: int
    """0 or 1: whether it came out of the stock."""

    @property
    def is_up(self) -> bool:
        """Whether its system runs: also while its password is reset, and where it failed to shut down or reboot."""
        return self.device_status == DeviceStatus.IN_OPERATION and self.operate_status in _UP

    @property
    def runs_scripts(self) -> bool:
        """Whether a script can run on it now: it is up, and its agent answers."""
        return self.is_up and bool(self.agent_alive)


def class_of(world: World, device: Device) -> DeviceClass | None:
    """None where the catalogue has the class no longer."""
    if device.parts is None:
        return world.catalogue.device_class(device.class_code)
    return world.catalogue.custom_class(msgspec.json.decode(device.parts, type=Parts))


def expiry_of(instance_id: str, deadline: int) -> Columns:
    """The operation that waits for a device's deadline."""
    return operation_row(EXPIRY, deadline, [], about=instance_id)


def past_deadline(device_status: int, now: int, delivered_at: int | None) -> int | None:
    """When a device in the recycle bin expired, where nobody says so: a day ago, or seven days if it is going offline,
    but not before its delivery. None: it is not in the recycle bin.
    """
    overdue = _OVERDUE_MS.get(DeviceStatus(device_status))
    return None if overdue is None else min(now, max(now - overdue, delivered_at or 0))


def plan_expiry(world: World, device: Device) -> None:
    """Put a device's deadline into the calendar, in the place of its other dates; one that is billed afterwards has
    none.
    """
    drop_dates(world, device.instance_id)
    if device.device_status in MEETS_DEADLINE and device.pay_mode == PREPAID:
        add_operation(world, expiry_of(device.instance_id, device.deadline))


def state_of(device: Device) -> str:
    """One of DEVICE_STATES. Out of operation, the operateStatus does not matter."""
    status = (device.device_status, device.operate_status)
    for state, numbers in DEVICE_STATES.items():
        if numbers == status or (status[0] != DeviceStatus.IN_OPERATION and numbers[0] == status[0]):
            return state
    raise ValueError(f"{device.instance_id} has deviceStatus {status[0]} and operateStatus {status[1]}")
