"""Out-of-band access: every documented error, by state, by input, or by a fault where only a broken backend
explains it."""

import pytest
from conftest import MakeApi
from support.account import device
from support.cases import Call, Case, check_complete, check_own_words, check_refused

from chapters.conftest import MakeAccount
from chapters.outband.cases import CASES, GOOD, VPN
from emulator.clock import ManualClock

READS: list[Call] = [
    ("GetUserCmdList", {}),
    ("GetUserCmdTaskList", {}),
    ("GetOutBandVPNAuthInfo", {"zoneId": 1000100003}),
]
LOGIN = 'out_of_band = {ip = "1.1.1.1", user_name = "u", password = "p", serial_number = "s"}'


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_documented_error_is_answered_in_its_own_words(make_api: MakeApi, clock: ManualClock, case: Case) -> None:
    check_own_words(case, make_api, clock)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_refused_call_changes_nothing(make_api: MakeApi, clock: ManualClock, case: Case) -> None:
    check_refused(case, make_api, clock, READS)


def test_all_documented_errors_are_among_the_cases() -> None:
    check_complete("outband", GOOD, CASES)


@pytest.mark.parametrize("action", GOOD)
def test_the_good_parameters_are_good(make_account: MakeAccount, action: str) -> None:
    """Otherwise the cases would prove nothing."""
    vpn = "" if action == "SetOutBandVPNAuthPwd" else VPN
    assert make_account(vpn, device(more=LOGIN)).call(action, **GOOD[action])["code"] == 0
