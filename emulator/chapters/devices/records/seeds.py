"""What a fixture says of devices."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from emulator.chapters.devices.records.device import DEVICE_STATES, Device, past_deadline, state_of
from emulator.chapters.devices.records.installation import Setup, too_large
from emulator.chapters.devices.records.parts import OUT_OF_BAND, tags_of
from emulator.checking.words import listed, meant
from emulator.clock import from_local, local
from emulator.world.catalogue import Parts
from emulator.world.facets import Columns
from emulator.world.world import World

Name = Annotated[str, Meta(min_length=1, max_length=64)]
_FAR = from_local(datetime(2037, 10, 1))  # noqa: DTZ001
_BOOLS = ("agent_alive", "is_gateway", "auto_renew", "bought")


class SeedOutOfBand(Struct, forbid_unknown_fields=True):
    """The login of a server's BMC."""

    ip: str
    user_name: str
    password: str
    serial_number: str


class SeedDevice(Struct, forbid_unknown_fields=True, omit_defaults=True):
    instance_id: Name
    alias: str = ""
    state: Literal[
        "running",
        "shutdown",
        "isolated",
        "fault",
        "init-failed",
        "network-fault",
        "isolation-failed",
        "lifting-failed",
        "offline",
        "expired",
        "isolating",
        "lifting-isolation",
        "binding-eip",
        "unbinding-eip",
        "binding-balancer",
        "unbinding-balancer",
        "claiming",
        "initialising",
        "going-offline",
        "shutting-down",
        "shutdown-failed",
        "starting",
        "start-failed",
        "rebooting",
        "reboot-failed",
        "reinstalling",
        "reinstall-failed",
        "resetting-password",
    ] = "running"
    """A state that passes (rebooting, …) stays unless the fixture has the operation that ends it."""
    operate_status: Annotated[int, Meta(ge=1, le=15)] | None = None
    """The operateStatus, where it is another than that of the state."""
    os_type: Literal["linux", "xserver"] = "linux"
    system_id: int | None = None
    """The number of the operating system; left out: the catalogue's first of that `os_type`."""
    raid_id: int = 1
    """The number of the RAID level in the catalogue."""
    class_code: str = "PS100v1"
    """The device class in the catalogue."""
    parts: Parts | None = None
    """The parts of a custom model, in place of class_code."""
    setup: Setup | None = None
    """The partitions, file system and agents that it was installed with; left out: as usual."""
    zone_id: int = 1000100003
    rack: str = "M201-F15"
    rack_position: str = "1"
    switches: str = "M201-F14-02/M201-F15-01"
    """The two switches that the server is connected to."""
    lan_ip: str | None = None
    wan_ip: str | None = None
    """The public address. It becomes an elastic IP of the account, where the account has none of that address."""
    vpc: str | None = None
    """The VPC, by un_id; with `subnet`, which lies in it."""
    subnet: str | None = None
    """The un_id of its subnet."""
    login_type: Literal["password", "key", "none"] = "password"
    user_name: str = "root"
    password: str = ""
    login_key: str | None = None
    """The SSH key, with login_type key."""
    agent_alive: bool = True
    """Whether the agent on the server answers."""
    is_gateway: bool = False
    """Whether the server is the gateway of its VPC."""
    auto_renew: bool = False
    """Whether the server is renewed when it expires."""
    pay_mode: Literal[1, 2] = 1
    """1 prepaid, 2 postpaid."""
    delivered_at: datetime = datetime(2017, 10, 1)  # noqa: DTZ001
    undelivered: bool = False
    """It is not delivered yet, whatever `delivered_at` says."""
    deadline: datetime | None = None
    """When the server expires. A past time takes effect at the first call: isolated, or gone after eight days. Left
    out: October 2037; a day ago where it is isolated; seven days ago where it is going offline.
    """
    bought: bool = False
    """Whether it came out of the stock."""
    tags: dict[str, str] = {}
    """The values of the tags, by key."""
    out_of_band: SeedOutOfBand | None = None
    """The out-of-band login; left out: the server has no record."""


def row_of(world: World, seed: SeedDevice) -> Columns:
    """The device's columns, without the account. Raises LookupError for what the catalogue does not have."""
    device_status, operate_status = DEVICE_STATES[seed.state]
    catalogue = world.catalogue
    system_id = seed.system_id or catalogue.first_system(seed.os_type).id
    system = catalogue.system(system_id)
    device_class = catalogue.custom_class(seed.parts) if seed.parts else catalogue.device_class(seed.class_code)
    if device_class is None:
        codes = [known.code for known in catalogue.classes]
        near = meant(seed.class_code, codes) or f"; it has {listed(codes, 'and')}"
        raise LookupError(
            f"class_code: the catalogue has no class {seed.class_code!r}, as {seed.instance_id} has{near}"
        )
    if system is None:
        known = listed([str(known.id) for known in catalogue.systems], "and")
        raise LookupError(
            f"system_id: the catalogue has no system {system_id}, as {seed.instance_id} has; it has {known}"
        )
    if (raid := device_class.raid(seed.raid_id)) is None:
        offered = ", ".join(str(found.id) for found in device_class.raids)
        raise LookupError(f"{device_class.code} has no RAID type {seed.raid_id}; raid_id is one of {offered}")
    setup = None if seed.setup is None else msgspec.json.encode(seed.setup).decode()
    disk = device_class.gibibytes(raid.system)
    if setup and (large := too_large(setup, disk, uefi=device_class.uefi)):
        raise LookupError(f"setup.{large}: the partitions are larger than the system disk, which has {disk} GiB")
    delivered_at = None if seed.undelivered else from_local(seed.delivered_at)
    past = past_deadline(device_status, world.clock.now(), delivered_at)
    fields = {name: getattr(seed, name) for name in Device._fields if hasattr(seed, name)}
    return {
        **fields,
        "device_status": device_status,
        "operate_status": seed.operate_status or operate_status,
        "os_type": system.family,
        "system_id": system_id,
        "class_code": device_class.code,
        "parts": msgspec.json.encode(seed.parts).decode() if seed.parts else None,
        "setup": setup,
        "delivered_at": delivered_at,
        "deadline": from_local(seed.deadline) if seed.deadline else past or _FAR,
    }


def reap(world: World, device: Device) -> SeedDevice:
    names = [name for name in SeedDevice.__struct_fields__ if hasattr(device, name) and name != "delivered_at"]
    fields: dict[str, Any] = {name: getattr(device, name) for name in names}
    login = OUT_OF_BAND.find_any(world, device.instance_id)
    return SeedDevice(
        **fields
        | {name: bool(fields[name]) for name in _BOOLS}
        | ({"undelivered": True} if device.delivered_at is None else {"delivered_at": local(device.delivered_at)})
        | {"deadline": local(device.deadline)}
        | {
            "state": state_of(device),
            "wan_ip": None,  # its elastic IP says so
            "operate_status": None
            if DEVICE_STATES[state_of(device)][1] == device.operate_status
            else device.operate_status,
            "parts": msgspec.json.decode(device.parts, type=Parts) if device.parts else None,
            "setup": None if device.setup is None else msgspec.json.decode(device.setup, type=Setup),
            "tags": dict(tags_of(world, [device.instance_id]).get(device.instance_id, ())),
            "out_of_band": SeedOutOfBand(*login[1:]) if login else None,
        }
    )
