"""Buying servers, what they are made of, and everything that can be wrong with an order."""

from dataclasses import dataclass
from typing import Any

import pytest
from conftest import MakeApi
from support.client import Api
from support.examples import pages, shape

from emulator import contract
from emulator.clock import ManualClock

HEAD = """
[[accounts]]
app_id = "1251001002"
credentials = [{secret_id = "AKIDbuyer", secret_key = "buyerkey"}]
vpcs = [{id = 1025, un_id = "vpc-8e0ypm3z", name = "beijing", cidr = "10.6.0.0/16"}]
subnets = [
    {id = 4, un_id = "subnet-34xt45as", vpc = "vpc-8e0ypm3z", name = "web", cidr = "10.6.10.0/24"},
    {id = 5, un_id = "subnet-small000", vpc = "vpc-8e0ypm3z", name = "small", cidr = "10.6.11.0/30"},
    {id = 6, un_id = "subnet-single00", vpc = "vpc-8e0ypm3z", name = "single", cidr = "10.6.12.1/32"},
]
"""
ORDER: dict[str, Any] = {
    "zoneId": 1000800001,
    "unVpcId": "vpc-8e0ypm3z",
    "unSubnetId": "subnet-34xt45as",
    "deviceClassCode": "PS100v1",
    "osTypeId": 1,
    "raidId": 3,
    "timeUnit": "m",
    "timeSpan": 2,
    "goodsNum": 2,
}
PARTS = {"cpuId": 1, "mem": 128, "haveRaidCard": 0, "diskTypeId1": 8, "diskNum1": 4}
CUSTOM = {"deviceClassCode": "", "raidId": 6, **PARTS}
LATER = 700


@pytest.fixture
def shop(make_api: MakeApi) -> Any:
    def make(more: str = "", **settings: Any) -> Api:
        return Api(make_api(HEAD + more, **settings).http, "AKIDbuyer", "buyerkey")

    return make


def order(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ORDER, **changed}.items() if value is not None}


def buy(api: Api, **changed: Any) -> list[str]:
    data = api.data("BuyDevice", **order(**changed))
    [deal] = data["dealNames"]
    return data["resourceIds"][deal]


def rows(api: Api, names: list[str]) -> list[dict[str, Any]]:
    listed = api.data("DescribeDevice", **{f"instanceIds.{n}": name for n, name in enumerate(names)})["deviceList"]
    return sorted(listed, key=lambda row: names.index(row["instanceId"]))


def test_the_printed_order_gets_an_answer_of_the_printed_form(shop: Any) -> None:
    [page] = [page for page in pages() if page.action == "BuyDevice"]
    [example] = page.examples
    answer = shop().call("BuyDevice", **example["params"])
    printed = example["response"]
    assert shape({**answer, "data": None}) == shape({**printed, "data": None})
    assert list(answer["data"]) == list(printed["data"])
    assert answer["data"]["dealNames"] == ["20171020100000"]
    assert len(answer["data"]["resourceIds"]["20171020100000"]) == 5


def test_a_bought_server_is_claimed_initialised_and_then_in_operation(shop: Any, clock: ManualClock) -> None:
    api = shop()
    names = buy(api, goodsNum=1)
    seen = []
    for _ in range(LATER):
        [row] = rows(api, names)
        seen.append((row["deviceStatus"], row["operateStatus"]))
        clock.advance(1)
    assert [step for n, step in enumerate(seen) if step not in seen[:n]] == [("1", "3"), ("2", "3"), ("4", "1")]
    assert "2017-10-20 10:05:30" <= rows(api, names)[0]["deliverTime"] <= "2017-10-20 10:11:00"


def test_what_was_ordered_is_what_is_listed(shop: Any) -> None:
    api = shop()
    tag = {"tagDetail.0.tagKey": "env", "tagDetail.0.tagValue": "prod"}
    names = buy(api, alias="实例名", hasWanIp=1, autoRenewFlag=1, goodsNum=3, **tag)
    bought = rows(api, names)
    assert [row["alias"] for row in bought] == ["实例名1", "实例名2", "实例名3"]
    assert [row["lanIp"] for row in bought] == ["10.6.10.2", "10.6.10.3", "10.6.10.4"]
    assert len({row["wanIp"] for row in bought}) == 3
    first = bought[0]
    assert (first["deviceClass"], first["deviceClassCode"], first["osTypeId"], first["raidId"]) == (
        "M10",
        "PS100v1",
        "1",
        "3",
    )
    assert (first["zoneId"], first["unVpcId"], first["autoRenewFlag"]) == ("1000800001", "vpc-8e0ypm3z", "1")
    assert first["tagDetail"] == [{"key": "env", "value": "prod"}]
    assert first["deadline"] == "2017-12-19 10:00:00"


