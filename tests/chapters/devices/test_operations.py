"""Servers, regions and tags: the printed forms, the documented errors, and what operations do."""

from dataclasses import dataclass
from typing import Any

import pytest
from conftest import MakeApi
from support.client import Api
from support.examples import Page, pages, shape

from emulator import contract
from emulator.chapters import BEHAVIOURS
from emulator.clock import NEVER, ManualClock

HEAD = """
[[accounts]]
app_id = "1251001002"
credentials = [
    {secret_id = "AKIDfleet", secret_key = "fleetkey"},
]
vpcs = [{id = 1025, un_id = "vpc-8e0ypm3z", name = "beijing", cidr = "10.6.0.0/16"}]
subnets = [{id = 4, un_id = "subnet-34xt45as", vpc = "vpc-8e0ypm3z", name = "hadoop", cidr = "10.6.10.0/24"}]
"""
PLACE = 'lan_ip = "10.6.10.67"\nvpc = "vpc-8e0ypm3z"\nsubnet = "subnet-34xt45as"\npassword = "old12345"\n'
LATER = 3600
PASSWORD = "abce1234"


def device(instance_id: str, more: str = "") -> str:
    return f'[[accounts.devices]]\ninstance_id = "{instance_id}"\nalias = "{instance_id}"\n{PLACE}{more}\n'


@pytest.fixture
def fleet(make_api: MakeApi) -> Any:
    """Makes an Api on a world with these devices."""

    def make(*devices: str, rules: str = "", **settings: Any) -> Api:
        return Api(make_api(HEAD + "".join(devices) + rules, **settings).http, "AKIDfleet", "fleetkey")

    return make


def states(api: Api, *instance_ids: str) -> list[tuple[str, str]]:
    rows = api.data("DescribeDevice", **{f"instanceIds.{n}": name for n, name in enumerate(instance_ids)})["deviceList"]
    by_id = {row["instanceId"]: (row["deviceStatus"], row["operateStatus"]) for row in rows}
    return [by_id[name] for name in instance_ids]


# --- the printed forms

IMPLEMENTED = {name for _, name in BEHAVIOURS}
CHAPTERS = ("devices", "regions", "tags")
ELSEWHERE = ("BuyDevice", "DescribeDeviceHardwareInfo")
PAGES = {
    page.action: page
    for page in pages()
    if page.action in IMPLEMENTED and page.chapter in CHAPTERS and page.action not in ELSEWHERE
}
WHOLE = ("DescribeRegions", "DescribeHardwareSpecification")
FILTERED = ("DescribeDevice", "DescribeDevicePosition", "DescribeDeviceTrash")
"""Their printed requests ask for other devices than their printed answers show."""


def _world_of(page: Page, example: dict[str, Any]) -> str:
    """Devices with the ids of the printed request, in a state that the action needs, and two for the lists."""
    state = {"StartDevice": "shutdown", "DescribeDeviceTrash": "isolated"}.get(page.action, "running")
    named = [value for name, value in example["params"].items() if name.startswith("instanceId")]
    more = (
        f'state = "{state}"\nclass_code = "PM101v1"\nwan_ip = "115.159.240.23"\ntags = {{test01 = "foo", test02 = "x"}}'
    )
    return "".join(device(name, more) for name in named or ["cpm-aaaaaaaa"])


def _replay(fleet: Any, page: Page, example: dict[str, Any]) -> dict[str, Any]:
    api = fleet(_world_of(page, example))
    params = dict(example["params"])
    if page.action in FILTERED:
        params = {}
    elif page.action == "DescribeDeviceOperationLog":
        api.data("RebootDevice", **{"instanceIds.0": params["instanceId"], "opUin": "1"})
        params |= {"startTime": "2017-10-01", "endTime": "2017-11-01"}
    elif page.action == "DescriptionOperationResult":
        api = fleet(device("cpm-3dw23400"), device("cpm-sdf343x0"))
        both = {"instanceIds.0": "cpm-3dw23400", "instanceIds.1": "cpm-sdf343x0"}
        params = {"taskId": api.data("RebootDevice", opUin="1", **both)["taskId"]}
    elif page.action == "ZhDockerSubnetAvailable":
        api, params = Api(fleet(rules=DOCKER).http, "AKIDdocker", "dockerkey"), {"unVpcId": "vpc-docker00"}
    elif "Cluster" in page.action:
        params["unVpcId"] = "vpc-8e0ypm3z"
    return api.call(page.action, host=example["host"], **params)


