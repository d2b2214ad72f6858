"""Traffic mirrors: every documented error."""

import pytest
from conftest import MakeApi
from support.account import OWNER
from support.cases import Case, check_complete, check_refused
from support.client import Api

from chapters.lb.world import MIRROR
from chapters.traffic_mirror.cases import CASES, GOOD, WORLD
from emulator.clock import ManualClock

READS = [
    ("GetTrafficMirrorList", {}),
    ("GetTrafficMirrorListenerList", {"trafficMirrorId": MIRROR}),
    ("GetTrafficMirrorReceiverList", {"trafficMirrorId": MIRROR}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_documented_error_is_answered_and_changes_nothing(make_api: MakeApi, clock: ManualClock, case: Case) -> None:
    check_refused(case, make_api, clock, READS)


@pytest.mark.parametrize("action", GOOD)
def test_good_parameters_are_accepted(make_api: MakeApi, action: str) -> None:
    api = Api(make_api(WORLD).http, *OWNER)
    assert api.call(action, host="bmlb.api.qcloud.com", **GOOD[action])["code"] == 0


def test_all_documented_errors_are_among_the_cases() -> None:
    check_complete("traffic_mirror", GOOD, CASES)
