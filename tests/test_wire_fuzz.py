"""Whatever is sent, the emulator answers: no 500, no traceback, no code 6000."""

import asyncio
import logging
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.client import PATH

from emulator import contract
from emulator.app import create_app
from emulator.chapters import BEHAVIOURS
from emulator.settings import Settings

SETTINGS = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ACTIONS = st.sampled_from(sorted(name for _, name in BEHAVIOURS))
KNOWN_NAMES = (
    "cmdId cmdIds.0 alias content osType limit offset orderBy orderType searchKey instanceId instanceId.0 "
    "instanceIds.1 userName password cmdParam zoneId taskId createOrUpdate Nonce Timestamp SecretId "
    "Signature SignatureMethod Region instanceIds.0 unVpcId unSubnetId deviceClassCode raidId osTypeId "
    "goodsNum timeSpan timeUnit passwd opUin aliases.0 autoRenewFlag startTime endTime deadlineStartTime "
    "deadlineEndTime lanIp ipList.0 cpuId mem haveRaidCard diskTypeId1 diskNum1 sysRootSpace "
    "tagDetail.0.tagKey tagDetail.0.tagValue serviceType tagKeyList.0 instances.0.instanceId "
    "instances.0.userName instances.0.password gatewayIp operateMode contacts mobile vagueIp "
)
NAMES = st.one_of(
    st.sampled_from(KNOWN_NAMES.split()),
    st.text(max_size=8),
    st.from_regex(r"[a-z]{1,3}([._][0-9a-z]{0,3}){0,4}", fullmatch=True),
)
VALUES = st.one_of(
    st.text(max_size=20),
    st.integers().map(str),
    st.sampled_from(["cmd-nozcbhuw", "sdfrfss", "cmdtask-i3a09t1h", "root", "123456", "YQ==", "linux", "1000100003"]),
    st.sampled_from(["cpm-an5a9wv4", "cmd-aaaaaaaa", "\x00", "'; --", "%", "9" * 400, "-0", "1e5", "update", "status"]),
    st.sampled_from(["vpc-34cxlz7z", "subnet-1so5ae8m", "PS100v1", "m", "bm", "abce1234", "1", "0", "10.10.1.77"]),
    st.sampled_from(["9999-12-31", "0001-01-01", "9999-12-31 23:59:59", "0001-01-01 00:00:00", "chm-gaci4xvn"]),
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Silence the log, which would hold thousands of refusals."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@cache
def _app() -> Any:
    return create_app(Settings(auth="off"))


def _answer(method: str, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[int, bytes]:
    scope = {
        "type": "http",
        "method": method,
        "path": PATH,
        "query_string": query,
        "headers": headers,
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(_app()(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def _assert_answered(status: int, body: bytes) -> None:
    assert status in (200, 405, 413, 414)
    assert b'"code":' in body or b'"returnCode":' in body
    assert b'"code":6000' not in body
    assert b"Traceback" not in body


@given(query=st.binary(max_size=300), host=st.binary(max_size=30))
@settings(SETTINGS, max_examples=300)
def test_any_query_string_and_any_host_are_answered(query: bytes, host: bytes) -> None:
    _assert_answered(*_answer("GET", query, [(b"host", host)], b""))


@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        [b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=b", b"multipart/form-data", b"", b"\xff"]
    ),
)
@settings(SETTINGS, max_examples=300)
def test_any_body_is_answered(body: bytes, kind: bytes) -> None:
    _assert_answered(*_answer("POST", b"", [(b"content-type", kind)], body))


@given(parts=st.lists(st.binary(max_size=60), max_size=5))
@settings(SETTINGS, max_examples=200)
def test_any_multipart_body_is_answered(parts: list[bytes]) -> None:
    disposition = b'\r\nContent-Disposition: form-data; name="x"\r\n\r\n'
    body = b"".join(b"--b" + disposition + part + b"\r\n" for part in parts) + b"--b--\r\n"
    _assert_answered(*_answer("POST", b"", [(b"content-type", b"multipart/form-data; boundary=b")], body))


@given(action=ACTIONS, params=st.lists(st.tuples(NAMES, VALUES), max_size=14))
@settings(SETTINGS, max_examples=1500)
def test_any_parameters_of_a_real_action_are_answered(action: str, params: list[tuple[str, str]]) -> None:
    query = urlencode([("Action", action), *params], errors="surrogatepass").encode()
    _assert_answered(*_answer("GET", query, [(b"host", b"localhost")], b""))


@given(action=ACTIONS, data=st.data())
@settings(SETTINGS, max_examples=1000)
def test_any_values_of_an_actions_own_parameters_are_answered(action: str, data: st.DataObject) -> None:
    known = next(known for known in contract.load() if known.name == action)
    params = [("Action", action)]
    for parameter in known.parameters:
        if parameter.required or data.draw(st.booleans()):
            name = f"{parameter.name}.0" if parameter.is_array else parameter.name
            names = [f"{name}.{field.name}" for field in parameter.fields] or [name]
            params += [(each, data.draw(VALUES)) for each in names]
    query = urlencode(params, errors="surrogatepass").encode()
    _assert_answered(*_answer("GET", query, [(b"host", b"localhost")], b""))
