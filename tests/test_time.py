"""The clock of a world: read, frozen, advanced, run faster, and put back to real time."""

import time

import pytest
from support.client import Api

from emulator.clock import ManualClock, WorldClock, add_months, to_wire
from emulator.testing import ControlError, WorldClient

ONE = {"instanceIds.0": "cpm-an5a9wv4", "opUin": "1"}
REBOOT = {"instanceIds": ["cpm-an5a9wv4"], "opUin": "1"}


def status(world: WorldClient, task: int) -> int:
    return world.call("DescriptionOperationResult", taskId=task)["data"]["status"]


def test_a_world_begins_in_real_time(bm_world: WorldClient) -> None:
    assert abs(bm_world.clock.now / 1000 - time.time()) < 5


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_frozen_clock_stands_still(bm_world: WorldClient, world_api: Api) -> None:
    answers = {world_api.response("DescribeDevice").content for _ in range(3)}
    assert (len(answers), bm_world.clock.time) == (1, "2017-10-20 10:00:00")
    world_api.data("AddUserCmd", alias="now", osType="linux", content="bHM=")
    [row] = world_api.data("GetUserCmdList", searchKey="now")["list"]
    assert row["createTime"] == "2017-10-20 10:00:00"


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
@pytest.mark.bm_time_scale(1)
def test_what_is_due_happens_when_the_clock_is_advanced_and_not_before(bm_world: WorldClient) -> None:
    task = bm_world.call("RebootDevice", **REBOOT)["data"]["taskId"]
    assert bm_world.clock.advance(89) == 0
    assert status(bm_world, task) == 4
    assert bm_world.clock.advance(91) == 1
    assert status(bm_world, task) == 1


@pytest.mark.bm_time_scale(1)
def test_a_clock_that_runs_can_be_advanced_and_runs_on(bm_world: WorldClient) -> None:
    before = bm_world.clock.now
    bm_world.clock.advance(3600)
    later = bm_world.clock.now
    assert 3600_000 <= later - before < 3700_000
    time.sleep(0.02)
    assert bm_world.clock.now > later


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
@pytest.mark.bm_time_scale(1)
def test_advance_to_idle_ends_all_work_in_order_and_no_more(bm_world: WorldClient) -> None:
    order = {"zoneId": 1000100003, "unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m", "osTypeId": 1}
    order |= {"deviceClassCode": "PS100v1", "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": 1}
    [bought] = bm_world.call("BuyDevice", **order)["data"]["resourceIds"].values()
    bm_world.call("RebootDevice", **REBOOT)
    due = sorted(operation["due_at"] for operation in bm_world.inventory.operations())
    assert bm_world.clock.advance_to_idle() == 3
    assert bm_world.clock.time == due[-1]
    assert bm_world.inventory.operations() == []
    assert bm_world.inventory.device(bought[0])["state"] == "running"
    assert bm_world.clock.advance_to_idle() == 0


@pytest.mark.bm_time_scale(1)
def test_advance_to_idle_does_not_wait_for_what_hangs(bm_world: WorldClient) -> None:
    bm_world.faults.set("RebootDevice", operation="hang", hangs_at=70)
    task = bm_world.call("RebootDevice", **REBOOT)["data"]["taskId"]
    assert bm_world.clock.advance_to_idle() == 0
    bm_world.clock.advance(10_000_000)
    assert status(bm_world, task) == 4


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_clock_may_run_faster_than_real_time_and_be_put_back(bm_world: WorldClient) -> None:
    bm_world.clock.run_at(3600)
    time.sleep(0.05)
    assert bm_world.clock.now >= 1_508_464_800_000 + 180_000
    bm_world.clock.run_at(0)
    assert bm_world.clock.now == bm_world.clock.now
    bm_world.clock.real()
    assert abs(bm_world.clock.now / 1000 - time.time()) < 5


def test_years_may_pass_and_servers_expire_on_the_way(bm_world: WorldClient) -> None:
    bm_world.inventory.set_device("cpm-an5a9wv4", deadline="2037-10-01T00:00:00", auto_renew=False)
    bm_world.clock.freeze("2037-10-01T00:00:01")
    assert bm_world.inventory.device("cpm-an5a9wv4")["state"] == "isolated"
    bm_world.clock.advance(8 * 24 * 3600)
    assert "cpm-an5a9wv4" not in bm_world.inventory.ids("devices")


def test_one_worlds_clock_is_not_anothers(bm_world: WorldClient) -> None:
    fork = bm_world.fork()
    fork.clock.freeze("2017-10-20T10:00:00")
    assert bm_world.clock.time != fork.clock.time
    fork.delete()


def test_signatures_go_by_the_real_clock(bm_world: WorldClient) -> None:
    bm_world.clock.freeze("1999-01-01T00:00:00")
    assert bm_world.call("GetUserCmdList")["code"] == 0


@pytest.mark.parametrize("seconds", [-1, 1e11, "long"])
def test_a_clock_that_cannot_be_set_so_says_why(bm_world: WorldClient, seconds: float) -> None:
    with pytest.raises(ControlError) as refused:
        bm_world.clock.advance(seconds)
    assert refused.value.status == 422


def test_time_ends_before_it_cannot_be_printed(bm_world: WorldClient) -> None:
    bm_world.clock.freeze("9998-12-31T00:00:00+00:00")
    with pytest.raises(ControlError, match="ends with the year 9998"):
        bm_world.clock.advance(1e9)
    assert bm_world.call("DescribeDevice")["code"] == 0


def test_a_clock_that_runs_a_million_times_as_fast_stops_with_the_last_year(clock: ManualClock) -> None:
    world = WorldClock(clock)
    world.set(clock.now(), 1_000_000)
    clock.advance(10_000_000)
    assert to_wire(world.now()) == "9999-01-01 00:00:00"


def test_months_end_with_the_last_year_that_can_be_printed() -> None:
    assert add_months(WorldClock.LATEST - 1, 36) == WorldClock.LATEST
    assert to_wire(add_months(1_517_414_400_000, 1)) == "2018-03-01 00:00:00"  # from 2018-02-01
    assert to_wire(add_months(1_517_328_000_000, 1)) == "2018-02-28 00:00:00"  # from 2018-01-31
