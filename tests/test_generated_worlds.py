"""On generated worlds too, every documented field is there with its printed type, and the first calls succeed."""

from typing import Any

import httpx
import pytest
from support.client import Api
from support.examples import Page, pages
from support.in_process import in_process

from emulator.app import create_app, open_world
from emulator.chapters import BEHAVIOURS
from emulator.clock import ManualClock
from emulator.settings import Settings
from emulator.testing import WorldClient

TYPES = {"string": str, "number": (int, float), "bool": bool, "array": list, "object": dict, "null": type(None)}
IMPLEMENTED = {name for _, name in BEHAVIOURS}
LISTS = {
    "DescribeDevice": {"limit": 300},
    "DescribeDeviceTrash": {"limit": 300},
    "DescribeDevicePosition": {"limit": 300},
    "DescribeDeviceClass": {},
    "DescribeDeviceClassRaid": {},
    "DescribeHardwareSpecification": {},
    "DescribeRegions": {},
    "DescribeTagKeyList": {"serviceType": "bm"},
    "DescribeTagValueList": {"serviceType": "bm", "tagKeyList.0": "env", "tagKeyList.1": "team"},
}
LEFT_OUT = {
    "data.resourceIds": "the table's name of what the JSON calls instanceIds",
    "data[].goodsDetail.<goodsCode>": "stands beside pid and deviceClass, which are no goods",
    "data.<deviceClassCode>.<raidId>.unFormatPartition": "printed as a text and as an object",
}
"""Fields that a walk by path cannot check."""


def values(value: Any, parts: list[str]) -> list[Any]:
    """All at a path; `[]` is every item of a list, `<…>` every value of an object."""
    if not parts:
        return [value]
    head, *rest = parts
    if head == "[]" or head.startswith("<"):
        inner = value if isinstance(value, list) else value.values()
        return [found for item in inner for found in values(item, rest)]
    return values(value[head], rest)


def split(path: str) -> list[str]:
    return path.replace("[]", ".[]").split(".")


@pytest.fixture(scope="module", params=["1", "2", "3"])
def api(request: pytest.FixtureRequest) -> Any:
    settings = Settings(fixtures=(), devices=250, seed=request.param, auth="off")
    world = open_world(settings, ManualClock(1_508_464_800_000))
    app = create_app(settings, world=world)
    yield Api(httpx.Client(transport=in_process(app), base_url="http://localhost"))
    world.close()


def check(page: Page, answer: dict[str, Any]) -> None:
    printed = [field for field in page.response if "wire" in field and field["path"] not in LEFT_OUT]
    assert printed
    for field in printed:
        found = values(answer, split(field["path"]))
        assert found, field
        assert not [value for value in found if not isinstance(value, TYPES[field["wire"]])], field


@pytest.mark.parametrize("name", LISTS)
def test_every_documented_field_of_a_list(api: Api, name: str) -> None:
    [page] = [page for page in pages() if page.action == name]
    check(page, api.send({"Action": name, **LISTS[name]}).json())


def test_every_documented_field_of_a_devices_hardware_and_system(api: Api) -> None:
    listed = api.send({"Action": "DescribeDevice", "limit": 300}).json()["data"]["deviceList"]
    ids = {f"instanceIds.{n}": row["instanceId"] for n, row in enumerate(listed)}
    by_name = {page.action: page for page in pages()}
    check(
        by_name["DescribeDeviceHardwareInfo"], api.send({"Action": "DescribeDeviceHardwareInfo", **ids}, "POST").json()
    )
    for code in {row["deviceClassCode"] for row in listed}:
        check(by_name["DescribeOs"], api.send({"Action": "DescribeOs", "deviceClassCode": code}).json())


