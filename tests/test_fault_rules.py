"""Fault rules, each kind over a real socket with a real client."""

import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.client import Api

from emulator.testing import ControlError, Emulator, FixtureError, WorldClient

DEVICE = "cpm-an5a9wv4"
ONE = {"instanceIds.0": DEVICE, "opUin": "1"}
RUN = {"cmdId": "cmd-nozcbhuw", "userName": "root", "password": "123456", "cmdParam": "", "instanceIds.0": "sdfrfss"}
SCRIPT = {"alias": "mine", "osType": "linux", "content": "bHM="}


def codes(api: Api, number: int, action: str = "GetUserCmdList", **params: Any) -> list[int]:
    return [api.call(action, **params)["code"] for _ in range(number)]


def test_a_rule_skips_so_many_calls_and_fires_so_often(bm_world: WorldClient, world_api: Api) -> None:
    fault = bm_world.faults.set("GetUserCmdList", error=9001, skip=2, times=3)
    assert codes(world_api, 7) == [0, 0, 9001, 9001, 9001, 0, 0]
    assert fault.fired == 3


def test_a_rule_without_an_action_fits_every_call(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set(error=6200, times=2)
    assert (codes(world_api, 1), codes(world_api, 2, "DescribeRegions")) == ([6200], [6200, 0])


@pytest.mark.parametrize("code", [4400, 4500, 5100, 6000, 6200])
def test_a_rule_answers_an_error_of_the_gateway(bm_world: WorldClient, world_api: Api, code: int) -> None:
    bm_world.faults.set("GetUserCmdList", error=code)
    assert codes(world_api, 1) == [code]


def test_a_replay_that_a_rule_answers_tells_the_servers_time_as_a_real_one_does(
    bm_world: WorldClient, world_api: Api
) -> None:
    bm_world.faults.set("GetUserCmdList", error=4500)
    assert "腾讯服务器 Timestamp = " in world_api.call("GetUserCmdList")["message"]


def test_an_error_may_be_given_by_its_name(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", error="InternalError.DbError")
    assert world_api.call("GetUserCmdList")["codeDesc"] == "InternalError.DbError"


def test_an_undocumented_error_can_be_forced(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", error=11041, force=True, times=1)
    bm_world.faults.set("GetUserCmdList", error=12345, force=True, times=1)
    known, unknown = world_api.call("GetUserCmdList"), world_api.call("GetUserCmdList")
    assert (known["code"], known["codeDesc"]) == (11041, "InvalidInstanceId")
    assert (unknown["code"], unknown["message"]) == (12345, "(12345)")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"action": "GetUserCmdList", "error": 18005}, r"does not document the error 18005; it documents .*`force`"),
        ({"action": "NoSuchAction", "error": 9001}, "no documented action is named NoSuchAction"),
        ({"error": 9001}, "only a common code"),
        ({"action": "GetUserCmdList"}, "does nothing"),
        ({"action": "GetUserCmdList", "error": 9001, "cut": True}, "one thing, not error and cut"),
        ({"action": "DescribeDevice", "operation": "fail"}, "begins no operation that could fail"),
        ({"action": "RebootDevice", "cut": True, "device_state": "melting"}, "no device is ever 'melting'"),
        ({"action": "RebootDevice", "cut": True, "secret_id": "AKIDnobody"}, "has the SecretId AKIDnobody"),
        ({"action": "RebootDevice", "cut": True, "parameters": {"color": "red"}}, "has no parameter color"),
        ({"action": "GetUserCmdList", "delay": [2, 1]}, "ends before it begins"),
        ({"action": "GetUserCmdList", "delay": -1}, "delay"),
        ({"action": "GetUserCmdList", "http_status": 302}, "http_status: 302 is not a whole number from 400 to 599"),
        ({"action": "GetUserCmdList", "body": {}, "cut": True}, "`body` is the JSON that `http_status` answers"),
        ({"action": "DescribeRegions", "error": 9001}, "it documents none of its own; every action may answer 4000"),
        ({"action": "GetUserCmdList", "error": 9001, "times": 0}, "times"),
        ({"action": "GetUserCmdList", "error": 9001, "colour": "red"}, "colour"),
    ],
)
def test_a_rule_that_can_never_fire_is_refused_with_the_reason(bm_world: WorldClient, rule: dict, told: str) -> None:
    with pytest.raises(ControlError, match=told) as refused:
        bm_world.faults.set(**rule)
    assert refused.value.status == 422
    assert bm_world.faults.all() == []


