"""What the image copies, starts and asks, and the recipes for it. tests/docker/ builds and runs it."""

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml
from conftest import COMMAND, Server
from support.pages import PAGES, blocks

from emulator.cli.call import call as call_command
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
    assert {"BM_EMULATOR_HOST", "BM_EMULATOR_DATABASE", "BM_EMULATOR_CA_DIR"} <= variables
    assert variables <= known


def test_it_runs_as_somebody_else_than_root_and_in_two_stages() -> None:
    assert TEXT.count("\nFROM ") + TEXT.startswith("FROM ") == 2
    [uid] = re.findall(r"^USER (\d+)$", TEXT, flags=re.MULTILINE)
    assert f"--uid {uid} " in TEXT
    assert 0 < int(uid) < 1000  # a system's
    assert 'ENTRYPOINT ["bm-emulator"]\nCMD ["serve"]' in TEXT


@pytest.mark.socket
def test_its_health_check_asks_a_living_server(serve: Callable[..., Server]) -> None:
    [check] = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", TEXT, flags=re.MULTILINE)
    assert json.loads(check) == ["bm-emulator", "health"]
    server = serve()
    env = {**os.environ, "BM_EMULATOR_PORT": server.endpoint.rpartition(":")[2]}
    command = [COMMAND, "health"]
    assert subprocess.run(command, check=False, timeout=30, env=env).returncode == 0
    server.stop()
    assert subprocess.run(command, check=False, timeout=30, env=env, capture_output=True).returncode != 0


def test_it_is_labelled() -> None:
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="(.*?)"', TEXT))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert labels == {"title": project["name"], "description": project["description"]}
    assert "Framework :: Pytest" in project["classifiers"]


COMPOSE, ACTIONS = (yaml.safe_load(block) for block in blocks("yaml", "docs/clients.md"))


def test_the_recipes_set_what_there_is_to_set() -> None:
    services = [*COMPOSE["services"].values(), *ACTIONS["jobs"]["test"]["services"].values()]
    set_ = {name for service in services for name in {**service.get("environment", {}), **service.get("env", {})}}
    known = {option.envvar for option in (*serve_command.params, *call_command.params) if hasattr(option, "envvar")}
    assert set_ <= known
    assert "BM_EMULATOR_CONTROL_TOKEN" in set_
    for text in re.findall(r"-e (BM_EMULATOR_\w+)=", PAGES["docs/clients.md"]):
        assert text in known


def test_the_recipes_use_the_images_port_volume_and_health_check() -> None:
    [port] = re.findall(r"^EXPOSE (\d+)$", TEXT, flags=re.MULTILINE)
    [volume] = re.findall(r"^VOLUME (.+)$", TEXT, flags=re.MULTILINE)
    emulator, tests = COMPOSE["services"]["emulator"], COMPOSE["services"]["tests"]
    assert emulator["volumes"] == [f"bm-emulator:{volume}"]
    assert set(COMPOSE["volumes"]) == {"bm-emulator"}
    assert tests["depends_on"] == {"emulator": {"condition": "service_healthy"}}
    assert tests["environment"]["BM_EMULATOR_ENDPOINT"] == f"http://emulator:{port}"
    assert emulator["environment"].items() <= tests["environment"].items()
    [job] = ACTIONS["jobs"].values()
    assert job["services"]["emulator"]["ports"] == [f"{port}:{port}"]
    assert f"http://127.0.0.1:{port}/" in job["steps"][0]["run"]
