"""The image cannot be built in a test; what it copies, starts and asks can be checked."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from conftest import Server

from emulator.cli.serve import serve as serve_command

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_what_it_copies_is_there_and_is_not_ignored() -> None:
    copied = [word for line in re.findall(r"^COPY (?!--)(.*)$", TEXT, flags=re.MULTILINE) for word in line.split()[:-1]]
    shipped = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert copied == ["pyproject.toml", "README.md", "emulator", "fixtures"]
    for name in copied:
        assert (ROOT / name).exists()
        assert f"!{name}" in shipped


def test_its_variables_are_options_of_serve() -> None:
    variables = set(re.findall(r"BM_EMULATOR_\w+", TEXT))
    known = {option.envvar for option in serve_command.params if isinstance(option, click.Option)}
    assert variables == {"BM_EMULATOR_HOST", "BM_EMULATOR_PORT", "BM_EMULATOR_DATABASE"}
    assert variables <= known


def test_it_runs_as_somebody_else_than_root_and_in_two_stages() -> None:
    assert TEXT.count("\nFROM ") + TEXT.startswith("FROM ") == 2
    assert "\nUSER emulator\n" in TEXT
    assert 'ENTRYPOINT ["bm-emulator"]\nCMD ["serve"]' in TEXT


@pytest.mark.socket
def test_its_health_check_asks_a_living_server(serve: Callable[..., Server]) -> None:
    [check] = re.findall(r'CMD (\["python".*\])$', TEXT, flags=re.MULTILINE)
    server = serve()
    words = [word.replace("http://127.0.0.1:8386", server.endpoint) for word in json.loads(check)]
    command = [sys.executable, *words[1:]]
    assert subprocess.run(command, check=False, timeout=30).returncode == 0, shlex.join(command)
    server.stop()
    assert subprocess.run(command, check=False, timeout=30, capture_output=True).returncode != 0
