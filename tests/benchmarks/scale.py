"""What a large fleet costs: making it, listing it, keeping it.

    .venv/bin/python tests/benchmarks/scale.py

DescribeDevice, first and last page of 20, in process and without signatures, on 1,000 and on 100,000 devices.
"""

import asyncio
import resource
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from emulator.app import create_app, open_world
from emulator.clock import SystemClock
from emulator.settings import Settings

SMALL, LARGE = 1_000, 100_000
PAGE = 20
CALLS = 100


async def call(app: Any, query: str, host: str = "bm.api.qcloud.com") -> bytes:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/v2/index.php", "query_string": query.encode()}
    scope["headers"] = [(b"host", host.encode())]
    await app(scope, receive, send)
    return sent[1]["body"]


def milliseconds(app: Any, query: str, host: str = "bm.api.qcloud.com") -> float:
    def once() -> float:
        started = time.perf_counter()
        body = asyncio.run(call(app, query, host))
        assert body.startswith((b'{"code":0,', b'{"code":"0",')), body[:200]
        return (time.perf_counter() - started) * 1000

    once()
    return median(once() for _ in range(CALLS))


def timed(make: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    made = make()
    return made, time.perf_counter() - started


def main() -> None:
    pages: dict[int, dict[str, float]] = {}
    for size in (SMALL, LARGE):
        settings = Settings(auth="off", devices=size, fixtures=())
        world, seconds = timed(lambda settings=settings: open_world(settings, SystemClock()))
        app = create_app(settings, world=world)
        listed = world.database.driver.execute("SELECT count(*) FROM devices WHERE device_status = 4").fetchone()[0]
        query = f"Action=DescribeDevice&limit={PAGE}&offset="
        pages[size] = {
            "first": milliseconds(app, f"{query}0"),
            "last": milliseconds(app, f"{query}{listed - PAGE}"),
        }
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size:>8,} devices: made in {seconds:6.2f} s, {memory:6.0f} MB")
        world.close()
    for name in ("first", "last"):
        small, large = pages[SMALL][name], pages[LARGE][name]
        print(f"{name:>8} page: {small:6.2f} ms of {SMALL:,}, {large:6.2f} ms of {LARGE:,}, ratio {large / small:5.2f}")


if __name__ == "__main__":
    main()
