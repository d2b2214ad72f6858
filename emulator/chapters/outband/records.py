"""Out-of-band access: the VPN accounts, and the VPN gateways of the zones that lead to the servers' BMCs."""

from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import bindparam, select

from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.devices.records.parts import OUT_OF_BAND
from emulator.world.database import Prepared
from emulator.world.resource import Resource
from emulator.world.world import World


class VpnAccount(NamedTuple):
    account_id: int
    user_name: str
    user_group: str
    password: str


class Zone(NamedTuple):
    id: int
    vpn_gateway: str | None
    """host:port; None: it has none."""


class SeedVpnAccount(Struct, forbid_unknown_fields=True):
    """The VPN account that SetOutBandVPNAuthPwd makes."""

    password: str
    user_name: str | None = None
    """Left out: the account's app_id."""
    user_group: str | None = None
    """Left out: `bm` and the account's app_id."""


class SeedZone(Struct, forbid_unknown_fields=True):
    id: int
    vpn_gateway: str | None = None
    """The zone's VPN gateway, as host:port; left out: the zone has none."""


VPN_ACCOUNTS: Resource[VpnAccount] = Resource("vpn_accounts", "vpn_account", VpnAccount, id="account_id")
ZONES: Resource[Zone] = Resource("zones", "zone", Zone, id="id")

_device, _login = DEVICES.table.c, OUT_OF_BAND.table.c
_some = (
    select(_device.instance_id, _device.delivered_at)
    .join(OUT_OF_BAND.table, _login.instance_id == _device.instance_id)
    .where(_device.account_id == bindparam("account"))
    .order_by(_device.instance_id)
    .limit(100)
    .subquery()
)
"""Some devices, so that a large fleet is not read for one of them."""
_ANY_WITH_LOGIN = Prepared(select(_some.c.instance_id).order_by(_some.c.delivered_at, _some.c.instance_id).limit(1))


def device_with_login(world: World, account_id: int) -> str | None:
    """The id of a device of the account whose out-of-band login can be read, an old one; None where there is none."""
    if VPN_ACCOUNTS.find_any(world, account_id) is None:
        return None
    row = _ANY_WITH_LOGIN.first(world.database, account=account_id)
    return str(row[0]) if row else None


def vpn_gateway(world: World, zone_id: int) -> str | None:
    """The zone's out-of-band VPN gateway, host:port; None for an unknown zone and for one without."""
    zone = ZONES.find_any(world, zone_id)
    return zone.vpn_gateway if zone else None
