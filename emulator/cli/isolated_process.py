"""The process that `bm-emulator run --isolated` starts: it isolates itself and becomes the command.

In a network namespace of its own it turns the loopback interface on, listens there, and hands the listening sockets to
the emulator outside, which accepts on them. In a mount namespace of its own, the emulated hosts resolve to the loopback
address, and the system's CA bundles hold the emulator's authority. Only the standard library is imported: this file is
run as a script.
"""

import ctypes
import errno
import json
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Any

NOT_FOUND = 127
NOT_EXECUTABLE = 126
_CLONE_NEWNS, _CLONE_NEWUSER, _CLONE_NEWNET = 0x20000, 0x10000000, 0x40000000
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


def main(channel: socket.socket, plan: dict[str, Any]) -> int:
    """Isolate the process and run the command. `plan` is made by isolation.py. Returns only if it failed."""
    try:
        _enter_namespaces()
        _turn_loopback_on()
        for source, target in plan["mounts"]:
            _mount(source, target, _MS_BIND)
        listeners = [socket.create_server(("127.0.0.1", port), backlog=128) for port in plan["ports"]]
    except OSError as error:
        channel.send(str(error).encode())
        return NOT_EXECUTABLE
    socket.send_fds(channel, [b"\0"], [listener.fileno() for listener in listeners])
    channel.close()
    for listener in listeners:
        listener.close()
    command = plan["command"]
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        reason = "there is no such command" if missing else error.strerror
        sys.stderr.write(f"Error: cannot run {command[0]}: {reason}\n")
        return NOT_FOUND if missing else NOT_EXECUTABLE


def _enter_namespaces() -> None:
    """With root's rights where it has them, else in a user namespace, which maps the user to itself."""
    user, group = os.getuid(), os.getgid()
    try:
        _unshare(_CLONE_NEWNS | _CLONE_NEWNET)
    except PermissionError:
        _unshare(_CLONE_NEWUSER | _CLONE_NEWNS | _CLONE_NEWNET)
        own = Path("/proc/self")
        (own / "setgroups").write_text("deny", encoding="ascii")
        (own / "uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        (own / "gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    _mount("none", "/", _MS_REC | _MS_PRIVATE)


def _turn_loopback_on() -> None:
    import fcntl  # Windows, where run imports this file, has none

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name, flags = struct.unpack("16sH", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, struct.pack("16sH", b"lo", 0)))
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH", name, flags | _IFF_UP))


def _unshare(flags: int) -> None:
    _check(_libc().unshare(flags))


def _mount(source: str, target: str, flags: int) -> None:
    _check(_libc().mount(source.encode(), target.encode(), None, ctypes.c_ulong(flags), None), target)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, name: str | None = None) -> None:
    """Raises OSError if a function of the C library failed."""
    if result != 0:
        number = ctypes.get_errno() or errno.EPERM
        raise OSError(number, os.strerror(number), name)


if __name__ == "__main__":
    sys.exit(main(socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2])))
