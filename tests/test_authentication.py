"""Authentication: who signed a call, and whether they may make it."""

import re
import time

import pytest
from conftest import MakeApi
from support.client import HOST, PATH, SECRET_ID, SECRET_KEY, Api, signature, text_to_sign

from emulator.clock import ManualClock

DEVICE = {"instanceId": "cpm-an5a9wv4"}


def test_a_signed_call_is_answered(api: Api) -> None:
    assert api.call("GetDeviceOutBandInfo", **DEVICE)["code"] == 0


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("named", ["HmacSHA1", "HmacSHA256", "HmacSHA123"])
def test_both_methods_and_both_digests_are_verified(api: Api, method: str, named: str) -> None:
    answer = api.call("GetDeviceOutBandInfo", method=method, SignatureMethod=named, **DEVICE)
    assert answer["code"] == 0


@pytest.mark.parametrize("name", ["SecretId", "Signature", "Timestamp", "Nonce"])
def test_a_missing_common_parameter_is_named(api: Api, name: str) -> None:
    params = api.signed("GetDeviceOutBandInfo", DEVICE)
    del params[name]
    assert api.send(params).json() == {
        "code": 4000,
        "message": f"请求失败，参数[{name}]不能为空。",
        "codeDesc": "InvalidParameter",
    }


def test_a_missing_action_is_6100_in_the_recorded_words(api: Api) -> None:
    params = api.common("")
    del params["Action"]
    params["Signature"] = signature(SECRET_KEY, text_to_sign("GET", HOST, params))
    assert api.send(params).json() == {
        "code": 6100,
        "message": "请求失败，参数错误:[action]",
        "codeDesc": "ActionNotFound",
    }


def test_an_unknown_secret_id_is_refused(api: Api) -> None:
    api.secret_id = "AKIDnobody"
    assert api.call("GetDeviceOutBandInfo", **DEVICE) == {
        "code": 4100,
        "message": "鉴权失败，SecretId 不存在",
        "codeDesc": "AuthFailure",
    }


@pytest.mark.parametrize(
    ("profile", "message"),
    [("documented", "鉴权失败，请参考文档中鉴权部分。"), ("observed", "身份认证失败，用户身份验证失败")],
)
def test_a_wrong_signature_is_refused_in_each_profiles_words(make_api: MakeApi, profile: str, message: str) -> None:
    api = make_api(profile=profile)
    api.secret_key = "not the key"
    assert api.call("GetDeviceOutBandInfo", **DEVICE) == {"code": 4100, "message": message, "codeDesc": "AuthFailure"}


