"""How long other clients wait while 2,000 slow ones, large headers and wrongly signed calls arrive.

    .venv/bin/python tests/benchmarks/slow_clients.py

Four clients make signed calls over kept connections, twenty a second each, first alone and then beside 2,000 clients
that announce a body and send a byte a second of it, four that send headers of 200 KB over and over and, in a third
round, one that sends a wrongly signed call with 20,000 ids each second. At the end the open files are those of the
beginning.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from throughput import HOST, SECRET_ID, emulator, server, signed_requests

SLOW = 2_000
IDS = 20_000
SECONDS = 15
PAUSE = 0.05
CLIENTS = 4
HALF = f"POST /v2/index.php HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000\r\n\r\nActi".encode()
HEADERS = f"GET /v2/index.php HTTP/1.1\r\nHost: {HOST}\r\nX: ".encode() + b"y" * 200_000 + b"\r\n\r\n"


def wrong() -> bytes:
    common = {"Action": "DescribeDevice", "SecretId": SECRET_ID, "Timestamp": int(time.time()), "Nonce": 1}
    ids = {f"instanceIds.{number}": f"cpm-{number:08d}" for number in range(IDS)}
    body = urlencode({**common, **ids, "Signature": "d3Jvbmc="}).encode()
    return f"POST /v2/index.php HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def slow(port: int, number: int) -> None:
    await asyncio.sleep(number / SLOW)  # so that they do not all send in the same moment
    while True:
        with suppress(OSError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HALF)
            while not writer.is_closing():
                await asyncio.sleep(1)
                writer.write(b"x")


async def send_again_and_again(port: int, request: bytes, pause: float) -> None:
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            await reader.read(65536)
            writer.close()
        await asyncio.sleep(pause)


async def measured(port: int, requests: list[bytes], milliseconds: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    end = time.perf_counter() + SECONDS
    for request in requests:
        started = time.perf_counter()
        if started > end:
            break
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
        milliseconds.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(PAUSE)
    writer.close()


async def calls(port: int, number: int) -> list[float]:
    milliseconds: list[float] = []
    requests = signed_requests(int(SECONDS / PAUSE) * CLIENTS, number)
    await asyncio.gather(*(measured(port, requests[client::CLIENTS], milliseconds) for client in range(CLIENTS)))
    return milliseconds


async def crowd(port: int, *, wrongly_signed: bool) -> None:
    clients: list[Coroutine[None, None, None]] = [slow(port, number) for number in range(SLOW)]
    clients += [send_again_and_again(port, HEADERS, 0.1) for _ in range(4)]
    clients += [send_again_and_again(port, wrong(), 1)] if wrongly_signed else []
    await asyncio.gather(*clients)


def run_crowd(port: int, wrongly_signed: bool) -> None:
    """Beside the measuring client, whose own event loop it would hold up."""
    asyncio.run(crowd(port, wrongly_signed=wrongly_signed))


def tell(name: str, found: list[float]) -> None:
    cuts = quantiles(found, n=100)
    told = f"median {cuts[49]:.1f} ms, 99th percentile {cuts[98]:.1f} ms, longest {max(found):.1f} ms"
    print(f"{name:22} {told}", flush=True)


def open_files(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def main() -> None:
    with server(emulator()) as (port, pid):
        before = open_files(pid)
        tell("alone", asyncio.run(calls(port, 0)))
        for number, name in enumerate(("slow clients, headers", "and wrong signatures"), 1):
            beside = multiprocessing.Process(target=run_crowd, args=(port, number == 2))
            beside.start()
            time.sleep(5)
            tell(name, asyncio.run(calls(port, number)))
            beside.kill()
            beside.join()
        time.sleep(5)
        print(f"open files             {before} before, {open_files(pid)} after")


if __name__ == "__main__":
    main()
