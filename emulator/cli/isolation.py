"""`run --isolated`: a command that can reach the emulator and nothing else. Linux only.

The command gets a network namespace without a way out. Its loopback interface has listening sockets on the ports 80 and
443 and on those of the emulator; they are accepted on here, outside, and relayed. So the command reaches the emulator
whether or not it knows of a proxy.
"""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import click

from emulator.cli import isolated_process
from emulator.contract import SERVICE_HOSTS
from emulator.testing import Emulator
from emulator.testing.in_process import LoopThread

_CHUNK = 64 * 1024
_MAX_ERROR = 4096
_HTTP_PORT, _HTTPS_PORT = 80, 443
_HOSTS_FILE = Path("/etc/hosts")
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep the bundle that programs read which know of no variable."""


@contextmanager
def isolated(emulator: Emulator, bundle: Path) -> Iterator["Isolation"]:
    """A way to start a command that reaches `emulator` only. `bundle` is the CA bundle that it is to trust."""
    if sys.platform != "linux":
        raise click.ClickException("--isolated needs Linux")
    loop = LoopThread()
    with TemporaryDirectory(prefix="bm-emulator-") as folder:
        hosts = Path(folder) / "hosts"
        known = _HOSTS_FILE.read_text(encoding="utf-8", errors="replace") if _HOSTS_FILE.exists() else ""
        hosts.write_text(f"127.0.0.1 {' '.join(SERVICE_HOSTS)}\n{known}", encoding="utf-8")
        mounts = {str(_HOSTS_FILE): str(hosts)} if _HOSTS_FILE.exists() else {}
        mounts |= {str(Path(path).resolve()): str(bundle) for path in _BUNDLES if Path(path).exists()}
        try:
            yield Isolation(loop, _ports(emulator), mounts)
        finally:
            loop.run(_end_connections())
            loop.close()


class Isolation:
    def __init__(self, loop: LoopThread, ports: Mapping[int, int], mounts: Mapping[str, str]) -> None:
        self._loop = loop
        self._ports = ports
        self._mounts = mounts

    def start(self, command: tuple[str, ...], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        """Start the command in namespaces of its own. Raises ClickException if the system does not allow it."""
        plan = {
            "command": command,
            "ports": list(self._ports),
            "mounts": [(source, target) for target, source in self._mounts.items()],
        }
        here, there = socket.socketpair()
        with here:
            with there:
                words = [sys.executable, "-I", "-S", isolated_process.__file__, str(there.fileno()), json.dumps(plan)]
                process = subprocess.Popen(words, env=environment, pass_fds=[there.fileno()])  # noqa: S603
            message, found, _flags, _address = socket.recv_fds(here, _MAX_ERROR, len(self._ports))
        if not found:
            process.wait()
            reason = message.decode() or "the process ended"
            raise click.ClickException(f"--isolated: this system allows no network namespace here ({reason}); {_HELP}")
        for number, port in zip(found, self._ports.values(), strict=True):
            self._loop.run(_relay(socket.socket(fileno=number), port))
        return process


_HELP = (
    "user namespaces may be switched off (sysctl user.max_user_namespaces or "
    "kernel.apparmor_restrict_unprivileged_userns, or the seccomp profile of a container); allow them, be root, or "
    "leave --isolated out"
)


def _ports(emulator: Emulator) -> dict[int, int]:
    """Each port in the namespace, and the port of the emulator that it leads to."""
    http, https, proxy = (urlsplit(url or "").port for url in (emulator.url, emulator.https_url, emulator.proxy_url))
    assert http is not None and https is not None and proxy is not None  # noqa: S101, PT018
    return {_HTTP_PORT: http, _HTTPS_PORT: https, http: http, https: https, proxy: proxy}


async def _relay(listener: socket.socket, port: int) -> None:
    """Accept connections and connect each with a port of the emulator."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            inward, outward = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_pump(reader, outward), _pump(inward, writer))
        writer.transport.abort()

    await asyncio.start_server(serve, sock=listener)


async def _end_connections() -> None:
    """End what the command has left open: a process of it may go on in the background."""
    connections = asyncio.all_tasks() - {asyncio.current_task()}
    for connection in connections:
        connection.cancel()
    await asyncio.gather(*connections, return_exceptions=True)


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()
        sink.write_eof()
    except OSError:
        sink.transport.abort()
        raise
