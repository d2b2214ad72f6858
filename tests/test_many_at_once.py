"""More devices in one call than SQLite takes variables in one statement, and what such a call does to others."""

import asyncio
from typing import Any

import httpx
from conftest import MakeApi
from support.client import HOST, PATH, Api

from emulator.app import create_app
from emulator.settings import Settings


def test_tens_of_thousands_of_ids_in_one_call_do_no_harm(make_api: MakeApi) -> None:
    api = make_api(auth="off")
    many = {f"instanceIds.{n}": f"cpm-{n:08}" for n in range(33_000)} | {"instanceIds.33000": "cpm-an5a9wv4"}
    for action in ("DescribeDevice", "DescribeDevicePosition", "DescribeDeviceTrash"):
        data = api.send({"Action": action, **many}, "POST").json()["data"]
        assert data["totalNum"] == (action != "DescribeDeviceTrash")
    assert api.send({"Action": "DescribeDeviceHardwareInfo", **many}, "POST").json()["code"] == 0
    assert api.send({"Action": "RebootDevice", "opUin": "1", **many}, "POST").json()["code"] == 10001


def test_a_whole_fleet_may_be_listed_in_one_page(make_api: MakeApi) -> None:
    api = make_api(devices=36_000)
    data = api.data("DescribeDevice", limit=100_000)
    assert len(data["deviceList"]) == data["totalNum"] > 33_000


def test_a_call_with_thousands_of_parameters_lets_others_in_between(api: Api) -> None:
    transport = httpx.ASGITransport(create_app(Settings()))
    many = {**api.signed("DescribeDevice"), **{f"instanceIds.{place}": "cpm-an5a9wv4" for place in range(5_000)}}
    ended = []

    async def call(http: httpx.AsyncClient, parameters: dict[str, Any]) -> None:
        await http.post(PATH, data=parameters, headers={"Host": HOST})
        ended.append(parameters["Action"])

    async def both() -> None:
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as http:
            await asyncio.gather(call(http, many), call(http, api.signed("DescribeRegions", method="POST")))

    asyncio.run(both())
    assert ended == ["DescribeRegions", "DescribeDevice"]
