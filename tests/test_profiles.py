"""The two profiles in which answers are rendered."""

import pytest
from conftest import MakeApi
from support.client import Api

FAULTS = """
[[faults]]
action = "GetUserCmdTaskList"
error = 9001
times = 1
[[faults]]
action = "GetUserCmdTaskList"
error = 4300
times = 1
"""


RUN = {"cmdId": "sort", "userName": "r", "password": "p", "cmdParam": "", "instanceId_0": "sdfrfss"}


@pytest.fixture
def documented(make_api: MakeApi) -> Api:
    return make_api(FAULTS)


@pytest.fixture
def observed(make_api: MakeApi) -> Api:
    return make_api(FAULTS, profile="observed")


def test_documented_answers_begin_as_their_pages_print_them(documented: Api) -> None:
    one = documented.response(
        "RunUserCmd", cmdId="sort", userName="r", password="p", cmdParam="", instanceId_0="sdfrfss"
    )
    assert one.text == '{"message":"","code":0}'
    other = documented.response("SetOutBandVPNAuthPwd", password="tencent89", createOrUpdate="update")
    assert other.text == '{"code":0,"message":"","codeDesc":"Success","data":null}'


def test_observed_answers_all_begin_alike(observed: Api) -> None:
    one = observed.response("RunUserCmd", **RUN)
    assert one.text == '{"code":0,"message":"","codeDesc":"Success"}'
    other = observed.response("GetUserCmdList", limit=0)
    assert other.text.startswith('{"code":0,"message":"","codeDesc":"Success","data":{')


def test_documented_answers_are_json_in_utf8(documented: Api) -> None:
    response = documented.response("GetUserCmdList", searchKey="输入")
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "shell输入" in response.text


def test_observed_answers_are_ascii_in_text_html_as_php_writes_them(observed: Api) -> None:
    observed.data("AddUserCmd", alias="a/b 输入", osType="linux", content="bHM=")
    response = observed.response("GetUserCmdList", searchKey="a/b")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Server"] == "nginx"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.content.isascii()
    assert r'"alias":"a\/b \u8f93\u5165"' in response.text
    assert response.json()["data"]["list"][0]["alias"] == "a/b 输入"


def test_a_module_error_has_its_own_code_in_one_and_a_common_one_in_the_other(documented: Api, observed: Api) -> None:
    rest = {"message": "(11041)系统内无此appId,instanceId对应的设备信息", "codeDesc": "InvalidInstanceId"}
    params = {"instanceId": "cpm-zzzzzzzz"}
    assert documented.call("GetDeviceOutBandInfo", **params) == {"code": 11041, **rest}
    assert observed.call("GetDeviceOutBandInfo", **params) == {"code": 4000, **rest}


def test_an_internal_module_error_is_5100_when_observed(documented: Api, observed: Api) -> None:
    rest = {"message": "(9001)操作数据库错误", "codeDesc": "InternalError.DbError"}
    assert documented.call("GetUserCmdTaskList") == {"code": 9001, **rest}
    assert observed.call("GetUserCmdTaskList") == {"code": 5100, **rest}


def test_a_common_error_without_a_known_name_has_none_or_its_number(documented: Api, observed: Api) -> None:
    message = "拒绝访问，帐号被封禁，或者不在接口针对的用户范围内等。"
    for api in (documented, observed):
        api.call("GetUserCmdTaskList")
    assert documented.call("GetUserCmdTaskList") == {"code": 4300, "message": message}
    assert observed.call("GetUserCmdTaskList") == {"code": 4300, "message": message, "codeDesc": 4300}


def test_the_recorded_failure_is_answered_byte_for_byte(make_api: MakeApi) -> None:
    response = make_api(profile="observed", auth="off").send({"x": "1"})
    assert response.content == (
        rb'{"code":6100,"message":"\u8bf7\u6c42\u5931\u8d25\uff0c\u53c2\u6570\u9519\u8bef:[action]",'
        rb'"codeDesc":"ActionNotFound"}'
    )
    assert response.status_code == 200
