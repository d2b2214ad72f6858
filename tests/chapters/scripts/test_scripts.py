"""Keep scripts: add, read, list, change, delete."""

from base64 import b64encode

import pytest
from conftest import MakeApi
from support.account import APP_ID, HEAD, OWNER
from support.client import Api

from chapters.conftest import MakeAccount
from emulator.clock import ManualClock


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def add(api: Api, alias: str, os_type: str = "linux", text: str = "echo hello") -> str:
    """Add a script and find its id as a client must: by its name."""
    api.data("AddUserCmd", alias=alias, osType=os_type, content=encoded(text))
    return api.data("GetUserCmdList", searchKey=alias)["list"][0]["cmdId"]


def aliases(api: Api, **params: object) -> list[str]:
    return [row["alias"] for row in api.data("GetUserCmdList", **params)["list"]]


def test_an_added_script_is_read_back_whole(account: Api) -> None:
    cmd_id = add(account, "部署", "xserver", "echo %1")
    script = account.data("GetUserCmd", cmdId=cmd_id)
    assert script == {
        "autoId": "57",
        "alias": "部署",
        "cmdId": cmd_id,
        "osType": "xserver",
        "referenceProject": "",
        "content": encoded("echo %1"),
        "createTime": "2017-10-20 10:00:00",
        "modifyTime": "2017-10-20 10:00:00",
        "appId": APP_ID,
    }


def test_ids_look_like_the_printed_ones_and_come_from_the_seed(make_api: MakeApi) -> None:
    by_seed = {seed: [add(make_api(seed=seed), "a") for _ in range(2)] for seed in ("1", "2")}
    assert all(cmd_id.startswith("cmd-") and len(cmd_id) == 12 for ids in by_seed.values() for cmd_id in ids)
    assert by_seed["1"][0] == by_seed["1"][1] != by_seed["2"][0]


def test_an_accounts_ids_do_not_depend_on_what_others_do(make_api: MakeApi) -> None:
    alone, busy = make_api(HEAD), make_api(HEAD)
    for number in range(3):
        add(busy, f"noise{number}")
    mine = [add(Api(api.http, *OWNER), "mine") for api in (alone, busy)]
    assert mine[0] == mine[1]


def test_a_change_of_name_leaves_the_content(account: Api, clock: ManualClock) -> None:
    cmd_id = add(account, "old")
    clock.advance(61)
    account.data("ModifyUserCmd", cmdId=cmd_id, alias="new")
    script = account.data("GetUserCmd", cmdId=cmd_id)
    assert (script["alias"], script["content"]) == ("new", encoded("echo hello"))
    assert (script["createTime"], script["modifyTime"]) == ("2017-10-20 10:00:00", "2017-10-20 10:01:01")


def test_name_and_content_may_change_together(account: Api) -> None:
    cmd_id = add(account, "old")
    account.data("ModifyUserCmd", cmdId=cmd_id, alias="new", content=encoded("ls"))
    script = account.data("GetUserCmd", cmdId=cmd_id)
    assert (script["alias"], script["content"]) == ("new", encoded("ls"))


def test_several_scripts_are_deleted_at_once(account: Api) -> None:
    ids = [add(account, name) for name in "abc"]
    account.data("DeleteUserCmd", **{"cmdIds.0": ids[0], "cmdIds.1": ids[2], "cmdIds.2": ids[0]})
    assert aliases(account) == ["b"]


def test_if_one_cannot_be_deleted_none_is(account: Api) -> None:
    cmd_id = add(account, "a")
    assert account.call("DeleteUserCmd", **{"cmdIds.0": cmd_id, "cmdIds.1": "cmd-zzzzzzzz"})["code"] == 18006
    assert aliases(account) == ["a"]


def test_a_deleted_script_makes_room_in_the_quota(make_account: MakeAccount) -> None:
    account = make_account("script_quota = 1\n")
    cmd_id = add(account, "a")
    assert account.call("AddUserCmd", alias="b", osType="linux", content="bHM=")["code"] == 18004
    account.data("DeleteUserCmd", **{"cmdIds.0": cmd_id})
    assert account.call("AddUserCmd", alias="b", osType="linux", content="bHM=")["code"] == 0


