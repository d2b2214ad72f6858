"""Every error that the pages of out-of-band access and scripts document is provoked: by state, by input, or by a fault
where only a broken backend explains it."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import pytest
from conftest import MakeApi
from support.client import Api

from emulator import contract

NETWORK = """
vpcs = [{id = 7, un_id = "vpc-aaaaaaa7", name = "v", cidr = "10.9.0.0/16"}]
subnets = [{id = 8, un_id = "subnet-aaaaaaa8", vpc = "vpc-aaaaaaa7", name = "s", cidr = "10.9.1.0/24"}]
"""
CREDENTIALS = """
credentials = [
    {secret_id = "AKIDme", secret_key = "mine"},
    {secret_id = "AKIDlimited", secret_key = "limited", actions = []},
]
"""
VPN = 'out_of_band_vpn = {password = "tencent89"}\n'
PLACE = 'lan_ip = "10.9.1.4", vpc = "vpc-aaaaaaa7", subnet = "subnet-aaaaaaa8"'
SCRIPT = 'scripts = [{cmd_id = "cmd-aaaaaaaa", alias = "a", content = "bHM=", created_at = 2017-10-01 00:00:00}]\n'
BASE = f'[[accounts]]\napp_id = "1"\n{CREDENTIALS}'


def devices(columns: str) -> str:
    return f'{NETWORK}devices = [{{instance_id = "cpm-aaaaaaaa", {columns}}}]\n'


def fault(action: str, code: int) -> str:
    return f'\n[[faults]]\naction = "{action}"\nerror = {code}\n'


@dataclass(frozen=True)
class Case:
    action: str
    code: int
    params: dict[str, Any]
    fixture: str = BASE
    limited: bool = False
    subject: str = ""


RUN = {
    "cmdId": "cmd-aaaaaaaa",
    "userName": "root",
    "password": "123456",
    "cmdParam": "",
    "instanceIds.0": "cpm-aaaaaaaa",
}
RUNNABLE = BASE + SCRIPT + devices(PLACE)
GOOD: dict[str, dict[str, Any]] = {
    "GetDeviceOutBandInfo": {"instanceId": "cpm-aaaaaaaa"},
    "GetOutBandVPNAuthInfo": {"zoneId": 1000100003},
    "SetOutBandVPNAuthPwd": {"password": "tencent89", "createOrUpdate": "create"},
    "AddUserCmd": {"alias": "a", "osType": "linux", "content": "bHM="},
    "DeleteUserCmd": {"cmdIds.0": "cmd-aaaaaaaa"},
    "GetUserCmd": {"cmdId": "cmd-aaaaaaaa"},
    "GetUserCmdList": {},
    "GetUserCmdTaskList": {},
    "GetUserCmdTaskDetailList": {"taskId": "cmdtask-aaaaaaaa"},
    "ModifyUserCmd": {"cmdId": "cmd-aaaaaaaa", "alias": "b"},
    "RunUserCmd": RUN,
}


def good(action: str, **changed: Any) -> dict[str, Any]:
    """Parameters that would do, but for these; None: not sent."""
    whole = {**GOOD[action], **changed}
    return {name: value for name, value in whole.items() if value is not None}


def run(code: int, fixture: str = RUNNABLE, subject: str = "", **changed: Any) -> Case:
    return Case("RunUserCmd", code, good("RunUserCmd", **changed), fixture, subject=subject)


def broken(action: str, code: int) -> Case:
    return Case(action, code, GOOD[action], BASE + fault(action, code))


def full() -> str:
    """An account whose script quota is full."""
    return BASE + "script_quota = 1\n" + SCRIPT


OUT_OF_BAND = ("GetDeviceOutBandInfo", "GetOutBandVPNAuthInfo", "SetOutBandVPNAuthPwd")
WITH_DATABASE = [name for name in GOOD if name != "SetOutBandVPNAuthPwd"]
CASES = [
    *(broken(action, 9001) for action in WITH_DATABASE),
    *(broken(action, code) for action in OUT_OF_BAND for code in (10100, 10101)),
    *(Case(action, 10004, GOOD[action], limited=True) for action in OUT_OF_BAND),
    Case("GetDeviceOutBandInfo", 10105, GOOD["GetDeviceOutBandInfo"], BASE + devices(PLACE)),
    Case("GetDeviceOutBandInfo", 11041, {"instanceId": "cpm-bbbbbbbb"}, BASE + VPN),
    Case("GetDeviceOutBandInfo", 11041, {"instanceId": "cpm-an5a9wv4"}, BASE + VPN),  # another account's
    Case("GetDeviceOutBandInfo", 10106, GOOD["GetDeviceOutBandInfo"], BASE + VPN + devices(PLACE)),
    Case("GetOutBandVPNAuthInfo", 10105, {"zoneId": 1}),
    Case("GetOutBandVPNAuthInfo", 10105, {"zoneId": 2}, BASE + "\n[[zones]]\nid = 2\n"),
    Case("SetOutBandVPNAuthPwd", 10101, good("SetOutBandVPNAuthPwd", createOrUpdate="update")),
    Case("SetOutBandVPNAuthPwd", 10101, GOOD["SetOutBandVPNAuthPwd"], BASE + VPN),
    Case("AddUserCmd", 10001, good("AddUserCmd", alias=None), subject="alias"),
    Case("AddUserCmd", 10001, good("AddUserCmd", osType=None), subject="osType"),
    Case("AddUserCmd", 10001, good("AddUserCmd", content=None), subject="content"),
    *(
        Case("AddUserCmd", 18001, good("AddUserCmd", alias=alias), subject="alias")
        for alias in ("", " ", "x" * 61, "a\nb")
    ),
    *(
        Case("AddUserCmd", 18002, good("AddUserCmd", osType=system), subject="osType")
        for system in ("windows", "", "Linux")
    ),
    *(
        Case("AddUserCmd", 18003, good("AddUserCmd", content=content), subject="content")
        for content in ("", "echo hello", "YQ")
    ),
    Case("AddUserCmd", 18004, GOOD["AddUserCmd"], full()),
    Case("AddUserCmd", 18004, GOOD["AddUserCmd"], BASE + "script_quota = 0\n"),
    Case("DeleteUserCmd", 10001, {}, subject="cmdIds"),
    *(Case("DeleteUserCmd", 18005, {"cmdIds.0": cmd_id}) for cmd_id in ("sort", "", "cmd-AAAAAAAA", "cmd-aaaaaaaaa")),
    Case("DeleteUserCmd", 18006, {"cmdIds.0": "cmd-bbbbbbbb"}),
    Case("DeleteUserCmd", 18006, {"cmdIds.0": "cmd-nozcbhuw"}),  # another account's
    Case("GetUserCmd", 10001, {}, subject="cmdId"),
    *(Case("GetUserCmd", 10001, {"cmdId": cmd_id}) for cmd_id in ("", "x", "cmd-bbbbbbbb", "cmd-nozcbhuw")),
    *(
        Case(action, code, {**GOOD[action], name: value}, subject=name)
        for action in ("GetUserCmdList", "GetUserCmdTaskList", "GetUserCmdTaskDetailList")
        for code, name, value in (
            (10001, "offset", "-1"),
            (10001, "limit", "x"),
            (18021, "orderBy", "alias"),
            (18022, "orderType", "2"),
            (18022, "orderType", "down"),
        )
    ),
    Case("GetUserCmdTaskDetailList", 10001, {}, subject="taskId"),
    *(
        Case("GetUserCmdTaskDetailList", 18010, {"taskId": task_id})
        for task_id in ("", "x", "cmdtask-bbbbbbbb", "cmdtask-i3a09t1h")
    ),
    Case("ModifyUserCmd", 10001, {"alias": "b"}, subject="cmdId"),
    Case("ModifyUserCmd", 18001, good("ModifyUserCmd", alias=""), BASE + SCRIPT, subject="alias"),
    Case("ModifyUserCmd", 18003, good("ModifyUserCmd", content="ls"), BASE + SCRIPT, subject="content"),
    Case("ModifyUserCmd", 18005, good("ModifyUserCmd", cmdId="hello"), BASE + SCRIPT),
    Case("ModifyUserCmd", 18007, good("ModifyUserCmd", alias=None), BASE + SCRIPT),
    Case("ModifyUserCmd", 18008, good("ModifyUserCmd", cmdId="cmd-bbbbbbbb"), BASE + SCRIPT),
    Case("ModifyUserCmd", 18008, good("ModifyUserCmd", cmdId="cmd-nozcbhuw"), BASE + SCRIPT),
    *(
        run(10001, subject=name.removesuffix(".0"), **{name: None})
        for name in ("cmdId", "userName", "password", "cmdParam", "instanceIds.0")
    ),
    run(10001, subject="cmdParam", cmdParam="not base64"),
    run(18005, cmdId="hello"),
    *(run(18011, subject="userName", userName=name) for name in ("", "a b", "x" * 33)),
    *(run(18012, subject="password", password=password) for password in ("", "x" * 65, "a\nb")),
    *(run(18013, **{"instanceIds.0": name}) for name in ("", "web-1", "cpm-short", "cpm-AAAAAAAA")),
    run(18014, cmdId="cmd-bbbbbbbb"),
    run(18014, cmdId="cmd-nozcbhuw"),  # another account's
    run(18018, **{"instanceIds.0": "cpm-bbbbbbbb"}),
    run(18018, **{"instanceIds.1": "tcpm-bbbbbbbb"}),
    run(18018, **{"instanceIds.0": "cpm-an5a9wv4"}),  # another account's
    run(18015, BASE + SCRIPT + devices(PLACE.replace('lan_ip = "10.9.1.4", ', ""))),
    run(18016, BASE + SCRIPT + devices(f'{PLACE}, login_type = "none"')),
    run(18017, BASE + SCRIPT + devices(f'{PLACE}, login_type = "key"')),
    run(18019, BASE + SCRIPT + devices(PLACE.replace("vpc-aaaaaaa7", "vpc-gone"))),
    run(18019, BASE + SCRIPT + devices('lan_ip = "10.9.1.4"')),
    run(18023, BASE + SCRIPT + devices(PLACE.replace("subnet-aaaaaaa8", "subnet-gone"))),
]


def make(make_api: MakeApi, case: Case, **settings: Any) -> Api:
    api = make_api(case.fixture, **settings)
    api.secret_id, api.secret_key = ("AKIDlimited", "limited") if case.limited else ("AKIDme", "mine")
    return api


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.action}-{case.code}")
def test_a_documented_error_is_answered_in_its_own_words(make_api: MakeApi, case: Case) -> None:
    action = next(action for action in contract.load() if action.name == case.action)
    documented = action.error(case.code)
    assert documented is not None
    response = make(make_api, case).response(case.action, **case.params)
    subject = f":[{case.subject}]" if case.subject else ""
    assert response.status_code == 200
    assert list(response.json().items()) == [
        ("code", case.code),
        ("message", f"({case.code}){documented.text}{subject}"),
        ("codeDesc", documented.name),
    ]
    assert "X-Emulator-Explanation" in response.headers


WITHOUT_FAULTS = [case for case in CASES if "faults" not in case.fixture]
"""A fault may be set for one of the actions that read the state."""


@pytest.mark.parametrize("case", WITHOUT_FAULTS, ids=lambda case: f"{case.action}-{case.code}")
def test_a_refused_call_changes_nothing(make_api: MakeApi, case: Case) -> None:
    api = make(make_api, case)
    api.secret_id, api.secret_key = "AKIDme", "mine"

    def state() -> list[Any]:
        lists = [api.data("GetUserCmdList", searchKey=""), api.data("GetUserCmdTaskList", offset=0)]
        return [*lists, api.call("GetOutBandVPNAuthInfo", zoneId=1000100003)]

    before = state()
    make_limited = ("AKIDlimited", "limited") if case.limited else ("AKIDme", "mine")
    assert Api(api.http, *make_limited).call(case.action, **case.params)["code"] == case.code
    assert state() == before


def test_all_documented_pairs_are_among_them() -> None:
    documented = {
        (action.name, error.code) for action in contract.load() if action.name in GOOD for error in action.errors
    }
    assert {(case.action, case.code) for case in CASES} == documented


@pytest.mark.parametrize("action", GOOD)
def test_the_good_parameters_are_good(make_api: MakeApi, action: str) -> None:
    """Otherwise the cases would prove nothing."""
    login = 'out_of_band = {ip = "1.1.1.1", user_name = "u", password = "p", serial_number = "s"}'
    vpn = "" if action == "SetOutBandVPNAuthPwd" else VPN
    task = """
