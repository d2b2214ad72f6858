"""The inventory set by hand: accounts, and what is true of every kind. Each chapter has the tests of its own kinds."""

import pytest
from support.client import Api

from emulator.testing import ControlError, WorldClient

ORDER = {"zoneId": 1000100003, "unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m", "osTypeId": 1, "raidId": 1}
ORDER |= {"deviceClassCode": "PS100v1", "timeUnit": "m", "timeSpan": 1, "goodsNum": 1}


@pytest.mark.parametrize("kind", ["device", "script", "task"])
def test_what_is_not_there_is_reported(bm_world: WorldClient, kind: str) -> None:
    with pytest.raises(ControlError, match=f"the world has no {kind} 'nothing'") as refused:
        getattr(bm_world.inventory, kind)("nothing")
    assert refused.value.status == 404


def test_balance_quota_and_permissions_are_set(bm_world: WorldClient, world_api: Api) -> None:
    account = bm_world.inventory.set_account(bm_world.app_id, balance=0, script_quota=0, docker_customer=True)
    assert account in bm_world.inventory.accounts()
    assert world_api.call("AddUserCmd", alias="x", osType="linux", content="bHM=")["codeDesc"] == "LimitCmdCount"
    assert world_api.call("BuyDevice", **ORDER)["codeDesc"] == "TradeError.InsufficientMoney"
    bm_world.inventory.set_account(bm_world.app_id, may_buy=False)
    assert world_api.call("BuyDevice", **ORDER)["codeDesc"] == "OperationDenied.NoPermission"
    with pytest.raises(ControlError, match="balance"):
        bm_world.inventory.set_account(bm_world.app_id, balance=-1)


def test_networks_are_read_and_set_by_hand(bm_world: WorldClient) -> None:
    [vpc, *_others] = bm_world.inventory.ids("vpcs")
    assert bm_world.inventory.set("vpcs", vpc, name="lab", tgw_mode="exclusive")["name"] == "lab"
    assert bm_world.call("QueryBmTgwClusterMode", unVpcId=vpc)["data"] == "exclusive"
    [subnet, *_more] = bm_world.inventory.ids("subnets")
    assert bm_world.inventory.set("subnets", subnet, docker=True)["docker"] is True
    assert bm_world.inventory.read("subnets", subnet)["vpc"] in bm_world.inventory.ids("vpcs")
