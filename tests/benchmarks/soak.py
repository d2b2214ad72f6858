"""Does the pytest plugin ever flake? A suite of short tests, in four workers and random order, again and again.

    .venv/bin/python tests/benchmarks/soak.py [RUNS] [TESTS]

Prints a line a run, and exits with 1 at the first that does not pass whole.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS, TESTS = 50, 200
SUITE = """
import pytest

@pytest.mark.parametrize("number", range({tests}))
@pytest.mark.bm_devices(2)
def test_one_of_many(bm_world, number):
    bm_world.clock.freeze()
    ids = bm_world.inventory.ids("devices")
    bm_world.call("AddUserCmd", alias=f"s{{number}}", osType="linux", content="bHM=")
    [row] = bm_world.call("GetUserCmdList")["data"]["list"]
    assert row["alias"] == f"s{{number}}"
    bm_world.faults.set("RebootDevice", error=9001, times=1)
    reboot = {{"instanceIds": ids[:1], "opUin": "1"}}
    assert [bm_world.call("RebootDevice", **reboot)["code"] for _ in range(2)] == [9001, 0]
    assert bm_world.clock.advance_to_idle() == 1
    bm_world.journal.called("AddUserCmd", "RebootDevice", in_order=True)
"""


def main() -> int:
    runs, tests = (int(word) for word in (sys.argv[1:] + [str(RUNS), str(TESTS)][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory() as folder:
        suite = Path(folder) / "test_many.py"
        suite.write_text(SUITE.format(tests=tests), encoding="utf-8")
        for number in range(1, runs + 1):
            started = time.monotonic()
            words = ["-q", "-n", "4", "-p", "no:schemathesis", "-p", "no:cacheprovider"]
            words.append(f"--randomly-seed={number}")
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *words, str(suite)], capture_output=True, text=True, check=False
            )
            last = done.stdout.strip().splitlines()[-1]
            print(f"run {number:3} of {runs}: {last} ({time.monotonic() - started:.1f} s)", flush=True)
            if done.returncode or f"{tests} passed" not in last:
                print(done.stdout, done.stderr)
                return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
