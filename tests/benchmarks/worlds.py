"""What worlds cost: made, reset, kept as a snapshot, restored, forked; and what the journal costs a call.

    .venv/bin/python tests/benchmarks/worlds.py

In process, through the control interface, so with all that it does; the median of 50. The first world of a recipe is
generated, and tells so apart: what comes after copies it.
"""

import json
import time
from collections.abc import Callable
from statistics import median

from emulator.testing import Emulator, WorldClient

SIZES = (10, 1_000, 10_000)
ROUNDS = 50
CALLS = 3_000


def milliseconds(function: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        function()
        times.append((time.perf_counter() - started) * 1000)
    return median(times)


def measure(emulator: Emulator, size: int) -> dict[str, float]:
    worlds: list[WorldClient] = []
    first = milliseconds(lambda: worlds.append(emulator.new_world(devices=size)), 1)
    world = worlds[0]
    figures = {
        "first": first,
        "make": milliseconds(lambda: worlds.append(emulator.new_world(devices=size))),
        "reset": milliseconds(world.reset),
        "snapshot": milliseconds(lambda: world.snapshot("s")),
        "restore": milliseconds(lambda: world.restore("s")),
        "fork": milliseconds(lambda: worlds.append(world.fork())),
    }
    for made in worlds:
        made.delete()
    return figures


def microseconds_a_call(journal: int) -> float:
    """Of GetDeviceOutBandInfo without a signature, in process."""
    from emulator.testing.in_process import exchange

    with Emulator(listen=False, auth="off", journal=journal) as emulator:

        async def calls() -> float:
            target = "/v2/index.php?Action=GetDeviceOutBandInfo&instanceId=cpm-an5a9wv4"
            times = []
            for _ in range(CALLS):
                started = time.perf_counter()
                reply = await exchange(emulator.app, "GET", target, {"host": "bm.api.qcloud.com"}, b"")
                times.append((time.perf_counter() - started) * 1e6)
            assert json.loads(reply.body)["code"] == 0
            return median(times)

        import asyncio

        return asyncio.run(calls())


def main() -> None:
    print(
        f"{'devices':>8}" + "".join(f"{name:>10}" for name in ("first", "make", "reset", "snapshot", "restore", "fork"))
    )
    with Emulator(listen=False) as emulator:
        for size in SIZES:
            figures = measure(emulator, size)
            print(f"{size:8,}" + "".join(f"{value:7.2f} ms" for value in figures.values()))
    print(f"a call: {microseconds_a_call(0):.1f} µs with a journal that keeps nothing, ", end="")
    print(f"{microseconds_a_call(10_000):.1f} µs with one of 10,000 calls")


if __name__ == "__main__":
    main()