[[accounts.tasks]]
task_id = "cmdtask-aaaaaaaa"
cmd_id = "cmd-aaaaaaaa"
cmd_alias = "a"
began_at = 2017-10-01 00:00:00
ended_at = 2017-10-01 00:01:00
runs = [{instance_id = "cpm-aaaaaaaa", status = 0, last_shell_exit = 0}]
"""
    fixture = BASE + vpn + SCRIPT + devices(f"{PLACE}, {login}") + task
    api = make(make_api, Case(action, 0, {}, fixture))
    assert api.call(action, **GOOD[action])["code"] == 0


def test_a_fault_fires_as_often_as_it_says(make_api: MakeApi) -> None:
    api = make_api('[[faults]]\naction = "GetUserCmdList"\nerror = "InternalError.DbError"\ntimes = 2\n')
    codes = [api.call("GetUserCmdList")["code"] for _ in range(4)]
    assert codes == [9001, 9001, 0, 0]
    assert api.call("GetUserCmdTaskList")["code"] == 0


def test_faults_fire_one_after_the_other(make_api: MakeApi) -> None:
    rule = '[[faults]]\naction = "GetUserCmdList"\nerror = {}\ntimes = 1\n'
    api = make_api(rule.format(9001) + rule.format(6200) + rule.format(4400))
    assert [api.call("GetUserCmdList")["code"] for _ in range(4)] == [9001, 6200, 4400, 0]


def test_a_fault_does_not_hide_a_bad_parameter(make_api: MakeApi) -> None:
    api = make_api('[[faults]]\naction = "GetUserCmdList"\nerror = 9001\ntimes = 1\n')
    assert api.call("GetUserCmdList", limit="x")["code"] == 10001
    assert api.call("GetUserCmdList")["code"] == 9001


def test_base64_may_have_line_breaks(make_api: MakeApi) -> None:
    content = b64encode(b"echo hello" * 20).decode()
    api = make_api()
    wrapped = f"{content[:76]}\r\n{content[76:]}"
    assert api.call("AddUserCmd", alias="a", osType="linux", content=wrapped)["code"] == 0
