"""Actions that no page documents, but that the vendor's command line (qcloudcli 1.9.20) calls.

Their names and parameters are the command line's own; the fields of their answers are guesses in the manner of the
neighbouring actions. InvalidParameter 10001: an id that is not the account's.
"""

from collections.abc import Iterable

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.records.device import SCRIPT_RUN, UNDELIVERED, Device, DeviceStatus, class_of
from emulator.chapters.devices.records.devices import DEVICES, MANY, list_devices
from emulator.chapters.devices.records.installation import partition_sizes, raid_row
from emulator.chapters.devices.records.stock import left
from emulator.chapters.finding import find, seen_only
from emulator.chapters.registry import action
from emulator.chapters.undocumented.work import begin_return
from emulator.world.catalogue import Parts
from emulator.world.pending import work_on

_PARTS = ("cpuId", "mem", "diskTypeId1", "diskNum1")
_STEPS = ((DeviceStatus.CLAIMING, "申领设备中"), (DeviceStatus.INITIALISING, "正在初始化设备"))
_NOT_RETURNED = (
    *UNDELIVERED,
    DeviceStatus.ISOLATING,
    DeviceStatus.LIFTING_ISOLATION,
    DeviceStatus.GOING_OFFLINE,
    DeviceStatus.OFFLINE,
)


@action("DescribeBmInstances")
def describe_bm_instances(call: Call) -> Body:
    """List all servers that are not in the recycle bin, in short (qcloudcli 1.9.20)."""
    found, total = list_devices(call.world, call.account_id, trash=False, wheres=seen_only(call), offset=0, limit=MANY)
    rows = [
        {
            "instanceId": device.instance_id,
            "alias": device.alias,
            "lanIp": device.lan_ip or "",
            "wanIp": device.wan_ip or "",
            "deviceStatus": str(device.device_status),
        }
        for device in found
    ]
    return {"data": {"totalNum": total, "instanceList": rows}}


@action("DescribeDeviceInventory")
def describe_device_inventory(call: Call) -> Body:
    """Count how many of a class, or of a custom model, a zone has left (qcloudcli 1.9.20).

    InvalidParameter 10001: no such zone, class or parts.
    """
    catalogue = call.world.catalogue
    if call["zoneId"] not in [zone.id for zone in catalogue.zones]:
        raise Refusal("InvalidParameter", subject="zoneId", why=f"there is no zone {call['zoneId']}")
    if call.get("deviceClassCode"):
        found = catalogue.device_class(call["deviceClassCode"])
    else:
        cpu_id, memory, disk, number = (call.get(name) or 0 for name in _PARTS)
        more = (call.get("diskTypeId2") or 0, call.get("diskNum2") or 0)
        models = (catalogue.custom_class(Parts(cpu_id, memory, card, disk, number, *more)) for card in (0, 1))
        found = next((model for model in models if model), None)
    if found is None:
        raise Refusal("InvalidParameter", subject="deviceClassCode", why="there is no such class, or no such parts")
    number = left(call.world, call["zoneId"], found)
    return {"data": {"deviceClassCode": found.code, "zoneId": str(call["zoneId"]), "inventory": number}}


@action("DescribeDevicePartition")
def describe_device_partition(call: Call) -> Body:
    """Describe a server's RAID type and partitions (qcloudcli 1.9.20), as DescribeDeviceClassPartition a class's."""
    device = _device(call, call["instanceId"], "instanceId")
    device_class = class_of(call.world, device)
    layout = device_class.raid(device.raid_id) if device_class else None
    if device_class is None or layout is None:
        return {"data": None}
    sizes = partition_sizes(device.setup, device_class.gibibytes(layout.system), uefi=device_class.uefi)
    return {"data": {**raid_row(call.world.catalogue, device_class, layout), **sizes}}


@action("DescribeDevicePrice")
def describe_device_price(call: Call) -> Body:
    """Describe what it costs to renew servers (qcloudcli 1.9.20), in cents, each and together."""
    rows = [
        {"instanceId": device.instance_id, "unitPrice": price, "realPrice": price * call["timeSpan"]}
        for device, price in ((device, _price(call, device)) for device in _devices(call, call["instanceIds"]))
    ]
    return {"data": {"totalPrice": sum(row["realPrice"] for row in rows), "priceList": rows}}


@action("GetDeviceDeployProcess")
def get_device_deploy_process(call: Call) -> Body:
    """List the steps of a server's delivery (qcloudcli 1.9.20): status 0 to come, 1 going on, 2 done."""
    device = _device(call, call["instanceId"], "instanceId")
    steps = [
        {"name": name, "status": 1 if device.device_status == step else 2 * (device.device_status > step)}
        for step, name in _STEPS
    ]
    return {"data": {"instanceId": device.instance_id, "deviceStatus": str(device.device_status), "steps": steps}}


@action("OfflineDevice", begins_operations=True)
def offline_device(call: Call) -> Body:
    """Give servers back (qcloudcli 1.9.20): they go offline, and are gone when the task is over.

    OperationDenied.IncorrectInstanceStatus 12002: one is not delivered yet, busy, or going offline already.
    """
    targets = _devices(call, dict.fromkeys(call["instanceIds"]))
    for device in targets:
        if device.device_status in _NOT_RETURNED:
            why = f"{device.instance_id} has deviceStatus {device.device_status}"
            raise Refusal("OperationDenied.IncorrectInstanceStatus", why=why)
        if (work := work_on(call.world, device.instance_id, but=SCRIPT_RUN)) is not None:
            why = f"{device.instance_id} is busy with {work.kind}"
            raise Refusal("OperationDenied.IncorrectInstanceStatus", why=why)
    return {"data": {"taskId": begin_return(call, targets)}}


def _device(call: Call, instance_id: str, parameter: str) -> Device:
    return find(call, DEVICES, instance_id, unknown="InvalidParameter", subject=parameter)


def _devices(call: Call, instance_ids: Iterable[str]) -> list[Device]:
    return [_device(call, instance_id, "instanceIds") for instance_id in instance_ids]


def _price(call: Call, device: Device) -> int:
    device_class = class_of(call.world, device)
    return device_class.price if device_class else 0
