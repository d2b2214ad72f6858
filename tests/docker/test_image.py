"""The image, really built and run: by buildah, which needs no daemon. Runs where EXPECT_DOCKER is set."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import COMMAND
from support.client import Api
from support.commands import Done, run

pytestmark = [
    pytest.mark.socket,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not os.environ.get("EXPECT_DOCKER"), reason="builds an image, if EXPECT_DOCKER is set"),
    pytest.mark.xdist_group("docker"),
]
BUILD = Path(__file__).with_name("build.sh")
TOKEN = "t0ken"
DEVICE = {"instanceId": "cpm-an5a9wv4"}
START_SECONDS = 20


@dataclass
class Image:
    """The built image, in a storage of its own."""

    folder: Path

    def buildah(self, *words: str) -> list[str]:
        places = ("--root", str(self.folder / "storage"), "--runroot", str(self.folder / "run"))
        return ["buildah", "--storage-driver", "vfs", *places, *words]

    def do(self, *words: str) -> str:
        done = run(*self.buildah(*words))
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def config(self) -> dict[str, Any]:
        return json.loads(self.do("inspect", "--type", "image", "bm-emulator"))["Docker"]["config"]


@dataclass
class Running:
    """A container's first process, as the image's own command starts it, on a port of its own."""

    image: Image
    container: str
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call(self, action: str, **params: Any) -> Any:
        with httpx.Client(base_url=self.url, trust_env=False) as client:
            return Api(client).call(action, **params)

    def inside(self, *words: str) -> Done:
        env = ("--env", f"BM_EMULATOR_PORT={self.port}")
        return run(*self.image.buildah("run", "--isolation", "chroot", *env, self.container, "--", *words))

    def pid(self) -> int:
        """Of the emulator itself, below the processes of buildah."""
        pids, found = [self.process.pid], self.process.pid
        while pids:
            found = pids[0]
            children = Path(f"/proc/{found}/task").glob("*/children")
            pids = [int(pid) for file in children for pid in file.read_text().split()]
        return found

    def stop(self) -> float:
        """Stop it as Docker does, and return how many seconds it took."""
        pid, begin = self.pid(), time.monotonic()
        os.kill(pid, 15)
        while Path(f"/proc/{pid}").exists() and time.monotonic() < begin + 30:
            time.sleep(0.01)
        took = time.monotonic() - begin
        self.process.wait(10)
        return took


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    assert shutil.which("buildah"), "buildah should be here"
    built = Image(tmp_path_factory.mktemp("docker"))
    done = subprocess.run([BUILD, built.folder], capture_output=True, text=True, timeout=800, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    yield built
    shutil.rmtree(built.folder, ignore_errors=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def begin(image: Image, container: str = "", **variables: str) -> Running:
    """Start a new container, or one that has run before."""
    container = container or image.do("from", "--pull-never", "bm-emulator")
    port, config = free_port(), image.config()
    variables = {"BM_EMULATOR_PORT": str(port), "BM_EMULATOR_CONTROL_TOKEN": TOKEN, **variables}
    env = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    command = [*config["Entrypoint"], *config["Cmd"]]
    words = image.buildah("run", "--isolation", "chroot", *env, container, "--", *command)
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done = run(COMMAND, "health", "--port", str(port), "--wait", str(START_SECONDS))
    running = Running(image, container, port, process)
    if done.returncode != 0:
        running.stop()
        pytest.fail(done.stderr)
    return running


@pytest.fixture(scope="module")
def https_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def running(image: Image, https_port: int) -> Iterator[Running]:
    """A container with HTTPS, for the tests that leave it running."""
    started = begin(image, BM_EMULATOR_HTTPS_PORT=str(https_port))
    yield started
    started.stop()


def test_it_starts_and_answers_a_signed_call(running: Running) -> None:
    assert running.call("GetDeviceOutBandInfo", **DEVICE)["data"]["outbandInfo"]["dhcp_ip"] == "100.68.134.36"


def test_it_is_not_root_and_has_a_system_uid(running: Running) -> None:
    status = Path(f"/proc/{running.pid()}/status").read_text(encoding="ascii")
    [uids] = re.findall(r"^Uid:\t(.*)$", status, flags=re.MULTILINE)
    assert all(0 < int(uid) < 1000 for uid in uids.split())


def test_the_control_interface_is_refused_without_the_token(running: Running) -> None:
    assert httpx.get(f"{running.url}/_emulator/worlds", trust_env=False).status_code == 401
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert httpx.get(f"{running.url}/_emulator/worlds", headers=headers, trust_env=False).status_code == 200


def test_https_needs_a_port_and_nothing_else(running: Running, https_port: int) -> None:
    authority = running.inside("cat", "/data/ca/ca.pem").stdout
    trusting = ssl.create_default_context(cadata=authority)
    with httpx.Client(base_url=f"https://localhost:{https_port}", verify=trusting, trust_env=False) as client:
        assert Api(client).call("GetDeviceOutBandInfo", **DEVICE)["code"] == 0


def test_it_stops_in_a_second_keeps_its_world_and_is_healthy_while_it_runs(image: Image) -> None:
    first = begin(image)
    kind, *check = image.config()["Healthcheck"]["Test"]
    assert kind == "CMD"
    assert first.inside(*check).returncode == 0
    assert first.call("AddUserCmd", alias="kept", osType="linux", content="bHM=")["code"] == 0
    assert first.stop() < 1
    assert first.inside(*check).returncode != 0
    again = begin(image, first.container)
    try:
        assert again.call("GetUserCmdList", searchKey="kept")["data"]["totalNum"] == 1
    finally:
        again.stop()


def test_its_labels_say_what_it_is(image: Image) -> None:
    labels = image.config()["Labels"]
    assert labels["org.opencontainers.image.title"] == "bm-emulator"
    assert "bare-metal" in labels["org.opencontainers.image.description"]
