"""Calls on load balancers, as their tests make them."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import MakeApi
from support.account import OWNER
from support.client import Api

from chapters.lb.world import PUBLIC, world
from emulator.clock import ManualClock

SECONDS = 60
"""Every task ends within them."""
DONE, FAILED, RUNNING = 0, 1, 2


class Balancers:
    """Calls of bmlb and of the older host lb."""

    def __init__(self, api: Api, clock: ManualClock) -> None:
        self.api = api
        self.clock = clock

    def call(self, action: str, *, host: str = "bmlb", **params: Any) -> dict[str, Any]:
        return dict(self.api.call(action, host=f"{host}.api.qcloud.com", **params))

    def ask(self, action: str, *, host: str = "bmlb", **params: Any) -> dict[str, Any]:
        answer = self.call(action, host=host, **params)
        assert answer["code"] == 0, answer
        return answer

    def state(self, task: int) -> int:
        return int(self.ask("DescribeBmLoadBalancersTaskResult", requestId=task)["data"]["status"])

    def do(self, action: str, *, host: str = "bmlb", **params: Any) -> int:
        task = self.ask(action, host=host, **params)["requestId"]
        assert self.state(task) == RUNNING
        self.clock.advance(SECONDS)
        return self.state(task)

    def rows(self, **by: Any) -> list[dict[str, Any]]:
        return list(self.ask("DescribeBmLoadBalancers", **by)["loadBalancerSet"])

    def listeners(self, lb_id: str = PUBLIC) -> dict[str, dict[str, Any]]:
        """Those of layer 4, by id."""
        found = self.ask("DescribeBmListeners", loadBalancerId=lb_id)["listenerSet"]
        return {row["listenerId"]: row for row in found}

    def forward_listeners(self, lb_id: str = PUBLIC) -> dict[str, dict[str, Any]]:
        """Those of layer 7, by id, with their rules and what is behind these."""
        found = self.ask("DescribeBmForwardListenerInfo", loadBalancerId=lb_id, ifGetRsInfo=1)["listenerSet"]
        return {row["listenerId"]: row for row in found}

    def behind(self, listener_id: str, lb_id: str = PUBLIC) -> dict[tuple[str, int], str]:
        """The health of what is behind a listener of layer 4."""
        found = self.ask("DescribeBmL4ListenerBackends", loadBalancerId=lb_id, listenerId=listener_id)["data"]
        return {(row["instanceId"], row["rsPort"]): row["status"] for row in found}

    def device(self, action: str, instance_id: str) -> None:
        """An operation on a server, to its end."""
        assert self.api.call(action, **{"instanceIds.0": instance_id, "opUin": 1})["code"] == 0

    def balance(self) -> int:
        [account] = self.api.http.get("/_emulator/worlds/default/inventory/accounts").json()[-1:]
        return int(account["balance"])


MakeBalancers = Callable[..., Balancers]


@pytest.fixture
def make(make_api: MakeApi, clock: ManualClock) -> MakeBalancers:
    return lambda text="", **settings: Balancers(Api(make_api(text or world(), **settings).http, *OWNER), clock)


@pytest.fixture
def lb(make: MakeBalancers) -> Balancers:
    return make()
