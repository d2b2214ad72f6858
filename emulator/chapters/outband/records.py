"""Out-of-band access: the login of a server's BMC, and the VPN account that leads there."""

from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from emulator.chapters.devices.records.tables import devices, out_of_band
from emulator.world.database import Prepared
from emulator.world.schema import vpn_accounts, zones
from emulator.world.world import World


class OutOfBandLogin(NamedTuple):
    has_vpn: bool
    """Whether the account has a VPN account."""
    device: str | None
    """The device's id; None where the account has no such device."""
    ip: str | None
    """This and what follows: None where the record is missing."""
    user_name: str | None
    password: str | None
    serial_number: str | None


class VpnAccount(NamedTuple):
    user_name: str
    user_group: str


_account = select(bindparam("account_id").label("id")).subquery()
_LOGIN = Prepared(
    select(
        vpn_accounts.c.account_id.is_not(None),
        devices.c.instance_id,
        out_of_band.c.ip,
        out_of_band.c.user_name,
        out_of_band.c.password,
        out_of_band.c.serial_number,
    )
    .select_from(_account)
    .outerjoin(vpn_accounts, vpn_accounts.c.account_id == _account.c.id)
    .outerjoin(
        devices,
        (devices.c.instance_id == bindparam("instance_id")) & (devices.c.account_id == _account.c.id),
    )
    .outerjoin(out_of_band, out_of_band.c.instance_id == devices.c.instance_id)
)
_GATEWAY = Prepared(select(zones.c.vpn_gateway).where(zones.c.id == bindparam("zone_id")))
_of_account = vpn_accounts.c.account_id == bindparam("account")
_VPN = Prepared(select(vpn_accounts.c.user_name, vpn_accounts.c.user_group).where(_of_account))
_CREATE_VPN = Prepared(insert(vpn_accounts))
_SET_PASSWORD = Prepared(update(vpn_accounts).where(_of_account).values(password=bindparam("new_password")))


def find_login(world: World, account_id: int, instance_id: str) -> OutOfBandLogin:
    row = _LOGIN.run(world.database, account_id=account_id, instance_id=instance_id).fetchone()
    return OutOfBandLogin._make(row)


def vpn_gateway(world: World, zone_id: int) -> str | None:
    """The zone's out-of-band VPN gateway, host:port; None for an unknown zone and for one without."""
    row = _GATEWAY.first(world.database, zone_id=zone_id)
    return row[0] if row else None


def find_vpn_account(world: World, account_id: int) -> VpnAccount | None:
    row = _VPN.first(world.database, account=account_id)
    return VpnAccount._make(row) if row else None


def create_vpn_account(world: World, account_id: int, names: VpnAccount, password: str) -> None:
    _CREATE_VPN.run(world.database, account_id=account_id, password=password, **names._asdict())


def set_vpn_password(world: World, account_id: int, password: str) -> None:
    _SET_PASSWORD.run(world.database, account=account_id, new_password=password)
