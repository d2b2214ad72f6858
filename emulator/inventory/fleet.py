"""A generated fleet: the same seed gives the same world, byte for byte.

Everything comes from the seed, nothing from the clock. VPCs are 10.16.0.0/16, 10.17.0.0/16, …, each with subnets of
200 devices, so that no two LAN addresses meet; nor do the out-of-band addresses, from 100.72.0.0 upwards.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

from faker import Faker
from sqlalchemy import insert

from emulator.inventory import tables
from emulator.inventory.accounts import Credential, first_credential
from emulator.inventory.ids import derive
from emulator.inventory.world import World

_PER_SUBNET = 200
_SUBNETS_PER_VPC = 16
_FIRST_NUMBER = 10_000
"""Numeric ids of generated VPCs and subnets begin here, far from those of fixtures."""
_BATCH = 1_000
_FIRST_NETWORK = 16
_OUT_OF_BAND = IPv4Address("100.72.0.0")
_STATES = ("running",) * 17 + ("shutdown",) * 2 + ("isolated",)
_SYSTEMS = ("linux",) * 4 + ("xserver",)


def add_fleet(world: World, size: int, progress: Callable[[int], None] = lambda _done: None) -> None:
    """Add that many devices to the first account, which is made where there is none, in the caller's transaction.

    `progress` is told how many came to be since it was told last.
    """
    fleet = _Fleet(world, first_credential(world) or _add_owner(world))
    for start in range(0, size, _BATCH):
        numbers = range(start, min(start + _BATCH, size))
        fleet.add(numbers)
        progress(len(numbers))


@dataclass
class _Fleet:
    world: World
    owner: Credential

    def __post_init__(self) -> None:
        self.faker = Faker("en_US")
        self.faker.seed_instance(f"{self.world.seed}/fleet")

    def add(self, numbers: range) -> None:
        networks = [network for number in numbers for network in self._networks(number)]
        for table, row in networks:
            self.world.execute(insert(table), row)
        rows = [self._device(number) for number in numbers]
        self.world.execute(insert(tables.devices), [device for device, _login in rows])
        self.world.execute(insert(tables.out_of_band), [login for _device, login in rows])

    def _networks(self, number: int) -> Iterator[tuple[Any, dict[str, Any]]]:
        """The subnet that begins with this device, and the VPC that begins with that subnet."""
        subnet, first_of_subnet = divmod(number, _PER_SUBNET)
        if first_of_subnet:
            return
        vpc, first_of_vpc = divmod(subnet, _SUBNETS_PER_VPC)
        if first_of_vpc == 0:
            yield tables.vpcs, self._network("vpc", vpc, self.faker.word(), f"10.{_FIRST_NETWORK + vpc}.0.0/16")
        cidr = f"10.{_FIRST_NETWORK + vpc}.{subnet % _SUBNETS_PER_VPC}.0/24"
        row = self._network("subnet", subnet, f"{self.faker.word()}-{subnet}", cidr)
        yield tables.subnets, {**row, "vpc": self._id("vpc", vpc)}

    def _network(self, kind: str, ordinal: int, name: str, cidr: str) -> dict[str, Any]:
        ids = {"id": _FIRST_NUMBER + ordinal, "un_id": self._id(kind, ordinal), "account_id": self.owner.account_id}
        return {**ids, "name": name, "cidr": cidr}

    def _device(self, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
        subnet, place = divmod(number, _PER_SUBNET)
        vpc = subnet // _SUBNETS_PER_VPC
        faker = self.faker
        instance_id = self._id("cpm", number)
        os_type = faker.random_element(_SYSTEMS)
        device = {
            "instance_id": instance_id,
            "account_id": self.owner.account_id,
            "alias": f"{faker.word()}-{faker.word()}-{number}",
            "state": faker.random_element(_STATES),
            "os_type": os_type,
            "lan_ip": f"10.{_FIRST_NETWORK + vpc}.{subnet % _SUBNETS_PER_VPC}.{place + 10}",
            "vpc": self._id("vpc", vpc),
            "subnet": self._id("subnet", subnet),
            "login_type": "password",
            "user_name": "root" if os_type == "linux" else "Administrator",
            "password": faker.password(length=12),
            "login_key": None,
        }
        login = {
            "instance_id": instance_id,
            "ip": str(_OUT_OF_BAND + number),
            "user_name": faker.user_name(),
            "password": faker.password(length=14, special_chars=False),
            "serial_number": faker.bothify("##???##", letters="ABCDEFGHJKLMNPQRSTUVWXYZ"),
        }
        return device, login

    def _id(self, kind: str, ordinal: int) -> str:
        return derive(self.world.seed, f"{self.owner.app_id}/fleet", kind, ordinal)


def _add_owner(world: World) -> Credential:
    """The account of a world that has none."""
    faker = Faker("en_US")
    faker.seed_instance(f"{world.seed}/owner")
    app_id = faker.numerify("125#######")
    values = {"app_id": app_id, "script_quota": 100}
    account_id = world.execute(insert(tables.accounts).returning(tables.accounts.c.id), values).scalar_one()
    secret = {"secret_id": f"AKID{faker.pystr(32, 32)}", "secret_key": faker.pystr(32, 32)}
    world.execute(insert(tables.credentials), {**secret, "account_id": account_id})
    return Credential(account_id=account_id, app_id=app_id, allowed=None, **secret)
