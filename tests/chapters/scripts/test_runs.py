"""Run scripts: asynchronous, and decided by the state of the devices."""

from base64 import b64decode, b64encode
from typing import Any

import pytest
from conftest import MakeApi
from support.account import APP_ID, HEAD, OWNER, PASSWORD, device
from support.client import Api

from chapters.conftest import MakeAccount
from emulator.clock import NEVER, ManualClock

WEB = device(alias="web-1")
STEP = 300  # seconds: more than any run takes


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def run(api: Api, text: str = "echo hello", *names: str, parameter: str = "", **params: Any) -> str:
    """Run a new script and return its task's id."""
    system = params.pop("osType", "linux")
    api.data("AddUserCmd", alias=text.splitlines()[0], osType=system, content=encoded(text))
    cmd_id = api.data("GetUserCmdList", limit=1)["list"][0]["cmdId"]
    targets = {f"instanceIds.{place}": name for place, name in enumerate(names or ("cpm-aaaaaaaa",))}
    login = {"userName": "root", "password": PASSWORD}
    whole = {**login, "cmdParam": encoded(parameter), **targets, **params}
    assert api.call("RunUserCmd", cmdId=cmd_id, **whole) == {"message": "", "code": 0}
    return api.data("GetUserCmdTaskList", limit=1)["list"][0]["taskId"]


def runs(api: Api, task: str, **params: Any) -> list[dict[str, Any]]:
    return api.data("GetUserCmdTaskDetailList", taskId=task, **params)["list"]


def result(row: dict[str, Any]) -> str:
    return b64decode(row["cmdResult"]).decode()


