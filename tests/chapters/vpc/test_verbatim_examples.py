"""Every printed example of private networks, sent verbatim and unsigned to the demo world.

An example that undoes another page's is sent after that one. The answer is the printed one, or DIFFERS says why not;
REFUSED says why a printed request cannot succeed where other pages are true.
"""

from typing import Any

import pytest
from conftest import MakeApi
from support.client import Api
from support.examples import Page, examples, pages, shape

from emulator.clock import ManualClock

EXAMPLES = examples("vpc")
AFTER = {
    "CreateBmSslVpnGw": ("DeleteBmSslVpnGw", {"vpnGwId": "sshvpngw-0lrdvko4"}),
    "DelBmAppKafkaConf": "AddBmAppKafkaConf",
    "DelBmInterface": "CreateBmInterface",
    "DelBmSslVpnGwUser": "AddBmSslVpnGwUser",
    "DeleteBmSslVpnGwAcl": "AddBmSslVpnGwAcl",
    "ModifyBmSslVpnGwUser": "AddBmSslVpnGwUser",
    "SubnetUnBindBmNatGateway": "SubnetBindBmNatGateway",
    "UnbindIpsToBmNatGateway": "BindIpsToBmNatGateway",
}
NEW_TASK = "the call makes a new task, with a number of its own"
DIFFERS = {
    **dict.fromkeys(
        (
            "AddBmAppKafkaConf",
            "BindIpsToBmNatGateway",
            "CreateBmInterface",
            "CreateBmNatGateway",
            "CreateBmVpc",
            "DelBmAppKafkaConf",
            "DelBmInterface",
            "DeleteBmNatGateway",
            "EipBindBmNatGateway",
            "EipUnBindBmNatGateway",
            "SubnetBindBmNatGateway",
            "SubnetUnBindBmNatGateway",
            "SwitchToTgwExclusiveCluster",
            "SwitchToTgwSharedCluster",
            "UnbindIpsToBmNatGateway",
            "UpgradeBmNatGateway",
        ),
        NEW_TASK,
    ),
    "ApplyIps": "one subnet is printed with addresses of 10.6.100 and of 10.1.1",
    "CreateBmSslVpnGw": "the gateway is new, and the table's default of clientIPPool is not the printed one",
    "CreateBmSubnet": "10.0.200.0/24 is asked for and 10.10.30.0/24 printed",
    "DeleteBmSslVpnGwAcl": "totalCount is printed as 2 with one rule",
    "ModifyBmSslVpnGwAcl": "totalCount is printed as 2 with one rule",
    "DescribeBmNatGateway": "one gateway is printed in a VPC in which other pages have another",
    "DescribeBmSubnetAvailableIp": "the subnet is printed as 10.10.0.0/24 on two other pages, and as 10.0.0 here",
    "DescribeBmVpcEx": "one VPC is asked for, and another one of ten printed",
    "ModifyBmSslVpnGw": "another gateway is printed, and the limits as numbers once and as texts once",
    "ModifySubnetDhcpRelayFlag": "one subnet is asked for and another printed",
    "RegisterBatchIp": "count is printed as 1 with three addresses",
}
REFUSED = {
    "DeleteBmSslVpnGw": (10001, "a VPC has one gateway, and three pages print another in this one"),
    "DeleteBmSubnet": (-3051, "DescribeDevice's page has this subnet, with servers, in another VPC"),
    "DescribeBmCpmBySubnetId": (-3051, "DescribeDevice's page has this subnet in another VPC, with other servers"),
    "DeleteBmVpc": (16003, "six other pages work in this VPC"),
    "DescribeBmNatPartSubnetBindIps": (0, "DescribeBmNatBindSubnets's page has this subnet bound as a whole"),
}


def send(api: Api, page: Page, example: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.send(
        {"Action": page.action, **example["params"]}, example["method"], example["host"]
    ).json()
    return found


def prepare(api: Api, action: str, clock: ManualClock) -> None:
    earlier = AFTER.get(action)
    if isinstance(earlier, str):
        page = next(page for page in pages() if page.action == earlier)
        assert send(api, page, page.examples[0])["code"] == 0
    elif earlier is not None:
        name, params = earlier
        sent = {"Action": name, **params}
        assert api.send(sent, "GET", "bmvpc.api.qcloud.com").json()["code"] == 0
    clock.advance(60)


@pytest.mark.parametrize(("page", "example"), EXAMPLES)
def test_a_printed_example_is_answered_as_printed_or_as_is_said_why_not(
    make_api: MakeApi, clock: ManualClock, page: Page, example: dict[str, Any]
) -> None:
    api, printed = make_api(auth="off"), example["response"]
    prepare(api, page.action, clock)
    answer = send(api, page, example)
    if page.action in REFUSED:
        assert answer["code"] == REFUSED[page.action][0]
        assert answer != printed
    elif printed["code"] not in (0, "0"):
        assert answer["message"].startswith("(-3031)没有可用的IP地址 10.1.1.4 ip冲突，")
        assert answer["codeDesc"] == printed["codeDesc"]
    elif page.action in DIFFERS:
        assert answer["code"] == 0, DIFFERS[page.action]
        assert answer != printed
        if page.action != "ModifyBmSslVpnGw":
            assert shape(answer) == shape(printed)
    else:
        assert answer == printed
        assert shape(answer) == shape(printed)


def test_all_are_sent() -> None:
    assert len(EXAMPLES) == 49
    assert {param.id for param in EXAMPLES} >= {*DIFFERS, *REFUSED, *AFTER}
