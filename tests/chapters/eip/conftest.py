"""A client of elastic IPs, in the world of world.py."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import MakeApi
from support.account import OWNER
from support.client import Api

from chapters.eip.world import world
from emulator.clock import ManualClock

SECONDS = 1_000
"""Longer than any work here takes."""


class Eips:
    """Calls of bmeip, and of the servers that have elastic IPs."""

    def __init__(self, api: Api, clock: ManualClock) -> None:
        self.api = api
        self.clock = clock

    def call(self, action: str, **params: Any) -> dict[str, Any]:
        return dict(self.api.call(action, host="bmeip.api.qcloud.com", **params))

    def ask(self, action: str, **params: Any) -> Any:
        answer = self.call(action, **params)
        assert answer["code"] == 0, answer
        return answer["data"]

    def begin(self, action: str, **params: Any) -> int:
        """Returns the task's number, of a task that is running."""
        task: int = self.ask(action, **params)["requestId"]
        assert self.state(task) == 2
        return task

    def state(self, task: int) -> int:
        return int(self.ask("EipBmQueryTask", requestId=task)["status"])

    def do(self, action: str, **params: Any) -> int:
        """Let the task that begins end. Returns how it has ended."""
        task = self.begin(action, **params)
        self.clock.advance(SECONDS)
        return self.state(task)

    def listed(self, **by: Any) -> list[dict[str, Any]]:
        return list(self.ask("DescribeEipBm", **by)["eipSet"])

    def row(self, eip_id: str) -> dict[str, Any]:
        [found] = self.listed(**{"eipIds.0": eip_id})
        return found

    def server(self, instance_id: str) -> dict[str, Any]:
        for action in ("DescribeDevice", "DescribeDeviceTrash"):
            for row in self.api.data(action, **{"instanceIds.0": instance_id})["deviceList"]:
                return dict(row)
        raise LookupError(instance_id)


MakeEips = Callable[..., Eips]


@pytest.fixture
def make_eips(make_api: MakeApi, clock: ManualClock) -> MakeEips:
    """Makes a client in a world; the arguments are those of `world`."""

    def make(*parts: str, **settings: Any) -> Eips:
        return Eips(Api(make_api(world(*parts), **settings).http, *OWNER), clock)

    return make


@pytest.fixture
def eips(make_eips: MakeEips) -> Eips:
    return make_eips()
