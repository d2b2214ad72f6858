"""What a call sends that nothing reads is told: in the journal, in the explanation and in the log."""

import logging
from typing import Any

import pytest
from support.client import Api

DEVICE = "cpm-an5a9wv4"
TOLD: list[tuple[str, dict[str, Any], str, str]] = [
    ("DescribeDevice", {"colour": "red"}, "unknown", "colour was sent, but the action has no such parameter"),
    ("ReloadDeviceOs", {"fileSysten": "xfs"}, "unknown", "no such parameter; did you mean fileSystem?"),
    ("DescribeDevice", {"InstanceIds.0": DEVICE}, "unknown", "names are case-sensitive: instanceIds.0"),
    ("DescribeDevice", {"instanceIds[0]": DEVICE}, "unknown", "brackets are not understood: send instanceIds.0"),
    ("DescribeDevice", {"instanceIds[]": DEVICE}, "unknown", "brackets are not understood: send instanceIds.0"),
    ("DescribeDevice", {"instanceId": DEVICE}, "unknown", "did you mean instanceIds.0?"),
    ("DescribeDevice", {"lanIP": "10.10.1.4"}, "unknown", "did you mean lanIps.0?"),
    ("DescribeDevice", {"region": "gz"}, "unknown", "names are case-sensitive: Region"),
    ("DescribeDevice", {"Limit": 1}, "unknown", "names are case-sensitive: limit"),
    ("DescribeDevice", {"instanceIds.n": DEVICE}, "unread", "items are numbered: send instanceIds.0"),
    ("DescribeDevice", {"instanceIds.-1": DEVICE}, "unread", "items are numbered: send instanceIds.0"),
    ("DescribeDevice", {"instanceIds.": DEVICE}, "unread", "items are numbered: send instanceIds.0"),
    ("DescribeDevice", {"deviceClassCode.0": "M10"}, "unread", "deviceClassCode: it is a single value"),
    (
        "GetUserCmdList",
        {"searchKey.0": "a"},
        "unread",
        "searchKey.0 was sent, but it is a single value: send searchKey",
    ),
    ("DescribeDevice", {"deviceClass": "M10", "deviceClassCode": "M10"}, "unread", "deviceClass was sent beside"),
    ("DescribeDevice", {"instanceIds.0": DEVICE, "instanceIds": DEVICE}, "unread", "instanceIds was sent, but it is"),
    ("BindHostedLanIP", {"instances.0.size": 1}, "unknown", "instances.0.size was sent, but the action has no such"),
]


@pytest.mark.parametrize(
    ("action", "params", "kind", "says"), TOLD, ids=[f"{row[0]}-{'-'.join(row[1])}" for row in TOLD]
)
def test_what_gives_no_value_is_told(api: Api, action: str, params: dict[str, Any], kind: str, says: str) -> None:
    response = api.response(action, **params)
    story = api.http.get(response.headers["X-Emulator-Explanation"]).json()
    assert says in "\n".join(story["explanation"])
    assert next(iter(params)) in [*story[f"{kind}_parameters"], *(["instanceIds.0"] if len(params) > 1 else [])]


def test_a_successful_call_is_told_in_the_log_as_a_warning(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "emulator")
    assert api.call("DescribeDevice", **{"InstanceIds.0": DEVICE})["code"] == 0
    [record] = [record for record in caplog.records if "case-sensitive" in record.message]
    assert record.levelno == logging.WARNING


def test_it_is_told_each_time_and_not_of_the_calls_between(api: Api) -> None:
    for _ in range(3):
        assert "X-Emulator-Explanation" not in api.response("DescribeDevice", limit=1).headers
        assert "X-Emulator-Explanation" in api.response("DescribeDevice", limit=1, colour="red").headers


def test_the_second_spelling_of_an_array_is_told(api: Api) -> None:
    params = {"cmdId": "cmd-nozcbhuw", "userName": "root", "password": "123456", "cmdParam": ""}
    response = api.response("RunUserCmd", **params, **{"instanceIds.0": "sdfrfss", "instanceId.0": DEVICE})
    assert "instanceId.0 was sent beside instanceIds, which counts" in api.explanation(response)


def test_a_name_that_is_sent_twice_is_told(api: Api) -> None:
    response = api.response("DescribeDevice", **{"instanceIds.0": DEVICE, "instanceIds_0": "cpm-zzzzzzzz"})
    assert api.explanation(response) == "instanceIds.0 was sent 2 times; the last one counts"


def test_what_is_documented_without_effect_is_listed_only(api: Api) -> None:
    response = api.response("DescribeDeviceInventory", zoneId=1000100003, deviceClassCode="PS100v1", cpuId=1)
    assert "X-Emulator-Explanation" not in response.headers


