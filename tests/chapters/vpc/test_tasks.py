"""Every action of private networks that begins a task: pending, done, failed, hung and late."""

import pytest

from chapters.vpc.cases import GOOD, TASK
from chapters.vpc.conftest import SECONDS, MakeVpc
from emulator.chapters import BEGINS_WORK

BEGINNERS = sorted(name for module, name in BEGINS_WORK if module == "bmvpc" and name in GOOD)
DONE, FAILED, RUNNING = 0, 1, 2


def rule(action: str, operation: str) -> str:
    return f'\n[[faults]]\naction = "{action}"\noperation = "{operation}"\nlate_by = 1000\n'


@pytest.mark.parametrize("action", BEGINNERS)
def test_its_task_ends(make_vpc: MakeVpc, action: str) -> None:
    assert make_vpc("", TASK).do(action, **GOOD[action]) == DONE


@pytest.mark.parametrize("action", BEGINNERS)
def test_a_task_that_fails_leaves_nothing_half_done_so_that_it_can_be_tried_again(
    make_vpc: MakeVpc, action: str
) -> None:
    vpc = make_vpc("", TASK, rule(action, "fail").replace("late_by = 1000", "times = 1"))
    assert vpc.do(action, **GOOD[action]) == FAILED
    again = {**GOOD[action], "cidrBlock": "172.16.0.0/16"} if action == "CreateBmVpc" else GOOD[action]
    assert vpc.do(action, **again) == DONE


@pytest.mark.parametrize("action", BEGINNERS)
def test_a_task_that_hangs_never_ends(make_vpc: MakeVpc, action: str) -> None:
    vpc = make_vpc("", TASK, rule(action, "hang"))
    assert vpc.do(action, **GOOD[action]) == RUNNING


@pytest.mark.parametrize("action", BEGINNERS)
def test_a_task_that_is_late_ends_later(make_vpc: MakeVpc, action: str) -> None:
    vpc = make_vpc("", TASK, rule(action, "late"))
    task = vpc.begin(action, **GOOD[action])
    vpc.clock.advance(999)
    assert vpc.state(task) == RUNNING
    vpc.clock.advance(SECONDS)
    assert vpc.state(task) == DONE