def test_addresses_may_be_chosen(shop: Any) -> None:
    api = shop()
    names = buy(api, **{"ipList.0": "10.6.10.77", "ipList.1": "10.6.10.9"})
    assert [row["lanIp"] for row in rows(api, names)] == ["10.6.10.77", "10.6.10.9"]
    assert rows(api, buy(api, goodsNum=1, hasWanIp=0))[0]["wanIp"] == ""


def test_a_single_server_keeps_its_alias_and_one_without_is_called_by_its_id(shop: Any) -> None:
    api = shop()
    [named], [unnamed] = buy(api, goodsNum=1, alias="db"), buy(api, goodsNum=1)
    assert [row["alias"] for row in rows(api, [named, unnamed])] == ["db", unnamed]


def test_a_bought_server_is_reached_out_of_band_and_runs_scripts(shop: Any, clock: ManualClock) -> None:
    api = shop()
    api.data("SetOutBandVPNAuthPwd", password="tencent89", createOrUpdate="create")
    names = buy(api, passwd="abce1234")
    logins = [api.data("GetDeviceOutBandInfo", instanceId=name)["outbandInfo"] for name in names]
    assert len({login["dhcp_ip"] for login in logins}) == 2
    clock.advance(LATER)
    api.data("AddUserCmd", alias="x", osType="linux", content="bHM=")
    script = api.data("GetUserCmdList")["list"][0]["cmdId"]
    login = {"userName": "root", "password": "abce1234", "cmdParam": ""}
    api.data("RunUserCmd", cmdId=script, **login, **{f"instanceIds.{n}": name for n, name in enumerate(names)})
    clock.advance(LATER)
    assert api.data("GetUserCmdTaskList")["list"][0]["successCount"] == "2"


def test_orders_of_the_same_second_have_different_names(shop: Any) -> None:
    api = shop()
    deals = [api.data("BuyDevice", **order())["dealNames"][0] for _ in range(3)]
    assert deals == ["20171020100000", "20171020100001", "20171020100002"]


def test_the_stock_of_a_zone_runs_out(shop: Any) -> None:
    api = shop()
    buy(api, goodsNum=18)
    assert api.call("BuyDevice", **order(goodsNum=3))["code"] == 700007
    buy(api, goodsNum=2)
    assert api.call("BuyDevice", **order(goodsNum=1))["code"] == 700007
    buy(api, goodsNum=1, zoneId=1000800002)


def test_the_balance_is_paid_from(shop: Any) -> None:
    api = shop("balance = 2360000\n")
    buy(api, goodsNum=1)
    assert api.call("BuyDevice", **order())["code"] == 100207
    buy(api, goodsNum=1)
    assert api.call("BuyDevice", **order(goodsNum=1, timeSpan=1))["code"] == 100207


def test_a_custom_model_is_made_of_the_parts_that_were_ordered(shop: Any) -> None:
    api = shop()
    parts = {**CUSTOM, "diskTypeId2": 4, "diskNum2": 8}
    [name] = buy(api, goodsNum=1, **parts)
    [printed_page] = [page for page in pages() if page.action == "DescribeDeviceHardwareInfo"]
    [printed] = printed_page.examples[0]["response"]["data"]
    answer = api.call("DescribeDeviceHardwareInfo", **{"instanceIds.0": name, "instanceIds.1": "cpm-unknown1"})
    assert shape(answer) == shape(printed_page.examples[0]["response"])
    [told] = answer["data"]
    assert told == {**printed, "instanceId": name, "cpmPayMode": "1"}
    assert list(api.call("DescribeDeviceClassPartition", instanceId=name)["data"]) == ["6"]


def test_a_standard_model_tells_its_hardware_too(shop: Any) -> None:
    api = shop()
    [name] = buy(api, goodsNum=1)
    assert api.call("ModifyPayModePre2Post", **{"instanceIds.0": name})["code"] == 0
    [told] = api.data("DescribeDeviceHardwareInfo", **{"instanceIds.0": name})
    assert (told["isElastic"], told["cpmPayMode"], told["deviceClass"]) == ("0", "2", "PS100v1")
    assert (told["cpuDesc"], told["diskDesc"], told["diskNum1"]) == ("E5-2670v3(12核)*2", "12*300GB(SAS)", "12")


