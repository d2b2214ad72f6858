"""What there is to buy and where: regions and zones, device classes, RAID types, systems, parts.

Read once from the files of `fixtures/catalogue/`, which a person may edit.
"""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from emulator.inventory.fixture import FixtureError

_FILES = ("regions", "raid_types", "systems", "device_classes", "parts")
_GIBIBYTES_PER_GIGABYTE = 1e9 / 2**30


class Zone(Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    name: str
    ename: str


class Region(Struct, frozen=True, forbid_unknown_fields=True):
    id: int
    name: str
    set_name: str
    zones: tuple[Zone, ...]


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


class Catalogue(Struct, frozen=True, forbid_unknown_fields=True):
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

    def device_class(self, wanted: str) -> DeviceClass | None:
        """By its code (PS100v1) or its name (M10)."""
        return next((found for found in self.classes if wanted in (found.code, found.name)), None)

    def raid_type(self, raid_id: int) -> RaidType | None:
        return next((found for found in self.raid_types if found.id == raid_id), None)

    def first_system(self, family: str) -> System:
        return next(found for found in self.systems if found.family == family)

    def system(self, system_id: int) -> System | None:
        return next((found for found in self.systems if found.id == system_id), None)


def read_catalogue(folder: Path) -> Catalogue:
    """Raises FixtureError."""
    merged: dict[str, object] = {}
    for name in _FILES:
        path = folder / f"{name}.toml"
        try:
            merged.update(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise FixtureError(f"cannot read the catalogue {path}: {error}") from error
    try:
        catalogue = msgspec.convert(merged, Catalogue)
    except msgspec.ValidationError as error:
        raise FixtureError(f"the catalogue in {folder} is wrong: {error}") from error
    _check(catalogue, folder)
    return catalogue


def _check(catalogue: Catalogue, folder: Path) -> None:
    if {system.family for system in catalogue.systems} != {"linux", "xserver"}:
        raise FixtureError(f"the catalogue in {folder} is wrong: it needs a linux and an xserver system")
    for found in catalogue.classes:
        if strays := {raid.id for raid in found.raids} - {raid.id for raid in catalogue.raid_types}:
            raise FixtureError(f"the catalogue in {folder} is wrong: {found.code} has unknown RAID types {strays}")
        if strays := set(found.systems) - {system.id for system in catalogue.systems}:
            raise FixtureError(f"the catalogue in {folder} is wrong: {found.code} has unknown systems {strays}")
