"""The life of an elastic IP."""

from typing import Any

import pytest
from conftest import MakeApi
from support.account import OWNER
from support.client import Api

from chapters.eip.conftest import SECONDS, Eips, MakeEips
from chapters.eip.world import ALIEN, APPLIED, AT_IP, BARE, FREE, ISOLATED, OF_NAT, TAKEN, USED, in_arrears
from chapters.vpc.world import NAT, SERVER, VPC, table

HOUR, DAY = 3600, 24 * 3600
DONE = 0


def test_some_are_applied_for_and_idle(eips: Eips) -> None:
    before = eips.ask("DescribeEipBmQuota")
    answer = eips.ask("EipBmApply", unVpcId=VPC, goodsNum=3, payMode="bandwidth", bandwidth=10)
    made = eips.listed(**{f"eipIds.{place}": id for place, id in enumerate(answer["eipIds"])})
    assert [(row["status"], row["payMode"], row["bandwidth"]) for row in made] == [(0, "bandwidth", 10)] * 3
    assert len({row["eip"] for row in made}) == 3
    eips.clock.advance(SECONDS)
    assert {row["status"] for row in eips.listed(unVpcId=VPC, **{"status.0": 4})} == {4}
    after = eips.ask("DescribeEipBmQuota")
    assert after["currentEipNum"] == before["currentEipNum"] + 3
    assert (before["dailyApplyCount"], after["dailyApplyCount"]) == (0, 3)


def test_the_day_of_the_quota_is_the_worlds(make_eips: MakeEips) -> None:
    eips = make_eips("eips_a_day = 1")
    assert eips.do("EipBmApply", unVpcId=VPC) == DONE
    assert eips.call("EipBmApply", unVpcId=VPC)["code"] == 30003
    eips.clock.advance(14 * HOUR)  # it was ten in the morning
    assert eips.do("EipBmApply", unVpcId=VPC) == DONE


def test_wanted_addresses_are_given_unless_anybody_has_them(eips: Eips) -> None:
    wanted = {"IpList.0": "140.140.7.7", "IpList.1": "140.140.7.8", "IpList.2": "140.140.7.9"}
    made = eips.ask("EipBmApply", unVpcId=VPC, goodsNum=2, **wanted)["eipIds"]
    assert sorted(row["eip"] for row in eips.listed(**{"eipIds.0": made[0], "eipIds.1": made[1]})) == [
        "140.140.7.7",
        "140.140.7.8",
    ]
    assert eips.call("EipBmApply", unVpcId=VPC, **wanted)["code"] == 9003
    assert eips.do("EipBmApply", unVpcId=VPC, **{"IpList.0": "140.140.7.9"}) == DONE


def test_an_exclusive_one_is_of_another_range(eips: Eips) -> None:
    [made] = eips.ask("EipBmApply", unVpcId=VPC, exclusive=1)["eipIds"]
    assert eips.row(made)["eip"].startswith("61.135.")
    assert eips.row(made)["exclusive"] == 1


def test_the_carrier_is_that_of_the_range(eips: Eips) -> None:
    [made] = eips.ask("EipBmApply", unVpcId=VPC, payMode="bandwidth", **{"IpList.0": "61.135.0.9"})["eipIds"]
    assert (eips.row(made)["ispId"], eips.row(made)["bandwidth"]) == (1, 1)


def test_a_server_shows_its_elastic_ip_and_that_it_is_changing(eips: Eips) -> None:
    task = eips.begin("EipBmBindRs", eipId=FREE, instanceId=BARE)
    assert (eips.row(FREE)["status"], eips.row(FREE)["type"], eips.server(BARE)["wanIp"]) == (1, 0, "")
    assert eips.server(BARE)["operateStatus"] == "12"
    assert eips.call("EipBmUnbindRs", eipId=FREE)["code"] == 30010
    eips.clock.advance(SECONDS)
    assert eips.state(task) == DONE
    bound = eips.row(FREE)
    assert (bound["status"], bound["unInstanceId"], bound["instanceAlias"]) == (2, BARE, "bare")
    assert (eips.server(BARE)["wanIp"], eips.server(BARE)["operateStatus"]) == (bound["eip"], "1")
    found = eips.api.data("DescribeDevice", **{"wanIps.0": bound["eip"]})["deviceList"]
    assert [row["instanceId"] for row in found] == [BARE]
    eips.begin("EipBmUnbindRs", instanceId=BARE)
    assert (eips.row(FREE)["status"], eips.server(BARE)["operateStatus"]) == (3, "13")
    assert eips.server(BARE)["wanIp"] == bound["eip"]
    eips.clock.advance(SECONDS)
    assert (eips.row(FREE)["status"], eips.row(FREE)["type"], eips.server(BARE)["wanIp"]) == (4, None, "")


