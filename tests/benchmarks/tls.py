"""Throughput of kept connections under TLS against plain HTTP.

    .venv/bin/python tests/benchmarks/tls.py

One server process on one core speaks both; the load tool on another core asks it by turns, in short rounds. The median
pair counts, as a shared machine's speed changes from second to second.
"""

import os
import re
import signal
import ssl
import subprocess
import tempfile
from pathlib import Path
from statistics import median

import uvloop
from load import Load, run
from throughput import HOST, emulator, signed_requests

REQUESTS = 2_000
ROUNDS = 40
EXPECTED = b'{"code":0,'


def main() -> None:
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    with tempfile.TemporaryDirectory() as folder:
        command = emulator("--https-port", "0", "--ca-dir", folder)
        process = subprocess.Popen(["taskset", "-c", "0", *command], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            told = [process.stdout.readline() for _ in range(5)]
            http, https = (int(re.search(r"://127.0.0.1:(\d+)", line)[1]) for line in (told[0], told[4]))
            context = ssl.create_default_context(cafile=str(Path(folder) / "ca.pem"))
            pairs: list[tuple[Load, Load]] = []
            for round_ in range(ROUNDS):
                requests = signed_requests(REQUESTS, 2 * round_), signed_requests(REQUESTS, 2 * round_ + 1)
                plain = uvloop.run(run(http, requests[0], EXPECTED))
                secured = uvloop.run(run(https, requests[1], EXPECTED, tls=context, name=HOST))
                pairs.append((plain, secured))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
    print(f"plain HTTP   {median(plain.per_second for plain, _ in pairs):8,.0f} requests/s")
    print(f"TLS          {median(secured.per_second for _, secured in pairs):8,.0f} requests/s")
    print(f"ratio        {median(secured.per_second / plain.per_second for plain, secured in pairs):8.2f}")
    print(f"refused      {sum(plain.refused + secured.refused for plain, secured in pairs):8}")


if __name__ == "__main__":
    main()
