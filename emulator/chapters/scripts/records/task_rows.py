"""The rows of script tasks and their runs."""

from typing import Any, NamedTuple

from emulator.chapters.devices.records.device import Device
from emulator.chapters.vpc.records.networks import Network
from emulator.world.resource import Resource

IN_PROGRESS, FINISHED = -1, 0


class Task(NamedTuple):
    auto_id: int
    task_id: str
    account_id: int
    cmd_id: str
    cmd_alias: str
    status: int
    """-1 in progress, 0 finished."""
    instance_count: int
    success_count: int
    failure_count: int
    began_at: int
    ended_at: int | None


class Run(NamedTuple):
    auto_id: int
    task_id: str
    began_at: int
    ended_at: int | None
    status: int
    """-1 in progress, 0 success, above 0 an error number."""
    instance_id: str
    instance_name: str
    vpc_name: str
    vpc_id: str
    un_vpc_id: str
    vpc_cidr: str
    subnet_name: str
    subnet_id: str
    un_subnet_id: str
    subnet_cidr: str
    lan_ip: str
    cmd_content: str
    """Base64, as the next two."""
    cmd_param: str
    cmd_result: str
    last_shell_exit: int


RUNS: Resource[Run] = Resource(
    "task_runs", "run", Run, id="auto_id", is_large=True, numbered="auto_id", indexes=(("task_id",),)
)


def run_columns(device: Device, vpc: Network, subnet: Network) -> dict[str, Any]:
    """The columns of a run that describe its device and the network it was in."""
    return {
        "instance_id": device.instance_id,
        "instance_name": device.alias,
        "vpc_name": vpc.name,
        "vpc_id": str(vpc.id),
        "un_vpc_id": vpc.un_id,
        "vpc_cidr": vpc.cidr,
        "subnet_name": subnet.name,
        "subnet_id": str(subnet.id),
        "un_subnet_id": subnet.un_id,
        "subnet_cidr": subnet.cidr,
        "lan_ip": device.lan_ip or "",
    }
