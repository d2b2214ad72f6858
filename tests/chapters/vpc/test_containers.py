"""Subnets for containers, which no page documents."""

from conftest import MakeApi
from support.account import OWNER
from support.client import Api

from chapters.vpc.cases import CONTAINERS, GOOD, HELD, WITH_CONTAINERS
from chapters.vpc.conftest import Vpc
from emulator.clock import ManualClock


def test_a_registered_range_has_no_free_address_until_it_is_released(make_api: MakeApi, clock: ManualClock) -> None:
    vpc = Vpc(Api(make_api(WITH_CONTAINERS).http, *OWNER), clock)

    def free(subnet: str) -> int:
        return int(vpc.ask("DescribeBmSubnetEx", unSubnetId=subnet)["data"][0]["availableIpNum"])

    assert (free(CONTAINERS), free(HELD)) == (253, 0)
    for action in ("RegisterContainerSubnetIp", "ReleaseContainerSubnetIp"):
        task = vpc.api.data(action, **GOOD[action])["taskId"]
        assert vpc.api.data("DescriptionOperationResult", taskId=task)["status"] == 4
        clock.advance(60)
        assert vpc.api.data("DescriptionOperationResult", taskId=task)["status"] == 1
    assert (free(CONTAINERS), free(HELD)) == (0, 253)


def test_a_subnet_for_containers_is_made_and_deleted(make_api: MakeApi, clock: ManualClock) -> None:
    vpc = Vpc(Api(make_api(WITH_CONTAINERS).http, *OWNER), clock)
    [made] = vpc.ask("CreateBmContainerSubnet", **GOOD["CreateBmContainerSubnet"], subnetType=6)["subnetSet"]
    assert [(type(value), name) for name, value in made.items()] == [
        (int, "subnetId"),
        (str, "unSubnetId"),
        (str, "subnetName"),
        (str, "cidrBlock"),
    ]
    vpc.ask("DeleteBmContainerSubnet", unVpcId="1", unSubnetId=str(made["subnetId"]))