EXAMPLES = [
    pytest.param(page, example, id=page.action)
    for page in PAGES.values()
    for example in page.examples
    if "status " not in str(example["response"])  # one page's example has stray blanks in its keys
]


@pytest.mark.parametrize(("page", "example"), EXAMPLES)
def test_a_printed_request_gets_an_answer_of_the_printed_form(fleet: Any, page: Page, example: dict[str, Any]) -> None:
    answer, printed = _replay(fleet, page, example), example["response"]
    if page.action in ("DescribeDeviceClassRaid", "DescribeDeviceClassPartition", "DescribeRegions"):
        # Keyed by ids: those printed are there, just as printed.
        assert {key: answer["data"][key] for key in printed["data"]}.keys() == printed["data"].keys()
    assert shape({**answer, "data": None}) == shape({**printed, "data": None})
    if page.action in WHOLE:
        assert answer["data"] == printed["data"]
    elif page.action == "DescribeDeviceClassRaid":
        for code, raids in printed["data"].items():
            assert {raid: answer["data"][code][raid] for raid in raids} == raids
    elif page.action == "DescribeDeviceClassPartition":
        assert answer["data"] == printed["data"]
    elif page.action in ("DescribeDeviceClass", "DescribeOs"):
        assert [row for row in answer["data"] if row in printed["data"]] == printed["data"]
    elif page.action == "DescribeDevice":
        assert shape(answer["data"]["deviceList"][0]) == shape(printed["data"]["deviceList"][1])
    else:
        assert shape(answer.get("data")) == shape(printed.get("data"))


# --- the documented errors


@dataclass(frozen=True)
class Case:
    action: str
    code: int
    params: dict[str, Any]
    more: str = ""
    """Of the device cpm-aaaaaaaa."""
    rules: str = ""


