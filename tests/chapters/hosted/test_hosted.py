"""Hosted servers: the printed forms, the documented errors, and binding a LAN IP."""

from dataclasses import dataclass
from typing import Any

import pytest
from conftest import MakeApi
from support.client import Api
from support.examples import Page, pages, shape

from emulator import contract
from emulator.clock import ManualClock

HEAD = """
[[accounts]]
app_id = "1251001002"
credentials = [{secret_id = "AKIDhosted", secret_key = "hostedkey"}]
vpcs = [{id = 70, un_id = "vpc-6t44o010", name = "v", cidr = "10.10.0.0/16"}]
subnets = [
    {id = 80, un_id = "subnet-fa1lzxhz", vpc = "vpc-6t44o010", name = "s", cidr = "10.10.2.0/24"},
    {id = 81, un_id = "subnet-small000", vpc = "vpc-6t44o010", name = "s", cidr = "10.10.3.0/30"},
]
"""
PLACE = {"unVpcId": "vpc-6t44o010", "unSubnetId": "subnet-fa1lzxhz", "gatewayIp": "10.10.2.1"}
CONTACT = {"operateMode": 0, "contacts": "张三", "mobile": "13800000000"}
LATER = 240


def server(instance_id: str, more: str = "") -> str:
    return f'[[accounts.hosted]]\ninstance_id = "{instance_id}"\npassword = "password"\n{more}\n'


def instances(*names: str, password: str = "password") -> dict[str, str]:
    return {
        f"instances.{n}.{field}": value
        for n, name in enumerate(names)
        for field, value in (("instanceId", name), ("userName", "root"), ("password", password))
    }


GOOD: dict[str, dict[str, Any]] = {
    "BindHostedLanIP": {**instances("chm-gr9wprj0"), **PLACE, **CONTACT},
    "UnbindHostedLanIP": {"instanceIds.0": "chm-gr9wprj0"},
    "DescribeHostedDevice": {},
    "DescribeHostedDeviceOutBandIP": {"instanceIds.0": "chm-gr9wprj0"},
    "GetBindHostedLanIPStatus": {"instanceId": "chm-gr9wprj0"},
    "ModifyHostedAlias": {"instanceId": "chm-gr9wprj0", "alias": "test"},
}


@pytest.fixture
def hosted(make_api: MakeApi) -> Any:
    def make(*servers: str, rules: str = "") -> Api:
        world = HEAD + "".join(servers or [server("chm-gr9wprj0")]) + rules
        return Api(make_api(world).http, "AKIDhosted", "hostedkey")

    return make


def bind(api: Api, *names: str, **changed: Any) -> int:
    return api.call("BindHostedLanIP", **{**instances(*names), **PLACE, **CONTACT, **changed})["code"]


def row(api: Api, name: str = "chm-gr9wprj0") -> dict[str, Any]:
    return api.data("DescribeHostedDevice", vagueStr=name)["list"][0]


PAGES = [page for page in pages() if page.chapter == "hosted"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.action)
def test_a_printed_request_gets_an_answer_of_the_printed_form(hosted: Any, clock: ManualClock, page: Page) -> None:
    [example] = page.examples
    api = hosted(server("chm-gr9wprj0"), server("chm-f45zd4"))
    if page.action in ("UnbindHostedLanIP", "GetBindHostedLanIPStatus"):
        assert bind(api, "chm-f45zd4") == 0
        clock.advance(100 if page.action.startswith("Get") else LATER)
    answer = api.call(page.action, **example["params"])
    assert shape(answer) == shape(example["response"])
    if page.action == "GetBindHostedLanIPStatus":
        assert [shape(step) for step in answer["data"]] == [shape(step) for step in example["response"]["data"]]
        assert [step["name"] for step in answer["data"]] == [step["name"] for step in example["response"]["data"]]


@dataclass(frozen=True)
class Case:
    action: str
    code: int
    params: dict[str, Any]
    more: str = ""
    before: str = ""
    """What happens to the server first: bound or binding."""
    rules: str = ""


def case(action: str, code: int, more: str = "", before: str = "", **changed: Any) -> Case:
    whole = {**GOOD[action], **changed}
    return Case(action, code, {name: value for name, value in whole.items() if value is not None}, more, before)


