"""Devices: each printed request gets an answer of the printed form, the catalogues with the printed values."""

from typing import Any

import pytest
from support.account import device
from support.client import Api
from support.examples import Page, examples, shape

from chapters.conftest import MakeAccount
from chapters.devices.cases import DOCKER, DOCKER_OWNER

FILTERED = ("DescribeDevice", "DescribeDevicePosition", "DescribeDeviceTrash")
"""Their printed requests ask for other devices than their printed answers show."""
EXAMPLES = [
    param
    for param in examples("devices", but=("BuyDevice", "DescribeDeviceHardwareInfo"))  # see test_purchase.py
    if "status " not in str(param.values[1]["response"])  # one page's example has stray blanks in its keys
]


def _world_of(page: Page, example: dict[str, Any]) -> str:
    """Devices with the ids of the printed request, in a state that the action needs, and two for the lists."""
    state = {"StartDevice": "shutdown", "DescribeDeviceTrash": "isolated"}.get(page.action, "running")
    named = [value for name, value in example["params"].items() if name.startswith("instanceId")]
    more = f'state = "{state}"\nclass_code = "PM101v1"\ntags = {{test01 = "foo", test02 = "x"}}'
    addresses = (f'\nwan_ip = "115.159.240.{23 + place}"' for place in range(len(named) + 1))
    return "".join(
        device(name, more + address) for name, address in zip(named or ["cpm-aaaaaaaa"], addresses, strict=False)
    )


def _replay(make_account: MakeAccount, page: Page, example: dict[str, Any]) -> dict[str, Any]:
    api = make_account(_world_of(page, example))
    params = dict(example["params"])
    if page.action in FILTERED:
        params = {}
    elif page.action == "DescribeDeviceOperationLog":
        api.data("RebootDevice", **{"instanceIds.0": params["instanceId"], "opUin": "1"})
        params |= {"startTime": "2017-10-01", "endTime": "2017-11-01"}
    elif page.action == "DescriptionOperationResult":
        api = make_account(device("cpm-3dw23400"), device("cpm-sdf343x0"))
        both = {"instanceIds.0": "cpm-3dw23400", "instanceIds.1": "cpm-sdf343x0"}
        params = {"taskId": api.data("RebootDevice", opUin="1", **both)["taskId"]}
    elif page.action == "ZhDockerSubnetAvailable":
        api, params = Api(make_account(DOCKER).http, *DOCKER_OWNER), {"unVpcId": "vpc-docker00"}
    elif "Cluster" in page.action:
        params["unVpcId"] = "vpc-8e0ypm3z"
    return api.call(page.action, host=example["host"], **params)


@pytest.mark.parametrize(("page", "example"), EXAMPLES)
def test_a_printed_request_gets_an_answer_of_the_printed_form(
    make_account: MakeAccount, page: Page, example: dict[str, Any]
) -> None:
    answer, printed = _replay(make_account, page, example), example["response"]
    if page.action in ("DescribeDeviceClassRaid", "DescribeDeviceClassPartition"):
        # The keys are ids: the printed ones are among them.
        assert {key: answer["data"][key] for key in printed["data"]}.keys() == printed["data"].keys()
    assert shape({**answer, "data": None}) == shape({**printed, "data": None})
    if page.action == "DescribeHardwareSpecification":
        assert answer["data"] == printed["data"]
    elif page.action == "DescribeDeviceClassRaid":
        for code, raids in printed["data"].items():
            assert {raid: answer["data"][code][raid] for raid in raids} == raids
    elif page.action == "DescribeDeviceClassPartition":
        assert answer["data"] == printed["data"]
    elif page.action in ("DescribeDeviceClass", "DescribeOs"):
        assert [row for row in answer["data"] if row in printed["data"]] == printed["data"]
    elif page.action == "DescribeDevice":
        assert shape(answer["data"]["deviceList"][0]) == shape(printed["data"]["deviceList"][1])
    else:
        if page.action == "DescribeDeviceTrash":  # the page's table documents the tags that its example leaves out
            assert [row.pop("tagDetail") for row in answer["data"]["deviceList"]]
        assert shape(answer.get("data")) == shape(printed.get("data"))