ONE = {"instanceIds.0": "cpm-aaaaaaaa"}
TWO = {**ONE, "opUin": "1"}
GOOD: dict[str, dict[str, Any]] = {
    "DescribeRegions": {},
    "DescribeDeviceClass": {},
    "DescribeDeviceClassRaid": {},
    "DescribeDeviceClassPartition": {"deviceClassCode": "PS100v1"},
    "DescribeOs": {"deviceClassCode": "PS100v1"},
    "DescribeHardwareSpecification": {},
    "DescribeTagKeyList": {"serviceType": "bm"},
    "DescribeTagValueList": {"serviceType": "bm", "tagKeyList.0": "a"},
    "DescribeDevice": {},
    "DescribeDeviceTrash": {},
    "DescribeDevicePosition": {},
    "ModifyDeviceAlias": {**ONE, "aliases.0": "b"},
    "ModifyDeviceAutoRenewFlag": {**ONE, "autoRenewFlag": 1},
    "ModifyPayModePre2Post": ONE,
    "StartDevice": TWO,
    "ShutdownDevice": TWO,
    "RebootDevice": TWO,
    "ResetDevicePasswd": {**ONE, "passwd": PASSWORD},
    "ReloadDeviceOs": {"instanceId": "cpm-aaaaaaaa", "passwd": PASSWORD},
    "DescriptionOperationResult": {"taskId": 1},
    "QueryBmTgwClusterMode": {"unVpcId": "vpc-8e0ypm3z"},
    "SwitchToBmExclusiveCluster": {"unVpcId": "vpc-8e0ypm3z"},
    "SwitchToBmSharedCluster": {"unVpcId": "vpc-8e0ypm3z"},
    "RecoveryBmTgwCluster": {"unVpcId": "vpc-8e0ypm3z"},
    "ZhDockerSubnetAvailable": {},
    "DescribeDeviceOperationLog": {"instanceId": "cpm-aaaaaaaa"},
}
ACTIONS = {action.name: action for action in contract.load() if action.module == "bm" and action.name in GOOD}
ONLY_BROKEN = (9001, 9003, 9005, 9008)
"""What only a broken database, queue or backend explains."""
DOCKER = """
[[accounts]]
app_id = "77"
docker_customer = true
credentials = [{secret_id = "AKIDdocker", secret_key = "dockerkey"}]
vpcs = [{id = 1111, un_id = "vpc-docker00", name = "d", cidr = "10.8.0.0/16"}]
subnets = [
    {id = 1112, un_id = "subnet-docker01", vpc = "vpc-docker00", name = "a", cidr = "10.8.1.0/24", docker = true},
    {id = 1113, un_id = "subnet-docker02", vpc = "vpc-docker00", name = "b", cidr = "10.8.2.0/24", docker = true},
    {id = 1114, un_id = "subnet-plain000", vpc = "vpc-docker00", name = "c", cidr = "10.8.3.0/24"},
]
devices = [{instance_id = "cpm-docker00", vpc = "vpc-docker00", subnet = "subnet-docker02"}]
"""
UNKNOWN = {"instanceIds.0": "cpm-unknown1"}
ANOTHERS = {"instanceIds.0": "cpm-an5a9wv4"}
OPERATIONS = ("StartDevice", "ShutdownDevice", "RebootDevice", "ResetDevicePasswd")
CASES = [
    *(
        Case(name, error.code, GOOD[name], rules=f'\n[[faults]]\naction = "{name}"\nerror = {error.code}\n')
        for name, action in ACTIONS.items()
        for error in action.errors
        if error.code in ONLY_BROKEN or name in ("DescribeDeviceClass",)
    ),
    *(
        Case(name, 10001, {**GOOD[name], **stranger})
        for name in (*OPERATIONS, "ModifyDeviceAlias", "ModifyDeviceAutoRenewFlag", "ModifyPayModePre2Post")
        for stranger in (UNKNOWN, ANOTHERS)
    ),
    Case("ModifyDeviceAlias", 10001, {**ONE, "aliases.0": "a", "aliases.1": "b"}),
    Case("ModifyDeviceAutoRenewFlag", 10001, {**ONE, "autoRenewFlag": 2}),
    Case("DescribeDevice", 10001, {"deadlineStartTime": "2016-05-25"}),
    Case("DescribeDevice", 10001, {"deadlineEndTime": "soon"}),
    Case("DescribeDevice", 10001, {"limit": -1}),
    Case("DescribeDeviceTrash", 10001, {"offset": "x"}),
    Case("DescribeTagKeyList", 10001, {"serviceType": "cvm"}),
    Case("DescribeTagValueList", 10001, {"serviceType": "bm"}),
    *(Case(name, 10001, {"unVpcId": "vpc-34cxlz7z"}) for name in GOOD if "Tgw" in name or "Cluster" in name),
    Case("ZhDockerSubnetAvailable", 10001, {"unVpcId": "vpc-34cxlz7z"}, rules=DOCKER),
    Case("ZhDockerSubnetAvailable", 10004, {}),
    Case("StartDevice", 12002, TWO),
    *(Case(name, 12002, GOOD[name], 'state = "shutdown"') for name in OPERATIONS[1:]),
    *(Case(name, 12002, GOOD[name], 'state = "isolated"') for name in (*OPERATIONS, "ReloadDeviceOs")),
    *(Case(name, 12002, GOOD[name], 'state = "fault"') for name in (*OPERATIONS, "ReloadDeviceOs")),
    *(
        Case("ResetDevicePasswd", 10001, {**ONE, "passwd": password})
        for password in ("", "short1", "onlyletters", "12345678", "x1" * 9, "密码abc123", "with space1")
    ),
    *(
        Case("ResetDevicePasswd", 10001, {**ONE, "passwd": password}, 'os_type = "xserver"')
        for password in ("abcdef123456", "Ab1!", "Administrator1!", "Ab1!" * 5)
    ),
    Case("ResetDevicePasswd", 12006, GOOD["ResetDevicePasswd"], "agent_alive = false"),
    Case("ReloadDeviceOs", 10001, {"instanceId": "cpm-unknown1", "passwd": PASSWORD}),
    Case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "osTypeId": 6}),
    Case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "osTypeId": 99}),
    Case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "unVpcId": "vpc-8e0ypm3z"}),
    Case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "unSubnetId": "subnet-34xt45as"}),
    Case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "passwd": "short1"}),
    Case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "lanIp": "10.7.0.1"}),
    Case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "lanIp": "10.6.10.1"}),
    Case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "lanIp": "x"}),
    Case("ReloadDeviceOs", 12003, {**GOOD["ReloadDeviceOs"], "raidId": 8}),
    Case("DescriptionOperationResult", 10001, {"taskId": 99}),
    Case("DescriptionOperationResult", 10001, {"taskId": "x"}),
    Case("DescribeDeviceOperationLog", 10001, {"instanceId": "cpm-unknown1"}),
    Case("DescribeDeviceOperationLog", 10001, {**GOOD["DescribeDeviceOperationLog"], "startTime": "2016-08"}),
    Case("DescribeDeviceOperationLog", 10001, {**GOOD["DescribeDeviceOperationLog"], "limit": -1}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.action}-{case.code}")
