"""Operations on servers (物理服务器相关接口): power, password, system.

Each answers at once with a task's number (ShutdownDevice without) and ends when its time is up; meanwhile
DescriptionOperationResult reports its progress. It begins on all servers or, where one cannot, on none:
InvalidParameter 10001 for an id that is not the account's, OperationDenied.IncorrectInstanceStatus 12002 for a server
that is not in operation, in the wrong power state, or busy with something else. A server whose reboot failed may be
down or up: it can be started, and everything can be done that needs a running one.

ReloadDeviceOs accepts the system that the server has, whatever its class supports now, and keeps what is not sent. It
also takes what the vendor's command line sends: vpcId and subnetId, the numbers of the networks, and sysUsrlocalSpace.
"""

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.actions.passwords import RULES, is_allowed
from emulator.chapters.devices.actions.servers import own_devices
from emulator.chapters.devices.records.device import Device, class_of
from emulator.chapters.devices.records.installation import setup_of, too_large
from emulator.chapters.devices.work import operations as kinds
from emulator.chapters.devices.work.operations import DeviceOperation, begin_operations
from emulator.chapters.eip.records.eips import bound_to
from emulator.chapters.finding import find
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.addresses import free_addresses, is_free
from emulator.chapters.vpc.records.interfaces import interfaces_of
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, N, Subnet, numbered
from emulator.world.resource import Resource

Changes = dict[str, str | int | None]


@action("StartDevice", begins_operations=True)
def start_device(call: Call) -> Body:
    """Switch devices on (物理服务器相关接口/开启服务器.md)."""
    return _task(_begin(call, kinds.START, _targets(call)))


@action("ShutdownDevice", begins_operations=True)
def shutdown_device(call: Call) -> Body:
    """Switch devices off (物理服务器相关接口/关闭服务器.md); the page prints no task."""
    _begin(call, kinds.SHUTDOWN, _targets(call))
    return {"data": None}


@action("RebootDevice", begins_operations=True)
def reboot_device(call: Call) -> Body:
    """Reboot devices (物理服务器相关接口/重启服务器.md)."""
    return _task(_begin(call, kinds.REBOOT, _targets(call)))


@action("ResetDevicePasswd", begins_operations=True)
def reset_device_passwd(call: Call) -> Body:
    """Set the password of root or Administrator (物理服务器相关接口/重置密码.md); it holds when the task is over.

    InvalidParameter 10001: a password against the page's rule.
    OperationDenied.TsysAgentNotAlive 12006: a device's agent does not answer.
    """
    targets = _targets(call)
    for device in targets:
        _check_password(call["passwd"], device.os_type)
        if not device.agent_alive:
            raise Refusal("OperationDenied.TsysAgentNotAlive", why=f"the agent of {device.instance_id} does not answer")
    return _task(_begin(call, kinds.RESET_PASSWORD, targets, _password(call)))


@action("ReloadDeviceOs", begins_operations=True)
def reload_device_os(call: Call) -> Body:
    """Reinstall a device (物理服务器相关接口/重装操作系统.md): system, RAID type and network as before where not sent.

    What is sent of partitions, file system, hyper-threading and agents is kept, and what is not sent stays as it was.
    The server's agent answers again when the installation has succeeded.

    InvalidParameter 10001: a system that the class does not support, a password against the page's rule, a VPC or
    subnet that is not the account's, one of the two alone, a subnet of another VPC, an address that is not free
    there, a subnet without a free address, partitions larger than the system disk. OperationDenied.RaidNotSupport
    12003: a RAID type that the class does not support.
    """
    [device] = own_devices(call, [call["instanceId"]], "instanceId")
    setup = setup_of(call, before=device.setup)
    changes = {**_system(call, device), **_network(call, device), **_password(call), "setup": setup, "agent_alive": 1}
    _check_password(call["passwd"], str(changes["os_type"]))
    _check_partitions(call, device, int(changes["raid_id"] or 0), setup)
    return _task(_begin(call, kinds.REINSTALL, [device], changes))


def _targets(call: Call) -> list[Device]:
    return own_devices(call, dict.fromkeys(call["instanceIds"]))


def _begin(call: Call, kind: DeviceOperation, targets: list[Device], changes: Changes | None = None) -> int:
    for device in targets:
        if not kind.can_begin(device):
            states = f"deviceStatus {device.device_status}, operateStatus {device.operate_status}"
            raise Refusal("OperationDenied.IncorrectInstanceStatus", why=f"{device.instance_id} has {states}")
    operator = call.get("opUin") or ""
    return begin_operations(call, kind, targets, operator=operator, changes=changes or {})


