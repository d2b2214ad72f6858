"""Hosted servers: the printed forms, lists, and binding a LAN IP."""

from typing import Any

import pytest
from conftest import MakeApi
from support.account import HEAD, hosted_server
from support.client import Api
from support.examples import Page, examples, shape

from chapters.conftest import MakeAccount
from chapters.hosted.cases import CONTACT, GOOD, PLACE, SECONDS, instances
from emulator.clock import ManualClock


def bind(api: Api, *names: str, **changed: Any) -> int:
    return api.call("BindHostedLanIP", **{**instances(*names), **PLACE, **CONTACT, **changed})["code"]


def row(api: Api, name: str = "chm-gr9wprj0") -> dict[str, Any]:
    return api.data("DescribeHostedDevice", vagueStr=name)["list"][0]


@pytest.mark.parametrize(("page", "example"), examples("hosted"))
def test_a_printed_request_gets_an_answer_of_the_printed_form(
    make_account: MakeAccount, clock: ManualClock, page: Page, example: dict[str, Any]
) -> None:
    api = make_account(hosted_server("chm-gr9wprj0"), hosted_server("chm-f45zd4"))
    if page.action in ("UnbindHostedLanIP", "GetBindHostedLanIPStatus"):
        assert bind(api, "chm-f45zd4") == 0
        clock.advance(100 if page.action.startswith("Get") else SECONDS)
    answer = api.call(page.action, **example["params"])
    assert shape(answer) == shape(example["response"])
    if page.action == "GetBindHostedLanIPStatus":
        assert [shape(step) for step in answer["data"]] == [shape(step) for step in example["response"]["data"]]
        assert [step["name"] for step in answer["data"]] == [step["name"] for step in example["response"]["data"]]


def test_a_lan_ip_is_bound_and_taken_back(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(hosted_server())
    seen = [(row(api)["bindLanIpStatus"], row(api)["lanIp"], row(api)["operates"])]
    for step in (lambda: bind(api, "chm-gr9wprj0"), lambda: api.call("UnbindHostedLanIP", **GOOD["UnbindHostedLanIP"])):
        step()
        seen.append((row(api)["bindLanIpStatus"], row(api)["lanIp"], row(api)["operates"]))
        clock.advance(SECONDS)
        seen.append((row(api)["bindLanIpStatus"], row(api)["lanIp"], row(api)["operates"]))
    assert seen == [
        ("-1", "", ["bindLanIP"]),
        ("0", "10.10.2.2", []),
        ("1", "10.10.2.2", ["unbindLanIP"]),
        ("3", "10.10.2.2", []),
        ("4", "", ["bindLanIP"]),
    ]


def test_a_bound_server_shows_its_place(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(hosted_server())
    bind(api, "chm-gr9wprj0")
    clock.advance(SECONDS)
    bound = row(api)
    assert (bound["vpcId"], bound["unSubnetId"], bound["subnetCidrBlock"]) == (70, "subnet-fa1lzxhz", "10.10.2.0/24")
    assert bound["gatewayIp"] == "10.10.2.1"


def test_a_wrong_login_shows_when_the_binding_fails(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(hosted_server())
    assert bind(api, "chm-gr9wprj0", **instances("chm-gr9wprj0", password="wrong")) == 0
    assert row(api)["bindLanIpStatus"] == "0"
    clock.advance(SECONDS)
    assert (row(api)["bindLanIpStatus"], row(api)["lanIp"]) == ("2", "")
    assert bind(api, "chm-gr9wprj0") == 0


def test_several_servers_get_different_addresses_and_a_full_subnet_none(make_account: MakeAccount) -> None:
    api = make_account(*(hosted_server(f"chm-aaaaaaa{n}") for n in range(3)))
    small = {"unSubnetId": "subnet-small081", "gatewayIp": "10.10.3.1"}
    assert bind(api, "chm-aaaaaaa0", "chm-aaaaaaa1") == 0
    assert [row(api, f"chm-aaaaaaa{n}")["lanIp"] for n in range(3)] == ["10.10.2.2", "10.10.2.3", ""]
    other = make_account(*(hosted_server(f"chm-aaaaaaa{n}") for n in range(3)))
    assert bind(other, "chm-aaaaaaa0", **small) == 0
    assert bind(other, "chm-aaaaaaa1", **instances("chm-aaaaaaa1"), **small) == 18133


def test_the_steps_of_a_binding_follow_each_other(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account(hosted_server())
    forms = []
    steps = GOOD["GetBindHostedLanIPStatus"]
    forms.append("".join(str(len(step)) for step in api.data("GetBindHostedLanIPStatus", **steps)))
    bind(api, "chm-gr9wprj0")
    for _ in range(SECONDS):
        forms.append("".join(str(len(step)) for step in api.data("GetBindHostedLanIPStatus", **steps)))
        clock.advance(1)
    changes = [form for n, form in enumerate(forms) if form not in forms[:n]]
    # A name alone, a name that is being worked at (with its start and current), or one with start and end: 1 or 3 keys.
    assert changes == ["1111", "3111", "3311", "3331", "3333"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "abc"),
        ({"vagueStr": "BBB"}, "b"),
        ({"vagueStr.0": "BBB"}, "b"),
        ({"vagueStr.0": "bbb", "vagueStr.1": "AAA"}, "ab"),
        ({"vagueStr.0": "%"}, ""),
        ({"orderType": 1}, "cba"),
        ({"orderType": 1, "vagueStr.0": "c"}, "cba"),
        ({"orderType": 0, "orderBy": "instanceId"}, "abc"),
        ({"vagueIp": "100.1"}, "ab"),
        ({"vagueIp": "9.9.9"}, "c"),
        ({"limit": 1, "offset": 1}, "b"),
    ],
)
def test_hosted_servers_are_searched_and_paged(
    make_account: MakeAccount, params: dict[str, Any], expected: str
) -> None:
    other = 'out_of_band_ip = "1.1.1.1"\nwan_ip = "9.9.9.9"'
    api = make_account(
        hosted_server("chm-aaaaaaaa"), hosted_server("chm-bbbbbbbb"), hosted_server("chm-cccccccc", other)
    )
    data = api.data("DescribeHostedDevice", **params)
    assert "".join(found["instanceId"][4] for found in data["list"]) == expected
    assert data["totalNum"] == (3 if "limit" in params else len(expected))


def test_a_new_alias_is_listed(make_account: MakeAccount) -> None:
    api = make_account(hosted_server())
    assert api.call("ModifyHostedAlias", **GOOD["ModifyHostedAlias"])["code"] == 0
    assert row(api)["alias"] == "test"


def test_another_account_sees_nothing_of_it(make_api: MakeApi) -> None:
    api = make_api(HEAD + hosted_server("chm-gr9wprj0"))
    assert [found["instanceId"] for found in api.data("DescribeHostedDevice")["list"]] == ["chm-gaci4xvn"]
    assert api.call("GetBindHostedLanIPStatus", instanceId="chm-gr9wprj0")["code"] == 18137


@pytest.mark.parametrize("password", ["password", "wrong"])
def test_no_step_of_a_binding_goes_back(make_account: MakeAccount, clock: ManualClock, password: str) -> None:
    api = make_account(hosted_server())
    assert bind(api, "chm-gr9wprj0", **{"instances.0.password": password}) == 0
    done = []
    for _ in range(SECONDS):
        steps = api.data("GetBindHostedLanIPStatus", instanceId="chm-gr9wprj0")
        done.append(sum("endTime" in step for step in steps))
        clock.advance(1)
    assert done == sorted(done)
    assert done[-1] == (4 if password == "password" else 3)
