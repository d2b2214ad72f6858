"""Does the pytest plugin ever flake? A suite of short tests, in four workers and random order, again and again.

    .venv/bin/python tests/benchmarks/soak.py [RUNS] [TESTS]

Prints a line a run, and exits with 1 at the first that does not pass whole.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

sys.path.insert(0, str(Path(__file__).parent.parent))
from support.many import suite

RUNS, TESTS = 50, 200


def main() -> int:
    runs, tests = (int(word) for word in (sys.argv[1:] + [str(RUNS), str(TESTS)][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "test_many.py"
        file.write_text(suite(tests), encoding="utf-8")
        for number in range(1, runs + 1):
            started = time.monotonic()
            words = ["-q", "-n", "4", "-p", "no:schemathesis", "-p", "no:cacheprovider"]
            words.append(f"--randomly-seed={number}")
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *words, str(file)], capture_output=True, text=True, check=False
            )
            last = done.stdout.strip().splitlines()[-1]
            print(f"run {number:3} of {runs}: {last} ({time.monotonic() - started:.1f} s)", flush=True)
            if done.returncode or f"{tests} passed" not in last:
                print(done.stdout, done.stderr)
                return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
