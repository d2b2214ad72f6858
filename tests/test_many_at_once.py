"""More devices in one call than SQLite takes variables in one statement."""

from conftest import MakeApi


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