def test_two_scripts_may_have_one_name(account: Api) -> None:
    add(account, "a")
    add(account, "a")
    assert aliases(account) == ["a", "a"]


@pytest.fixture
def five(account: Api, clock: ManualClock) -> Api:
    """Five scripts, made a second apart and changed in the opposite order."""
    for name, system in (("a", "linux"), ("b", "xserver"), ("c", "linux"), ("d", "xserver"), ("e", "linux")):
        add(account, name, system)
        clock.advance(1)
    ids = {row["alias"]: row["cmdId"] for row in account.data("GetUserCmdList")["list"]}
    for name in "edcba":
        account.data("ModifyUserCmd", cmdId=ids[name], alias=name)
        clock.advance(1)
    return account


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "edcba"),
        ({"orderType": 0}, "abcde"),
        ({"orderType": 1}, "edcba"),
        ({"orderBy": "createTime", "orderType": 0}, "abcde"),
        ({"orderBy": "modifyTime"}, "abcde"),
        ({"orderBy": "modifyTime", "orderType": 0}, "edcba"),
        ({"orderBy": "osType"}, "dbeca"),
        ({"orderBy": "osType", "orderType": 0}, "acebd"),
        ({"orderBy": ""}, "edcba"),
        ({"limit": 2}, "ed"),
        ({"offset": 1, "limit": 2}, "dc"),
        ({"offset": 4, "limit": 2}, "a"),
        ({"offset": 5}, ""),
        ({"limit": 0}, ""),
        ({"limit": 1000}, "edcba"),
    ],
)
def test_lists_are_sorted_and_paged_and_count_everything(five: Api, params: dict, expected: str) -> None:
    data = five.data("GetUserCmdList", **params)
    assert "".join(row["alias"] for row in data["list"]) == expected
    assert data["totalNum"] == 5


def test_twenty_are_listed_unless_asked_otherwise(account: Api) -> None:
    for number in range(21):
        add(account, f"s{number}")
    data = account.data("GetUserCmdList")
    assert (len(data["list"]), data["totalNum"]) == (20, 21)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("hell", {"hello", "Shell"}), ("SHELL", {"Shell"}), ("输", {"输入"}), ("%", {"100%"}), ("_", {"a_b"}), ("", None)],
)
def test_the_search_is_fuzzy_but_takes_wildcards_literally(account: Api, key: str, expected: set[str] | None) -> None:
    names = {"hello", "Shell", "输入", "100%", "a_b", "\\"}
    for name in names:
        add(account, name)
    data = account.data("GetUserCmdList", searchKey=key)
    assert {row["alias"] for row in data["list"]} == (names if expected is None else expected)
    assert data["totalNum"] == len(data["list"])


def test_the_search_finds_ids_too(account: Api) -> None:
    cmd_id = add(account, "a")
    add(account, "b")
    assert aliases(account, searchKey=cmd_id[4:9]) == ["a"]


def test_accounts_see_only_their_own_scripts(make_api: MakeApi) -> None:
    api = make_api(HEAD)
    other = Api(api.http, *OWNER)
    cmd_id = add(other, "mine")
    assert aliases(other) == ["mine"]
    assert "mine" not in aliases(api)
    assert api.call("GetUserCmd", cmdId=cmd_id)["code"] == 10001
    assert api.call("ModifyUserCmd", cmdId=cmd_id, alias="theirs")["code"] == 18008
    assert api.call("DeleteUserCmd", **{"cmdIds.0": cmd_id})["code"] == 18006
    assert aliases(other) == ["mine"]


def test_base64_may_have_line_breaks(make_api: MakeApi) -> None:
    content = b64encode(b"echo hello" * 20).decode()
    api = make_api()
    wrapped = f"{content[:76]}\r\n{content[76:]}"
    assert api.call("AddUserCmd", alias="a", osType="linux", content=wrapped)["code"] == 0