def test_a_documented_error_is_answered_and_changes_nothing(fleet: Any, case: Case) -> None:
    api = fleet(device("cpm-aaaaaaaa", case.more), rules=case.rules)
    if case.rules == DOCKER:
        api = Api(api.http, "AKIDdocker", "dockerkey")
    before = None if case.rules else _everything(api)
    answer = api.call(case.action, **case.params)
    documented = ACTIONS[case.action].error(case.code)
    assert documented is not None
    assert (answer["code"], answer["codeDesc"]) == (case.code, documented.name)
    assert answer["message"].startswith(f"({case.code}){documented.text}")
    assert before is None or _everything(api) == before


def _everything(api: Api) -> list[Any]:
    log = api.data("DescribeDeviceOperationLog", instanceId="cpm-aaaaaaaa")
    return [api.data("DescribeDevice")["deviceList"], api.data("DescribeDeviceTrash")["deviceList"], log]


def test_all_documented_pairs_are_among_them() -> None:
    documented = {(name, error.code) for name, action in ACTIONS.items() for error in action.errors}
    assert {(case.action, case.code) for case in CASES} == documented


def test_no_implemented_action_is_forgotten() -> None:
    from chapters.devices.test_purchase import GOOD as BOUGHT
    from chapters.hosted.test_hosted import GOOD as HOSTED
    from chapters.scripts.test_documented_errors import GOOD as SCRIPTS
    from chapters.undocumented.test_undocumented import GOOD as UNDOCUMENTED

    assert GOOD.keys() | SCRIPTS.keys() | HOSTED.keys() | BOUGHT.keys() | UNDOCUMENTED.keys() == IMPLEMENTED


# --- lists


@pytest.fixture
def four(fleet: Any) -> Api:
    return fleet(
        device("cpm-aaaaaaaa", 'wan_ip = "1.1.1.1"\ndeadline = 2018-01-01 00:00:00\ntags = {env = "prod", Team = "a"}'),
        device("cpm-bbbbbbbb", 'rack = "M7"\nauto_renew = true\ntags = {env = "test"}'),
        device("cpm-cccccccc", 'class_code = "PI102v1"\nrack = "M9"\nswitches = "s1/s2"\nrack_position = "7"'),
        device("cpm-dddddddd", 'state = "isolated"\nsystem_id = 3\nraid_id = 2'),
    )


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "abc"),
        ({"limit": 2}, "ab"),
        ({"limit": 2, "offset": 2}, "c"),
        ({"instanceIds.0": "cpm-cccccccc", "instanceIds.1": "cpm-aaaaaaaa"}, "ac"),
        ({"instanceIds.0": "cpm-dddddddd"}, ""),
        ({"instanceIds.0": "cpm-an5a9wv4"}, ""),
        ({"unVpcId": "vpc-8e0ypm3z"}, "abc"),
        ({"unVpcId": "vpc-other"}, ""),
        ({"unSubnetId": "subnet-34xt45as"}, "abc"),
        ({"deviceClassCode": "PI102v1"}, "c"),
        ({"deviceClass": "TS60"}, "c"),
        ({"deviceClass": "M10"}, "ab"),
        ({"deviceClass": "none"}, ""),
        ({"lanIps.0": "10.6.10.67"}, "abc"),
        ({"wanIps.0": "1.1.1.1"}, "a"),
        ({"alias": "BBBB"}, "b"),
        ({"autoRenewFlag": 1}, "b"),
        ({"autoRenewFlag": 0}, "ac"),
        ({"deadlineEndTime": "2018-01-01 00:00:00"}, "a"),
        ({"deadlineStartTime": "2018-01-01 00:00:01"}, "bc"),
        ({"deadlineStartTime": "2017-01-01 00:00:00", "deadlineEndTime": "2040-01-01 00:00:00"}, "abc"),
    ],
)
def test_devices_are_filtered_and_paged(four: Api, params: dict[str, Any], expected: str) -> None:
    data = four.data("DescribeDevice", **params)
    assert "".join(row["instanceId"][4] for row in data["deviceList"]) == expected
    assert data["totalNum"] == (3 if "limit" in params else len(expected))