def test_a_run_is_in_progress_until_its_time_is_up(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(WEB)
    task = run(api)
    row = api.data("GetUserCmdTaskList")["list"][0]
    assert (row["status"], row["successCount"], row["failureCount"]) == (-1, "0", "0")
    assert (row["runBeginTime"], row["runEndTime"]) == ("2017-10-20 10:00:00", NEVER)
    [pending] = runs(api, task)
    assert (pending["status"], pending["cmdResult"], pending["lastShellExit"]) == ("-1", "", -1)
    assert pending["runEndTime"] == NEVER
    clock.advance(STEP)
    row = api.data("GetUserCmdTaskList")["list"][0]
    assert (row["status"], row["instanceCount"], row["successCount"], row["failureCount"]) == (0, "1", "1", "0")
    [done] = runs(api, task)
    assert (done["status"], done["lastShellExit"]) == ("0", 0)
    assert "2017-10-20 10:00:20" <= done["runEndTime"] <= "2017-10-20 10:01:00"
    assert row["runEndTime"] == done["runEndTime"]


def test_a_run_keeps_what_it_ran_and_where(make_account: MakeAccount) -> None:
    api = make_account(WEB)
    task = run(api, "echo $1", parameter="a b")
    [row] = runs(api, task)
    row = {name: value for name, value in row.items() if name not in ("autoId", "taskId")}
    assert row == {
        "runBeginTime": "2017-10-20 10:00:00",
        "runEndTime": NEVER,
        "status": "-1",
        "instanceName": "web-1",
        "instanceId": "cpm-aaaaaaaa",
        "vpcName": "beijing",
        "vpcId": "1025",
        "unVpcId": "vpc-8e0ypm3z",
        "vpcCidrBlock": "10.6.0.0/16",
        "subnetName": "hadoop",
        "subnetId": "4",
        "unSubnetId": "subnet-34xt45as",
        "subnetCidrBlock": "10.6.10.0/24",
        "lanIp": "10.6.10.67",
        "cmdContent": encoded("echo $1"),
        "cmdParam": encoded("a b"),
        "cmdResult": "",
        "appId": APP_ID,
        "lastShellExit": -1,
    }


def test_a_task_outlives_its_script(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(WEB)
    task = run(api)
    script = api.data("GetUserCmdList")["list"][0]["cmdId"]
    api.data("DeleteUserCmd", **{"cmdIds.0": script})
    clock.advance(STEP)
    assert runs(api, task)[0]["status"] == "0"
    assert api.data("GetUserCmdTaskList")["list"][0]["cmdId"] == script


@pytest.mark.parametrize(
    ("text", "parameter", "expected"),
    [
        ('#!/bin/bash\n\necho "hello"', "", "hello"),
        ("echo $1-$2", "a b", "a-b"),
        ("echo ${1} of $#: $@", "'x y' z", "x y of 2: x y z"),
        ("  echo 你好 $3.", "a", "你好 ."),
        ('echo open "quote', "", 'open "quote'),
    ],
)
def test_a_transcript_holds_the_command_line_and_what_is_echoed(
    make_account: MakeAccount, clock: ManualClock, text: str, parameter: str, expected: str
) -> None:
    api = make_account(WEB)
    task = run(api, text, parameter=parameter)
    clock.advance(STEP)
    [row] = runs(api, task)
    first, *rest = result(row).splitlines()
    assert first.startswith("[root@10.6.10.67 ~]# ./cmd-")
    assert first.endswith(f".sh {parameter}".rstrip())
    assert rest == [expected]


def test_an_xserver_runs_batch_files(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device(alias="web-1", more='os_type = "xserver"'))
    task = run(api, "@echo off\r\necho %1 und %*", parameter="a b", osType="xserver")
    clock.advance(STEP)
    [row] = runs(api, task)
    first, *rest = result(row).splitlines()
    assert first.startswith("C:\\Users\\root>cmd-")
    assert rest == ["a und a b"]


def test_what_is_echoed_into_a_file_is_not_shown(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(WEB)
    task = run(api, "echo secret > /etc/file\necho shown\nls -l")
    clock.advance(STEP)
    assert result(runs(api, task)[0]).splitlines()[1:] == ["shown"]


def test_the_same_run_in_the_same_world_is_the_same(make_account: MakeAccount, clock: ManualClock) -> None:
    reports = []
    for _ in range(2):
        clock = ManualClock(clock.now())
        api = make_account(WEB)
        task = run(api, "echo $1", parameter="x")
        reports.append(runs(api, task))
    assert reports[0] == reports[1]


def test_a_closing_exit_is_the_scripts_exit_status(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(WEB)
    task = run(api, "echo bad\nexit 3\n")
    clock.advance(STEP)
    [row] = runs(api, task)
    assert (row["status"], row["lastShellExit"]) == ("4", 3)
    assert result(row).endswith("bad\n")
    assert api.data("GetUserCmdTaskList")["list"][0]["failureCount"] == "1"


@pytest.mark.parametrize("login", [{"userName": "admin"}, {"password": "wrong"}])
def test_a_wrong_login_fails_in_the_printed_words(
    make_account: MakeAccount, clock: ManualClock, login: dict[str, str]
) -> None:
    api = make_account(WEB)
    task = run(api, **login)
    clock.advance(STEP)
    [row] = runs(api, task)
    assert (row["status"], row["lastShellExit"]) == ("1", -1)
    assert result(row) == "shell 10.6.10.67,-1,0,'agent返回错误信息.用户验证失败!'"
    assert "2017-10-20 10:04:00" <= row["runEndTime"] <= "2017-10-20 10:04:20"


@pytest.mark.parametrize("more", ['state = "shutdown"', 'state = "start-failed"', "agent_alive = false"])
def test_a_server_that_is_down_or_whose_agent_is_dead_does_not_answer(
    make_account: MakeAccount, clock: ManualClock, more: str
) -> None:
    api = make_account(device(alias="web-1", more=more))
    task = run(api)
    clock.advance(STEP)
    assert (runs(api, task)[0]["status"], runs(api, task)[0]["lastShellExit"]) == ("2", -1)


@pytest.mark.parametrize("state", ["shutdown-failed", "reboot-failed", "resetting-password"])
def test_a_server_that_is_up_after_all_runs_scripts(make_account: MakeAccount, clock: ManualClock, state: str) -> None:
    api = make_account(device(alias="web-1", more=f'state = "{state}"'))
    task = run(api)
    clock.advance(STEP)
    assert runs(api, task)[0]["status"] == "0"


@pytest.mark.parametrize("state", ["isolated", "claiming", "initialising", "going-offline"])
def test_a_server_that_is_not_in_operation_does_not_exist_for_scripts(make_account: MakeAccount, state: str) -> None:
    api = make_account(device(alias="web-1", more=f'state = "{state}"'))
    api.data("AddUserCmd", alias="a", osType="linux", content=encoded("ls"))
    cmd_id = api.data("GetUserCmdList")["list"][0]["cmdId"]
    login = {"userName": "root", "password": PASSWORD, "cmdParam": ""}
    assert api.call("RunUserCmd", cmdId=cmd_id, **login, **{"instanceIds.0": "cpm-aaaaaaaa"})["code"] == 18018


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("ShutdownDevice", {"instanceIds.0": "cpm-aaaaaaaa", "opUin": "1"}),
        ("ReloadDeviceOs", {"instanceId": "cpm-aaaaaaaa", "passwd": "abce1234"}),
        ("OfflineDevice", {"instanceIds.0": "cpm-aaaaaaaa"}),
    ],
)
def test_a_run_fails_on_a_server_that_was_taken_away_meanwhile(
    make_account: MakeAccount, clock: ManualClock, action: str, params: dict[str, str]
) -> None:
    api = make_account(device(alias="web-1"))
    task = run(api)
    api.data(action, **params)
    clock.advance(70)
    [row] = runs(api, task)
    assert (row["status"], row["lastShellExit"]) == ("2", -1)
    assert result(row).endswith("agent返回错误信息.连接agent超时!'")


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("RebootDevice", {"instanceIds.0": "cpm-aaaaaaaa", "opUin": "1"}),
        ("ReloadDeviceOs", {"instanceId": "cpm-aaaaaaaa", "passwd": "abce1234"}),
    ],
)
def test_a_run_fails_that_would_have_ended_after_the_server_was_up_again(
    make_account: MakeAccount, clock: ManualClock, action: str, params: dict[str, str]
) -> None:
    late = '\n[[faults]]\naction = "RunUserCmd"\noperation = "late"\nlate_by = 7200\n'
    api = make_account(device(alias="web-1"), late)
    task = run(api)
    api.data(action, **params)
    clock.advance(3600)
    assert api.data("DescribeDevice")["deviceList"][0]["operateStatus"] == "1"
    assert runs(api, task)[0]["status"] == "-1"
    clock.advance(3700)
    [row] = runs(api, task)
    assert (row["status"], row["lastShellExit"]) == ("2", -1)


