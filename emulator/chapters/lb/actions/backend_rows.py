"""What is behind listeners and paths, as the lists show it: with the health that the check has found by now."""

from emulator.call import Body, Call
from emulator.chapters.devices.records.device import SCRIPT_RUN, Device, DeviceStatus
from emulator.chapters.devices.records.devices import by_ids
from emulator.chapters.devices.records.parts import OUT_OF_BAND
from emulator.chapters.lb.records.backends import ADDRESS, PRESENT, Backend
from emulator.chapters.lb.records.health import Check, is_alive
from emulator.world.pending import work_on

_OPERATES = [
    *("modifyDeviceAlias", "renewDevice", "shutdownDevice", "rebootDevice", "reloadDeviceOs", "resetPasswd"),
    *("bindEip", "unbindEip", "isolateDevice", "offlineDevice", "bindLb", "unbindLb"),
]
"""What may be done with a server in operation, as printed."""


def present(backends: list[Backend]) -> list[Backend]:
    """Those that are bound; one that is being unbound still is."""
    return [backend for backend in backends if backend.state in PRESENT]


def backend_rows(call: Call, backends: list[Backend], check: Check, names: tuple[str, ...]) -> list[Body]:
    """`names`: the fields in printed order."""
    found = present(backends)
    servers = {device.instance_id: device for device in by_ids(call.world, {it.target for it in found})}
    of_servers = {target: _of_server(call, servers.get(target)) for target in {it.target for it in found}}
    rows = [{**of_servers[backend.target], **_fields(call, backend, check)} for backend in found]
    return [{name: row[name] for name in names} for row in rows]


def _of_server(call: Call, server: Device | None) -> Body:
    """What a list may print of a server; mgtIp is the address of its BMC."""
    return {
        "alias": server.alias if server else "",
        "lanIp": (server.lan_ip if server else None) or "",
        "mgtIp": _management_address(call, server),
        "operates": _operates(call, server),
    }


def _fields(call: Call, backend: Backend, check: Check) -> Body:
    """What a list may print of a backend."""
    return {
        "bindType": backend.bind_type,
        "rsPort": backend.port,
        "weight": backend.weight,
        "status": "Alive" if is_alive(backend, check, call.now) else "Dead",
        "instanceId": backend.target,
        **({"lanIp": backend.target} if backend.bind_type == ADDRESS else {}),
    }


def _management_address(call: Call, server: Device | None) -> str:
    login = OUT_OF_BAND.find_any(call.world, server.instance_id) if server else None
    return login.ip if login else ""


def _operates(call: Call, server: Device | None) -> list[str]:
    if server is None or server.device_status != DeviceStatus.IN_OPERATION:
        return []
    return [] if work_on(call.world, server.instance_id, but=SCRIPT_RUN) else _OPERATES
