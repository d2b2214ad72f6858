"""How much memory a long run takes: a million signed calls in one server, each with a nonce of its own.

    .venv/bin/python tests/benchmarks/memory.py [CALLS]

Prints the resident memory idle and after each tenth of the calls. Exits with 1 if it has grown by more than 40 MB.
"""

import sys

from throughput import emulator, measure, resident_megabytes, server, signed_requests

CALLS = 1_000_000
MOST_MEGABYTES = 40.0
_BATCH = 10_000


def main() -> int:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    with server(emulator()) as (port, pid):
        measure(port, signed_requests(_BATCH, 0))
        idle = resident_megabytes(pid)
        print(f"{'after the first calls':>24} {idle:7.1f} MB", flush=True)
        grown = 0.0
        for batch in range(1, calls // _BATCH + 1):
            load = measure(port, signed_requests(_BATCH, batch))
            assert load.refused == 0
            grown = resident_megabytes(pid) - idle
            if batch * 10 % (calls // _BATCH) == 0:
                print(f"{batch * _BATCH:18,} calls {idle + grown:7.1f} MB", flush=True)
    print(f"{'grown by':>24} {grown:7.1f} MB")
    return int(grown > MOST_MEGABYTES)


if __name__ == "__main__":
    raise SystemExit(main())