def test_very_many_unknown_names_are_told_in_few_lines(api: Api) -> None:
    params = {f"name{number}x": "1" for number in range(2000)}
    told = api.explanation(api.response("DescribeDevice", method="POST", **params)).splitlines()
    assert len(told) == 21
    assert told[-1] == "and 1980 more parameters that nothing reads"


@pytest.mark.parametrize("name", ["instanceIds.n", "instanceIds.-1", "instanceIds.", "instanceIds.0x"])
def test_an_item_whose_number_is_none_is_refused_with_the_actions_parameter_error(api: Api, name: str) -> None:
    answer = api.call("DescribeDevice", **{"instanceIds.0": DEVICE, name: DEVICE})
    assert (answer["code"], answer["message"]) == (10001, "(10001)参数错误:[instanceIds]")


@pytest.mark.parametrize(
    ("action", "params", "meant"),
    [
        ("StartDevice", {"opUin": "1", "InstanceIds.0": DEVICE}, "InstanceIds.0 was sent; names are case-sensitive"),
        ("StartDevice", {"opUin": "1", "instanceIds[0]": DEVICE}, "instanceIds[0] was sent, but brackets"),
        ("GetUserCmd", {"CmdId": "sort"}, "CmdId was sent; names are case-sensitive: cmdId"),
        ("GetDeviceOutBandInfo", {"instanceIds.0": DEVICE}, "did you mean instanceId?"),
    ],
)
def test_a_missing_parameter_names_its_near_miss(api: Api, action: str, params: dict[str, Any], meant: str) -> None:
    [told] = api.explanation(api.response(action, **params)).splitlines()
    assert "it is required, but was not sent; " in told
    assert meant in told


@pytest.mark.parametrize(
    ("sent", "meant"),
    [("describeDevice", "DescribeDevice"), ("DescribeDeviceList", "DescribeDevice"), ("RunUserCmds", "RunUserCmd")],
)
def test_an_unknown_action_names_the_nearest(api: Api, sent: str, meant: str) -> None:
    response = api.response(sent)
    assert response.json()["code"] == 6100
    assert api.explanation(response) == f"no documented action is named {sent}; did you mean {meant}?"


@pytest.mark.parametrize("sent", ["DescribeBmAgentStatus", "QueryElasticPrice"])
def test_an_action_of_the_command_line_that_is_not_here_is_told(api: Api, sent: str) -> None:
    assert api.explanation(api.response(sent)).startswith(f"{sent} is an action of qcloudcli 1.9.20 that no page")


@pytest.mark.parametrize("sent", ["DescribeAgentStatus", "Describe", "DescribeBmPrice", "DescribeLogStatus"])
def test_an_action_that_only_begins_as_others_do_names_none(api: Api, sent: str) -> None:
    assert "did you mean" not in api.explanation(api.response(sent))


def test_an_action_like_no_other_is_told_where_they_are_listed(api: Api) -> None:
    told = api.explanation(api.response("MakeCoffee"))
    assert told == "no documented action is named MakeCoffee; `bm-emulator actions` lists them"


def test_a_value_against_a_pattern_is_explained_in_words(api: Api) -> None:
    told = api.explanation(api.response("SetOutBandVPNAuthPwd", password="abc", createOrUpdate="update"))
    assert told.startswith("password: this value is not 8 to 16 characters of at least two kinds: letters, digits")


@pytest.mark.parametrize(
    ("action", "params", "answer"),
    [
        ("GetDeviceOutBandInfo", {"instanceId": ""}, (4000, "请求失败，参数[instanceId]不能为空。")),
        ("DescribeOs", {"deviceClassCode": ""}, (4000, "请求失败，参数[deviceClassCode]不能为空。")),
        ("RebootDevice", {"instanceIds.0": DEVICE, "opUin": ""}, (10001, "(10001)参数错误:[opUin]")),
        (
            "AddUserCmd",
            {"alias": "", "osType": "linux", "content": "bHM="},
            (18001, "(18001)无效的脚本名称:[alias]"),
        ),
    ],
)
def test_an_empty_required_text_is_missing(
    api: Api, action: str, params: dict[str, Any], answer: tuple[int, str]
) -> None:
    response = api.response(action, **params)
    assert (response.json()["code"], response.json()["message"]) == answer
    assert "it is required, but was sent empty" in api.explanation(response)


@pytest.mark.parametrize("alias", ["", " ", "a\tb", "x" * 61])
def test_a_servers_name_keeps_the_rule_of_all_names(api: Api, alias: str) -> None:
    response = api.response("ModifyDeviceAlias", **{"instanceIds.0": DEVICE, "aliases.0": alias})
    assert response.json()["code"] == 10001
    assert "is not 1 to 60 characters" in api.explanation(response)
