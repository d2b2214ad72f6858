"""The emulator in process, with a clock that stands still, on any world a test describes."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.client import Api
from support.in_process import in_process

from emulator.app import create_app, open_world
from emulator.clock import ManualClock
from emulator.settings import Settings
from emulator.testing import Emulator, WorldClient

NOW = 1_508_464_800_000
"""2017-10-20 10:00:00 China Standard Time."""

NEIGHBOUR = Path(__file__).parent / "data" / "neighbour.toml"

MakeApi = Callable[..., Api]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a shell that runs the tests in the background has them ignore it, and so would every server that they start
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def make_api(clock: ManualClock, tmp_path: Path) -> Iterator[MakeApi]:
    """An Api on a world of its own: `fixture` is the text of a fixture file beside the demo world's.

    Beside an account that the text describes, only a part of the demo world exists: NEIGHBOUR.
    """
    worlds = []

    def make(fixture: str = "", *, demo: bool = True, time_scale: float = 1.0, **settings: Any) -> Api:
        names = [str(NEIGHBOUR) if "[[accounts]]" in fixture else "demo"] if demo else []
        if fixture:
            path = tmp_path / f"fixture{len(worlds)}.toml"
            path.write_text(fixture, encoding="utf-8")
            names.append(str(path))
        chosen = Settings(fixtures=tuple(names), time_scale=time_scale, **settings)
        world = open_world(chosen, clock)
        worlds.append(world)
        app = create_app(chosen, world=world)
        return Api(httpx.Client(transport=in_process(app), base_url="http://bm.api.qcloud.com"))

    yield make
    for world in worlds:
        world.close()


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    return make_api()


@dataclass
class Server:
    """`bm-emulator serve` in a process of its own."""

    process: subprocess.Popen[str]
    greeting: list[str]

    @property
    def endpoint(self) -> str:
        everywhere = re.search(r"port ([0-9]+) of every address", self.greeting[0])
        if everywhere:
            return f"http://127.0.0.1:{everywhere[1]}"
        found = re.search(r"http://[^/]+", self.greeting[0])
        assert found, self.greeting
        return found[0]

    def api(self) -> Api:
        return Api(httpx.Client(base_url=self.endpoint, trust_env=False))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(10)


COMMAND = str(Path(sys.executable).with_name("bm-emulator"))


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    servers = []

    def start(*options: str, env: dict[str, str] | None = None) -> Server:
        log = (tmp_path / f"server{len(servers)}.log").open("w", encoding="utf-8")
        process = subprocess.Popen(
            [COMMAND, "serve", "--port", "0", *options], stdout=subprocess.PIPE, stderr=log, text=True, env=env
        )
        assert process.stdout is not None
        greeting = [process.stdout.readline().rstrip() for _ in range(4)]
        server = Server(process, greeting)
        servers.append(server)
        return server

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
        server.process.communicate()


@pytest.fixture
def world_api(bm_emulator: Emulator, bm_world: WorldClient) -> Iterator[Api]:
    """A real client of the test's own world, over a socket."""
    with httpx.Client(base_url=bm_emulator.url, trust_env=False) as client:
        yield Api(client, bm_world.secret_id, bm_world.secret_key)
