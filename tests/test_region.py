"""The parameter Region: told of, checked, or what a call sees is limited to it."""

from typing import Any

import pytest
from conftest import MakeApi
from support.account import HEAD, OWNER, device
from support.client import Api

BEIJING = 1000800001
WORLD = HEAD + device("cpm-aaaaaaaa") + device("cpm-bbbbbbbb", f"zone_id = {BEIJING}")
UNKNOWN = {"code": 4000, "message": "请求失败，参数错误:[region]", "codeDesc": "InvalidParameter"}


@pytest.fixture
def make(make_api: MakeApi) -> Any:
    def make(**settings: Any) -> Api:
        return Api(make_api(WORLD, **settings).http, *OWNER)

    return make


@pytest.mark.parametrize("region", ["gz", "ap-guangzhou", "ap-guangzhou-bls", "sh", "bj", "cq", "ap-beijing-bls", ""])
def test_a_known_region_is_nothing_to_tell(make: Any, region: str) -> None:
    assert "X-Emulator-Explanation" not in make().response("DescribeDevice", Region=region).headers


def test_an_unknown_region_is_told_and_accepted(make: Any) -> None:
    api = make()
    response = api.response("DescribeDevice", Region="nowhere")
    assert response.json()["code"] == 0
    assert api.explanation(response).startswith("Region 'nowhere' is not known: ap-beijing, ap-guangzhou, ap-shanghai")


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("DescribeDevice", {"instanceIds.0": "cpm-bbbbbbbb"}),
        ("DescribeDeviceOperationLog", {"instanceId": "cpm-bbbbbbbb"}),
        ("RebootDevice", {"instanceIds.0": "cpm-aaaaaaaa", "instanceIds.1": "cpm-bbbbbbbb", "opUin": "1"}),
    ],
)
def test_a_server_of_another_region_is_told(make: Any, action: str, params: dict[str, Any]) -> None:
    api = make()
    told = api.explanation(api.response(action, Region="gz", **params))
    assert told == "the call names Region gz, but the server cpm-bbbbbbbb stands in ap-beijing"
    assert "X-Emulator-Explanation" not in make().response(action, Region="", **params).headers


def test_an_out_of_band_login_of_another_region_is_told(api: Api) -> None:
    response = api.response("GetDeviceOutBandInfo", instanceId="cpm-an5a9wv4", Region="sh")
    assert response.json()["code"] == 0
    assert "cpm-an5a9wv4 stands in ap-guangzhou" in api.explanation(response)


@pytest.mark.parametrize("settings", [{"region": "check"}, {"region": "scope"}, {"profile": "observed"}])
def test_an_unknown_region_is_refused_where_it_is_checked(make: Any, settings: dict[str, Any]) -> None:
    api = make(**settings)
    assert api.call("DescribeDevice", Region="nowhere") == UNKNOWN
    assert api.call("DescribeDevice", Region="gz")["code"] == 0


def test_the_observed_profile_may_leave_it_unchecked(make: Any) -> None:
    assert make(profile="observed", region="note").call("DescribeDevice", Region="nowhere")["code"] == 0


def _ids(api: Api, action: str, region: str) -> list[str]:
    return [row["instanceId"] for row in api.data(action, Region=region)["deviceList"]]


@pytest.mark.parametrize("action", ["DescribeDevice", "DescribeDevicePosition"])
def test_a_scoped_list_holds_the_servers_of_the_region(make: Any, action: str) -> None:
    api = make(region="scope")
    assert _ids(api, action, "gz") == ["cpm-aaaaaaaa"]
    assert _ids(api, action, "ap-beijing-bls") == ["cpm-bbbbbbbb"]
    assert _ids(api, action, "cq") == []
    other = api.response(action, Region="gz", **{"instanceIds.0": "cpm-bbbbbbbb"})
    assert other.json()["data"]["deviceList"] == []
    assert "the server cpm-bbbbbbbb stands in ap-beijing" in api.explanation(other)
    assert _ids(api, action, "") == ["cpm-aaaaaaaa", "cpm-bbbbbbbb"]


def test_a_scoped_recycle_bin_holds_the_servers_of_the_region(make_api: MakeApi) -> None:
    isolated = device("cpm-cccccccc", f'zone_id = {BEIJING}\nstate = "isolated"')
    api = Api(make_api(WORLD + isolated, region="scope").http, *OWNER)
    assert _ids(api, "DescribeDeviceTrash", "gz") == []
    assert _ids(api, "DescribeDeviceTrash", "bj") == ["cpm-cccccccc"]


def test_an_id_of_another_region_does_not_exist_where_calls_are_scoped(make: Any) -> None:
    api = make(region="scope")
    reboot = {"instanceIds.0": "cpm-bbbbbbbb", "opUin": "1"}
    response = api.response("RebootDevice", Region="gz", **reboot)
    assert response.json()["code"] == 10001
    assert "the server cpm-bbbbbbbb stands in ap-beijing" in api.explanation(response)
    assert api.call("RebootDevice", Region="bj", **reboot)["code"] == 0


def test_an_out_of_band_login_of_another_region_does_not_exist_where_calls_are_scoped(make_api: MakeApi) -> None:
    api = make_api(region="scope")
    assert api.call("GetDeviceOutBandInfo", instanceId="cpm-an5a9wv4", Region="bj")["code"] == 11041
    assert api.call("GetDeviceOutBandInfo", instanceId="cpm-an5a9wv4", Region="gz")["code"] == 0


