"""Hosted servers: every documented error."""

import pytest
from conftest import MakeApi
from support.cases import Case, check_complete, check_refused

from chapters.hosted.cases import CASES, GOOD
from emulator.clock import ManualClock


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_documented_error_is_answered_and_changes_nothing(make_api: MakeApi, clock: ManualClock, case: Case) -> None:
    check_refused(case, make_api, clock, [("DescribeHostedDevice", {})])


def test_all_documented_errors_are_among_the_cases() -> None:
    check_complete("hosted", GOOD, CASES)
