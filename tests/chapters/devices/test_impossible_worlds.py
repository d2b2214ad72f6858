"""Fixtures and changes by hand that would make what cannot be are refused, with the place and what is allowed."""

import pytest
from support.account import device

from chapters.conftest import MakeAccount
from emulator.testing import ControlError, WorldClient
from emulator.world.catalogue import FixtureError

SECOND = "cpm-bbbbbbbb"
DEVICE = "cpm-an5a9wv4"


def at(address: str) -> str:
    return f'lan_ip = "{address}"\nvpc = "vpc-8e0ypm3z"\nsubnet = "subnet-34xt45as"\n'


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (device(SECOND, place=at("10.6.10.67")), "10.6.10.67 in subnet-34xt45as is that of devices cpm-aaaaaaaa"),
        (device(SECOND, place=at("10.6.10.1")), "but for 10.6.10.1, the gateway's"),
        (device(SECOND, place=at("10.6.10.255")), "an address of 10.6.10.0/24 but for the first and the last one"),
        (device(SECOND, place=at("10.7.0.9")), "an address of 10.6.10.0/24"),
        (device(SECOND, "raid_id = 9"), "has no RAID type 9; raid_id is one of "),
        (device(SECOND, "setup = {sysDataSpace = 9000}"), "setup.sysDataSpace: the partitions are larger"),
    ],
)
def test_a_fixture_that_cannot_be_is_refused(make_account: MakeAccount, second: str, told: str) -> None:
    with pytest.raises(FixtureError, match=told.replace("(", r"\(")):
        make_account(device(), second)


def test_what_is_in_the_recycle_bin_has_no_future_deadline(bm_world: WorldClient) -> None:
    with pytest.raises(ControlError, match="is in the recycle bin, so that its deadline is past"):
        bm_world.inventory.set_device(DEVICE, state="isolated", deadline="2099-01-01T00:00:00")


def test_a_server_that_is_being_delivered_cannot_be_put_into_a_state(bm_world: WorldClient) -> None:
    order = {"zoneId": 1000100003, "unVpcId": "vpc-34cxlz7z", "unSubnetId": "subnet-1so5ae8m", "osTypeId": 1}
    more = {"deviceClassCode": "PS100v1", "raidId": 1, "timeUnit": "m", "timeSpan": 1, "goodsNum": 1}
    bm_world.configure(time_scale=1)
    [[bought]] = bm_world.call("BuyDevice", **order, **more)["data"]["resourceIds"].values()
    with pytest.raises(ControlError, match="busy with a device delivery"):
        bm_world.inventory.set_device(bought, state="running")


def test_how_a_device_was_installed_is_shown(make_account: MakeAccount) -> None:
    api = make_account(device(more="setup = {sysDataSpace = 900}"))
    shown = api.http.get("/_emulator/worlds/default/inventory/devices/cpm-aaaaaaaa").json()
    assert shown["setup"] == {"sysDataSpace": 900}
