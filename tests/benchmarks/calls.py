"""CPU time a call of a dozen actions, from outside, beside a bare Starlette JSON route in the same run.

.venv/bin/python tests/benchmarks/calls.py [ACTION …]

The emulator serves 10,000 servers from a SQLite file. Both servers run as one process on one core, under the same
load on another core; what counts is the processor time of the server's process, which varies less than requests a
second on a shared machine. Each call is made again and again, as clients poll; those of "others" are about other
servers each time.
"""

import os
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import uvloop
from load import run
from throughput import BARE, HOST, SECRET_ID, SECRET_KEY, emulator, server

from emulator.signing.signature import sign_request
from emulator.testing import connect

DEVICES = 10_000
ROUNDS = 5
SECONDS_A_ROUND = 0.8
TICKS = os.sysconf("SC_CLK_TCK")
NONCES = iter(range(1, 2**62))
RUN = {
    "userName": "root",
    "password": "x",
    "cmdParam": b64encode(b"a").decode(),
}


Parameters = dict[str, str | Iterator[str]]
"""A value, or one for each call in turn."""


def calls(ids: list[str], script: str) -> dict[str, tuple[str, Parameters, int]]:
    """Action, parameters, and the most microseconds that it may take; 0: no bound."""
    some: Parameters = {f"instanceIds.{place}": name for place, name in enumerate(ids[:5])}
    offsets = cycle(map(str, range(0, 9_000, 20)))
    return {
        "GetDeviceOutBandInfo": ("GetDeviceOutBandInfo", {"instanceId": "cpm-an5a9wv4"}, 70),
        "GetDeviceOutBandInfo, others": ("GetDeviceOutBandInfo", {"instanceId": cycle(ids)}, 0),
        "DescribeDevice, 5 rows": ("DescribeDevice", {"limit": "5"}, 200),
        "DescribeDevice, 20 rows": ("DescribeDevice", {"limit": "20"}, 350),
        "DescribeDevice, 100 rows": ("DescribeDevice", {"limit": "100"}, 1000),
        "DescribeDevice, 20 others": ("DescribeDevice", {"limit": "20", "offset": offsets}, 350),
        "DescribeDevice, 5 ids": ("DescribeDevice", some, 200),
        "DescribeDevice, alias": ("DescribeDevice", {"alias": "-9999"}, 2000),
        "GetUserCmdList": ("GetUserCmdList", {"limit": "5"}, 150),
        "GetUserCmdTaskList": ("GetUserCmdTaskList", {"limit": "5"}, 150),
        "RunUserCmd": ("RunUserCmd", {**RUN, "cmdId": script, "instanceIds.0": ids[0]}, 400),
        "DescribeRegions": ("DescribeRegions", {}, 0),
        "DescribeDeviceClass": ("DescribeDeviceClass", {}, 0),
        "DescriptionOperationResult": ("DescriptionOperationResult", {"taskId": "1"}, 2000),
        "a wrong signature": ("GetUserCmdList", {"Signature": "wrong"}, 20_000),
    }


def signed(action: str, parameters: Parameters) -> bytes:
    pairs = [
        ("Action", action),
        ("Nonce", str(next(NONCES))),
        ("Region", "ap-guangzhou"),
        ("SecretId", SECRET_ID),
        ("Timestamp", str(int(time.time()))),
        *((name, value if isinstance(value, str) else next(value)) for name, value in parameters.items()),
    ]
    if "Signature" not in parameters:
        pairs.append(("Signature", sign_request("GET", HOST, pairs, SECRET_KEY)[1]))
    return f"GET /v2/index.php?{urlencode(pairs)} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def microseconds(port: int, pid: int, action: str, parameters: Parameters) -> float:
    """The median of some rounds, each long enough for the processor's clock, which ticks a hundred times a second."""
    number, found = 50, []
    while len(found) < ROUNDS:
        requests = [signed(action, parameters) for _ in range(number)]
        before = processor_seconds(pid)
        uvloop.run(run(port, requests, b"{"))
        spent = processor_seconds(pid) - before
        if spent < SECONDS_A_ROUND and number < 20_000:
            number *= 2
        else:
            found.append(spent / number * 1e6)
    return median(found)


def main() -> int:
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    over = 0
    with tempfile.TemporaryDirectory() as folder:
        options = ["--database", str(Path(folder) / "world.db"), "--devices", str(DEVICES), "--time-scale", "0.01"]
        with server(emulator(*options)) as (port, pid), server([sys.executable, "-c", BARE]) as (bare, bare_pid):
            world = connect(f"http://127.0.0.1:{port}").world
            ids = [row["instanceId"] for row in world.call("DescribeDevice", limit=5000)["data"]["deviceList"]]
            script = world.call("GetUserCmdList", limit=1)["data"]["list"][0]["cmdId"]
            plain = microseconds(bare, bare_pid, "GetDeviceOutBandInfo", {"instanceId": "cpm-an5a9wv4"})
            print(f"{'bare Starlette':28}{plain:8.0f} us")
            for name, (action, parameters, most) in calls([it for it in ids if it.startswith("cpm-")], script).items():
                if len(sys.argv) == 1 or name.split(",")[0] in sys.argv[1:]:
                    spent = microseconds(port, pid, action, parameters)
                    over += bool(most and spent > most)
                    bound = f"at most {most}" if most else ""
                    print(f"{name:28}{spent:8.0f} us {spent / plain:7.2f} of it  {bound}", flush=True)
    return int(over > 0)


if __name__ == "__main__":
    raise SystemExit(main())