def test_a_server_is_busy_while_it_gets_an_elastic_ip(eips: Eips) -> None:
    eips.begin("EipBmBindRs", eipId=FREE, instanceId=BARE)
    answer = eips.api.call("RebootDevice", opUin="1", **{"instanceIds.0": BARE})
    assert answer["code"] == 12002


def test_a_server_that_is_isolated_meanwhile_gets_none(make_eips: MakeEips) -> None:
    place = {"vpc": VPC, "subnet": "subnet-left0000", "lan_ip": "10.0.3.20"}
    soon = table("devices", instance_id="cpm-ffffffff", alias="soon", **place)
    eips = make_eips("", soon.rstrip() + "\ndeadline = 2017-10-20 10:00:01\n")
    task = eips.begin("EipBmBindRs", eipId=FREE, instanceId="cpm-ffffffff")
    eips.clock.advance(SECONDS)
    assert eips.state(task) == 1
    assert (eips.row(FREE)["status"], eips.row(FREE)["unInstanceId"]) == (4, "")
    assert eips.server("cpm-ffffffff")["wanIp"] == ""


@pytest.mark.parametrize("unbound_first", [True, False])
def test_a_server_that_is_gone_leaves_its_elastic_ip_to_the_account(eips: Eips, unbound_first: bool) -> None:
    assert eips.do("EipBmBindRs", eipId=FREE, instanceId=BARE) == DONE
    eips.api.data("OfflineDevice", **{"instanceIds.0": BARE})
    if unbound_first:
        eips.begin("EipBmUnbindRs", eipId=FREE)
    eips.clock.advance(SECONDS)
    assert eips.api.data("DescribeDevice", **{"instanceIds.0": BARE})["totalNum"] == 0
    assert (eips.row(FREE)["status"], eips.row(FREE)["unInstanceId"]) == (4, "")
    assert eips.do("EipBmDelete", **{"eipIds.0": FREE}) == DONE


def test_a_server_that_is_reinstalled_keeps_its_elastic_ip_and_stays_in_its_vpc(eips: Eips) -> None:
    assert eips.do("EipBmBindRs", eipId=FREE, instanceId=BARE) == DONE
    elsewhere = {"unVpcId": "vpc-bbbbbbbb", "unSubnetId": "subnet-far00000"}
    assert eips.api.call("ReloadDeviceOs", instanceId=BARE, passwd="abce1234", **elsewhere)["code"] == 10001
    eips.api.data("ReloadDeviceOs", instanceId=BARE, passwd="abce1234")
    eips.clock.advance(SECONDS)
    assert eips.server(BARE)["wanIp"] == eips.row(FREE)["eip"]


def test_an_isolated_server_can_lose_its_elastic_ip(make_eips: MakeEips) -> None:
    held = table("eips", eip_id="eip-0000000i", eip="183.60.0.20", vpc=VPC, status=2, bound_to=ISOLATED)
    eips = make_eips("", held)
    assert eips.server(ISOLATED)["wanIp"] == "183.60.0.20"
    assert eips.do("EipBmUnbindRs", instanceId=ISOLATED) == DONE
    assert eips.server(ISOLATED)["wanIp"] == ""