@pytest.mark.parametrize(
    ("timestamps", "codes"), [("real", (0, 4500)), ("world", (4500, 0)), ("any", (0, 0))], ids=["real", "world", "any"]
)
def test_a_timestamp_is_held_against_the_chosen_clock(
    make_api: MakeApi, clock: ManualClock, timestamps: str, codes: tuple[int, int]
) -> None:
    api = make_api(timestamps=timestamps)
    answers = [api.response("DescribeRegions", Timestamp=now) for now in (int(time.time()), clock.now() // 1000)]
    assert tuple(answer.json()["code"] for answer in answers) == codes
    wrong = api.response("DescribeRegions", Timestamp=1)
    assert f"--timestamps {timestamps}" in api.explanation(wrong)
    of_server = int(wrong.json()["message"].rpartition(" ")[2])
    assert of_server == clock.now() // 1000 or (timestamps != "world" and of_server > clock.now() // 1000)


def _is_replay(answer: dict) -> bool:
    text = (
        "请求被拒绝，请求重复, 请注意 Nonce 参数两次请求不能重复, "
        r"Timestamp 与腾讯服务器相差不能超过 2 小时, 腾讯服务器 Timestamp = (\d+)"
    )
    found = re.fullmatch(text, answer["message"])
    return (
        (answer["code"], answer["codeDesc"]) == (4500, "ReplayAttack")
        and found is not None
        and abs(int(found[1]) - time.time()) < 60
    )


def test_the_same_request_twice_is_a_replay(api: Api) -> None:
    params = api.signed("GetDeviceOutBandInfo", DEVICE)
    assert api.send(params).json()["code"] == 0
    assert _is_replay(api.send(params).json())


def test_a_nonce_may_come_again_with_another_timestamp_or_another_secret_id(make_api: MakeApi) -> None:
    api = make_api(OTHER_CREDENTIALS)
    now = int(time.time())
    other = Api(api.http, "AKIDother", "otherkey")
    assert api.call("GetUserCmdList", Nonce=7, Timestamp=now)["code"] == 0
    assert api.call("GetUserCmdList", Nonce=7, Timestamp=now - 1)["code"] == 0
    assert other.call("GetUserCmdList", Nonce=7, Timestamp=now)["code"] == 0
    assert _is_replay(other.call("GetUserCmdList", Nonce=7, Timestamp=now))


def test_a_nonce_is_used_up_by_a_call_that_fails_later(api: Api) -> None:
    params = api.signed("GetDeviceOutBandInfo", {"instanceId": "cpm-unknown1"})
    assert api.send(params).json()["code"] == 11041
    assert _is_replay(api.send(params).json())


def test_a_nonce_is_not_used_up_by_a_wrong_signature(api: Api) -> None:
    params = api.signed("GetDeviceOutBandInfo", DEVICE)
    assert api.send({**params, "Signature": "wrong"}).json()["code"] == 4100
    assert api.send(params).json()["code"] == 0


@pytest.mark.parametrize("off_by", [-7300, 7300])
def test_a_timestamp_two_hours_off_is_refused(api: Api, off_by: int) -> None:
    assert _is_replay(api.call("GetDeviceOutBandInfo", Timestamp=int(time.time()) + off_by, **DEVICE))


@pytest.mark.parametrize("off_by", [-7000, 7000])
def test_a_timestamp_within_two_hours_is_accepted(api: Api, off_by: int) -> None:
    assert api.call("GetDeviceOutBandInfo", Timestamp=int(time.time()) + off_by, **DEVICE)["code"] == 0


@pytest.mark.parametrize("name", ["Timestamp", "Nonce"])
@pytest.mark.parametrize("value", ["abc", "-1", "0", "1.5", "１２", "9" * 21, str(2**64)])
def test_a_common_number_that_is_none_is_refused(api: Api, name: str, value: str) -> None:
    answer = api.call("GetDeviceOutBandInfo", **{name: value}, **DEVICE)
    assert (answer["code"], answer["message"]) == (4000, f"请求失败，参数错误:[{name}]")


@pytest.mark.parametrize("nonce", [1, 2**31, 2**63 - 1, 2**64 - 1])
def test_nonces_of_64_bits_are_accepted(api: Api, nonce: int) -> None:
    assert api.call("GetDeviceOutBandInfo", Nonce=nonce, **DEVICE)["code"] == 0


@pytest.mark.parametrize("signed_host", [HOST, "bmeip.api.qcloud.com", "localhost", "localhost:8386"])
def test_the_host_may_be_signed_as_sent_or_as_documented(api: Api, signed_host: str) -> None:
    params = api.signed("GetDeviceOutBandInfo", DEVICE, host=signed_host)
    assert api.send(params, host="localhost:8386").json()["code"] == 0


def test_another_services_host_may_not_be_signed(api: Api) -> None:
    params = api.signed("GetDeviceOutBandInfo", DEVICE, host="bmvpc.api.qcloud.com")
    assert api.send(params, host="localhost:8386").json()["code"] == 4100


def test_names_with_underscores_are_signed_with_dots_in_either_order(api: Api) -> None:
    codes = []
    for sort_converted in (True, False):
        params = {**api.common("DeleteUserCmd"), "cmdIds_0": "sort", "cmdIdsX": "1"}
        names = sorted(params, key=lambda name: name.replace("_", ".") if sort_converted else name)
        text = f"GET{HOST}{PATH}?" + "&".join(f"{name.replace('_', '.')}={params[name]}" for name in names)
        codes.append(api.send({**params, "Signature": signature(SECRET_KEY, text)}).json()["code"])
    assert codes == [0, 18005]  # deleted, and then gone


def test_values_that_begin_with_an_at_sign_are_not_signed_in_a_post(api: Api) -> None:
    whole = {**api.common("GetUserCmdList"), "file": "@x"}
    signed = {name: value for name, value in whole.items() if name != "file"}
    for method, expected in (("POST", 0), ("GET", 4100)):
        params = {**whole, "Signature": signature(SECRET_KEY, text_to_sign(method, HOST, signed))}
        assert api.send(params, method).json()["code"] == expected


def test_raw_text_is_signed_whatever_it_holds(api: Api) -> None:
    answer = api.call("GetUserCmdList", searchKey="shell输入 a+b&c=d/~%")
    assert answer["data"]["totalNum"] == 0


OTHER_CREDENTIALS = """
[[accounts]]
app_id = "1"
[[accounts.credentials]]
secret_id = "AKIDother"
secret_key = "otherkey"
[[accounts.credentials]]
secret_id = "AKIDlimited"
secret_key = "limitedkey"
actions = ["GetUserCmdList"]
"""


def test_a_limited_credential_may_call_what_it_is_limited_to(make_api: MakeApi) -> None:
    api = make_api(OTHER_CREDENTIALS)
    limited = Api(api.http, "AKIDlimited", "limitedkey")
    assert limited.call("GetUserCmdList")["code"] == 0


def test_a_limited_credential_gets_the_actions_own_refusal_where_it_documents_one(make_api: MakeApi) -> None:
    api = make_api(OTHER_CREDENTIALS)
    limited = Api(api.http, "AKIDlimited", "limitedkey")
    assert limited.call("GetDeviceOutBandInfo", **DEVICE) == {
        "code": 10004,
        "message": "(10004)没有操作权限",
        "codeDesc": "OperationDenied",
    }


def test_a_limited_credential_gets_the_gateways_refusal_from_other_actions(make_api: MakeApi) -> None:
    api = make_api(OTHER_CREDENTIALS)
    limited = Api(api.http, "AKIDlimited", "limitedkey")
    answer = limited.response("GetUserCmd", cmdId="x")
    request_id = answer.headers["X-Emulator-Request-Id"]
    assert answer.json() == {
        "code": 4102,
        "message": f"[request id:{request_id}]you are not authorized to perform operation (bm:GetUserCmd)\n"
        "resource (*) has no permission\n",
        "codeDesc": "SecretidNotAuthAccessResource",
    }


@pytest.mark.parametrize("changed", ["SecretId", "Signature", "Timestamp", "Nonce"])
def test_off_checks_nothing_and_finds_the_first_account(make_api: MakeApi, changed: str) -> None:
    api = make_api(auth="off")
    params = {**api.signed("GetDeviceOutBandInfo", DEVICE), changed: "nonsense"}
    response = api.send(params)
    assert response.json()["code"] == 0
    assert "X-Emulator-Explanation" not in response.headers


def test_off_needs_no_common_parameter_but_the_action(make_api: MakeApi) -> None:
    api = make_api(auth="off")
    assert api.send({"Action": "GetUserCmd", "cmdId": "cmd-nozcbhuw"}).json()["code"] == 0
    assert api.send({"cmdId": "cmd-nozcbhuw"}).json()["code"] == 6100


def test_off_still_tells_known_accounts_apart(make_api: MakeApi) -> None:
    api = make_api(OTHER_CREDENTIALS, auth="off")
    own = {"Action": "GetUserCmd", "cmdId": "cmd-nozcbhuw"}
    assert api.send({**own, "SecretId": SECRET_ID}).json()["code"] == 0
    assert api.send({**own, "SecretId": "AKIDother"}).json()["code"] == 10001


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ("SecretId", "no account of this emulator has the SecretId nonsense"),
        ("Signature", "the signature is wrong"),
        ("Timestamp", "Timestamp"),
    ],
)
def test_warn_accepts_and_notes_what_strict_would_have_refused(make_api: MakeApi, changed: str, note: str) -> None:
    api = make_api(auth="warn")
    params = {**api.signed("GetDeviceOutBandInfo", DEVICE), changed: "nonsense"}
    response = api.send(params)
    assert response.json()["code"] == 0
    assert note in api.explanation(response)


def test_warn_notes_nothing_about_a_good_call(make_api: MakeApi) -> None:
    response = make_api(auth="warn").response("GetDeviceOutBandInfo", **DEVICE)
    assert response.json()["code"] == 0
    assert "X-Emulator-Explanation" not in response.headers
