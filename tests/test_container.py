"""The container class of testcontainers, with a process in the place of Docker."""

import os
import socket
import subprocess
from typing import Any

import pytest
from conftest import COMMAND

from emulator.testing import ControlError, connect

core = pytest.importorskip("testcontainers.core.container", reason="needs testcontainers")
config = pytest.importorskip("testcontainers.core.config")

pytestmark = pytest.mark.socket


class Process:
    """What Docker's client gives for a container: here a server in a process."""

    id = short_id = "1"
    status = "running"

    def __init__(self, image: str, environment: dict[str, str], port: int) -> None:
        self.image = image
        self.words = [COMMAND, "serve", "--host", "127.0.0.1", "--port", str(port)]
        self.environment = {**os.environ, **environment}
        self.running: subprocess.Popen[bytes] | None = None

    def reload(self) -> None:
        pass

    def remove(self, **how: Any) -> None:
        if self.running is not None:
            self.running.terminate()
            self.running.wait(10)


class Docker:
    """Docker's client, as far as a container uses it."""

    def __init__(self, **options: Any) -> None:
        self.client = self
        self.made: list[Process] = []
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.free_port = found.getsockname()[1]

    def create(self, image: str, *, environment: dict[str, str], ports: dict[str, Any], **rest: Any) -> Process:
        assert list(ports) == ["8386"]
        self.made.append(Process(image, environment, self.free_port))
        return self.made[-1]

    def start(self, container: Process) -> None:
        container.running = subprocess.Popen(container.words, env=container.environment, stdout=subprocess.DEVNULL)

    def get_connection_mode(self) -> Any:
        return config.ConnectionMode.docker_host

    def host(self) -> str:
        return "127.0.0.1"

    def port(self, container: str, port: int) -> int:
        assert port == 8386
        return self.free_port

    def close(self) -> None:
        pass


@pytest.fixture
def docker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "DockerClient", Docker)
    monkeypatch.setattr(config.testcontainers_config, "ryuk_disabled", True)


def test_a_container_starts_with_its_settings_and_is_driven_by_its_token(docker: None) -> None:
    from emulator.testing.container import EmulatorContainer

    with EmulatorContainer().with_setting("auth", "off").with_setting("--time-scale", 0) as container:
        world = container.client().new_world(devices=2)
        assert world.call("DescribeDevice")["data"]["totalNum"] == 2
        url = container.url
        with pytest.raises(ControlError, match="control token"):
            connect(url).worlds()
        made = container.get_wrapped_container()
        assert (made.image, made.environment["BM_EMULATOR_AUTH"]) == ("bm-emulator", "off")
        assert made.environment["BM_EMULATOR_TIME_SCALE"] == "0"
    with pytest.raises(OSError, match="refused"):
        connect(url).worlds()


def test_each_container_has_a_token_of_its_own(docker: None) -> None:
    from emulator.testing.container import EmulatorContainer

    assert EmulatorContainer().token != EmulatorContainer("mine").token
