"""VPCs and subnets as the servers' chapter sees them: the TGW cluster of a VPC, and the subnets for containers."""

from typing import NamedTuple

from sqlalchemy import select, update

from emulator.chapters.devices.records.tables import devices
from emulator.world.schema import accounts, subnets, vpcs
from emulator.world.world import World


class DockerSubnet(NamedTuple):
    vpc_number: int
    vpc: str
    number: int
    subnet: str


def tgw_mode(world: World, account_id: int, vpc: str) -> str | None:
    """shared or exclusive; None where the account has no such VPC."""
    query = select(vpcs.c.tgw_mode).where(vpcs.c.account_id == account_id, vpcs.c.un_id == vpc)
    mode: str | None = world.execute(query).scalar()
    return mode


def set_tgw_mode(world: World, vpc: str, mode: str) -> None:
    world.execute(update(vpcs).where(vpcs.c.un_id == vpc).values(tgw_mode=mode))


def is_docker_customer(world: World, account_id: int) -> bool:
    return bool(world.execute(select(accounts.c.docker_customer).where(accounts.c.id == account_id)).scalar())


def idle_docker_subnets(world: World, account_id: int, vpc: str | None) -> list[DockerSubnet]:
    """The account's subnets for containers that no device is in; those of one VPC, or (None) of all."""
    query = (
        select(vpcs.c.id, vpcs.c.un_id, subnets.c.id, subnets.c.un_id)
        .join(vpcs, vpcs.c.un_id == subnets.c.vpc)
        .where(subnets.c.account_id == account_id, subnets.c.docker == 1)
        .where(~select(devices.c.instance_id).where(devices.c.subnet == subnets.c.un_id).exists())
        .order_by(subnets.c.id)
    )
    if vpc:
        query = query.where(vpcs.c.un_id == vpc)
    return [DockerSubnet._make(row) for row in world.execute(query)]