def test_a_run_survives_the_reset_of_the_password(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device(alias="web-1"))
    task = run(api)
    api.data("ResetDevicePasswd", **{"instanceIds.0": "cpm-aaaaaaaa", "passwd": "abce1234", "opUin": "1"})
    clock.advance(STEP)
    assert runs(api, task)[0]["status"] == "0"


def test_a_script_for_another_system_fails(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device(alias="web-1", more='os_type = "xserver"'))
    task = run(api)
    clock.advance(STEP)
    assert runs(api, task)[0]["status"] == "3"


def test_a_device_that_takes_keys_is_opened_by_its_own(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(device(alias="web-1", more='login_type = "key"\nlogin_key = "ssh-ed25519 AAAA"'))
    task = run(api, password="whatever")
    clock.advance(STEP)
    assert runs(api, task)[0]["status"] == "0"


def test_each_device_of_a_task_ends_by_itself(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(
        WEB, device("cpm-bbbbbbbb", 'state = "shutdown"', alias="db-1"), device("cpm-cccccccc", alias="web-2")
    )
    task = run(api, "echo hello", "cpm-aaaaaaaa", "cpm-bbbbbbbb", "cpm-cccccccc", "cpm-aaaaaaaa")
    clock.advance(61)
    assert {row["instanceId"][4]: row["status"] for row in runs(api, task)} == {"a": "0", "b": "-1", "c": "0"}
    counts = ("status", "instanceCount", "successCount", "failureCount")
    assert [api.data("GetUserCmdTaskList")["list"][0][name] for name in counts] == [-1, "3", "2", "0"]
    clock.advance(STEP)
    assert [api.data("GetUserCmdTaskList")["list"][0][name] for name in counts] == [0, "3", "2", "1"]
    ends = [row["runEndTime"] for row in runs(api, task)]
    assert api.data("GetUserCmdTaskList")["list"][0]["runEndTime"] == max(ends)


def test_if_one_device_is_refused_nothing_runs(make_account: MakeAccount) -> None:
    api = make_account(WEB)
    api.data("AddUserCmd", alias="a", osType="linux", content=encoded("ls"))
    script = api.data("GetUserCmdList")["list"][0]["cmdId"]
    targets = {"instanceIds.0": "cpm-aaaaaaaa", "instanceIds.1": "cpm-zzzzzzzz"}
    answer = api.call("RunUserCmd", cmdId=script, userName="root", password=PASSWORD, cmdParam="", **targets)
    assert answer["code"] == 18018
    assert api.data("GetUserCmdTaskList")["totalNum"] == 0


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ("", True),
        ('command = "echo hello"', True),
        ('command = "other"', False),
        ('device = "web-1"', True),
        ('device = "cpm-aaaaaaaa"', True),
        ('device = "db-1"', False),
        ('parameter = "deploy now"', True),
        ('parameter = "deploy"', False),
        ('command = "echo hello"\ndevice = "web-1"\nparameter = "deploy now"', True),
        ('command = "echo hello"\ndevice = "db-1"', False),
    ],
)
def test_a_fixture_scripts_outcomes(make_account: MakeAccount, clock: ManualClock, rule: str, fits: bool) -> None:
    ending = 'exit_code = 7\noutput = "disk full\\n"\nduration = 1.5\n'
    api = make_account(WEB, f"[[outcomes]]\n{rule}\n{ending}")
    task = run(api, "echo hello", parameter="deploy now")
    clock.advance(1.4)
    assert runs(api, task)[0]["status"] == "-1"
    clock.advance(0.1)
    assert runs(api, task)[0]["status"] == ("4" if fits else "-1")
    clock.advance(STEP)
    [row] = runs(api, task)
    assert (row["lastShellExit"], "disk full" in result(row)) == ((7, True) if fits else (0, False))


