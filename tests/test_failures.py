"""What goes wrong inside stays inside: the client gets 6000 or the action's own database error, the log the rest."""

import sqlite3

import pytest
from conftest import MakeApi
from support.client import Api

from emulator.call import Body, Call, Refusal
from emulator.chapters import BEHAVIOURS
from emulator.chapters.scripts.records.scripts import SCRIPTS

INTERNAL = {
    "code": 6000,
    "message": "服务器内部出现错误，请稍后重试或者联系客服人员帮忙解决。",
    "codeDesc": "InternalError",
}


def break_action(monkeypatch: pytest.MonkeyPatch, make_api: MakeApi, name: str, error: Exception) -> Api:
    """The action changes something, and then this happens."""

    def broken(call: Call) -> Body:
        row = {"alias": "half-done", "os_type": "linux", "content": "bHM=", "created_at": call.now}
        cmd_id = SCRIPTS.new_id(call.world, call.app_id)
        SCRIPTS.add(call.world, cmd_id=cmd_id, account_id=call.account_id, **row, modified_at=call.now)
        raise error

    monkeypatch.setitem(BEHAVIOURS, ("bm", name), broken)
    return make_api()


def is_undone(api: Api) -> bool:
    return api.data("GetUserCmdList", searchKey="half-done")["totalNum"] == 0


def test_a_fault_of_an_action_is_6000_with_a_traceback_in_the_log_only(
    monkeypatch: pytest.MonkeyPatch, make_api: MakeApi, caplog: pytest.LogCaptureFixture
) -> None:
    api = break_action(monkeypatch, make_api, "GetUserCmd", ZeroDivisionError("oops"))
    response = api.response("GetUserCmd", cmdId="x")
    assert (response.status_code, response.json()) == (200, INTERNAL)
    assert "ZeroDivisionError: oops" in caplog.text
    assert is_undone(api)


def test_an_error_that_the_page_does_not_document_is_6000(
    monkeypatch: pytest.MonkeyPatch, make_api: MakeApi, caplog: pytest.LogCaptureFixture
) -> None:
    api = break_action(monkeypatch, make_api, "GetUserCmd", Refusal("LimitCmdCount"))
    assert api.call("GetUserCmd", cmdId="x") == INTERNAL
    assert "GetUserCmd documents no error LimitCmdCount" in caplog.text
    assert is_undone(api)


@pytest.mark.parametrize(("name", "code"), [("GetUserCmd", 9001), ("SetOutBandVPNAuthPwd", 6000)])
def test_a_failing_database_is_9001_where_the_page_documents_it(
    monkeypatch: pytest.MonkeyPatch, make_api: MakeApi, name: str, code: int
) -> None:
    api = break_action(monkeypatch, make_api, name, sqlite3.OperationalError("disk I/O error"))
    params = {"cmdId": "x", "password": "tencent89", "createOrUpdate": "update"}
    assert api.call(name, **params)["code"] == code
    assert is_undone(api)


def test_a_refusal_undoes_what_the_action_did(monkeypatch: pytest.MonkeyPatch, make_api: MakeApi) -> None:
    api = break_action(monkeypatch, make_api, "GetUserCmd", Refusal("InvalidParameter"))
    assert api.call("GetUserCmd", cmdId="x")["code"] == 10001
    assert is_undone(api)