def _task(number: int) -> Body:
    return {"data": {"taskId": number}}


def _password(call: Call) -> Changes:
    return {"password": call["passwd"], "login_type": "password"}


def _system(call: Call, device: Device) -> Changes:
    catalogue = call.world.catalogue
    device_class = class_of(call.world, device)
    system_id = device.system_id if call.get("osTypeId") is None else call["osTypeId"]
    raid_id = device.raid_id if call.get("raidId") is None else call["raidId"]
    system = catalogue.system(system_id)
    supported = device_class is not None and (system_id in device_class.systems or system_id == device.system_id)
    if system is None or not supported:
        why = f"the class {device.class_code} does not run the system {system_id}"
        raise Refusal("InvalidParameter", subject="osTypeId", why=why)
    if device_class is not None and device_class.raid(raid_id) is None:
        raise Refusal("OperationDenied.RaidNotSupport", why=f"{device.class_code} has no RAID type {raid_id}")
    user_name = "root" if system.family == "linux" else "Administrator"
    return {"system_id": system_id, "os_type": system.family, "raid_id": raid_id, "user_name": user_name}


def _check_partitions(call: Call, device: Device, raid_id: int, setup: str) -> None:
    device_class = class_of(call.world, device)
    layout = device_class.raid(raid_id) if device_class else None
    system_disk = device_class.gibibytes(layout.system) if device_class and layout else None
    if device_class is None or system_disk is None:
        return
    large = too_large(setup, system_disk, uefi=device_class.uefi)
    if large is not None:
        raise Refusal("InvalidParameter", subject=large, why="the partitions are larger than the system disk")


def _network(call: Call, device: Device) -> Changes:
    """Where the server will be: a move takes the address that was sent, or the lowest free one of the new subnet."""
    wanted = call.get("lanIp")
    sent_vpc, sent_subnet = _network_id(call, VPCS, "unVpcId"), _network_id(call, SUBNETS, "unSubnetId")
    if not sent_vpc and not sent_subnet:
        subnet = SUBNETS.find(call.world, call.account_id, device.subnet)
        if not wanted or wanted == device.lan_ip:
            return {}
        return {"lan_ip": _free_address(call, subnet, wanted)}
    vpc = find(call, VPCS, sent_vpc, unknown="InvalidParameter", subject="unVpcId")
    subnet = find(call, SUBNETS, sent_subnet, unknown="InvalidParameter", subject="unSubnetId")
    if subnet.vpc != vpc.un_id:
        raise Refusal("InvalidParameter", subject="unSubnetId", why=f"{subnet.un_id} is a subnet of {subnet.vpc}")
    if vpc.un_id != device.vpc:
        _check_may_move(call, device)
    stays = subnet.un_id == device.subnet and (not wanted or wanted == device.lan_ip)
    address = device.lan_ip if stays else _free_address(call, subnet, wanted)
    return {"vpc": vpc.un_id, "subnet": subnet.un_id, "lan_ip": address}


def _check_may_move(call: Call, device: Device) -> None:
    """What a server has in its VPC it cannot take into another."""
    held = [eip.eip_id for eip in bound_to(call.world, device.instance_id) if eip.vpc]
    held += [interface.subnet for interface in interfaces_of(call.world, device.instance_id)]
    if held:
        why = f"{device.instance_id} has {', '.join(held)} in {device.vpc}: unbind or leave that first"
        raise Refusal("InvalidParameter", subject="unVpcId", why=why)


def _network_id(call: Call, resource: Resource[N], parameter: str) -> str:
    """The un_id that the call sends, as such or by its number (vpcId, subnetId); empty: neither."""
    un_id: str = call.get(parameter) or ""
    name = parameter[2].lower() + parameter[3:]
    number = call.get(name)
    if un_id or number is None:
        return un_id
    found = numbered(call.world, call.account_id, resource, [number])
    if not found:
        raise Refusal("InvalidParameter", subject=name, why=f"the account has no {resource.singular} {number}")
    return found[0]


def _free_address(call: Call, subnet: Subnet | None, wanted: str | None) -> str:
    if subnet is None or (wanted and not is_free(call.world, subnet, wanted)):
        raise Refusal("InvalidParameter", subject="lanIp", why=f"{wanted!r} is not free in the subnet")
    address = wanted or next(free_addresses(call.world, subnet), None)
    if address is None:
        raise Refusal("InvalidParameter", subject="unSubnetId", why=f"{subnet.un_id} has no free address")
    return address


def _check_password(password: str, os_type: str) -> None:
    if not is_allowed(password, os_type):
        raise Refusal("InvalidParameter", subject="passwd", why=f"the password is against the rule: {RULES[os_type]}")