def test_the_recycle_bin_holds_the_others(four: Api) -> None:
    data = four.data("DescribeDeviceTrash")
    [row] = data["deviceList"]
    assert data["totalNum"] == 1
    assert (row["instanceId"], row["deviceStatus"]) == ("cpm-dddddddd", "8")
    assert (row["vpcName"], row["subnetCidrBlock"]) == ("beijing", "10.6.10.0/24")
    assert (row["osName"], row["raid"], row["autoRenewFlag"]) == ("BM-debian7.8", "RAID5", 0)


def test_positions_are_told(four: Api) -> None:
    [row] = four.data("DescribeDevicePosition", **{"instanceIds.0": "cpm-cccccccc"})["deviceList"]
    assert (row["rckName"], row["posCode"], row["switchName"]) == ("M9", "7", "s1/s2")
    assert (row["vpcId"], row["subnetId"], row["zoneId"]) == (1025, 4, 1000100003)


def test_tags_are_listed_with_their_values(four: Api) -> None:
    assert four.data("DescribeTagKeyList", serviceType="bm") == {"tagKeyList": ["Team", "env"]}
    assert four.data("DescribeTagKeyList", serviceType="bm", searchKey="te") == {"tagKeyList": ["Team"]}
    assert four.data("DescribeTagValueList", serviceType="bm", **{"tagKeyList.0": "env", "tagKeyList.1": "none"}) == [
        {"tagKey": "env", "tagValueList": ["prod", "test"]},
        {"tagKey": "none", "tagValueList": []},
    ]
    [row] = four.data("DescribeDevice", **{"instanceIds.0": "cpm-aaaaaaaa"})["deviceList"]
    assert row["tagDetail"] == [{"key": "Team", "value": "a"}, {"key": "env", "value": "prod"}]


def test_another_account_sees_nothing_of_it(make_api: MakeApi) -> None:
    api = make_api(HEAD + device("cpm-aaaaaaaa", 'tags = {env = "prod"}'))
    assert "cpm-aaaaaaaa" not in str(api.data("DescribeDevice"))
    assert api.data("DescribeTagKeyList", serviceType="bm") == {"tagKeyList": []}


def test_aliases_and_flags_are_changed_one_by_one(four: Api) -> None:
    pair = {"instanceIds.0": "cpm-aaaaaaaa", "instanceIds.1": "cpm-bbbbbbbb"}
    assert four.call("ModifyDeviceAlias", **pair, **{"aliases.0": "web", "aliases.1": "数据库"})["code"] == 0
    assert four.call("ModifyDeviceAutoRenewFlag", **pair, autoRenewFlag=1)["code"] == 0
    rows = four.data("DescribeDevice", **pair)["deviceList"]
    assert [(row["alias"], row["autoRenewFlag"]) for row in rows] == [("web", "1"), ("数据库", "1")]


def test_one_region_may_be_asked_for(api: Api) -> None:
    assert list(api.data("DescribeRegions", host="bm.api.cloud.tencent.com", regionId=4)) == ["4"]
    assert api.call("DescribeRegions", regionId=5)["code"] == 4000


def test_a_class_is_known_by_code_and_by_name_and_an_unknown_one_has_nothing(api: Api) -> None:
    assert list(api.data("DescribeDeviceClassRaid", deviceClassCode="M10")) == ["PS100v1"]
    assert api.data("DescribeOs", deviceClassCode="none") == []
    assert api.call("DescribeDeviceClassPartition", deviceClassCode="none")["data"] == {}
    assert api.call("DescribeDeviceClassPartition", instanceId="cpm-an5a9wv4")["data"]["1"]["systemDiskSize"] == 3352


# --- operations


@pytest.mark.parametrize(
    ("action", "state", "meanwhile", "afterwards"),
    [
        ("StartDevice", "shutdown", "5", "1"),
        ("ShutdownDevice", "running", "2", "3"),
        ("RebootDevice", "running", "7", "1"),
        ("ResetDevicePasswd", "running", "11", "1"),
        ("ReloadDeviceOs", "running", "9", "1"),
        ("ReloadDeviceOs", "shutdown", "9", "1"),
    ],
)
def test_an_operation_shows_while_it_lasts_and_when_it_is_over(
    fleet: Any, clock: ManualClock, action: str, state: str, meanwhile: str, afterwards: str
) -> None:
    api = fleet(device("cpm-aaaaaaaa", f'state = "{state}"'))
    assert api.call(action, **GOOD[action])["code"] == 0
    assert states(api, "cpm-aaaaaaaa") == [("4", meanwhile)]
    assert api.call("RebootDevice", **TWO)["code"] == 12002
    clock.advance(LATER)
    assert states(api, "cpm-aaaaaaaa") == [("4", afterwards)]


