"""What servers there are to buy (物理服务器相关接口): classes, RAID types, systems, parts.

The catalogue holds the printed entries and believable others; the files of `fixtures/catalogue/` are yours to edit.

The pages document no error for a class that is not known: it simply has no RAID types and no systems. The code of a
custom model is known to the account that has such a server.
DescribeDeviceClassPartition answers in the envelope that its page prints (`returnCode`), which no other page does.
"""

import msgspec

from emulator.call import Body, Call
from emulator.chapters.devices.records.device import Device, class_of
from emulator.chapters.devices.records.devices import DEVICES, class_named
from emulator.chapters.devices.records.installation import ROOT, SWAP, SYSTEM_PARTITIONS, USR_LOCAL, raid_row
from emulator.chapters.finding import seen
from emulator.chapters.registry import action
from emulator.world.catalogue import Catalogue, DeviceClass, Parts, RaidLayout

_UPDATED = "2018-01-05 12:29:25"


@action("DescribeDeviceClass")
def describe_device_class(call: Call) -> Body:
    """List the device classes with hardware and price (物理服务器相关接口/查询设备型号.md)."""
    return {"data": [_class(found) for found in call.world.catalogue.classes]}


@action("DescribeDeviceClassRaid")
def describe_device_class_raid(call: Call) -> Body:
    """List the RAID types of one class, or of all (物理服务器相关接口/查询RAID列表.md).

    Sizes are those printed on the disks; partitions in GB.
    """
    wanted = call.get("deviceClassCode")
    catalogue = call.world.catalogue
    found = [known for known in catalogue.classes if not wanted or wanted in (known.code, known.name)]
    if not found and (custom := class_named(call.world, call.account_id, wanted or "")):
        found = [custom]
    return {
        "data": {known.code: {str(raid.id): _raid(catalogue, known, raid) for raid in known.raids} for known in found}
    }


@action("DescribeDeviceClassPartition")
def describe_device_class_partition(call: Call) -> Body:
    """List the RAID types of a class, or of a device's, with the sizes of their partitions
    (物理服务器相关接口/查询机型RAID方式以及系统盘大小.md). Sizes in GiB.

    The page prints another envelope than its table and than every other page: this one.
    """
    catalogue = call.world.catalogue
    found = class_named(call.world, call.account_id, call.get("deviceClassCode") or "")
    if call.get("instanceId"):
        device = seen(call, DEVICES, call["instanceId"])
        found = class_of(call.world, device) if device else None
    layouts = found.raids if found else ()
    return {
        "version": "1.0",
        "eventId": 121,
        "timestamp": call.now // 1000,
        "componentName": "bmApi",
        "returnCode": 0,
        "returnMessage": "OK",
        "data": {str(raid.id): raid_row(catalogue, found, raid) for raid in layouts if found},
    }


@action("DescribeOs")
def describe_os(call: Call) -> Body:
    """List the systems that a class supports (物理服务器相关接口/查询操作系统列表.md)."""
    catalogue = call.world.catalogue
    found = class_named(call.world, call.account_id, call["deviceClassCode"])
    supported = [system for system in catalogue.systems if found and system.id in found.systems]
    rows = [
        {
            "osTypeId": str(system.id),
            "osName": system.name,
            "osNameDisplay": system.display,
            "osClass": system.system_class,
        }
        for system in supported
    ]
    return {"data": rows}


@action("DescribeHardwareSpecification")
def describe_hardware_specification(call: Call) -> Body:
    """List the parts of custom models (物理服务器相关接口/查询自定义机型部件配置.md)."""
    catalogue = call.world.catalogue
    cpus = [
        {"cpuId": cpu.id, "cpuDesc": cpu.description, "series": cpu.series, "haveRaidCard": list(cpu.raid_card)}
        for cpu in catalogue.cpus
    ]
    disks = [
        {
            "diskTypeId": disk.id,
            "medium": disk.medium,
            "interface": disk.interface,
            "size": disk.size,
            "svrHeight": disk.height,
            "repr": disk.repr,
            "goodsCode": disk.goods_code,
            "pid": disk.pid,
            "newGoodsCode": disk.new_goods_code,
            "newPid": disk.new_pid,
            "order": disk.order,
            "priority": disk.priority,
            "isUse": "1",
        }
        for disk in catalogue.disks
    ]
    return {"data": {"cpu": cpus, "mem": list(catalogue.memory_sizes), "disk": disks, "special": []}}


