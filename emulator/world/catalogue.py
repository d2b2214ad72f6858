"""What there is to buy and where: regions and zones, device classes, RAID types, systems, parts.

Read once from the files of `fixtures/catalogue/`, which a person may edit.
"""

from functools import cached_property
from ipaddress import IPv4Network
from pathlib import Path
from typing import Literal

from msgspec import Struct

from emulator.checking.files import UnreadableFile, read_data
from emulator.checking.values import WrongValue, converted

_FILES = ("regions", "raid_types", "systems", "device_classes", "parts")
_GIBIBYTES_PER_GIGABYTE = 1e9 / 2**30
_NO_RAID = 6
_CUSTOM_PID = 10947
_CUSTOM_STOCK = 20
_LONGEST_RANGE = 30


class FixtureError(Exception):
    """A fixture or catalogue that cannot be read, with the file and the place in it."""


class Zone(Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    name: str
    ename: str


class ElasticRange(Struct, frozen=True, forbid_unknown_fields=True):
    """A range of public addresses that elastic IPs come from."""

    cidr: str
    isp_id: int
    """The carrier, as DescribeEipBm's page numbers them: 5 BGP."""
    exclusive: bool = False
    """Whether it belongs to the region's exclusive cluster."""


class Region(Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    name: str
    set_name: str
    zones: tuple[Zone, ...]
    elastic_ips: tuple[ElasticRange, ...] = ()


class RaidType(Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    name: str
    display: str
    description: str
    note: str


class System(Struct, frozen=True, forbid_unknown_fields=True, rename={"system_class": "class"}):
    id: int
    name: str
    display: str
    system_class: str
    family: Literal["linux", "xserver"]


class RaidLayout(Struct, frozen=True, forbid_unknown_fields=True):
    """A RAID type on one device class: so many disks' space is left for the system disk and for the data disk."""

    id: int
    system: int
    data: int


class DeviceClass(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str
    display: str
    pid: int
    use_type: str
    use_type_en: str
    cpu: str
    memory: int
    """GB."""
    disk: str
    disk_gb: int
    nic: str
    uefi: bool
    price: int
    """Cents (分) a month."""
    stock: int
    """Devices to be had in each zone of a new world."""
    systems: tuple[int, ...]
    raids: tuple[RaidLayout, ...]

    def raid(self, raid_id: int) -> RaidLayout | None:
        return next((raid for raid in self.raids if raid.id == raid_id), None)

    def gibibytes(self, disks: int) -> int:
        return int(disks * self.disk_gb * _GIBIBYTES_PER_GIGABYTE)


class Cpu(Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    description: str
    series: str
    raid_card: tuple[int, ...]
    price: int


class Disk(Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    medium: str
    interface: str
    size: int
    height: int
    repr: str
    goods_code: str
    pid: int
    new_goods_code: str
    new_pid: str
    order: str
    priority: int
    price: int


class Parts(Struct, frozen=True):
    """What a custom model is made of; the second kind of disk may be missing."""

    cpu_id: int
    memory: int
    """GB."""
    raid_card: int
    disk1: int
    number1: int
    disk2: int = 0
    number2: int = 0


class Catalogue(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    regions: tuple[Region, ...]
    raid_types: tuple[RaidType, ...]
    systems: tuple[System, ...]
    classes: tuple[DeviceClass, ...]
    cpus: tuple[Cpu, ...]
    disks: tuple[Disk, ...]
    memory_sizes: tuple[int, ...]
    memory_price: int

    @property
    def zones(self) -> tuple[Zone, ...]:
        return tuple(zone for region in self.regions for zone in region.zones)

    def region_of(self, zone_id: int) -> Region | None:
        """The region that a zone is in."""
        return next((found for found in self.regions if any(zone.id == zone_id for zone in found.zones)), None)

    def device_class(self, wanted: str) -> DeviceClass | None:
        """By its code (PS100v1) or its name (M10)."""
        return self._classes.get(wanted)

    @cached_property
    def _classes(self) -> dict[str, DeviceClass]:
        names = ((name, found) for found in reversed(self.classes) for name in (found.name, found.code))
        return dict(names)

    def custom_class(self, parts: Parts) -> DeviceClass | None:
        """A class of its own for a custom model; None where there is no such part."""
        cpu = next((cpu for cpu in self.cpus if cpu.id == parts.cpu_id), None)
        named = [(parts.disk1, parts.number1), *([(parts.disk2, parts.number2)] if parts.number2 else [])]
        disks = [(self.part(kind), number) for kind, number in named]
        used = [(disk, number) for disk, number in disks if disk is not None]
        fits = cpu is not None and parts.memory in self.memory_sizes and parts.raid_card in cpu.raid_card
        if cpu is None or not fits or len(used) != len(named):
            return None
        name = f"Y0-BS{4 + cpu.id:02}"
        price = cpu.price + parts.memory * self.memory_price + sum(disk.price * number for disk, number in used)
        return DeviceClass(
            code=f"{name}v1",
            name=name,
            display=name,
            pid=_CUSTOM_PID,
            use_type="自定义",
            use_type_en="custom",
            cpu=cpu.description,
            memory=parts.memory,
            disk="+".join(f"{number}*{disk.repr}" for disk, number in used),
            disk_gb=used[0][0].size,
            nic="10G*2",
            uefi=True,
            price=price,
            stock=_CUSTOM_STOCK,
            systems=tuple(system.id for system in self.systems),
            raids=_custom_raids(parts),
        )

    def part(self, disk_id: int) -> Disk | None:
        return next((found for found in self.disks if found.id == disk_id), None)

    def raid_type(self, raid_id: int) -> RaidType | None:
        return next((found for found in self.raid_types if found.id == raid_id), None)

    def first_system(self, family: str) -> System:
        return next(found for found in self.systems if found.family == family)

    def system(self, system_id: int) -> System | None:
        return next((found for found in self.systems if found.id == system_id), None)


def _custom_raids(parts: Parts) -> tuple[RaidLayout, ...]:
    """RAID 0, 5 and 1+0 over the first kind of disk as far as they make sense; without a card none."""
    number = parts.number1
    single = RaidLayout(_NO_RAID, 1, number - 1)
    if not parts.raid_card:
        return (single,)
    layouts = ((1, number, 1), (2, number - 1, 3), (3, number // 2, 4))
    return (*(RaidLayout(raid, system, 0) for raid, system, least in layouts if number >= least), single)


def read_catalogue(folder: Path) -> Catalogue:
    """Raises FixtureError."""
    merged: dict[str, object] = {}
    for name in _FILES:
        path = folder / f"{name}.toml"
        try:
            merged.update(read_data(path))
        except UnreadableFile as error:
            raise FixtureError(f"cannot read the catalogue's file {path}: {error}") from error
    try:
        catalogue: Catalogue = converted(merged, Catalogue, whole="the catalogue")
    except WrongValue as error:
        raise FixtureError(f"the catalogue in {folder} is wrong: {error}") from error
    _check(catalogue, folder)
    return catalogue


def _check(catalogue: Catalogue, folder: Path) -> None:
    for ranges in (region.elastic_ips for region in catalogue.regions):
        if odd := [found.cidr for found in ranges if not _is_range(found.cidr)]:
            raise FixtureError(f"the catalogue in {folder} is wrong: {odd[0]!r} is no CIDR, such as 118.24.0.0/14")
    if {system.family for system in catalogue.systems} != {"linux", "xserver"}:
        raise FixtureError(f"the catalogue in {folder} is wrong: it needs a linux and an xserver system")
    for found in catalogue.classes:
        if strays := {raid.id for raid in found.raids} - {raid.id for raid in catalogue.raid_types}:
            raise FixtureError(f"the catalogue in {folder} is wrong: {found.code} has unknown RAID types {strays}")
        if strays := set(found.systems) - {system.id for system in catalogue.systems}:
            raise FixtureError(f"the catalogue in {folder} is wrong: {found.code} has unknown systems {strays}")


def _is_range(cidr: str) -> bool:
    try:
        return IPv4Network(cidr).prefixlen <= _LONGEST_RANGE
    except ValueError:
        return False