def test_a_zone_of_another_region_sells_nothing_where_calls_are_scoped(make: Any) -> None:
    order = {
        "zoneId": BEIJING,
        "unVpcId": "vpc-8e0ypm3z",
        "unSubnetId": "subnet-34xt45as",
        "deviceClassCode": "PS100v1",
        "osTypeId": 1,
        "raidId": 1,
        "timeUnit": "m",
        "timeSpan": 1,
        "goodsNum": 1,
    }
    api = make(region="scope")
    answer = api.call("BuyDevice", Region="gz", **order)
    assert (answer["code"], answer["message"][-8:]) == (700102, "[zoneId]")
    assert api.call("BuyDevice", Region="bj", **order)["code"] == 0


def test_a_server_that_is_bought_in_another_region_is_told(make: Any) -> None:
    order = {"zoneId": BEIJING, "unVpcId": "vpc-8e0ypm3z", "unSubnetId": "subnet-34xt45as"}
    order |= {"deviceClassCode": "PS100v1", "osTypeId": 1, "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": 1}
    api = make()
    bought = api.response("BuyDevice", Region="gz", **order)
    assert bought.json()["code"] == 0
    assert "the call names Region gz, but the zone 1000800001 stands in ap-beijing" in api.explanation(bought)
    assert "X-Emulator-Explanation" not in api.response("BuyDevice", Region="bj", **order).headers


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("GZ", "gz"),
        ("AP-GUANGZHOU", "ap-guangzhou"),
        ("ap-bejing", "ap-beijing"),
        ("guangzhou", "ap-guangzhou"),
        ("bj ", "bj"),
    ],
)
def test_an_unknown_region_is_told_with_the_nearest(make: Any, sent: str, meant: str) -> None:
    api = make()
    assert f"did you mean {meant}?" in api.explanation(api.response("DescribeDevice", Region=sent))
    assert "did you mean" not in api.explanation(api.response("DescribeDevice", Region="nowhere"))


def test_networks_of_another_region_are_not_there_where_calls_are_scoped(make_api: MakeApi) -> None:
    """Of the demo world, all VPCs but one are in Beijing."""
    api = make_api(region="scope")

    def codes(region: str) -> list[int]:
        asked = [
            ("DescribeBmVpcEx", {"unVpcId": "vpc-34cxlz7z"}),
            ("DescribeBmVpcEx", {"unVpcId": "4097"}),
            ("DescribeBmSubnetEx", {"unSubnetId": "subnet-34xt45as"}),
            ("DescribeBmNatBindSubnets", {"natId": "nat-axd6t16w"}),
        ]
        return [api.call(name, host="bmvpc.api.qcloud.com", Region=region, **params)["code"] for name, params in asked]

    def listed(region: str, action: str) -> int:
        total: int = api.call(action, host="bmvpc.api.qcloud.com", Region=region)["totalCount"]
        return total

    assert codes("bj") == [0, 0, 0, 0]
    assert 0 not in codes("gz")
    lists = ("DescribeBmVpcEx", "DescribeBmSubnetEx", "DescribeBmNatGateway", "DescribeBmSslVpnGw")
    both = [(listed("gz", action), listed("bj", action), listed("", action)) for action in lists]
    assert both == [(1, 16, 17), (1, 22, 23), (0, 4, 4), (0, 0, 3)]  # the zone of its VPN gateways is in no region
    idle = {region: len(api.data("ZhDockerSubnetAvailable", Region=region)) for region in ("gz", "bj")}
    assert idle == {"gz": 0, "bj": 1}


def test_a_server_is_not_bought_into_a_network_of_another_region_where_calls_are_scoped(make: Any) -> None:
    order = {"zoneId": 1000100003, "unVpcId": "vpc-8e0ypm3z", "unSubnetId": "subnet-34xt45as"}
    order |= {"deviceClassCode": "PS100v1", "osTypeId": 1, "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": 1}
    answer = make(region="scope").call("BuyDevice", Region="gz", **order)
    assert (answer["code"], answer["message"].endswith("[unSubnetId]")) == (700102, True)


def test_a_network_of_another_region_is_told(make: Any) -> None:
    api = make()
    told = api.explanation(api.response("QueryBmTgwClusterMode", Region="gz", unVpcId="vpc-8e0ypm3z"))
    assert told == "the call names Region gz, but the VPC vpc-8e0ypm3z stands in ap-beijing"


def test_a_load_balancer_is_where_its_vpc_is(make_api: MakeApi) -> None:
    api = make_api(region="scope")

    def ask(action: str, region: str) -> dict[str, Any]:
        params = {"loadBalancerId": "lb-abcdefgh", "Region": region}
        return dict(api.call(action, host="bmlb.api.qcloud.com", **params))

    assert [ask("DescribeBmListeners", region)["code"] for region in ("bj", "gz", "")] == [0, 11041, 0]
    assert [ask("DescribeBmForwardListeners", region)["code"] for region in ("bj", "gz")] == [0, 9003]
    totals = [ask("DescribeBmLoadBalancers", region)["totalCount"] for region in ("bj", "gz", "")]
    assert totals[0] == totals[2] > totals[1] == 0
