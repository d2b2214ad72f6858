"""Out-of-band access: the VPN account, and the login of each device."""

import pytest
from conftest import MakeApi
from support.account import APP_ID, HEAD, device
from support.client import Api

from chapters.conftest import MakeAccount

LOGIN = 'out_of_band = {ip = "100.68.1.2", user_name = "albert", password = "secret", serial_number = "06BCYMZ"}'
ZONE = 1000100003


@pytest.fixture
def account(make_account: MakeAccount) -> Api:
    """An account with a device and without a VPN account."""
    return make_account(device(more=LOGIN))


def test_before_it_is_created_the_vpn_account_says_so(account: Api) -> None:
    assert account.data("GetOutBandVPNAuthInfo", zoneId=ZONE) == {
        "authInfo": {
            "vpnGwAddr": "115.159.242.100:443",
            "userName": APP_ID,
            "userGroup": f"bm{APP_ID}",
            "be_first": True,
        }
    }


def test_creating_it_opens_the_way_to_the_devices(account: Api) -> None:
    assert account.call("GetDeviceOutBandInfo", instanceId="cpm-aaaaaaaa")["code"] == 10105
    created = account.call("SetOutBandVPNAuthPwd", password="tencentV%89", createOrUpdate="create")
    assert created == {"code": 0, "message": "", "codeDesc": "Success", "data": None}
    assert account.data("GetOutBandVPNAuthInfo", zoneId=ZONE)["authInfo"]["be_first"] is False
    assert account.data("GetDeviceOutBandInfo", instanceId="cpm-aaaaaaaa")["outbandInfo"] == {
        "dhcp_ip": "100.68.1.2",
        "password": "secret",
        "sn": "06BCYMZ",
        "username": "albert",
    }


def test_it_is_created_once_and_updated_only_then(account: Api) -> None:
    def attempt(how: str) -> int:
        return account.call("SetOutBandVPNAuthPwd", password="tencent89", createOrUpdate=how)["code"]

    assert [attempt(how) for how in ("update", "create", "create", "update")] == [10101, 0, 10101, 0]


@pytest.mark.parametrize("password", ["abcdefg1", "1!1!1!1!", "abc!$%^&", "a1!#$%&^*()aaaaa", "12345678a"])
def test_a_password_of_two_kinds_is_accepted(account: Api, password: str) -> None:
    assert account.call("SetOutBandVPNAuthPwd", password=password, createOrUpdate="create")["code"] == 0


@pytest.mark.parametrize(
    "password",
    ["abc123!", "abcdefghi", "123456789", "!#$%&^*()", "abc123!abc123!abc", "abc 1234", "abcd-1234", "密码abc1234"],
)
def test_a_password_against_the_rule_is_a_common_parameter_error(account: Api, password: str) -> None:
    response = account.response("SetOutBandVPNAuthPwd", password=password, createOrUpdate="create")
    assert response.json() == {
        "code": 4000,
        "message": "(4000)请求失败，参数错误:[password]",
        "codeDesc": "InvalidParameter",
    }
    assert "this value is not 8 to 16 characters of at least two kinds" in account.explanation(response)


def test_an_empty_password_is_a_missing_one(account: Api) -> None:
    answer = account.call("SetOutBandVPNAuthPwd", password="", createOrUpdate="create")
    assert (answer["code"], answer["message"]) == (4000, "请求失败，参数[password]不能为空。")


@pytest.mark.parametrize("params", [{}, {"zoneId": "gz"}, {"zoneId": "1.5"}, {"createOrUpdate": "delete"}])
def test_bad_parameters_are_common_errors_where_the_page_documents_none(account: Api, params: dict) -> None:
    action = "SetOutBandVPNAuthPwd" if "createOrUpdate" in params else "GetOutBandVPNAuthInfo"
    assert account.call(action, password="tencent89", **params)["code"] == 4000


def test_accounts_see_only_their_own_devices(make_api: MakeApi) -> None:
    api = make_api(HEAD + device(more=LOGIN))
    assert api.call("GetDeviceOutBandInfo", instanceId="cpm-aaaaaaaa")["code"] == 11041
    assert api.call("GetDeviceOutBandInfo", instanceId="cpm-an5a9wv4")["code"] == 0
