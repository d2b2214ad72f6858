"""The vendor's own Python SDK of the time, against a live server. It speaks HTTPS to fixed hosts only, so its
connection alone is replaced by a plain one to the server; what it sends is its own."""

import json
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import Server
from QcloudApi.modules.bm import Bm
from QcloudApi.modules.bmvpc import Bmvpc
from support.client import SECRET_ID, SECRET_KEY

pytestmark = pytest.mark.socket


class _Connection(HTTPConnection):
    """Says the host it was meant for."""

    request_length = 0

    def __init__(self, endpoint: str, host: str) -> None:
        address = urlsplit(endpoint)
        super().__init__(str(address.hostname), address.port)
        self._meant_for = host

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **rest: Any) -> None:
        super().request(method, url, body, {**(headers or {}), "Host": self._meant_for}, **rest)


@pytest.fixture
def sdk(serve: Callable[..., Server]) -> Callable[..., Any]:
    """Makes one of the SDK's modules, as its users configure it."""
    endpoint = serve().endpoint

    def make(module: type = Bm, **config: str) -> Any:
        made = module({"secretId": SECRET_ID, "secretKey": SECRET_KEY, "Region": "ap-guangzhou", **config})
        made.apiRequest.conn = _Connection(endpoint, made.requestHost)
        return made

    return make


def call(module: Any, action: str, **params: Any) -> dict[str, Any]:
    return json.loads(module.call(action, params))


EVERY_WAY = [(method, digest) for method in ("GET", "POST") for digest in ("HmacSHA1", "HmacSHA256")]


@pytest.mark.parametrize(("method", "digest"), EVERY_WAY)
def test_the_sdk_reads_the_out_of_band_login(sdk: Callable[..., Any], method: str, digest: str) -> None:
    answer = call(sdk(method=method, SignatureMethod=digest), "GetDeviceOutBandInfo", instanceId="cpm-an5a9wv4")
    assert answer["data"]["outbandInfo"]["username"] == "albert"


@pytest.mark.parametrize(("method", "digest"), EVERY_WAY)
def test_the_sdk_runs_a_script_on_a_list_of_devices(sdk: Callable[..., Any], method: str, digest: str) -> None:
    bm = sdk(method=method, SignatureMethod=digest)
    login = {"userName": "root", "password": "123456", "cmdParam": ""}
    assert call(bm, "runUserCmd", cmdId="cmd-nozcbhuw", instanceId=["sdfrfss", "sdfrfdw"], **login)["code"] == 0
    assert call(bm, "GetUserCmdTaskList", limit=1)["data"]["list"][0]["instanceCount"] == "2"


def test_the_sdk_sends_text_that_is_not_ascii(sdk: Callable[..., Any]) -> None:
    for method in ("GET", "POST"):
        answer = call(sdk(method=method), "GetUserCmdList", searchKey="输入 a+b&c")
        assert answer["code"] == 0


def test_the_sdks_other_modules_are_told_apart_by_their_hosts(sdk: Callable[..., Any]) -> None:
    assert call(sdk(Bmvpc), "GetUserCmdList")["code"] == 6100


def test_the_sdk_with_a_wrong_key_is_refused(sdk: Callable[..., Any]) -> None:
    assert call(sdk(secretKey="wrong"), "GetUserCmdList")["codeDesc"] == "AuthFailure"
