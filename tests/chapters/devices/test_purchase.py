"""Devices: buying them, and the hardware of what was bought."""

from typing import Any

from support.cases import changed
from support.client import Api
from support.examples import pages, shape

from chapters.conftest import MakeAccount
from chapters.devices.cases import CUSTOM, ORDER
from emulator.clock import ManualClock

SECONDS = 700
"""Longer than a delivery takes."""


def buy(api: Api, **changes: Any) -> list[str]:
    data = api.data("BuyDevice", **changed(ORDER, **changes))
    [deal] = data["dealNames"]
    return data["resourceIds"][deal]


def rows(api: Api, names: list[str]) -> list[dict[str, Any]]:
    listed = api.data("DescribeDevice", **{f"instanceIds.{n}": name for n, name in enumerate(names)})["deviceList"]
    return sorted(listed, key=lambda row: names.index(row["instanceId"]))


def test_the_printed_order_gets_an_answer_of_the_printed_form(make_account: MakeAccount) -> None:
    [page] = [page for page in pages() if page.action == "BuyDevice"]
    [example] = page.examples
    answer = make_account().call("BuyDevice", **example["params"])
    printed = example["response"]
    assert shape({**answer, "data": None}) == shape({**printed, "data": None})
    assert list(answer["data"]) == list(printed["data"])
    assert answer["data"]["dealNames"] == ["20171020100000"]
    assert len(answer["data"]["resourceIds"]["20171020100000"]) == 5


def test_a_bought_server_is_claimed_initialised_and_then_in_operation(
    make_account: MakeAccount, clock: ManualClock
) -> None:
    api = make_account()
    names = buy(api, goodsNum=1)
    seen = []
    for _ in range(SECONDS):
        [row] = rows(api, names)
        seen.append((row["deviceStatus"], row["operateStatus"]))
        clock.advance(1)
    assert [step for n, step in enumerate(seen) if step not in seen[:n]] == [("1", "3"), ("2", "3"), ("4", "1")]
    assert "2017-10-20 10:05:30" <= rows(api, names)[0]["deliverTime"] <= "2017-10-20 10:11:00"


def test_what_was_ordered_is_what_is_listed(make_account: MakeAccount) -> None:
    api = make_account()
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
    assert first["deadline"] == "2017-12-20 10:00:00"


def test_addresses_may_be_chosen(make_account: MakeAccount) -> None:
    api = make_account()
    names = buy(api, **{"ipList.0": "10.6.10.77", "ipList.1": "10.6.10.9"})
    assert [row["lanIp"] for row in rows(api, names)] == ["10.6.10.77", "10.6.10.9"]
    assert rows(api, buy(api, goodsNum=1, hasWanIp=0))[0]["wanIp"] == ""


def test_a_single_server_keeps_its_alias_and_one_without_is_called_by_its_id(make_account: MakeAccount) -> None:
    api = make_account()
    [named], [unnamed] = buy(api, goodsNum=1, alias="db"), buy(api, goodsNum=1)
    assert [row["alias"] for row in rows(api, [named, unnamed])] == ["db", unnamed]


def test_a_bought_server_is_reached_out_of_band_and_runs_scripts(make_account: MakeAccount, clock: ManualClock) -> None:
    api = make_account()
    api.data("SetOutBandVPNAuthPwd", password="tencent89", createOrUpdate="create")
    names = buy(api, passwd="abce1234")
    assert api.call("GetDeviceOutBandInfo", instanceId=names[0])["code"] == 10106  # not delivered yet
    clock.advance(SECONDS)
    logins = [api.data("GetDeviceOutBandInfo", instanceId=name)["outbandInfo"] for name in names]
    assert len({login["dhcp_ip"] for login in logins}) == 2
    api.data("AddUserCmd", alias="x", osType="linux", content="bHM=")
    script = api.data("GetUserCmdList")["list"][0]["cmdId"]
    login = {"userName": "root", "password": "abce1234", "cmdParam": ""}
    api.data("RunUserCmd", cmdId=script, **login, **{f"instanceIds.{n}": name for n, name in enumerate(names)})
    clock.advance(SECONDS)
    assert api.data("GetUserCmdTaskList")["list"][0]["successCount"] == "2"


def test_orders_of_the_same_second_have_different_names(make_account: MakeAccount) -> None:
    api = make_account()
    deals = [api.data("BuyDevice", **ORDER)["dealNames"][0] for _ in range(3)]
    assert deals == ["20171020100000", "20171020100001", "20171020100002"]


def test_the_stock_of_a_zone_runs_out(make_account: MakeAccount) -> None:
    api = make_account()
    buy(api, goodsNum=18)
    assert api.call("BuyDevice", **changed(ORDER, goodsNum=3))["code"] == 700007
    buy(api, goodsNum=2)
    assert api.call("BuyDevice", **changed(ORDER, goodsNum=1))["code"] == 700007
    buy(api, goodsNum=1, zoneId=1000800002)


def test_the_balance_is_paid_from(make_account: MakeAccount) -> None:
    api = make_account("balance = 2360000\n")
    buy(api, goodsNum=1)
    assert api.call("BuyDevice", **ORDER)["code"] == 100207
    buy(api, goodsNum=1)
    assert api.call("BuyDevice", **changed(ORDER, goodsNum=1, timeSpan=1))["code"] == 100207


def test_a_custom_model_is_made_of_the_parts_that_were_ordered(make_account: MakeAccount) -> None:
    api = make_account()
    parts = {**CUSTOM, "diskTypeId2": 4, "diskNum2": 8}
    [name] = buy(api, goodsNum=1, **parts)
    [printed_page] = [page for page in pages() if page.action == "DescribeDeviceHardwareInfo"]
    [printed] = printed_page.examples[0]["response"]["data"]
    answer = api.call("DescribeDeviceHardwareInfo", **{"instanceIds.0": name, "instanceIds.1": "cpm-unknown1"})
    assert shape(answer) == shape(printed_page.examples[0]["response"])
    [hardware] = answer["data"]
    assert hardware == {**printed, "instanceId": name, "cpmPayMode": "1"}
    assert list(api.call("DescribeDeviceClassPartition", instanceId=name)["data"]) == ["6"]


def test_the_code_of_a_custom_model_is_known_to_its_owner(make_account: MakeAccount) -> None:
    api = make_account()
    [name] = buy(api, goodsNum=1, **CUSTOM)
    [row] = api.data("DescribeDevice", **{"instanceIds.0": name})["deviceList"]
    code = row["deviceClassCode"]
    assert api.data("DescribeOs", deviceClassCode=code)
    assert api.data("DescribeDeviceClassRaid", deviceClassCode=code)[code]
    by_code = api.call("DescribeDeviceClassPartition", deviceClassCode=code)["data"]
    assert by_code == api.call("DescribeDeviceClassPartition", instanceId=name)["data"] != {}


def test_a_standard_model_lists_its_hardware_too(make_account: MakeAccount) -> None:
    api = make_account()
    [name] = buy(api, goodsNum=1)
    assert api.call("ModifyPayModePre2Post", **{"instanceIds.0": name})["code"] == 0
    [hardware] = api.data("DescribeDeviceHardwareInfo", **{"instanceIds.0": name})
    assert (hardware["isElastic"], hardware["cpmPayMode"], hardware["deviceClass"]) == ("0", "2", "M10")
    assert (hardware["cpuDesc"], hardware["diskDesc"], hardware["diskNum1"]) == (
        "E5-2670v3(12核)*2",
        "12*300GB(SAS)",
        "12",
    )
