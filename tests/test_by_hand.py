"""The inventory set by hand: accounts, and what is true of every kind. Each chapter has the tests of its own kinds."""

import contextlib

import pytest
from support.client import Api

from emulator.control.inventory import kinds_by_hand
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


IMPOSSIBLE = [
    10**20,
    -(10**20),
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59",
    "0001-01-01T00:00:00+14:00",
    "a\0b",
    "\ud800",
]


@pytest.mark.parametrize("kind", sorted(kinds_by_hand()))
def test_no_value_set_by_hand_makes_the_emulator_fail(bm_world: WorldClient, kind: str) -> None:
    [id, *_others] = bm_world.inventory.ids(kind) or pytest.skip("the demo world has none")
    [(_resource, by_hand), *_] = kinds_by_hand()[kind]
    for name in by_hand.changes.__struct_fields__:
        for value in IMPOSSIBLE:
            with contextlib.suppress(ControlError):
                bm_world.inventory.set(kind, id, **{name: value})
            assert bm_world.inventory.read(kind, id)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00", "1969-12-31T00:00:00", "9999-12-31T00:00:00"])
def test_a_time_that_no_world_can_have_is_refused(bm_world: WorldClient, time: str) -> None:
    [vpc, *_others] = bm_world.inventory.ids("vpcs")
    with pytest.raises(ControlError, match="a time is between 1970 and 9998") as refused:
        bm_world.inventory.set("vpcs", vpc, created_at=time)
    assert refused.value.status == 422


def test_a_number_that_no_database_holds_is_refused(bm_world: WorldClient) -> None:
    [subnet, *_others] = bm_world.inventory.ids("subnets")
    with pytest.raises(ControlError, match="a number is too large") as refused:
        bm_world.inventory.set("subnets", subnet, zone_id=10**20)
    assert refused.value.status == 422
