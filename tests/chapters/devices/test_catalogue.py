"""Devices: the catalogue of models, by code and by name, and a catalogue with other prices."""

from pathlib import Path

from support.client import Api

from chapters.conftest import MakeAccount
from chapters.devices.cases import ORDER
from emulator.settings import catalogue_folder


def test_a_class_is_known_by_code_and_by_name_and_an_unknown_one_has_nothing(api: Api) -> None:
    assert list(api.data("DescribeDeviceClassRaid", deviceClassCode="M10")) == ["PS100v1"]
    assert api.data("DescribeOs", deviceClassCode="none") == []
    assert api.call("DescribeDeviceClassPartition", deviceClassCode="none")["data"] == {}
    assert api.call("DescribeDeviceClassPartition", instanceId="cpm-an5a9wv4")["data"]["1"]["systemDiskSize"] == 3352


def test_a_class_without_a_price_cannot_be_bought(make_account: MakeAccount, tmp_path: Path) -> None:
    folder = catalogue_folder(None)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8").replace("price = 590000", "price = 0")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    api = make_account(catalogue=str(tmp_path))
    assert api.call("BuyDevice", **ORDER)["code"] == 500008
