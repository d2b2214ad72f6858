"""A documented host serves its own module; under any other host the Action alone decides."""

import pytest
from conftest import MakeApi
from support.client import Api

from emulator import contract
from emulator.chapters import BEHAVIOURS
from emulator.gateway.routes import Routes
from emulator.request import Request

SCRIPT = {"cmdId": "cmd-nozcbhuw"}
UNSUPPORTED = {
    "code": 6100,
    "message": "本版本内不支持的接口或者接口已经被废弃，请参考该接口的文档。",
    "codeDesc": "ActionNotFound",
}


@pytest.fixture
def open_api(make_api: MakeApi) -> Api:
    return make_api(auth="off")


@pytest.mark.parametrize(
    "host",
    [
        "bm.api.qcloud.com",
        "BM.api.QCloud.com",
        "bm.api.qcloud.com:8386",
        "bm.api.qcloud.com.",
        "bm.api.cloud.tencent.com",
        "localhost",
        "localhost:8386",
        "127.0.0.1:8386",
        "[::1]:8386",
        "emulator",
        "cvm.api.qcloud.com",
    ],
)
def test_the_modules_own_hosts_and_all_unknown_ones_serve_an_action(open_api: Api, host: str) -> None:
    assert open_api.send({"Action": "GetUserCmd", **SCRIPT}, host=host).json()["code"] == 0


@pytest.mark.parametrize("host", [f"{name}.api.qcloud.com" for name in ["bmeip", "bmlb", "bmvpc", "eip", "lb", "vpc"]])
def test_another_modules_host_refuses_it_and_says_where_it_belongs(open_api: Api, host: str) -> None:
    response = open_api.send({"Action": "GetUserCmd", **SCRIPT}, host=host)
    assert response.json() == UNSUPPORTED
    assert f"GetUserCmd is an action of bm.api.qcloud.com, not of {host}" in open_api.explanation(response)


@pytest.mark.parametrize("host", ["bmeip.api.qcloud.com", "eip.api.qcloud.com"])
def test_a_host_that_the_page_also_names_serves_it_too(open_api: Api, host: str) -> None:
    answer = open_api.send({"Action": "GetDeviceOutBandInfo", "instanceId": "cpm-an5a9wv4"}, host=host).json()
    assert answer["code"] == (0 if host.startswith("bmeip") else 6100)


def test_an_unknown_action_is_refused_in_the_captured_words(open_api: Api) -> None:
    response = open_api.send({"Action": "MakeCoffee"}, host="localhost")
    assert response.json() == UNSUPPORTED
    assert "no documented action is named MakeCoffee" in open_api.explanation(response)


@pytest.mark.parametrize(
    ("host", "module"),
    [
        ("bm.api.qcloud.com", "bm"),
        ("bmvpc.api.qcloud.com", "bmvpc"),
        ("vpc.api.qcloud.com", "bmvpc"),
        ("localhost", "bm"),
    ],
)
def test_the_host_chooses_between_two_actions_of_one_name(host: str, module: str) -> None:
    routes = Routes(contract.load(), BEHAVIOURS)
    endpoint = routes.find(Request("GET", "/v2/index.php", host, [("Action", "QueryBmTgwClusterMode")]))
    assert endpoint.action.module == module