def test_a_rule_may_ask_for_values_of_parameters(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", parameters={"limit": "2"}, error=9001)
    assert codes(world_api, 1) + codes(world_api, 1, limit=2) + codes(world_api, 1, limit=3) == [0, 9001, 0]


def test_a_rule_may_ask_for_an_items_value_however_it_is_numbered(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("DescribeDevice", parameters={"instanceIds_0": DEVICE}, error=9001)
    assert codes(world_api, 1, "DescribeDevice", **{"instanceIds.0": DEVICE}) == [9001]


def test_a_rule_may_ask_for_a_credential(bm_emulator: Emulator) -> None:
    pairs = [{"secret_id": name, "secret_key": name} for name in ("one", "two")]
    world = bm_emulator.new_world(fixture={"accounts": [{"app_id": "1", "credentials": pairs}]})
    with httpx.Client(base_url=bm_emulator.url, trust_env=False) as client:
        apis = [Api(client, found["secret_id"], found["secret_key"]) for found in world.credentials]
        world.faults.set("GetUserCmdList", secret_id=world.credentials[1]["secret_id"], error=9001)
        assert [codes(api, 1) for api in apis] == [[0], [9001]]
    world.delete()


def test_a_rule_may_ask_for_a_device(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set(device=DEVICE, error=6200)
    assert codes(world_api, 1, "GetDeviceOutBandInfo", instanceId=DEVICE) == [6200]
    assert codes(world_api, 1, "GetDeviceOutBandInfo", instanceId="sdfrfss") != [6200]


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_rule_may_ask_for_a_devices_state(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetDeviceOutBandInfo", device_state="rebooting", error=10106)
    asked = {"instanceId": DEVICE}
    before = codes(world_api, 1, "GetDeviceOutBandInfo", **asked)
    world_api.data("RebootDevice", **ONE)
    meanwhile = codes(world_api, 1, "GetDeviceOutBandInfo", **asked)
    bm_world.clock.advance_to_idle()
    assert (before, meanwhile, codes(world_api, 1, "GetDeviceOutBandInfo", **asked)) == ([0], [10106], [0])


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_rule_may_last_so_many_seconds_of_the_worlds_time(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", error=9001, lasts=90)
    bm_world.clock.advance(89)
    before = codes(world_api, 1)
    bm_world.clock.advance(1)
    assert (before, codes(world_api, 1)) == ([9001], [0])


def test_a_rule_holds_in_its_world_only(bm_emulator: Emulator, bm_world: WorldClient, world_api: Api) -> None:
    other = bm_emulator.new_world()
    other.faults.set(error=6200)
    assert codes(world_api, 1) == [0]
    other.delete()


def test_an_answer_is_delayed(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", delay=0.2, times=1)
    started = time.monotonic()
    assert codes(world_api, 1) == [0]
    assert time.monotonic() - started >= 0.2


def test_a_delay_between_two_is_drawn_from_the_seed(bm_emulator: Emulator) -> None:
    def waits(seed: int) -> list[str]:
        world = bm_emulator.new_world(seed=seed)
        world.faults.set("GetUserCmdList", delay=[0, 0.1])
        for _ in range(3):
            world.call("GetUserCmdList")
        told = [call["explanation"][0].partition("waiting ")[2] for call in world.journal.calls()]
        world.delete()
        return told

    first, same, other = waits(1), waits(1), waits(2)
    assert first == same != other
    assert len(set(first)) == 3
    assert all(0 <= float(wait.removesuffix(" s")) <= 0.1 for wait in first)


def test_a_delay_goes_with_an_error_too_and_holds_up_nobody_else(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", delay=0.2, error=9001, times=1)
    started = time.monotonic()
    assert codes(world_api, 1) == [9001]
    assert time.monotonic() - started >= 0.2


def test_a_connection_is_cut_and_nothing_is_done(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("AddUserCmd", cut=True, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        world_api.call("AddUserCmd", **SCRIPT)
    assert world_api.data("GetUserCmdList", searchKey="mine")["totalNum"] == 0


def test_an_answer_is_lost_after_the_work_is_done(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("AddUserCmd", lose_answer=True, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        world_api.call("AddUserCmd", **SCRIPT)
    assert world_api.data("GetUserCmdList", searchKey="mine")["totalNum"] == 1
    assert bm_world.journal.calls("AddUserCmd")[0]["rows_changed"] > 0


def test_an_answer_is_cut_in_half(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", truncate=True, times=1)
    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending complete"):
        world_api.call("GetUserCmdList")
    assert codes(world_api, 1) == [0]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_an_http_error_is_answered_as_a_page(bm_world: WorldClient, world_api: Api, status: int) -> None:
    bm_world.faults.set("AddUserCmd", http_status=status, times=1)
    response = world_api.response("AddUserCmd", **SCRIPT)
    assert (response.status_code, response.headers["Content-Type"]) == (status, "text/html")
    assert world_api.data("GetUserCmdList", searchKey="mine")["totalNum"] == 0


def test_a_page_is_answered_where_json_should_be(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", html=True)
    response = world_api.response("GetUserCmdList")
    assert (response.status_code, response.text.startswith("<html>")) == (200, True)


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
@pytest.mark.parametrize(
    ("action", "params", "state"),
    [
        ("RebootDevice", ONE, "reboot-failed"),
        ("ShutdownDevice", ONE, "shutdown-failed"),
        ("ReloadDeviceOs", {"instanceId": DEVICE, "osTypeId": 1, "passwd": "abce1234"}, "reinstall-failed"),
        ("ResetDevicePasswd", {"instanceIds.0": DEVICE, "passwd": "abce1234"}, "running"),
    ],
)
def test_an_operation_on_a_device_fails(
    bm_world: WorldClient, world_api: Api, action: str, params: dict, state: str
) -> None:
    bm_world.faults.set(action, operation="fail")
    world_api.data(action, **params)
    bm_world.clock.advance_to_idle()
    assert bm_world.inventory.device(DEVICE)["state"] == state
    [task] = bm_world.inventory.ids("tasks", offset=len(bm_world.inventory.ids("tasks")) - 1)
    assert world_api.data("DescriptionOperationResult", taskId=task)["status"] == 2
    assert bm_world.inventory.device(DEVICE)["password"] == "123456"


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_start_fails(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.inventory.set_device(DEVICE, state="shutdown")
    bm_world.faults.set("StartDevice", operation="fail")
    world_api.data("StartDevice", **ONE)
    bm_world.clock.advance_to_idle()
    assert bm_world.inventory.device(DEVICE)["state"] == "start-failed"


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_run_of_a_script_fails(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("RunUserCmd", operation="fail", device="sdfrfss")
    world_api.data("RunUserCmd", **RUN, **{"instanceIds.1": "sdfrfdw"})
    bm_world.clock.advance_to_idle()
    [task] = world_api.data("GetUserCmdTaskList", limit=1)["list"]
    assert (task["successCount"], task["failureCount"]) == ("1", "1")
    runs = world_api.data("GetUserCmdTaskDetailList", taskId=task["taskId"])["list"]
    assert {run["instanceId"]: run["status"] for run in runs} == {"sdfrfss": "2", "sdfrfdw": "0"}


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_work_that_is_done_with_the_named_thing_fails_too(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("RunUserCmd", operation="fail", resource=RUN["cmdId"])
    world_api.data("RunUserCmd", **RUN)
    bm_world.clock.advance_to_idle()
    [task] = world_api.data("GetUserCmdTaskList", limit=1)["list"]
    assert (task["successCount"], task["failureCount"]) == ("0", "1")


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_switch_of_the_gateway_cluster_fails(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("SwitchToBmExclusiveCluster", operation="fail")
    task = world_api.data("SwitchToBmExclusiveCluster", unVpcId="vpc-34cxlz7z")["taskId"]
    bm_world.clock.advance_to_idle()
    assert world_api.data("DescriptionOperationResult", taskId=task)["status"] == 2


def order(number: int = 1) -> dict[str, Any]:
    place = {"zoneId": 1000100003, "unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m", "osTypeId": 1}
    return {**place, "deviceClassCode": "PS100v1", "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": number}


def buy(api: Api) -> str:
    [servers] = api.data("BuyDevice", **order())["resourceIds"].values()
    return servers[0]


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_delivery_fails_with_a_broken_server(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("BuyDevice", operation="fail")
    bought = buy(world_api)
    bm_world.clock.advance_to_idle()
    assert bm_world.inventory.device(bought)["state"] == "init-failed"
    [row] = world_api.data("DescribeDevice", **{"instanceIds.0": bought})["deviceList"]
    assert (row["deviceStatus"], row["deliverTime"]) == ("3", "0000-00-00 00:00:00")


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
@pytest.mark.parametrize(("percent", "state"), [(0, "claiming"), (70, "initialising")])
def test_a_delivery_hangs_where_it_is_told_to(bm_world: WorldClient, world_api: Api, percent: int, state: str) -> None:
    bm_world.faults.set("BuyDevice", operation="hang", hangs_at=percent)
    bought = buy(world_api)
    bm_world.clock.advance(86_400)
    assert bm_world.inventory.device(bought)["state"] == state


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_a_return_fails_and_the_server_is_as_it_was(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("OfflineDevice", operation="fail")
    world_api.data("OfflineDevice", **{"instanceIds.0": DEVICE})
    assert bm_world.inventory.device(DEVICE)["state"] == "going-offline"
    bm_world.clock.advance_to_idle()
    assert bm_world.inventory.device(DEVICE)["state"] == "running"


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
@pytest.mark.bm_time_scale(1)
def test_an_operation_is_late(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("RebootDevice", operation="late", late_by=1000)
    world_api.data("RebootDevice", **ONE)
    bm_world.clock.advance(1000)
    assert bm_world.inventory.device(DEVICE)["state"] == "rebooting"
    bm_world.clock.advance(180)
    assert bm_world.inventory.device(DEVICE)["state"] == "running"


HOSTED = """
[[accounts]]
app_id = "1"
credentials = [{ secret_id = "h", secret_key = "h" }]
vpcs = [{ id = 7, un_id = "vpc-aaaaaaa7", name = "main", cidr = "10.9.0.0/16" }]
subnets = [{ id = 8, un_id = "subnet-aaaaaaa8", vpc = "vpc-aaaaaaa7", name = "web", cidr = "10.9.1.0/24" }]
hosted = [{ instance_id = "chm-aaaaaaaa", password = "p" }]
"""
BIND = {
    "unVpcId": "vpc-aaaaaaa7",
    "unSubnetId": "subnet-aaaaaaa8",
    "gatewayIp": "10.9.1.1",
    "operateMode": "1",
    "contacts": "somebody",
    "mobile": "13800000000",
    "instances.0.instanceId": "chm-aaaaaaaa",
    "instances.0.userName": "root",
    "instances.0.password": "p",
}


@pytest.fixture
def hosted(bm_emulator: Emulator, tmp_path: Any) -> Any:
    path = tmp_path / "hosted.toml"
    path.write_text(HOSTED, encoding="utf-8")
    world = bm_emulator.new_world(fixture=path, frozen_at="2017-10-20T10:00:00")
    yield world
    world.delete()


def bind_status(world: WorldClient) -> str:
    return world.call("DescribeHostedDevice")["data"]["list"][0]["bindLanIpStatus"]


def test_a_binding_fails(hosted: WorldClient) -> None:
    hosted.faults.set("BindHostedLanIP", operation="fail")
    assert hosted.call("BindHostedLanIP", **BIND)["code"] == 0
    hosted.clock.advance_to_idle()
    assert bind_status(hosted) == "2"


def test_a_binding_hangs_in_its_third_step(hosted: WorldClient) -> None:
    hosted.faults.set("BindHostedLanIP", operation="hang", hangs_at=70)
    hosted.call("BindHostedLanIP", **BIND)
    hosted.clock.advance(86_400)
    steps = hosted.call("GetBindHostedLanIPStatus", instanceId="chm-aaaaaaaa")["data"]
    assert ["endTime" in step for step in steps] == [True, True, False, False]
    assert steps[2]["current"] == 1


def test_an_unbinding_fails_and_the_address_stays(hosted: WorldClient) -> None:
    hosted.call("BindHostedLanIP", **BIND)
    hosted.clock.advance_to_idle()
    hosted.faults.set("UnbindHostedLanIP", operation="fail")
    assert hosted.call("UnbindHostedLanIP", **{"instanceIds.0": "chm-aaaaaaaa"})["code"] == 0
    hosted.clock.advance_to_idle()
    assert bind_status(hosted) == "1"


def test_rules_that_never_fired_are_told_and_all_can_be_taken_back(bm_world: WorldClient, world_api: Api) -> None:
    used = bm_world.faults.set("GetUserCmdList", error=9001)
    unused = bm_world.faults.set("GetUserCmd", error=9001)
    codes(world_api, 1)
    assert [fault["id"] for fault in bm_world.faults.unfired()] == [unused.id]
    used.remove()
    assert codes(world_api, 1) == [0]
    bm_world.faults.clear()
    assert bm_world.faults.all() == []


def test_a_snapshot_holds_how_often_a_rule_has_fired(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", error=9001, times=2)
    assert codes(world_api, 1) == [9001]
    bm_world.snapshot("s")
    assert codes(world_api, 2) == [9001, 0]
    bm_world.restore("s")
    assert codes(world_api, 2) == [9001, 0]


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_incidents_are_listed_started_and_stopped_by_name(bm_world: WorldClient, world_api: Api) -> None:
    known = bm_world.incidents.known()
    assert set(known) == {"out-of-band-down", "over-quota", "reinstall-hangs", "stock-runs-out"}
    bm_world.incidents.start("over-quota")
    assert (codes(world_api, 1), bm_world.incidents.running()) == ([4400], ["over-quota"])
    bm_world.clock.advance(60)
    assert (codes(world_api, 1), bm_world.incidents.running()) == ([0], [])
    bm_world.incidents.stop("over-quota")
    with pytest.raises(ControlError, match="no incident 'over-quota' is going on"):
        bm_world.incidents.stop("over-quota")
    with pytest.raises(ControlError, match="there is no incident 'earthquake'"):
        bm_world.incidents.start("earthquake")


@pytest.mark.bm_frozen("2017-10-20T10:00:00")
def test_each_incident_does_what_its_title_says(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.incidents.start("out-of-band-down")
    bm_world.incidents.start("stock-runs-out")
    bm_world.incidents.start("reinstall-hangs")
    assert codes(world_api, 1, "GetDeviceOutBandInfo", instanceId=DEVICE) == [10100]
    assert codes(world_api, 1, "GetOutBandVPNAuthInfo", zoneId=1000100003) == [10100]
    assert world_api.call("BuyDevice", **order())["codeDesc"] == "TradeError.ResourceLimit"
    task = world_api.data("ReloadDeviceOs", instanceId=DEVICE, osTypeId=1, passwd="abce1234")["taskId"]
    bm_world.clock.advance(90)
    assert codes(world_api, 1, "GetDeviceOutBandInfo", instanceId=DEVICE) == [0]
    bm_world.clock.advance(86_400)
    assert world_api.data("DescriptionOperationResult", taskId=task)["status"] == 4
    [part] = bm_world.inventory.task(task)["parts"]
    assert (part["status"], part["operation"]["hangs_at"]) == ("running", 70)
    bm_world.faults.clear()


def test_a_rule_can_name_a_thing_whose_id_is_a_number(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("DescriptionOperationResult", resource="1", error=9001)
    assert codes(world_api, 1, "DescriptionOperationResult", taskId=1) == [9001]
    assert codes(world_api, 1, "DescriptionOperationResult", taskId=2) != [9001]


def test_a_rule_answers_json_with_an_http_status(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", http_status=429, body={"code": 4400, "message": "slow down"}, times=1)
    response = world_api.response("GetUserCmdList")
    assert (response.status_code, response.json()) == (429, {"code": 4400, "message": "slow down"})
    assert response.headers["content-type"].startswith("application/json")
    assert bm_world.journal.calls()[0]["http_status"] == 429


def test_a_page_may_have_a_status(bm_world: WorldClient, world_api: Api) -> None:
    bm_world.faults.set("GetUserCmdList", html=True, http_status=404, times=1)
    response = world_api.response("GetUserCmdList")
    assert (response.status_code, "404 Not Found" in response.text) == (404, True)


def test_an_incident_that_is_wrong_stops_the_start_and_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('title = "t"\n[[faults]]\ncut = true\n', encoding="utf-8")
    with Emulator(listen=False, incidents=str(tmp_path)) as emulator:
        (tmp_path / "bad.toml").write_text("garbage", encoding="utf-8")
        told = emulator.world.incidents.known()
    assert told["mine"] == "t"
    assert told["bad"].startswith("it cannot be started: the incident bad.toml is wrong: ")
    with pytest.raises(FixtureError, match=r"the incident bad\.toml is wrong"):
        Emulator(listen=False, incidents=str(tmp_path)).__enter__()
