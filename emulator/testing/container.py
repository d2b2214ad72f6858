"""The emulator's image as a container of testcontainers, for suites that run the image.

    with EmulatorContainer("bm-emulator").with_setting("time-scale", 0) as container:
        world = container.client().new_world(devices=3)
        container.url, world.secret_id, world.secret_key

It needs the extra `testcontainers`, and is imported by nothing else in this package.
"""

import os
from typing import Any

try:
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import HttpWaitStrategy
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "it needs the extra: pip install 'bm-emulator[testcontainers]'", name=error.name
    ) from None

from emulator.request import CONTROL_PREFIX
from emulator.testing.emulator_client import EmulatorClient, connect

PORT = 8386


class EmulatorContainer(DockerContainer):
    """A container of the emulator, ready when its health check answers. Stopping it removes its volume too."""

    def __init__(self, image: str = "bm-emulator", **kwargs: Any) -> None:
        super().__init__(image, **kwargs)
        self.token = os.urandom(16).hex()
        """The control token, a new one for each container."""
        self.with_exposed_ports(PORT)
        self.with_setting("control-token", self.token)
        self.waiting_for(HttpWaitStrategy(PORT, f"{CONTROL_PREFIX}/health").for_status_code(200))

    def with_setting(self, name: str, value: object) -> "EmulatorContainer":
        """Set an option of `bm-emulator serve`, as `with_setting("auth", "off")`."""
        self.with_env("BM_EMULATOR_" + name.removeprefix("--").upper().replace("-", "_"), str(value))
        return self

    @property
    def url(self) -> str:
        """Where the started container is reached from here. The API is at /v2/index.php."""
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(PORT)}"

    def client(self) -> EmulatorClient:
        """Drives the emulator of the started container."""
        return connect(self.url, self.token)
