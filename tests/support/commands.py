"""The `bm-emulator` command in a process and an environment of its own."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from conftest import COMMAND

from emulator.https.environment import SAVED, VARIABLES

CLEAN = {name: value for name, value in os.environ.items() if name not in (*VARIABLES, SAVED)}
Done = subprocess.CompletedProcess[str]


def run(*words: str, env: dict[str, str] | None = None) -> Done:
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, env=env or CLEAN)


def evaluated(ca: Path, env: dict[str, str], *options: str) -> dict[str, str]:
    """The environment of a shell after `eval "$(bm-emulator env …)"`."""
    words = shlex.join([COMMAND, "env", "--ca-dir", str(ca), *options])
    program = shlex.join([sys.executable, "-c", "import os, json; print(json.dumps(dict(os.environ)))"])
    script = f'eval "$({words})" && exec {program}'
    done = run("sh", "-euc", script, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