@dataclass(frozen=True)
class Case:
    code: int
    params: dict[str, Any]
    more: str = ""


ACTION = next(action for action in contract.load() if action.name == "BuyDevice")
GOOD = {"BuyDevice": ORDER, "DescribeDeviceHardwareInfo": {"instanceIds.0": "cpm-aaaaaaaa"}}
BROKEN = (9009, 100002, 100612, 100200, 100188, 500006, 500008)
"""What only a broken backend explains; a class without a price (500008) needs a catalogue of one's own."""
REQUIRED = ("zoneId", "unVpcId", "osTypeId", "raidId", "goodsNum", "timeSpan")
CASES = [
    *(Case(code, ORDER, f'\n[[faults]]\naction = "BuyDevice"\nerror = {code}\n') for code in BROKEN),
    *(
        Case(100001, order(**{name: None}))
        for name in ("zoneId", "unVpcId", "osTypeId", "raidId", "goodsNum", "timeSpan")
    ),
    *(Case(100001, order(**bad)) for bad in ({"timeUnit": "y"}, {"goodsNum": 0}, {"timeSpan": 37}, {"cpuId": 3})),
    Case(100001, order(**{"tagDetail.0.tagKey": "env"})),
    Case(100004, ORDER, "may_buy = false\n"),
    Case(700104, order(deviceClassCode=None)),
    Case(700104, order(**{**CUSTOM, "mem": None})),
    Case(700104, order(**{**CUSTOM, "diskTypeId1": 77})),
    Case(700104, order(**{**CUSTOM, "diskTypeId2": 77, "diskNum2": 2})),
    Case(700104, order(**{**CUSTOM, "haveRaidCard": 1, "diskNum1": 3})),
    Case(700108, order(deviceClassCode="PS999v1")),
    Case(700110, order(deviceClassCode="PI103v1")),
    Case(700102, order(zoneId=1)),
    Case(700102, order(unVpcId="vpc-34cxlz7z")),
    Case(700102, order(unSubnetId="subnet-1so5ae8m")),
    Case(700102, order(osTypeId=6)),
    Case(700102, order(raidId=8)),
    Case(700102, order(sysDataSpace=99_999)),
    Case(700102, order(passwd="short1")),
    Case(700102, order(passwd="")),
    Case(700102, order(**{"ipList.0": "10.6.10.9"})),
    Case(700102, order(**{"ipList.0": "10.6.10.9", "ipList.1": "10.6.10.9"})),
    Case(700102, order(**{"ipList.0": "10.6.10.9", "ipList.1": "10.7.0.1"})),
    Case(700102, order(unSubnetId="subnet-small000")),
    Case(700102, order(unSubnetId="subnet-single00", goodsNum=1)),
    Case(700102, order(unSubnetId="subnet-single00", goodsNum=1, **{"ipList.0": "10.6.12.1"})),
    Case(700007, order(goodsNum=21)),
    Case(100207, ORDER, "balance = 100\n"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.code))
def test_a_documented_error_is_answered_and_nothing_is_bought(shop: Any, case: Case) -> None:
    api = shop(case.more)
    answer = api.call("BuyDevice", **case.params)
    documented = ACTION.error(case.code)
    assert documented is not None
    assert (answer["code"], answer["codeDesc"]) == (case.code, documented.name)
    assert answer["message"].startswith(f"({case.code}){documented.text}")
    assert api.data("DescribeDevice")["totalNum"] == 0


def test_all_documented_errors_are_among_them() -> None:
    assert {case.code for case in CASES} == {error.code for error in ACTION.errors}


def test_the_hardware_page_documents_a_broken_database_only(shop: Any) -> None:
    api = shop('\n[[faults]]\naction = "DescribeDeviceHardwareInfo"\nerror = 9001\n')
    assert api.call("DescribeDeviceHardwareInfo", **{"instanceIds.0": "x"})["code"] == 9001


def test_a_class_without_a_price_cannot_be_bought(make_api: MakeApi, tmp_path: Any) -> None:
    from emulator.settings import catalogue_folder

    folder = catalogue_folder(None)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8").replace("price = 590000", "price = 0")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    api = Api(make_api(HEAD, catalogue=str(tmp_path)).http, "AKIDbuyer", "buyerkey")
    assert api.call("BuyDevice", **ORDER)["code"] == 500008
