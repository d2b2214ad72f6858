"""The journal: stories of calls, search, verification, export and bounds."""

import json
import re
from typing import Any

import httpx
import pytest
from support.client import HOST, Api

from emulator.testing import ControlError, Emulator, WorldClient

DEVICE = "cpm-an5a9wv4"
RUN = {"cmdId": "cmd-nozcbhuw", "userName": "root", "password": "tr0ub4dor", "cmdParam": "", "instanceIds.0": "sdfrfss"}


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_the_story_of_a_call_is_whole(bm_world: WorldClient, world_api: Api) -> None:
    params = {"instanceIds.0": DEVICE, "opUin": "1", "colour": "red"}
    response = world_api.response("RebootDevice", method="POST", **params)
    story = bm_world.journal.story(response.headers["X-Emulator-Request-Id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", story.pop("time"))
    assert story.pop("duration_ms") > 0
    assert story.pop("rows_changed") == 4  # a task, an operation, what is pending, the device
    assert set(story.pop("parameters")) == {*world_api.common("x"), *params, "Signature"}
    assert story == {
        "request_id": response.headers["X-Emulator-Request-Id"],
        "world_time": "2017-10-20 10:00:00",
        "world": bm_world.name,
        "client": "127.0.0.1",
        "method": "POST",
        "host": HOST,
        "path": "/v2/index.php",
        "action": "RebootDevice",
        "authentication": "verified",
        "unknown_parameters": ["colour"],
        "unread_parameters": [],
        "fault": None,
        "operations": [{"kind": "device operation", "about": DEVICE}],
        "http_status": 200,
        "code": 0,
        "message": "",
        "explanation": ["colour was sent, but the action has no such parameter"],
    }


def test_secrets_are_masked_everywhere(bm_world: WorldClient, world_api: Api) -> None:
    world_api.call("RunUserCmd", **RUN)
    shown = json.dumps(bm_world.journal.calls()) + bm_world.journal.export()
    assert "tr0ub4dor" not in shown
    assert bm_world.secret_key not in shown
    with pytest.raises(AssertionError) as failed:
        bm_world.journal.called("RunUserCmd", with_={"password": "s3cret"})
    assert "s3cret" not in str(failed.value)
    assert "tr0ub4dor" not in str(failed.value)
    assert "password: another value" in str(failed.value)


def test_a_refused_signature_is_in_the_story_with_its_explanation(bm_world: WorldClient, world_api: Api) -> None:
    params = world_api.signed("GetUserCmdList")
    world_api.send({**params, "Extra": "1"})
    [call] = bm_world.journal.calls(authentication="refused")
    assert call["code"] == 4100
    assert "the signature is wrong" in call["explanation"][0]


def test_a_parameter_that_the_action_did_not_read_is_reported(bm_world: WorldClient, world_api: Api) -> None:
    world_api.data("DescribeDeviceInventory", zoneId=1000100003, deviceClassCode="PS100v1", cpuId=1)
    [call] = bm_world.journal.calls(unknown=True)
    assert (call["unread_parameters"], call["unknown_parameters"]) == (["cpuId"], [])


def test_a_field_of_an_object_that_the_contract_does_not_know_is_reported(
    bm_world: WorldClient, world_api: Api
) -> None:
    world_api.call("BindHostedLanIP", **{"instances.0.instanceId": "chm-aaaaaaaa", "instances.0.size": "1"})
    assert bm_world.journal.calls()[0]["unknown_parameters"] == ["instances.0.size"]


SEARCHES: list[tuple[dict[str, Any], list[str]]] = [
    ({"action": "GetUserCmd"}, ["GetUserCmd"]),
    ({"code": 10001}, ["GetUserCmd"]),
    ({"code": 0, "method": "POST"}, ["AddUserCmd"]),
    ({"host": "localhost"}, ["DescribeRegions"]),
    ({"client": "127.0.0.1"}, ["GetUserCmdList", "GetUserCmd", "AddUserCmd", "DescribeRegions", "GetUserCmdTaskList"]),
    ({"client": "10.0.0.1"}, []),
    ({"parameter": "cmdId"}, ["GetUserCmd"]),
    ({"parameter": "limit=2"}, ["GetUserCmdList"]),
    ({"parameter": "limit=3"}, []),
    ({"fault": True}, ["GetUserCmdTaskList"]),
    ({"began": True}, []),
    ({"changed": True}, ["AddUserCmd"]),
    ({"unknown": True}, ["DescribeRegions"]),
    ({"authentication": "verified", "code": 9001}, ["GetUserCmdTaskList"]),
    ({"limit": 2}, ["DescribeRegions", "GetUserCmdTaskList"]),
    ({"slower_than": 100_000}, []),
    ({"since": 4_000_000_000_000}, []),
    ({"until": 4_000_000_000_000, "limit": 1}, ["GetUserCmdTaskList"]),
]


@pytest.mark.parametrize(("search", "found"), SEARCHES, ids=[str(search) for search, _found in SEARCHES])
def test_calls_are_found_by_any_field(bm_world: WorldClient, world_api: Api, search: dict, found: list[str]) -> None:
    bm_world.faults.set("GetUserCmdTaskList", error=9001)
    world_api.call("GetUserCmdList", limit=2)
    world_api.call("GetUserCmd", cmdId="x")
    world_api.call("AddUserCmd", method="POST", alias="a", osType="linux", content="bHM=")
    world_api.call("DescribeRegions", host="localhost", nonsense=1)
    world_api.call("GetUserCmdTaskList")
    assert [call["action"] for call in bm_world.journal.calls(**search)] == found


def test_what_was_called_is_verified(bm_world: WorldClient, world_api: Api) -> None:
    for limit in (1, 2, 2):
        world_api.call("GetUserCmdList", limit=limit)
    world_api.call("DescribeDevice", **{"instanceIds.0": DEVICE})
    journal = bm_world.journal
    journal.called("GetUserCmdList")
    journal.called("GetUserCmdList", times=3)
    journal.called("GetUserCmdList", times=2, with_={"limit": 2})
    journal.called("DescribeDevice", with_={"instanceIds": [DEVICE]})
    journal.called("RunUserCmd", times=0)
    journal.called("GetUserCmdList", "DescribeDevice", in_order=True)


@pytest.mark.parametrize("how", [{}, {"times": 0}, {"in_order": True}])
def test_an_action_that_does_not_exist_is_no_expectation(bm_world: WorldClient, how: dict[str, Any]) -> None:
    with pytest.raises(ControlError, match=r"no action is named BuyDevise.*; did you mean BuyDevice\?"):
        bm_world.journal.called("BuyDevise", **how)


def test_an_unknown_action_that_a_client_sent_may_be_expected(bm_world: WorldClient) -> None:
    bm_world.call("BuyDevise")
    bm_world.journal.called("BuyDevise", times=1)
    bm_world.journal.called("(no Action)", times=0)


def failure(world: WorldClient, *actions: str, **how: Any) -> str:
    with pytest.raises(AssertionError) as failed:
        world.journal.called(*actions, **how)
    return re.sub(r" at \S+ \S+, ", " at TIME, ", re.sub(r"\[[0-9a-f-]{36}\]", "[ID]", str(failed.value)))


def test_a_call_with_other_parameters_is_reported_as_the_nearest(bm_world: WorldClient, world_api: Api) -> None:
    world_api.call("GetUserCmdList", limit=1, searchKey="b")
    world_api.call("GetUserCmdList", limit=2, searchKey="b")
    assert failure(bm_world, "GetUserCmdList", with_={"limit": 3, "searchKey": "b", "offset": 1}) == (
        "GetUserCmdList was called 0 times with limit='3', searchKey='b', offset='1'; expected at least once\n"
        "nearest call: GetUserCmdList at TIME, code 0 [ID]\n"
        "  limit: '2' instead of '3'\n"
        "  offset: was not sent"
    )


def test_a_call_of_a_similar_name_is_reported_as_the_nearest(bm_world: WorldClient, world_api: Api) -> None:
    world_api.call("GetUserCmdLists")
    assert (
        failure(bm_world, "GetUserCmdList").splitlines()[1] == "nearest call: GetUserCmdLists at TIME, code 6100 [ID]"
    )


def test_too_many_calls_are_reported_with_the_calls(bm_world: WorldClient, world_api: Api) -> None:
    world_api.call("GetUserCmdList")
    world_api.call("GetUserCmdList")
    shown = failure(bm_world, "GetUserCmdList", times=1)
    assert shown.startswith("GetUserCmdList was called twice; expected once\n")
    assert shown.count("call: GetUserCmdList") == 2


def test_an_empty_journal_is_reported(bm_world: WorldClient) -> None:
    assert failure(bm_world, "GetUserCmdList").endswith("nothing was called")


def test_another_order_is_reported_with_the_order(bm_world: WorldClient, world_api: Api) -> None:
    world_api.call("DescribeDevice")
    world_api.call("GetUserCmdList")
    assert failure(bm_world, "GetUserCmdList", "DescribeDevice", in_order=True) == (
        "DescribeDevice was not called after GetUserCmdList; the calls were DescribeDevice, GetUserCmdList"
    )


def test_an_export_is_json_lines(bm_world: WorldClient, world_api: Api) -> None:
    world_api.call("GetUserCmdList")
    world_api.call("DescribeDevice")
    lines = bm_world.journal.export().splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["GetUserCmdList", "DescribeDevice"]


def test_a_cleared_journal_is_empty_and_its_request_ids_go_on(bm_world: WorldClient, world_api: Api) -> None:
    first = world_api.response("GetUserCmdList").headers["X-Emulator-Request-Id"]
    bm_world.journal.clear()
    assert bm_world.journal.calls() == []
    assert world_api.response("GetUserCmdList").headers["X-Emulator-Request-Id"] > first


def test_a_journal_is_bounded_and_says_how_much_it_dropped() -> None:
    with Emulator(listen=False, journal=3) as emulator:
        for _ in range(5):
            emulator.world.call("GetUserCmdList")
        journal = emulator.world.journal
        assert (journal.count(), journal.dropped) == (3, 2)


def test_a_journal_is_bounded_in_bytes_too() -> None:
    with Emulator(listen=False) as emulator:
        for number in range(40):
            emulator.world.call("AddUserCmd", alias=f"s{number}", osType="linux", content="A" * 1_000_000)
        journal = emulator.world.journal
        assert journal.count() + journal.dropped == 40
        assert 25 < journal.count() < 36


def test_each_world_has_its_own_journal(bm_emulator: Emulator, bm_world: WorldClient) -> None:
    other = bm_emulator.new_world()
    other.call("GetUserCmdList")
    assert (bm_world.journal.count(), other.journal.count()) == (0, 1)
    other.delete()


def test_a_journal_counts_what_a_client_can_make_long_besides_parameters() -> None:
    with Emulator(listen=False) as emulator, httpx.Client(transport=emulator.httpx_transport()) as client:
        for _ in range(40):
            client.get("http://bm.api.qcloud.com/v2/index.php?Action=x", headers={"Host": "h" * 1_000_000})
        assert 25 < emulator.world.journal.count() < 36
