"""Private networks: every documented error."""

import pytest
from conftest import MakeApi
from support.account import OWNER
from support.cases import Case, check_complete, check_refused
from support.client import Api

from chapters.vpc.cases import BM, CASES, GOOD, WORLD, world_of
from chapters.vpc.world import VPC, WEB
from emulator.clock import ManualClock

READS = [
    ("DescribeBmVpcEx", {}),
    ("DescribeBmSubnetEx", {}),
    ("DescribeBmSubnetIps", {"unVpcId": VPC, "unSubnetId": WEB}),
    ("DescribeBmNatGateway", {}),
    ("DescribeBmSslVpnGw", {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_documented_error_is_answered_and_changes_nothing(make_api: MakeApi, clock: ManualClock, case: Case) -> None:
    check_refused(case, make_api, clock, READS)


@pytest.mark.parametrize("action", GOOD)
def test_good_parameters_are_accepted(make_api: MakeApi, action: str) -> None:
    without_users = WORLD.split("[[accounts.ssl_vpn_users]]")[0]
    api = Api(make_api(without_users if action == "DeleteBmSslVpnGw" else world_of(action)).http, *OWNER)
    answer = api.call(action, host=f"{'bm' if action in BM else 'bmvpc'}.api.qcloud.com", **GOOD[action])
    assert answer["code"] in (0, "0"), answer


def test_all_documented_errors_are_among_the_cases() -> None:
    check_complete("vpc", GOOD, CASES)
