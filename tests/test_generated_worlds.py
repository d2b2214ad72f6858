"""On generated worlds too, every documented field is there with its printed type."""

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