def test_a_task_tells_of_each_device_and_of_the_whole(fleet: Any, clock: ManualClock) -> None:
    api = fleet(device("cpm-aaaaaaaa"), device("cpm-bbbbbbbb"))
    both = {"instanceIds.1": "cpm-aaaaaaaa", "instanceIds.2": "cpm-bbbbbbbb"}
    task = api.data("RebootDevice", opUin="1", **both)["taskId"]
    seen = []
    for _ in range(200):
        data = api.data("DescriptionOperationResult", taskId=task)
        seen.append((data["status"], sorted(row["status"] for row in data["instanceIds"])))
        clock.advance(1)
    assert [step for n, step in enumerate(seen) if step not in seen[:n]] == [(4, [4, 4]), (5, [1, 4]), (1, [1, 1])]


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [("1", 1), ("2", 2), ("12", 3), ("0", 4), ("01", 5), ("02", 6), ("012", 7)],
)
def test_every_mixture_has_its_documented_number(outcomes: str, whole: int) -> None:
    from emulator.chapters.devices.actions.tasks import _STATUS

    assert _STATUS[frozenset(map(int, outcomes))] == whole


def test_another_accounts_task_is_unknown(make_api: MakeApi) -> None:
    api = make_api(HEAD + device("cpm-aaaaaaaa"))
    task = Api(api.http, "AKIDfleet", "fleetkey").data("RebootDevice", **TWO)["taskId"]
    assert api.call("DescriptionOperationResult", taskId=task)["code"] == 10001


def test_if_one_device_cannot_none_does(fleet: Any) -> None:
    api = fleet(device("cpm-aaaaaaaa"), device("cpm-bbbbbbbb", 'state = "shutdown"'))
    both = {"instanceIds.0": "cpm-aaaaaaaa", "instanceIds.1": "cpm-bbbbbbbb", "opUin": "1"}
    assert api.call("RebootDevice", **both)["code"] == 12002
    assert states(api, "cpm-aaaaaaaa", "cpm-bbbbbbbb") == [("4", "1"), ("4", "3")]


def test_the_log_tells_what_was_done_newest_first(fleet: Any, clock: ManualClock) -> None:
    api = fleet(device("cpm-aaaaaaaa"))
    task = api.data("RebootDevice", **{**TWO, "opUin": "1307774067"})["taskId"]
    clock.advance(LATER)
    api.call("ShutdownDevice", **TWO)
    data = api.data("DescribeDeviceOperationLog", instanceId="cpm-aaaaaaaa")
    assert data["totalCount"] == 2
    shutdown, reboot = data["logs"]
    assert (shutdown["taskName"], shutdown["status"], shutdown["endTime"]) == ("shutdownDevice", "0", NEVER)
    assert (reboot["taskName"], reboot["taskCName"], reboot["status"]) == ("rebootDevice", "重启", "1")
    assert (reboot["taskId"], reboot["opUin"], reboot["startTime"]) == (str(task), "1307774067", "2017-10-20 10:00:00")
    assert "2017-10-20 10:01:30" <= reboot["endTime"] <= "2017-10-20 10:03:00"


@pytest.mark.parametrize(
    ("params", "number"),
    [
        ({}, 1),
        ({"startTime": "2017-10-01"}, 2),
        ({"startTime": "2017-10-20", "endTime": "2017-10-20"}, 1),
        ({"startTime": "2017-10-21", "endTime": "2017-10-27"}, 0),
        ({"startTime": "2017-10-01", "limit": 1}, 1),
        ({"startTime": "2017-10-01", "offset": 2}, 0),
        ({"startTime": "0001-01-01", "endTime": "9999-12-31"}, 2),
    ],
)
def test_the_log_is_cut_by_days(fleet: Any, clock: ManualClock, params: dict[str, Any], number: int) -> None:
    api = fleet(device("cpm-aaaaaaaa"))
    api.data("RebootDevice", **TWO)
    clock.advance(8 * 24 * 3600)
    api.data("RebootDevice", **TWO)
    assert len(api.data("DescribeDeviceOperationLog", instanceId="cpm-aaaaaaaa", **params)["logs"]) == number