ACTIONS = {action.name: action for action in contract.load() if action.name in GOOD}
ID = "instances.0.instanceId"
CASES = [
    *(
        Case(name, error.code, GOOD[name], rules=f'\n[[faults]]\naction = "{name}"\nerror = {error.code}\n')
        for name, action in ACTIONS.items()
        for error in action.errors
        if error.code in (9001, 9006, 18131)
    ),
    *(case(name, code, appId="77") for name in GOOD for code in (18100, 10008) if ACTIONS[name].error(code)),
    *(case(name, code, appId="me") for name in GOOD for code in (18100, 10008) if ACTIONS[name].error(code)),
    case("BindHostedLanIP", 9003, gatewayIp="10.10.2"),
    case("BindHostedLanIP", 9003, contacts=None),
    case("BindHostedLanIP", 9003, **{ID: None}),
    *(case("BindHostedLanIP", 18101, **{ID: name}) for name in ("", "web-1", "chm-SHOUTING")),
    case("BindHostedLanIP", 18113, **{ID: "chm-unknown1"}),
    case("BindHostedLanIP", 18102, unVpcId="main"),
    case("BindHostedLanIP", 18111, unVpcId="vpc-34cxlz7z"),  # another account's
    case("BindHostedLanIP", 18103, unSubnetId="web"),
    case("BindHostedLanIP", 18112, unSubnetId="subnet-1so5ae8m"),
    case("BindHostedLanIP", 18106, operateMode=2),
    case("BindHostedLanIP", 18108, contacts=" "),
    case("BindHostedLanIP", 18109, mobile="call me"),
    case("BindHostedLanIP", 18107, **{"instances.0.userName": "a b"}),
    case("BindHostedLanIP", 18115, **{"instances.0.password": ""}),
    case("BindHostedLanIP", 18110, before="bound"),
    case("BindHostedLanIP", 18134, before="binding"),
    case("BindHostedLanIP", 18133, "in_order = false"),
    case("UnbindHostedLanIP", 9003, **{"instanceIds.0": None}),
    case("UnbindHostedLanIP", 18101),
    case("UnbindHostedLanIP", 18101, **{"instanceIds.0": "web-1"}),
    case("UnbindHostedLanIP", 18113, **{"instanceIds.0": "chm-unknown1"}),
    case("UnbindHostedLanIP", 18108, contacts=" "),
    case("UnbindHostedLanIP", 18109, mobile="x"),
    case("UnbindHostedLanIP", 18134, before="binding"),
    case("DescribeHostedDevice", 9003, limit="many"),
    case("DescribeHostedDevice", 18021, orderBy="alias"),
    case("DescribeHostedDevice", 18022, orderType=7),
    case("DescribeHostedDeviceOutBandIP", 9003, **{"instanceIds.0": None}),
    *(case("DescribeHostedDeviceOutBandIP", 18137, **{"instanceIds.0": name}) for name in ("x", "chm-unknown1")),
    case("GetBindHostedLanIPStatus", 9003, instanceId=None),
    *(case("GetBindHostedLanIPStatus", 18137, instanceId=name) for name in ("x", "chm-unknown1")),
    case("ModifyHostedAlias", 9003, alias=None),
    case("ModifyHostedAlias", 18136, alias=" "),
    case("ModifyHostedAlias", 18137, instanceId="x"),
    case("ModifyHostedAlias", 18113, instanceId="chm-unknown1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.action}-{case.code}")
def test_a_documented_error_is_answered_and_changes_nothing(hosted: Any, clock: ManualClock, case: Case) -> None:
    api = hosted(server("chm-gr9wprj0", case.more), rules=case.rules)
    if case.before:
        assert bind(api, "chm-gr9wprj0") == 0
        clock.advance(LATER if case.before == "bound" else 0)
    before = None if case.rules else row(api)
    answer = api.call(case.action, **case.params)
    documented = ACTIONS[case.action].error(case.code)
    assert documented is not None
    assert (answer["code"], answer["codeDesc"]) == (case.code, documented.name)
    assert answer["message"].startswith(f"({case.code}){documented.text}")
    assert before is None or row(api) == before


def test_all_documented_pairs_are_among_them() -> None:
    documented = {(name, error.code) for name, action in ACTIONS.items() for error in action.errors}
    assert {(case.action, case.code) for case in CASES} == documented


def test_a_lan_ip_is_bound_and_taken_back(hosted: Any, clock: ManualClock) -> None:
    api = hosted()
    seen = [(row(api)["bindLanIpStatus"], row(api)["lanIp"], row(api)["operates"])]
    for step in (lambda: bind(api, "chm-gr9wprj0"), lambda: api.call("UnbindHostedLanIP", **GOOD["UnbindHostedLanIP"])):
        step()
        seen.append((row(api)["bindLanIpStatus"], row(api)["lanIp"], row(api)["operates"]))
        clock.advance(LATER)
        seen.append((row(api)["bindLanIpStatus"], row(api)["lanIp"], row(api)["operates"]))
    assert seen == [
        ("-1", "", ["bindLanIP"]),
        ("0", "10.10.2.2", []),
        ("1", "10.10.2.2", ["unbindLanIP"]),
        ("3", "10.10.2.2", []),
        ("4", "", ["bindLanIP"]),
    ]


def test_a_bound_server_tells_its_place(hosted: Any, clock: ManualClock) -> None:
    api = hosted()
    bind(api, "chm-gr9wprj0")
    clock.advance(LATER)
    told = row(api)
    assert (told["vpcId"], told["unSubnetId"], told["subnetCidrBlock"]) == (70, "subnet-fa1lzxhz", "10.10.2.0/24")
    assert told["gatewayIp"] == "10.10.2.1"


def test_a_wrong_login_shows_when_the_binding_fails(hosted: Any, clock: ManualClock) -> None:
    api = hosted()
    assert bind(api, "chm-gr9wprj0", **instances("chm-gr9wprj0", password="wrong")) == 0
    assert row(api)["bindLanIpStatus"] == "0"
    clock.advance(LATER)
    assert (row(api)["bindLanIpStatus"], row(api)["lanIp"]) == ("2", "")
    assert bind(api, "chm-gr9wprj0") == 0


def test_several_servers_get_different_addresses_and_a_full_subnet_none(hosted: Any) -> None:
    api = hosted(*(server(f"chm-aaaaaaa{n}") for n in range(3)))
    small = {"unSubnetId": "subnet-small000", "gatewayIp": "10.10.3.1"}
    assert bind(api, "chm-aaaaaaa0", "chm-aaaaaaa1") == 0
    assert [row(api, f"chm-aaaaaaa{n}")["lanIp"] for n in range(3)] == ["10.10.2.2", "10.10.2.3", ""]
    other = hosted(*(server(f"chm-aaaaaaa{n}") for n in range(3)))
    assert bind(other, "chm-aaaaaaa0", **small) == 0
    assert bind(other, "chm-aaaaaaa1", **instances("chm-aaaaaaa1"), **small) == 18133


def test_the_steps_of_a_binding_follow_each_other(hosted: Any, clock: ManualClock) -> None:
    api = hosted()
    forms = []
    steps = GOOD["GetBindHostedLanIPStatus"]
    forms.append("".join(str(len(step)) for step in api.data("GetBindHostedLanIPStatus", **steps)))
    bind(api, "chm-gr9wprj0")
    for _ in range(LATER):
        forms.append("".join(str(len(step)) for step in api.data("GetBindHostedLanIPStatus", **steps)))
        clock.advance(1)
    told = [form for n, form in enumerate(forms) if form not in forms[:n]]
    # A name alone, a name that is being worked at (with its start and current), or one with start and end: 1 or 3 keys.
    assert told == ["1111", "3111", "3311", "3331", "3333"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "abc"),
        ({"vagueStr": "BBB"}, "b"),
        ({"vagueIp": "100.1"}, "ab"),
        ({"vagueIp": "9.9.9"}, "c"),
        ({"limit": 1, "offset": 1}, "b"),
    ],
)
def test_hosted_servers_are_searched_and_paged(hosted: Any, params: dict[str, Any], expected: str) -> None:
    other = 'out_of_band_ip = "1.1.1.1"\nwan_ip = "9.9.9.9"'
    api = hosted(server("chm-aaaaaaaa"), server("chm-bbbbbbbb"), server("chm-cccccccc", other))
    data = api.data("DescribeHostedDevice", **params)
    assert "".join(found["instanceId"][4] for found in data["list"]) == expected
    assert data["totalNum"] == (3 if "limit" in params else len(expected))


def test_a_new_alias_is_told(hosted: Any) -> None:
    api = hosted()
    assert api.call("ModifyHostedAlias", **GOOD["ModifyHostedAlias"])["code"] == 0
    assert row(api)["alias"] == "test"


def test_another_account_sees_nothing_of_it(make_api: MakeApi) -> None:
    api = make_api(HEAD + server("chm-gr9wprj0"))
    assert [found["instanceId"] for found in api.data("DescribeHostedDevice")["list"]] == ["chm-gaci4xvn"]
    assert api.call("GetBindHostedLanIPStatus", instanceId="chm-gr9wprj0")["code"] == 18137