def test_an_address_of_the_vpc_has_one(eips: Eips) -> None:
    assert eips.do("EipBmBindVpcIp", eipId=FREE, unVpcId=VPC, vpcIp=APPLIED) == DONE
    row = eips.row(FREE)
    assert (row["type"], row["vpcIp"], row["unInstanceId"], row["natId"]) == (2, APPLIED, "", None)
    refused = eips.api.call("ReturnIps", host="bmvpc.api.qcloud.com", unVpcId=VPC, **{"ips.0": APPLIED})
    assert refused["code"] != 0
    assert eips.do("EipBmUnBindVpcIp", eipId=FREE, unVpcId=VPC, vpcIp=APPLIED) == DONE
    returned = eips.api.call("ReturnIps", host="bmvpc.api.qcloud.com", unVpcId=VPC, **{"ips.0": APPLIED})
    assert returned["code"] == 0
    assert eips.row(FREE)["vpcIp"] is None


def test_a_gateway_and_its_elastic_ips_agree(eips: Eips) -> None:
    row = eips.row(OF_NAT)
    assert (row["type"], row["natUid"], row["vpcIp"]) == (1, NAT, None)
    assert isinstance(row["natId"], int)
    [nat] = eips.api.call("DescribeBmNatGateway", host="bmvpc.api.qcloud.com", natId=NAT)["data"]
    assert row["eip"] in nat["eipSet"]


def test_a_new_billing_comes_into_force_with_the_next_hour(eips: Eips) -> None:
    assert eips.do("EipBmModifyCharge", payMode="bandwidth", bandwidth=20, **{"eipIds.0": FREE}) == DONE
    names = ("payMode", "bandwidth", "latestPayMode", "latestBandwidth")
    assert [eips.row(FREE)[name] for name in names] == ["flow", 0, "bandwidth", 20]
    eips.clock.advance(HOUR - 2 * SECONDS)
    assert eips.row(FREE)["payMode"] == "flow"
    eips.clock.advance(SECONDS)
    assert [eips.row(FREE)[name] for name in names] == ["bandwidth", 20, "bandwidth", 20]


def test_the_latest_of_two_changes_of_the_billing_counts(eips: Eips) -> None:
    assert eips.do("EipBmModifyCharge", payMode="bandwidth", bandwidth=20, **{"eipIds.0": FREE}) == DONE
    assert eips.do("EipBmModifyCharge", payMode="flow", **{"eipIds.0": FREE}) == DONE
    eips.clock.advance(HOUR)
    assert (eips.row(FREE)["payMode"], eips.row(FREE)["latestBandwidth"]) == ("flow", 0)


def test_arrears_show_and_can_be_released(make_api: MakeApi, clock: Any) -> None:
    eips = Eips(Api(make_api(in_arrears()).http, *OWNER), clock)
    assert {row["arrears"] for row in eips.listed()} == {1}
    assert eips.do("EipBmDelete", **{"eipIds.0": FREE}) == DONE


def test_how_long_it_has_been_free(eips: Eips) -> None:
    assert eips.row(USED)["freeSecond"] == 0
    assert eips.do("EipBmUnbindRs", eipId=USED, instanceId=SERVER) == DONE
    row = eips.row(USED)
    assert row["freeAt"].startswith("2017-10-20 10:00:")
    eips.clock.advance(60)
    assert eips.row(USED)["freeSecond"] == row["freeSecond"] + 60


@pytest.mark.parametrize(
    ("by", "ids"),
    [
        ({"eipIds.0": FREE, "eipIds.1": USED}, {FREE, USED}),
        ({"eips.0": "183.60.0.3"}, {FREE}),
        ({"unInstanceIds.0": SERVER}, {USED}),
        ({"status.0": 9}, {"eip-0000000f"}),
        ({"unVpcId": "vpc-bbbbbbbb"}, {ALIEN, "eip-00000006"}),
        ({"payMode": "bandwidth"}, {AT_IP}),
        ({"payMode": "bandwidth", "status.0": 4}, set()),
    ],
)
def test_filters_filter(eips: Eips, by: dict[str, Any], ids: set[str]) -> None:
    assert {row["eipId"] for row in eips.listed(**by)} == ids


def test_names_are_searched(eips: Eips) -> None:
    eips.ask("ModifyEipAlias", eipId=FREE, eipName="前端_1")
    assert [row["eipId"] for row in eips.listed(searchKey="前端")] == [FREE]


def test_an_address_has_one_owner(make_eips: MakeEips) -> None:
    assert TAKEN in {row["vpcIp"] for row in make_eips().listed()}
