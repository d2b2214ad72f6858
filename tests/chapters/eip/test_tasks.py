"""Every action on elastic IPs that begins a task: pending, done, failed, hung and late."""

import pytest

from chapters.eip.cases import GOOD
from chapters.eip.conftest import SECONDS, MakeEips
from chapters.eip.world import BARE, FREE, USED
from emulator.chapters import BEGINS_WORK

BEGINNERS = sorted(name for module, name in BEGINS_WORK if module == "bmeip")
DONE, FAILED, RUNNING = 0, 1, 2


def rule(action: str, operation: str) -> str:
    return f'\n[[faults]]\naction = "{action}"\noperation = "{operation}"\nlate_by = 600\n'


@pytest.mark.parametrize("action", BEGINNERS)
def test_its_task_ends(make_eips: MakeEips, action: str) -> None:
    assert make_eips().do(action, **GOOD[action]) == DONE


@pytest.mark.parametrize("action", BEGINNERS)
def test_a_task_that_fails_leaves_nothing_half_done_so_that_it_can_be_tried_again(
    make_eips: MakeEips, action: str
) -> None:
    eips = make_eips("", rule(action, "fail").replace("late_by = 600", "times = 1"))
    before = [eips.row(FREE), eips.server(BARE), eips.row(USED)]
    assert eips.do(action, **GOOD[action]) == FAILED
    after = [eips.row(FREE), eips.server(BARE), eips.row(USED)]
    for row in (*before, *after):
        row.pop("freeSecond", None), row.pop("updatedAt", None)
    assert after == before
    assert eips.do(action, **GOOD[action]) == DONE


@pytest.mark.parametrize("action", BEGINNERS)
def test_a_task_that_hangs_never_ends(make_eips: MakeEips, action: str) -> None:
    assert make_eips("", rule(action, "hang")).do(action, **GOOD[action]) == RUNNING


@pytest.mark.parametrize("action", BEGINNERS)
def test_a_task_that_is_late_ends_later(make_eips: MakeEips, action: str) -> None:
    eips = make_eips("", rule(action, "late"))
    task = eips.begin(action, **GOOD[action])
    eips.clock.advance(600)
    assert eips.state(task) == RUNNING
    eips.clock.advance(SECONDS)
    assert eips.state(task) == DONE


def test_a_failed_creation_stays_until_it_is_released(make_eips: MakeEips) -> None:
    eips = make_eips("", rule("EipBmApply", "fail"))
    made = eips.ask("EipBmApply", unVpcId="vpc-aaaaaaaa")["eipIds"][0]
    assert eips.row(made)["status"] == 0
    eips.clock.advance(SECONDS)
    assert eips.row(made)["status"] == 9
    assert eips.do("EipBmDelete", **{"eipIds.0": made}) == DONE
    assert eips.listed(**{"eipIds.0": made}) == []


def test_bindings_are_in_the_log_of_the_server(make_eips: MakeEips) -> None:
    eips = make_eips()
    assert eips.do("EipBmBindRs", **GOOD["EipBmBindRs"]) == DONE
    assert eips.do("EipBmUnbindRs", eipId=FREE) == DONE
    log = eips.api.data("DescribeDeviceOperationLog", instanceId=BARE, startTime="2017-10-20", endTime="2017-10-21")
    assert sorted((row["taskName"], row["status"]) for row in log["logs"]) == [("bindEip", "1"), ("unbindEip", "1")]


def test_a_task_that_is_not_there_is_a_bad_parameter(make_eips: MakeEips) -> None:
    assert make_eips().call("EipBmQueryTask", requestId=99)["code"] == 4000
