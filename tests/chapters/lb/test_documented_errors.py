"""Load balancers: every documented error of what is implemented."""

import pytest
from conftest import MakeApi
from support.account import OWNER
from support.cases import Case, check_complete, check_refused
from support.client import Api

from chapters.lb.cases import CASES, GOOD, WORLD
from chapters.lb.world import ADDRESS, CERT, PUBLIC
from chapters.vpc.world import SERVER
from emulator import contract
from emulator.clock import ManualClock

_LB = {"loadBalancerId": PUBLIC}
READS = [
    ("DescribeBmLoadBalancers", {}),
    ("DescribeBmSubnetEx", {}),
    ("DescribeEipBm", {}),
    ("DescribeBmListeners", _LB),
    ("DescribeBmForwardListenerInfo", {**_LB, "ifGetRsInfo": 1}),
    ("DescribeBmBindInfo", {"instanceIds.0": SERVER, "instanceIds.1": ADDRESS}),
    ("DescribeBmLBHealthStatus", {"loadBalanceId": PUBLIC}),
    ("GetBmCertDetail", {"certId": CERT}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_documented_error_is_answered_and_changes_nothing(make_api: MakeApi, clock: ManualClock, case: Case) -> None:
    check_refused(case, make_api, clock, READS)


@pytest.mark.parametrize("action", GOOD)
def test_good_parameters_are_accepted(make_api: MakeApi, action: str) -> None:
    api = Api(make_api(WORLD).http, *OWNER)
    host = next(found.hosts[0] for found in contract.load() if found.name == action)
    assert api.call(action, host=host, **GOOD[action])["code"] == 0


def test_all_documented_errors_are_among_the_cases() -> None:
    check_complete("lb", GOOD, CASES)