def test_every_documented_field_of_the_operations(api: Api) -> None:
    listed = api.send({"Action": "DescribeDevice", "limit": 300}).json()["data"]["deviceList"]
    running = next(row["instanceId"] for row in listed if (row["deviceStatus"], row["operateStatus"]) == ("4", "1"))
    by_name = {page.action: page for page in pages()}
    answer = api.send({"Action": "RebootDevice", "opUin": "1", "instanceIds.0": running}).json()
    check(by_name["RebootDevice"], answer)
    task = {"Action": "DescriptionOperationResult", "taskId": answer["data"]["taskId"]}
    check(by_name["DescriptionOperationResult"], api.send(task).json())
    log = {"Action": "DescribeDeviceOperationLog", "instanceId": running}
    check(by_name["DescribeDeviceOperationLog"], api.send(log).json())


def test_generated_devices_differ_as_a_fleet_does(api: Api) -> None:
    listed = api.send({"Action": "DescribeDevice", "limit": 300}).json()["data"]["deviceList"]
    for name in ("deviceClass", "osTypeId", "raidId", "operateStatus", "autoRenewFlag", "deadline", "unSubnetId"):
        assert len({row[name] for row in listed}) > 1, name
    assert any(row["wanIp"] for row in listed)
    assert any(row["tagDetail"] for row in listed)


def test_the_out_of_band_login_of_every_generated_device_can_be_read(api: Api) -> None:
    listed = api.send({"Action": "DescribeDevice", "limit": 300}).json()["data"]["deviceList"]
    trash = api.send({"Action": "DescribeDeviceTrash", "limit": 300}).json()["data"]["deviceList"]
    assert len(listed) + len(trash) == 250
    answers = [
        api.send({"Action": "GetDeviceOutBandInfo", "instanceId": row["instanceId"]}).json() for row in listed + trash
    ]
    assert {answer["code"] for answer in answers} == {0}
    assert len({answer["data"]["outbandInfo"]["dhcp_ip"] for answer in answers}) == 250


def test_the_vpn_of_every_generated_devices_zone_is_open(api: Api) -> None:
    listed = api.send({"Action": "DescribeDevice", "limit": 300}).json()["data"]["deviceList"]
    for zone in {row["zoneId"] for row in listed}:
        info = api.send({"Action": "GetOutBandVPNAuthInfo", "zoneId": zone}).json()["data"]["authInfo"]
        assert (info["be_first"], info["userGroup"]) == (False, f"bm{info['userName']}")


def test_what_is_isolated_in_a_generated_world_has_expired_after_its_delivery(api: Api) -> None:
    trash = api.send({"Action": "DescribeDeviceTrash", "limit": 300}).json()["data"]["deviceList"]
    assert trash
    assert all(row["deliverTime"] < row["deadline"] <= "2017-10-01 00:00:00" for row in trash)


@pytest.mark.bm_devices(20)
def test_a_test_world_with_devices_answers_at_once(bm_world: WorldClient) -> None:
    ids = bm_world.inventory.ids("devices")
    for name in ids:
        assert bm_world.call("GetDeviceOutBandInfo", instanceId=name)["code"] == 0
    devices = [bm_world.inventory.device(name) for name in ids]
    device = next(found for found in devices if found["state"] == "running")
    bm_world.call("AddUserCmd", alias="hello", osType=device["os_type"], content="aGVsbG8=")
    [script] = bm_world.call("GetUserCmdList")["data"]["list"]
    login = {"userName": device["user_name"], "password": device["password"]}
    run = {"cmdId": script["cmdId"], "cmdParam": "", "instanceIds": [device["instance_id"]]}
    assert bm_world.call("RunUserCmd", **run, **login)["code"] == 0
    bm_world.clock.advance_to_idle()
    [task] = bm_world.call("GetUserCmdTaskList")["data"]["list"]
    assert task["successCount"] == "1"


@pytest.mark.bm_devices(2)
@pytest.mark.bm_fixture("demo")
def test_the_vpn_account_that_a_fixture_gives_stays(bm_world: WorldClient) -> None:
    info = bm_world.call("GetOutBandVPNAuthInfo", zoneId=1000100003)["data"]["authInfo"]
    assert info["userName"] == "1251001002"
