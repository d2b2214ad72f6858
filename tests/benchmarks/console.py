"""What open pages of the console cost the API, and what its pages cost among 100,000 servers.

    .venv/bin/python tests/benchmarks/console.py

The throughput of one server is measured by turns without a live page and with ten. The server has one core, the load
tool and the readers of the pages the other.
"""

import os
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from throughput import emulator, measure, server, signed_requests

REQUESTS, ROUNDS, PAGES = 2_000, 20, 10
DEVICES = 100_000
PLACE = "/_emulator/console"
TABLE = f"{PLACE}/w/default/fleet/devices"
SHOWN = {
    "first page": "/_emulator/",
    "fleet": f"{PLACE}/w/default/fleet",
    "table, first page": TABLE,
    "table, last page": f"{TABLE}?page={DEVICES // 50}",
    "table, sorted": f"{TABLE}?sort=-alias",
    "table, sorted, last page": f"{TABLE}?sort=alias&page={DEVICES // 50}",
    "table, searched": f"{TABLE}?search=cpm-zz",
    "one server": f"{TABLE}/cpm-an5a9wv4",
    "drawing of a VPC": f"{PLACE}/w/default/map/vpc-34cxlz7z",
    "actions": f"{PLACE}/w/default/actions",
}


@contextmanager
def live_pages(port: int, number: int) -> Iterator[None]:
    """So many streams of new calls, read all the time."""
    with ExitStack() as stack:
        for _ in range(number):
            stream = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            stream.sendall(f"GET {PLACE}/live? HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            threading.Thread(target=_read, args=(stream,), daemon=True).start()
        yield


def _read(stream: socket.socket) -> None:
    try:
        while stream.recv(65_536):
            pass
    except OSError:
        return


def milliseconds(port: int, address: str) -> tuple[float, float]:
    """The first time, and the median of the next ten."""
    times = []
    for _ in range(11):
        began = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=60) as answer:
            answer.read()
        times.append((time.perf_counter() - began) * 1000)
    return times[0], median(times[1:])


def main() -> None:
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    ratios, rates = [], []
    with server(emulator()) as (port, _pid):
        for round_ in range(ROUNDS):
            without = measure(port, signed_requests(REQUESTS, 2 * round_))
            with live_pages(port, PAGES):
                time.sleep(0.2)
                beside = measure(port, signed_requests(REQUESTS, 2 * round_ + 1))
            ratios.append(beside.per_second / without.per_second)
            rates.append(without.per_second)
    print(f"without a page        {median(rates):8,.0f} requests/s")
    print(f"with {PAGES} live pages    {median(ratios):8.2f} of that")
    with server(emulator("--devices", str(DEVICES))) as (port, _pid):
        for name, address in SHOWN.items():
            first, later = milliseconds(port, address)
            print(f"{name:26}{later:7.1f} ms, the first time {first:.1f} ms")


if __name__ == "__main__":
    main()