def _run(api: Api, clock: ManualClock, user_name: str, password: str, system: str = "linux") -> str:
    """The status of a script's run with that login."""
    api.data("AddUserCmd", alias="x", osType=system, content="bHM=")
    script = api.data("GetUserCmdList", limit=1)["list"][0]["cmdId"]
    api.data("RunUserCmd", cmdId=script, userName=user_name, password=password, cmdParam="", **ONE)
    clock.advance(LATER)
    task = api.data("GetUserCmdTaskList", limit=1)["list"][0]["taskId"]
    return api.data("GetUserCmdTaskDetailList", taskId=task)["list"][0]["status"]


def test_a_new_password_is_what_scripts_then_need(fleet: Any, clock: ManualClock) -> None:
    api = fleet(device("cpm-aaaaaaaa"))
    assert _run(api, clock, "root", "old12345") == "0"
    api.data("ResetDevicePasswd", **ONE, passwd="new!2345")
    clock.advance(LATER)
    assert _run(api, clock, "root", "old12345") == "1"
    assert _run(api, clock, "root", "new!2345") == "0"


def test_a_device_that_is_shut_down_runs_no_script_until_it_is_started(fleet: Any, clock: ManualClock) -> None:
    api = fleet(device("cpm-aaaaaaaa"))
    api.call("ShutdownDevice", **TWO)
    clock.advance(LATER)
    assert _run(api, clock, "root", "old12345") == "2"
    api.call("StartDevice", **TWO)
    clock.advance(LATER)
    assert _run(api, clock, "root", "old12345") == "0"


def test_a_reinstalled_device_has_the_new_system_and_password(fleet: Any, clock: ManualClock) -> None:
    api = fleet(device("cpm-aaaaaaaa", 'class_code = "PC000v1"'))
    changes = {"osTypeId": 7, "raidId": 6, "passwd": "Adm1n!strator", "lanIp": "10.6.10.99"}
    api.data("ReloadDeviceOs", **{**GOOD["ReloadDeviceOs"], **changes})
    clock.advance(LATER)
    [row] = api.data("DescribeDevice")["deviceList"]
    assert (row["osTypeId"], row["raidId"], row["lanIp"]) == ("7", "6", "10.6.10.99")
    assert _run(api, clock, "Administrator", "Adm1n!strator", "xserver") == "0"


def test_a_reinstallation_without_changes_keeps_system_raid_and_network(fleet: Any, clock: ManualClock) -> None:
    api = fleet(device("cpm-aaaaaaaa", "system_id = 3\nraid_id = 2"))
    before = api.data("DescribeDevice")["deviceList"]
    api.data("ReloadDeviceOs", **GOOD["ReloadDeviceOs"])
    clock.advance(LATER)
    assert api.data("DescribeDevice")["deviceList"] == before


# --- networks


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("SwitchToBmExclusiveCluster", "shared", "exclusive"),
        ("SwitchToBmExclusiveCluster", "exclusive", "exclusive"),
        ("SwitchToBmSharedCluster", "exclusive", "shared"),
        ("RecoveryBmTgwCluster", "shared", "exclusive"),
        ("RecoveryBmTgwCluster", "exclusive", "shared"),
    ],
)
def test_a_vpc_is_switched_between_clusters(
    make_api: MakeApi, clock: ManualClock, action: str, before: str, after: str
) -> None:
    world = HEAD.replace('cidr = "10.6.0.0/16"', f'cidr = "10.6.0.0/16", tgw_mode = "{before}"')
    api = Api(make_api(world).http, "AKIDfleet", "fleetkey")
    vpc = {"unVpcId": "vpc-8e0ypm3z"}
    task = api.data(action, **vpc)["taskId"]
    assert api.data("QueryBmTgwClusterMode", **vpc) == before
    assert api.data("DescriptionOperationResult", taskId=task) == {"status": 4, "instanceIds": []}
    clock.advance(60)
    assert api.data("QueryBmTgwClusterMode", **vpc) == after
    assert api.data("DescriptionOperationResult", taskId=task) == {"status": 1, "instanceIds": []}


def test_the_same_action_of_the_other_module_is_not_implemented(api: Api) -> None:
    host = "bmvpc.api.qcloud.com"
    assert api.call("QueryBmTgwClusterMode", host=host, unVpcId="vpc-34cxlz7z")["code"] == 6100


