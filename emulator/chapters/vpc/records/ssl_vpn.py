"""SSL VPN gateways with their users and access rules."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from emulator.chapters.vpc.records.networks import Name
from emulator.world.paging import Order, equals, listed
from emulator.world.plain import plain
from emulator.world.resource import Resource
from emulator.world.world import World

_CREATED = datetime(2018, 1, 10, 16, 23, 25)  # noqa: DTZ001


class SslVpn(NamedTuple):
    vpn_gw_id: str
    account_id: int
    name: str
    vpc: str
    domain: str
    """A number as text, which users give when they log in."""
    public_ip: str
    public_port: int
    client_pool: str
    """The CIDR that clients get their addresses from."""
    tx_limit: int
    """Mbit/s."""
    rx_limit: int
    """Mbit/s."""
    session_limit: int
    zone_id: int
    created_at: int


class SslVpnUser(NamedTuple):
    id: str
    """The gateway and the user, as sshvpngw-…/name."""
    account_id: int
    vpn_gw_id: str
    user_name: str
    password: str


class SslVpnRule(NamedTuple):
    number: int
    """In the order in which they were added."""
    id: str
    """The gateway and the position, as sshvpngw-…/50."""
    account_id: int
    vpn_gw_id: str
    position: int
    protocol: str
    source: str
    destination: str
    action: str
    ports: str | None
    """A port, or two with a colon between; None with icmp and any."""


class SeedSslVpn(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An SSL VPN gateway."""

    vpn_gw_id: Name
    """Its id, such as sshvpngw-0lrdvko4."""
    name: str
    """Its name."""
    vpc: Name
    """Its VPC, by un_id."""
    domain: str
    """A number as text, which users give when they log in."""
    public_ip: str
    """Its public address."""
    public_port: Annotated[int, Meta(ge=0, le=65_535)] = 443
    """Its public port."""
    client_pool: str = "169.254.0.0/16"
    """The CIDR that clients get their addresses from."""
    tx_limit: int = 10
    """The outbound limit, in Mbit/s."""
    rx_limit: int = 10
    """The inbound limit, in Mbit/s."""
    session_limit: int = 10
    """How many may be logged in at once."""
    zone_id: int = 1000100002
    """The zone that it stands in."""
    created_at: datetime = _CREATED
    """When it was made."""


class SeedSslVpnUser(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A user of an SSL VPN gateway."""

    id: str
    """The gateway and the user, as sshvpngw-hm6uj2yu/ssdfffffA."""
    vpn_gw_id: Name
    """The gateway."""
    user_name: Name
    """The name that the user logs in with."""
    password: str
    """The user's password."""


class SeedSslVpnRule(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An access rule of an SSL VPN gateway."""

    number: int
    """Rules are listed in the order of their numbers."""
    id: str
    """The gateway and the position, as sshvpngw-0lrdvko4/50."""
    vpn_gw_id: Name
    """The gateway."""
    position: Annotated[int, Meta(ge=1, le=50)]
    """Its place: the lowest is tried first."""
    protocol: Literal["tcp", "udp", "icmp", "any"]
    """What it is about."""
    source: str
    """A CIDR of clients."""
    destination: str
    """A CIDR in the VPC."""
    action: Literal["allow", "deny"]
    """What it does."""
    ports: str | None = None
    """With tcp and udp: a port, or two with a colon between."""


_gw_seeds, _gw_by_hand = plain("ssl_vpns", SeedSslVpn, "name", "tx_limit", "rx_limit", "session_limit", "created_at")
_user_seeds, _user_by_hand = plain("ssl_vpn_users", SeedSslVpnUser, "password")
_rule_seeds, _rule_by_hand = plain("ssl_vpn_rules", SeedSslVpnRule, "action")
SSL_VPNS: Resource[SslVpn] = Resource(
    "ssl_vpns",
    "ssl_vpn",
    SslVpn,
    id="vpn_gw_id",
    prefix="sshvpngw",
    indexes=(("vpc",),),
    seeds=_gw_seeds,
    by_hand=_gw_by_hand,
)
SSL_VPN_USERS: Resource[SslVpnUser] = Resource(
    "ssl_vpn_users",
    "ssl_vpn_user",
    SslVpnUser,
    id="id",
    form="[^/]+/[A-Za-z0-9]+",
    indexes=(("vpn_gw_id",),),
    seeds=_user_seeds,
    by_hand=_user_by_hand,
)
SSL_VPN_RULES: Resource[SslVpnRule] = Resource(
    "ssl_vpn_rules",
    "ssl_vpn_rule",
    SslVpnRule,
    id="id",
    form="[^/]+/[0-9]+",
    numbered="number",
    indexes=(("vpn_gw_id",),),
    seeds=_rule_seeds,
    by_hand=_rule_by_hand,
)


def gateway_of(world: World, vpc: str) -> SslVpn | None:
    """The SSL VPN gateway of a VPC, which has one at most."""
    found = listed(world, SSL_VPNS, [equals("vpc", vpc)], Order(("vpn_gw_id",)), limit=1)[0]
    return found[0] if found else None


def users_of(world: World, vpn_gw_id: str) -> list[SslVpnUser]:
    return listed(world, SSL_VPN_USERS, [equals("vpn_gw_id", vpn_gw_id)], Order(("id",)))[0]


def rules_of(world: World, vpn_gw_id: str) -> list[SslVpnRule]:
    """In the order in which they were added."""
    return listed(world, SSL_VPN_RULES, [equals("vpn_gw_id", vpn_gw_id)], Order(("number",)))[0]
