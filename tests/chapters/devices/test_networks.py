"""Devices: the clusters of a VPC, and subnets for containers."""

import pytest
from support.account import HEAD
from support.client import Api

from chapters.conftest import MakeAccount
from chapters.devices.cases import DOCKER, DOCKER_OWNER
from emulator.clock import ManualClock


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("SwitchToBmExclusiveCluster", "shared", "exclusive"),
        ("SwitchToBmExclusiveCluster", "exclusive", "exclusive"),
        ("SwitchToBmSharedCluster", "exclusive", "shared"),
        ("RecoveryBmTgwCluster", "shared", "exclusive"),
        ("RecoveryBmTgwCluster", "exclusive", "shared"),
    ],
)
def test_a_vpc_is_switched_between_clusters(
    make_account: MakeAccount, clock: ManualClock, action: str, before: str, after: str
) -> None:
    head = HEAD.replace('cidr = "10.6.0.0/16"', f'cidr = "10.6.0.0/16", tgw_mode = "{before}"')
    api = make_account(head=head)
    vpc = {"unVpcId": "vpc-8e0ypm3z"}
    task = api.data(action, **vpc)["taskId"]
    assert api.data("QueryBmTgwClusterMode", **vpc) == before
    assert api.data("DescriptionOperationResult", taskId=task) == {"status": 4, "instanceIds": []}
    clock.advance(60)
    assert api.data("QueryBmTgwClusterMode", **vpc) == after
    assert api.data("DescriptionOperationResult", taskId=task) == {"status": 1, "instanceIds": []}


def test_the_same_action_of_the_other_module_answers_the_same(api: Api) -> None:
    modes = [
        api.call("QueryBmTgwClusterMode", host=f"{module}.api.qcloud.com", unVpcId="vpc-34cxlz7z")["data"]
        for module in ("bm", "bmvpc")
    ]
    assert modes == ["shared", "shared"]


def test_only_idle_subnets_for_containers_are_listed(make_account: MakeAccount) -> None:
    api = Api(make_account(DOCKER).http, *DOCKER_OWNER)
    assert [row["unSubnetId"] for row in api.data("ZhDockerSubnetAvailable")] == ["subnet-docker01"]