def test_an_outcome_may_leave_output_and_duration_as_they_are(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(WEB, "[[outcomes]]\nexit_code = 2\n")
    task = run(api)
    clock.advance(15)
    assert runs(api, task)[0]["status"] == "-1"
    clock.advance(STEP)
    [row] = runs(api, task)
    assert row["lastShellExit"] == 2
    assert result(row).endswith("hello\n")


def test_with_a_time_scale_of_zero_a_run_is_over_at_once(make_account: MakeAccount) -> None:
    api = make_account(WEB, time_scale=0)
    assert runs(api, run(api))[0]["status"] == "0"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "cba"),
        ({"orderType": 0}, "abc"),
        ({"orderBy": "status"}, "bca"),
        ({"orderBy": "status", "orderType": 0}, "acb"),
        ({"orderBy": "runEndTime", "orderType": 0}, "acb"),
        ({"orderBy": "runEndTime", "limit": 1}, "b"),
        ({"limit": 1, "offset": 1}, "b"),
        ({"searchKey": "WEB"}, "ca"),
        ({"searchKey": "pm-bb"}, "b"),
        ({"searchKey": "%"}, ""),
    ],
)
def test_runs_are_sorted_searched_and_paged(
    make_account: MakeAccount, clock: ManualClock, params: dict[str, Any], expected: str
) -> None:
    rules = """
[[outcomes]]
device = "cpm-aaaaaaaa"
duration = 1
[[outcomes]]
device = "cpm-cccccccc"
duration = 2
"""
    api = make_account(
        WEB, device("cpm-bbbbbbbb", 'state = "shutdown"', alias="db-1"), device("cpm-cccccccc", alias="web-2"), rules
    )
    task = run(api, "echo hello", "cpm-aaaaaaaa", "cpm-bbbbbbbb", "cpm-cccccccc")
    clock.advance(STEP)
    assert "".join(row["instanceId"][4] for row in runs(api, task, **params)) == expected


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "321"),
        ({"orderType": 0}, "123"),
        ({"orderBy": "status"}, "213"),
        ({"orderBy": "runEndTime"}, "213"),
        ({"orderBy": "runEndTime", "orderType": 0}, "312"),
        ({"limit": 1, "offset": 2}, "1"),
    ],
)
def test_tasks_are_sorted_and_paged(
    make_account: MakeAccount, clock: ManualClock, params: dict[str, Any], expected: str
) -> None:
    api = make_account(WEB)
    for number in "123":
        run(api, f"echo {number}", password="wrong" if number == "3" else PASSWORD)
        clock.advance(65)
    data = api.data("GetUserCmdTaskList", **params)
    assert "".join(row["cmdAlias"][-1] for row in data["list"]) == expected
    assert data["totalNum"] == 3


def test_accounts_see_only_their_own_tasks(make_api: MakeApi) -> None:
    api = make_api(HEAD + WEB)
    account = Api(api.http, *OWNER)
    task = run(account)
    assert account.data("GetUserCmdTaskList")["totalNum"] == 1
    assert task not in [row["taskId"] for row in api.data("GetUserCmdTaskList")["list"]]
    assert api.call("GetUserCmdTaskDetailList", taskId=task)["code"] == 18010
