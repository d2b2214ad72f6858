"""How a server is installed (物理服务器相关接口/购买服务器.md, 重装操作系统.md): partitions, file system, agents.

Sizes in GiB. What is left of the system disk goes to /data; if that is less than 10 and /data was not named, to the
root partition. /usr/local has 20 unless the caller says what it wants.
"""

import json
from typing import Any

from emulator.call import Call
from emulator.chapters.devices.records.devices import Device

ROOT, SWAP, USR_LOCAL = 10, 2, 20
_LEAST_DATA = 10
_PARTITIONS = ("sysRootSpace", "sysSwaporuefiSpace", "sysDataSpace")
_REMEMBERED = (
    *_PARTITIONS,
    "hyperThreading",
    "fileSystem",
    "isZoning",
    "agentIds",
    "needSecurityAgent",
    "needMonitorAgent",
)


def setup_of(call: Call) -> str:
    """What the call says of it, as JSON."""
    return json.dumps({name: call[name] for name in _REMEMBERED if call.get(name) is not None})


def check_partitions(call: Call, system_disk: int) -> bool:
    """Whether those that were asked for fit on the system disk."""
    return sum(call.get(name) or 0 for name in _PARTITIONS) <= system_disk


def partitions(device: Device, system_disk: int, *, uefi: bool) -> dict[str, int]:
    """The sizes on a server's system disk."""
    setup: dict[str, Any] = json.loads(device.setup) if device.setup else {}
    asked_for = setup.get("sysSwaporuefiSpace") is not None or setup.get("sysDataSpace") is not None
    root = setup.get("sysRootSpace", ROOT)
    swap = setup.get("sysSwaporuefiSpace", SWAP if uefi or not asked_for else 0)
    local = 0 if asked_for or root != ROOT else USR_LOCAL
    data = setup.get("sysDataSpace", 0)
    left = max(0, system_disk - root - swap - local - data)
    if data or left >= _LEAST_DATA:
        data += left
    else:
        root += left
    return {"sysRootSpace": root, "sysSwaporuefiSpace": swap, "sysUsrlocalSpace": local, "sysDataSpace": data}
