"""Scripts: every documented error, by state, by input, or by a fault where only a broken backend explains it."""

import pytest
from conftest import MakeApi
from support.cases import Call, Case, check_complete, check_own_words, check_refused

from chapters.conftest import MakeAccount
from chapters.scripts.cases import CASES, GOOD, RUNNABLE
from emulator.clock import ManualClock

READS: list[Call] = [
    ("GetUserCmdList", {}),
    ("GetUserCmdTaskList", {}),
    ("GetOutBandVPNAuthInfo", {"zoneId": 1000100003}),
]
TASK = """
[[accounts.tasks]]
task_id = "cmdtask-aaaaaaaa"
cmd_id = "cmd-aaaaaaaa"
cmd_alias = "a"
began_at = 2017-10-01 00:00:00
ended_at = 2017-10-01 00:01:00
runs = [{instance_id = "cpm-aaaaaaaa", status = 0, last_shell_exit = 0}]
"""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_documented_error_is_answered_in_its_own_words(make_api: MakeApi, clock: ManualClock, case: Case) -> None:
    check_own_words(case, make_api, clock)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_refused_call_changes_nothing(make_api: MakeApi, clock: ManualClock, case: Case) -> None:
    check_refused(case, make_api, clock, READS)


def test_all_documented_errors_are_among_the_cases() -> None:
    check_complete("scripts", GOOD, CASES)


@pytest.mark.parametrize("action", GOOD)
def test_the_good_parameters_are_good(make_account: MakeAccount, action: str) -> None:
    """Otherwise the cases would prove nothing."""
    assert make_account(head=RUNNABLE + TASK).call(action, **GOOD[action])["code"] == 0