def test_only_idle_subnets_for_containers_are_listed(fleet: Any) -> None:
    api = Api(fleet(rules=DOCKER).http, "AKIDdocker", "dockerkey")
    assert [row["unSubnetId"] for row in api.data("ZhDockerSubnetAvailable")] == ["subnet-docker01"]


# --- expiry

DAY = 24 * 3600
SOON = "deadline = 2017-10-21 10:00:00"


def test_a_server_expires_into_the_recycle_bin_and_is_gone_after_a_week_and_a_day(
    fleet: Any, clock: ManualClock
) -> None:
    api = fleet(device("cpm-aaaaaaaa", SOON))
    seen = []
    for _ in range(11):
        kept = [row["deviceStatus"] for row in api.data("DescribeDevice")["deviceList"]]
        trash = [row["deviceStatus"] for row in api.data("DescribeDeviceTrash")["deviceList"]]
        seen.append((kept, trash))
        clock.advance(DAY)
    assert seen == [(["4"], []), *[([], ["8"])] * 7, ([], ["12"]), ([], []), ([], [])]


def test_what_expired_cannot_be_worked_on(fleet: Any, clock: ManualClock) -> None:
    api = fleet(device("cpm-aaaaaaaa", SOON))
    clock.advance(DAY)
    assert api.call("StartDevice", **TWO)["code"] == 12002


def test_a_renewed_server_goes_on_as_long_as_the_balance_suffices(make_api: MakeApi, clock: ManualClock) -> None:
    world = HEAD.replace('app_id = "1251001002"', 'app_id = "1251001002"\nbalance = 1000000')
    api = Api(make_api(world + device("cpm-aaaaaaaa", f"{SOON}\nauto_renew = true")).http, "AKIDfleet", "fleetkey")
    clock.advance(2 * DAY)
    assert api.data("DescribeDevice")["deviceList"][0]["deadline"] == "2017-11-20 10:00:00"
    clock.advance(30 * DAY)
    assert api.data("DescribeDevice")["totalNum"] == 0
    assert api.data("DescribeDeviceTrash")["totalNum"] == 1


def test_an_operation_fails_if_the_server_expires_meanwhile(fleet: Any, clock: ManualClock) -> None:
    api = fleet(device("cpm-aaaaaaaa", "deadline = 2017-10-20 10:00:30"), device("cpm-bbbbbbbb"))
    both = {"instanceIds.0": "cpm-aaaaaaaa", "instanceIds.1": "cpm-bbbbbbbb"}
    task = api.data("RebootDevice", opUin="1", **both)["taskId"]
    clock.advance(LATER)
    told = api.data("DescriptionOperationResult", taskId=task)
    assert (told["status"], [row["status"] for row in told["instanceIds"]]) == (3, [2, 1])
    [row] = api.data("DescribeDeviceTrash")["deviceList"]
    assert (row["deviceStatus"], row["operateStatus"]) == ("8", "3")


def test_a_bought_server_expires_too(make_api: MakeApi, clock: ManualClock) -> None:
    api = make_api()
    order = {"zoneId": 1000100003, "unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m", "deviceClassCode": "M1"}
    more = {"osTypeId": 1, "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": 1}
    api.data("BuyDevice", **order, **more)
    before = api.data("DescribeDevice")["totalNum"]
    clock.advance(29 * DAY)
    assert api.data("DescribeDevice")["totalNum"] == before
    clock.advance(2 * DAY)
    assert api.data("DescribeDevice")["totalNum"] == before - 1


# --- many at once


def test_tens_of_thousands_of_ids_in_one_call_do_no_harm(make_api: MakeApi) -> None:
    api = make_api(auth="off")
    many = {f"instanceIds.{n}": f"cpm-{n:08}" for n in range(33_000)} | {"instanceIds.33000": "cpm-an5a9wv4"}
    for action in ("DescribeDevice", "DescribeDevicePosition", "DescribeDeviceTrash"):
        data = api.send({"Action": action, **many}, "POST").json()["data"]
        assert data["totalNum"] == (action != "DescribeDeviceTrash")
    assert api.send({"Action": "DescribeDeviceHardwareInfo", **many}, "POST").json()["code"] == 0
    assert api.send({"Action": "RebootDevice", "opUin": "1", **many}, "POST").json()["code"] == 10001


def test_a_whole_fleet_may_be_listed_in_one_page(make_api: MakeApi) -> None:
    api = make_api(devices=36_000)
    data = api.data("DescribeDevice", limit=100_000)
    assert len(data["deviceList"]) == data["totalNum"] > 33_000
