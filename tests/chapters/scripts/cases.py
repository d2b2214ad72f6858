"""Scripts: parameters that each action accepts, and a case for each documented error."""

from typing import Any

from support.account import HEAD, LAN_IP, PASSWORD, PLACE, device, fault
from support.cases import Case, Params, changed

GOOD: dict[str, Params] = {
    "AddUserCmd": {"alias": "a", "osType": "linux", "content": "bHM="},
    "DeleteUserCmd": {"cmdIds.0": "cmd-aaaaaaaa"},
    "GetUserCmd": {"cmdId": "cmd-aaaaaaaa"},
    "GetUserCmdList": {},
    "GetUserCmdTaskList": {},
    "GetUserCmdTaskDetailList": {"taskId": "cmdtask-aaaaaaaa"},
    "ModifyUserCmd": {"cmdId": "cmd-aaaaaaaa", "alias": "b"},
    "RunUserCmd": {
        "cmdId": "cmd-aaaaaaaa",
        "userName": "root",
        "password": PASSWORD,
        "cmdParam": "",
        "instanceIds.0": "cpm-aaaaaaaa",
    },
}


SCRIPT = 'scripts = [{cmd_id = "cmd-aaaaaaaa", alias = "a", content = "bHM=", created_at = 2017-10-01 00:00:00}]\n'
WITH_SCRIPT = HEAD + SCRIPT
RUNNABLE = WITH_SCRIPT + device()


def good(action: str, **changes: Any) -> dict[str, Any]:
    """The good parameters with these changes; None leaves one out."""
    return changed(GOOD[action], **changes)


def run(code: int, world: str = RUNNABLE, subject: str = "", **changes: Any) -> Case:
    """A script that is not run."""
    return Case("RunUserCmd", code, good("RunUserCmd", **changes), world, subject=subject)


CASES = [
    *(Case(name, 9001, GOOD[name], HEAD + fault(name, 9001)) for name in GOOD),
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
    Case("AddUserCmd", 18004, GOOD["AddUserCmd"], HEAD + "script_quota = 1\n" + SCRIPT),
    Case("AddUserCmd", 18004, GOOD["AddUserCmd"], HEAD + "script_quota = 0\n"),
    Case("DeleteUserCmd", 10001, {}, subject="cmdIds"),
    *(Case("DeleteUserCmd", 18005, {"cmdIds.0": cmd_id}) for cmd_id in ("sort", "", "cmd-AAAAAAAA", "cmd-aaaaaaaaa")),
    Case("DeleteUserCmd", 18006, {"cmdIds.0": "cmd-bbbbbbbb"}),
    Case("DeleteUserCmd", 18006, {"cmdIds.0": "cmd-nozcbhuw"}),  # another account's
    Case("GetUserCmd", 10001, {}, subject="cmdId"),
    Case("GetUserCmd", 10001, {"cmdId": ""}, subject="cmdId"),
    *(Case("GetUserCmd", 10001, {"cmdId": cmd_id}) for cmd_id in ("x", "cmd-bbbbbbbb", "cmd-nozcbhuw")),
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
    Case("GetUserCmdTaskDetailList", 10001, {"taskId": ""}, subject="taskId"),
    *(
        Case("GetUserCmdTaskDetailList", 18010, {"taskId": task_id})
        for task_id in ("x", "cmdtask-bbbbbbbb", "cmdtask-i3a09t1h")
    ),
    Case("ModifyUserCmd", 10001, {"alias": "b"}, subject="cmdId"),
    Case("ModifyUserCmd", 18001, good("ModifyUserCmd", alias=""), WITH_SCRIPT, subject="alias"),
    Case("ModifyUserCmd", 18003, good("ModifyUserCmd", content="ls"), WITH_SCRIPT, subject="content"),
    Case("ModifyUserCmd", 18005, good("ModifyUserCmd", cmdId="hello"), WITH_SCRIPT),
    Case("ModifyUserCmd", 18007, good("ModifyUserCmd", alias=None), WITH_SCRIPT),
    Case("ModifyUserCmd", 18008, good("ModifyUserCmd", cmdId="cmd-bbbbbbbb"), WITH_SCRIPT),
    Case("ModifyUserCmd", 18008, good("ModifyUserCmd", cmdId="cmd-nozcbhuw"), WITH_SCRIPT),
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
    run(18015, WITH_SCRIPT + device(place=PLACE.replace(LAN_IP, ""))),
    run(18016, WITH_SCRIPT + device(more='login_type = "none"')),
    run(18017, WITH_SCRIPT + device(more='login_type = "key"')),
    run(18019, WITH_SCRIPT + device(place=PLACE.replace("vpc-8e0ypm3z", "vpc-gone"))),
    run(18019, WITH_SCRIPT + device(place=LAN_IP)),
    run(18023, WITH_SCRIPT + device(place=PLACE.replace("subnet-34xt45as", "subnet-gone"))),
]
