"""Throughput against a bare Starlette JSON route, idle memory, and the time until the server is ready.

    .venv/bin/python tests/benchmarks/throughput.py

Signed, verified and replay-checked GetDeviceOutBandInfo from a SQLite file with 10,000 devices. Both servers run as
one process on one core, under the same load tool on another core, in short rounds by turns; the median round counts,
and for the ratio the median pair, as a shared machine's speed changes from second to second.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from urllib.request import urlopen

import uvloop
from load import Load, run

from emulator.signing.signature import sign_request

REQUESTS = 2_000
ROUNDS = 40
DEVICES = 10_000
SECRET_ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA"
SECRET_KEY = "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA"
HOST = "bm.api.qcloud.com"
BARE = """
import socket, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def answer(request):
    return JSONResponse({"code": 0, "message": "", "codeDesc": "Success", "data": {"outbandInfo": {
        "dhcp_ip": "100.68.134.36", "password": "h4vBbEz9ocn8h8", "sn": "06BCYMX", "username": "albert"}}})
listener = socket.create_server(("127.0.0.1", 0))
print("listens on http://127.0.0.1:%d/" % listener.getsockname()[1], flush=True)
app = Starlette(routes=[Route("/v2/index.php", answer)])
uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False,
    proxy_headers=False)).run(sockets=[listener])
"""


@contextmanager
def server(command: list[str]) -> Iterator[tuple[int, int]]:
    """Yields port and process id."""
    pin = ["taskset", "-c", "0"] if hasattr(os, "sched_setaffinity") else []
    process = subprocess.Popen([*pin, *command], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        first_line = next(line for line in process.stdout if "listens on" in line)
        port = re.search(r":(\d+)/", first_line)
        assert port
        wait_until_ready(int(port[1]))
        yield int(port[1]), process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def wait_until_ready(port: int) -> None:
    """The listener queues what comes early, so that the first answer is when the server is ready."""
    with urlopen(f"http://127.0.0.1:{port}/v2/index.php?Action=None", timeout=60) as response:
        response.read()


def emulator(*options: str) -> list[str]:
    return [str(Path(sys.executable).with_name("bm-emulator")), "serve", "--port", "0", *options]


def signed_requests(number: int, round_: int) -> list[bytes]:
    timestamp = int(time.time())
    return [_signed(timestamp, round_ * number + nonce + 1) for nonce in range(number)]


def _signed(timestamp: int, nonce: int) -> bytes:
    pairs = [
        ("Action", "GetDeviceOutBandInfo"),
        ("Nonce", str(nonce)),
        ("Region", "ap-guangzhou"),
        ("SecretId", SECRET_ID),
        ("Timestamp", str(timestamp)),
        ("instanceId", "cpm-an5a9wv4"),
    ]
    _text, signature = sign_request("GET", HOST, pairs, SECRET_KEY)
    target = f"/v2/index.php?{urlencode([*pairs, ('Signature', signature)])}"
    return f"GET {target} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


def measure(port: int, requests: list[bytes]) -> Load:
    return uvloop.run(run(port, requests, b'{"code":0,'))


def resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def seconds_until_ready() -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        with server(emulator()):
            times.append(time.perf_counter() - started)
    return median(times)


def main() -> None:
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "world.db")
        with (
            server(emulator("--database", database, "--devices", str(DEVICES))) as (ours, pid),
            server([sys.executable, "-c", BARE]) as (bare, _pid),
        ):
            idle = resident_megabytes(pid)
            results: dict[str, list[Load]] = {"emulator": [], "starlette": []}
            for round_ in range(ROUNDS):
                requests = signed_requests(REQUESTS, round_)
                results["emulator"].append(measure(ours, requests))
                results["starlette"].append(measure(bare, requests))
        with server(emulator()) as (_port, pid):
            small = resident_megabytes(pid)
    refused = sum(load.refused for load in results["emulator"])
    rate = {name: median(load.per_second for load in loads) for name, loads in results.items()}
    print(f"bare Starlette        {rate['starlette']:8,.0f} requests/s")
    print(f"emulator              {rate['emulator']:8,.0f} requests/s, {refused} refused")
    pairs = zip(results["emulator"], results["starlette"], strict=True)
    ratio = median(ours.per_second / bare.per_second for ours, bare in pairs)
    print(f"ratio                 {ratio:8.2f}")
    print(f"idle memory           {small:8.1f} MB (demo world), {idle:.1f} MB ({DEVICES:,} devices just made)")
    print(f"ready after           {seconds_until_ready():8.2f} s")


if __name__ == "__main__":
    main()