@action("DescribeDeviceHardwareInfo")
def describe_device_hardware_info(call: Call) -> Body:
    """Describe what devices are made of (物理服务器相关接口/查询设备硬件配置信息.md).

    An id that is not the account's is left out. A standard model has no part numbers: 0.
    """
    found = (seen(call, DEVICES, instance_id) for instance_id in call["instanceIds"])
    pairs = ((device, class_of(call.world, device)) for device in found if device)
    return {
        "data": [
            _hardware(call.world.catalogue, device, device_class) for device, device_class in pairs if device_class
        ]
    }


def _hardware(catalogue: Catalogue, device: Device, device_class: DeviceClass) -> Body:
    parts = msgspec.json.decode(device.parts, type=Parts) if device.parts else None
    chosen = parts or Parts(0, device_class.memory, 1, 0, max(raid.system + raid.data for raid in device_class.raids))
    return {
        "instanceId": device.instance_id,
        "deviceClass": device_class.code if parts else device_class.name,
        "isElastic": str(int(parts is not None)),
        "cpmPayMode": str(device.pay_mode),
        "cpuId": str(chosen.cpu_id),
        "mem": str(chosen.memory),
        "haveRaidCard": str(chosen.raid_card),
        "diskTypeId1": str(chosen.disk1),
        "diskNum1": str(chosen.number1),
        "diskTypeId2": chosen.disk2,
        "diskNum2": chosen.number2,
        "cpuDesc": device_class.cpu,
        "memDesc": f"{device_class.memory}G",
        "diskDesc": device_class.disk,
        "nicDesc": device_class.nic,
        "raidDesc": "支持" if chosen.raid_card else "不支持",
        "goodsDetail": {
            "pid": device_class.pid,
            **_goods(catalogue, device_class, parts),
            "deviceClass": device_class.code,
        },
    }


def _goods(catalogue: Catalogue, device_class: DeviceClass, parts: Parts | None) -> Body:
    """How many of each of a custom model's goods."""
    if parts is None:
        return {}
    disks = ((catalogue.part(parts.disk1), parts.number1), (catalogue.part(parts.disk2), parts.number2))
    counted = {disk.goods_code: number for disk, number in disks if disk and number}
    return {f"bm_elastic_{device_class.name}": 1, **counted, "bm_elastic_MEM_32G": parts.memory // 32}


def _class(found: DeviceClass) -> Body:
    return {
        "deviceClass": found.name,
        "deviceClassDisplay": found.display,
        "useType": found.use_type,
        "eUseType": found.use_type_en,
        "cpuDesc": found.cpu,
        "memDesc": f"{found.memory}GB",
        "diskDesc": found.disk,
        "canRaid": "1",
        "nicDesc": found.nic,
        "pid": str(found.pid),
        "isSale": str(int(found.stock > 0)),
        "isUefi": str(int(found.uefi)),
        "gpuDesc": "",
        "deviceClassCode": found.code,
        "series": "1",
        "discount": 100,
        "unitPrice": found.price,
        "realPrice": found.price,
    }


def _raid(catalogue: Catalogue, found: DeviceClass, layout: RaidLayout) -> Body:
    raid = catalogue.raid_type(layout.id)
    whole = (layout.system + layout.data) * found.disk_gb
    system = layout.system * found.disk_gb
    partition = {"/": ROOT, "swap": SWAP, "/usr/local": USR_LOCAL}
    apart = {**partition, "data": system - SYSTEM_PARTITIONS, "unformat": whole - system}
    return {
        "deviceClass": found.name,
        "deviceClassCode": found.code,
        "raidId": str(layout.id),
        "diskSize": f"{whole}G",
        "partition": {**partition, "data": whole - SYSTEM_PARTITIONS},
        "unFormatPartition": apart if layout.data else "",
        "updateTime": _UPDATED,
        "raid": raid.name if raid else "",
        "raidDisplay": raid.display if raid else "",
        "description": raid.description if raid else "",
    }
