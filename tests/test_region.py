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
    assert told == "the call names Region gz, but cpm-bbbbbbbb is in ap-beijing"
    assert "X-Emulator-Explanation" not in make().response(action, Region="", **params).headers


def test_an_out_of_band_login_of_another_region_is_told(api: Api) -> None:
    response = api.response("GetDeviceOutBandInfo", instanceId="cpm-an5a9wv4", Region="sh")
    assert response.json()["code"] == 0
    assert "cpm-an5a9wv4 is in ap-guangzhou" in api.explanation(response)


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
    assert "cpm-bbbbbbbb is in ap-beijing" in api.explanation(other)
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
    assert "cpm-bbbbbbbb is in ap-beijing" in api.explanation(response)
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
