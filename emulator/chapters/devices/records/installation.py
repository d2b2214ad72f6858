"""How a server is installed (物理服务器相关接口/购买服务器.md, 重装操作系统.md): partitions, file system, agents.

Sizes in GiB. What is left of the system disk goes to /data; if that is less than 10 and /data was not named, to the
root partition. /usr/local has 20 unless the caller wants another size of a partition than the usual one.
"""

import json
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import fields

from emulator.world.catalogue import Catalogue, DeviceClass, RaidLayout

ROOT, SWAP, USR_LOCAL = 10, 2, 20
SYSTEM_PARTITIONS = ROOT + SWAP + USR_LOCAL
_LEAST_DATA = 10
_PARTITIONS = ("sysRootSpace", "sysSwaporuefiSpace", "sysUsrlocalSpace", "sysDataSpace")
Gibibytes = Annotated[int, Meta(ge=0, le=1_000_000)]
Switch = Annotated[int, Meta(ge=0, le=1)]


class Setup(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """How a server was installed; what is left out is as usual."""

    sys_root_space: Gibibytes | None = None
    """GiB of the root partition."""
    sys_swaporuefi_space: Gibibytes | None = None
    """GiB of the swap partition, or of the EFI partition."""
    sys_usrlocal_space: Gibibytes | None = None
    """GiB of /usr/local."""
    sys_data_space: Gibibytes | None = None
    """GiB of /data."""
    hyper_threading: Switch | None = None
    """0 off, 1 on."""
    file_system: str | None = None
    """Of the data disks."""
    is_zoning: Switch | None = None
    """1: the data disks were formatted."""
    agent_ids: list[int] | None = None
    """2 the monitoring agent, 3 the security agent."""
    need_security_agent: Switch | None = None
    """1: the security agent was installed."""
    need_monitor_agent: Switch | None = None
    """1: the monitoring agent was installed."""


_REMEMBERED = tuple(field.encode_name for field in fields(Setup))


def setup_of(sent: Any, before: str | None = None) -> str:
    """What a call's parameters say of it, as JSON; what they do not say is as `before`.

    Naming any partition replaces all of them.
    """
    named = {name: sent[name] for name in _REMEMBERED if sent.get(name) is not None}
    kept: dict[str, Any] = json.loads(before) if before else {}
    if any(name in named for name in _PARTITIONS):
        kept = {name: value for name, value in kept.items() if name not in _PARTITIONS}
    kept |= named
    return json.dumps({name: kept[name] for name in _REMEMBERED if name in kept}, separators=(",", ":"))


def too_large(setup: str, system_disk: int, *, uefi: bool) -> str | None:
    """The largest of the partitions that were asked for, where they do not fit on the system disk together."""
    if sum(partition_sizes(setup, system_disk, uefi=uefi).values()) <= system_disk:
        return None
    asked_for = {name: size for name, size in json.loads(setup).items() if name in _PARTITIONS}
    return max(asked_for, key=lambda name: int(asked_for[name]), default=_PARTITIONS[0])


def partition_sizes(setup_json: str | None, system_disk: int, *, uefi: bool) -> dict[str, int]:
    """The sizes of the partitions on a server's system disk, in GiB."""
    setup: dict[str, Any] = json.loads(setup_json) if setup_json else {}
    asked_for = setup.get("sysSwaporuefiSpace", SWAP) != SWAP or setup.get("sysDataSpace") is not None
    root = setup.get("sysRootSpace", ROOT)
    swap = setup.get("sysSwaporuefiSpace", SWAP if uefi or not asked_for else 0)
    local = setup.get("sysUsrlocalSpace", 0 if asked_for or root != ROOT else USR_LOCAL)
    data = setup.get("sysDataSpace", 0)
    left = max(0, system_disk - root - swap - local - data)
    if "sysDataSpace" in setup or left >= _LEAST_DATA:
        data += left
    else:
        root += left
    return {"sysRootSpace": root, "sysSwaporuefiSpace": swap, "sysUsrlocalSpace": local, "sysDataSpace": data}


def raid_row(catalogue: Catalogue, found: DeviceClass, layout: RaidLayout) -> dict[str, Any]:
    """One RAID type of a class as the pages print it, with the sizes that it leaves in GiB."""
    raid = catalogue.raid_type(layout.id)
    system = found.gibibytes(layout.system)
    return {
        "raidId": layout.id,
        "raid": raid.name if raid else "",
        "raidDisplay": raid.display if raid else "",
        "description": raid.note if raid else "",
        "systemDiskSize": system,
        "sysRootSpace": ROOT,
        "sysSwaporuefiSpace": SWAP,
        "sysUsrlocalSpace": USR_LOCAL,
        "sysDataSpace": system - SYSTEM_PARTITIONS,
        "sysIsUefiType": found.uefi,
        "dataDiskSize": found.gibibytes(layout.data),
    }
