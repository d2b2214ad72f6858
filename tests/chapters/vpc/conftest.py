"""A client of private networks, in the world of world.py."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import MakeApi
from support.account import OWNER
from support.client import Api

from chapters.vpc.world import world
from emulator.clock import ManualClock

SECONDS = 3_600
"""Longer than any work here takes."""


class Vpc:
    """Calls of bmvpc."""

    def __init__(self, api: Api, clock: ManualClock) -> None:
        self.api = api
        self.clock = clock

    def call(self, action: str, **params: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.api.call(action, host="bmvpc.api.qcloud.com", **params)
        return answer

    def ask(self, action: str, **params: Any) -> Any:
        answer = self.call(action, **params)
        assert answer["code"] in (0, "0"), answer
        return answer

    def state(self, task: int) -> int:
        status: int = self.ask("QueryBmTaskResult", taskId=task)["data"]["status"]
        assert self.ask("QueryBmNatGatewayProductionStatus", taskId=task)["data"]["status"] == status
        return status

    def begin(self, action: str, **params: Any) -> int:
        """Returns the task's number, of a task that is running."""
        task: int = self.ask(action, **params)["data"]["taskId"]
        assert self.state(task) == 2
        return task

    def do(self, action: str, **params: Any) -> int:
        """Let the task that begins end. Returns how it has ended."""
        task = self.begin(action, **params)
        self.clock.advance(SECONDS)
        return self.state(task)


MakeVpc = Callable[..., Vpc]


@pytest.fixture
def make_vpc(make_api: MakeApi, clock: ManualClock) -> MakeVpc:
    """Makes a client in a world; the arguments are those of `world`."""

    def make(*parts: str, **settings: Any) -> Vpc:
        return Vpc(Api(make_api(world(*parts), **settings).http, *OWNER), clock)

    return make


@pytest.fixture
def vpc(make_vpc: MakeVpc) -> Vpc:
    return make_vpc()
