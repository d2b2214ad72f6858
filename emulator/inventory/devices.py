"""Devices and their place in the network."""

from typing import NamedTuple

from sqlalchemy import Table, bindparam, select

from emulator.inventory.database import Prepared
from emulator.inventory.tables import devices, out_of_band, subnets, vpcs
from emulator.inventory.world import World


class Network(NamedTuple):
    """A VPC or a subnet: its numeric id, its id, its name and its address block."""

    id: int
    un_id: str
    name: str
    cidr: str


class Device(NamedTuple):
    instance_id: str
    alias: str
    state: str
    os_type: str
    lan_ip: str | None
    vpc: str | None
    subnet: str | None
    login_type: str
    user_name: str
    password: str
    login_key: str | None


_DEVICE = Prepared(
    select(*(devices.c[name] for name in Device._fields)).where(
        devices.c.instance_id == bindparam("instance_id"), devices.c.account_id == bindparam("account_id")
    )
)


def _network(table: Table) -> Prepared:
    return Prepared(
        select(*(table.c[name] for name in Network._fields)).where(
            table.c.un_id == bindparam("network_id"), table.c.account_id == bindparam("account_id")
        )
    )


_VPC = _network(vpcs)
_SUBNET = _network(subnets)
_WITH_LOGIN = Prepared(
    select(devices.c.instance_id)
    .join(out_of_band)
    .where(devices.c.account_id == bindparam("account_id"))
    .order_by(devices.c.instance_id)
    .limit(1)
)


def find_device(world: World, account_id: int, instance_id: str) -> Device | None:
    row = _DEVICE.first(world.database, account_id=account_id, instance_id=instance_id)
    return Device._make(row) if row else None


def find_vpc(world: World, account_id: int, un_id: str | None) -> Network | None:
    row = _VPC.first(world.database, account_id=account_id, network_id=un_id)
    return Network._make(row) if row else None


def find_subnet(world: World, account_id: int, un_id: str | None) -> Network | None:
    row = _SUBNET.first(world.database, account_id=account_id, network_id=un_id)
    return Network._make(row) if row else None


def first_device(world: World, account_id: int) -> str | None:
    """A device of the account that has an out-of-band record."""
    row = _WITH_LOGIN.first(world.database, account_id=account_id)
    return row[0] if row else None
