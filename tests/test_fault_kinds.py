"""Fault rules on things of any kind, by id and by state."""

from ipaddress import IPv4Network
from typing import Any

import pytest
from support.client import Api

from emulator.testing import ControlError, WorldClient

BIND = {
    "unVpcId": "vpc-34cxlz7z",
    "unSubnetId": "subnet-34cxlz7z",
    "operateMode": 1,
    "contacts": "张三",
    "mobile": "13800000000",
    "instances.0.userName": "root",
    "instances.0.password": "x",
}


def subnet_hosts(world: WorldClient, subnet: str) -> list[str]:
    return [str(host) for host in IPv4Network(world.inventory.read("subnets", subnet)["cidr"]).hosts()]


@pytest.fixture
def bind(bm_world: WorldClient) -> dict[str, Any]:
    server = bm_world.inventory.ids("hosted")[-1]
    subnet = bm_world.inventory.ids("subnets")[0]
    vpc = bm_world.inventory.read("subnets", subnet)["vpc"]
    [gateway, *_] = subnet_hosts(bm_world, subnet)
    return {**BIND, "gatewayIp": gateway, "unVpcId": vpc, "unSubnetId": subnet, "instances.0.instanceId": server}


def test_a_rule_may_ask_for_the_state_of_a_thing_of_any_kind(
    bm_world: WorldClient, world_api: Api, bind: dict[str, Any]
) -> None:
    """The second binding of a server that is being bound."""
    bm_world.faults.set("BindHostedLanIP", kind="hosted", state="binding", error=9001)
    assert [world_api.call("BindHostedLanIP", **bind)["code"] for _ in range(2)] == [0, 9001]


def test_a_rule_may_name_a_thing_of_any_kind(bm_world: WorldClient, world_api: Api, bind: dict[str, Any]) -> None:
    server = bind["instances.0.instanceId"]
    bm_world.faults.set(resource=server, error=4300)
    assert world_api.call("ModifyHostedAlias", instanceId=server, alias="a")["code"] == 4300
    assert world_api.call("GetUserCmdList")["code"] == 0


def test_a_rule_on_an_operation_may_name_a_network(bm_world: WorldClient, world_api: Api) -> None:
    vpc = bm_world.inventory.ids("vpcs")[0]
    bm_world.clock.freeze()
    bm_world.faults.set("SwitchToBmExclusiveCluster", resource=vpc, operation="fail")
    task = world_api.data("SwitchToBmExclusiveCluster", unVpcId=vpc)["taskId"]
    bm_world.clock.advance_to_idle()
    assert world_api.data("DescriptionOperationResult", taskId=task)["status"] == 2
    assert world_api.data("QueryBmTgwClusterMode", unVpcId=vpc) == "shared"


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"kind": "hosted"}, "`kind` and `state` go together"),
        ({"state": "bound"}, "`kind` and `state` go together"),
        ({"kind": "hosted", "state": "melting"}, "no hosted server is ever 'melting'; states are never, binding"),
        (
            {"kind": "clouds", "state": "bound"},
            "no kind of thing with states is named 'clouds'; there are vpcs, devices, hosted",
        ),
        ({"kind": "scripts", "state": "bound"}, "no kind of thing with states is named 'scripts'"),
    ],
)
def test_a_rule_that_no_thing_could_meet_is_refused(bm_world: WorldClient, rule: dict[str, str], reason: str) -> None:
    with pytest.raises(ControlError, match=reason):
        bm_world.faults.set("BindHostedLanIP", cut=True, **rule)
