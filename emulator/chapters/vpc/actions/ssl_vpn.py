"""SSL VPN gateways: one a VPC, made and changed at once.

A gateway gets the next public address and the next domain, a number from 206001 on. Its clients' addresses are
169.254.0.0/16 unless the call says otherwise, as the table has it. A gateway whose users are gone can be deleted; its
rules go with it. The password of a user is never shown.
"""

from ipaddress import IPv4Address, IPv4Network

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.finding import find, seen_only
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, is_number, running_vpc
from emulator.chapters.vpc.records.networks import VPCS, numbered
from emulator.chapters.vpc.records.ssl_vpn import SSL_VPN_RULES, SSL_VPNS, SslVpn, gateway_of, rules_of, users_of
from emulator.clock import to_wire
from emulator.world.paging import Order, equals, listed

_NOT_EXIST = "BmVpc.SslVpnNotExist"
_FIRST_ADDRESS = IPv4Address("139.199.40.0")
_FIRST_DOMAIN = 206_000
_SESSIONS = 10


@action("CreateBmSslVpnGw", MODULE)
def create_bm_ssl_vpn_gw(call: Call) -> Body:
    """Make a VPC's gateway (私有网络相关接口/创建sslvpn网关.md)."""
    world, vpc = call.world, running_vpc(call)
    there = gateway_of(world, vpc.un_id)
    if there is not None:
        raise Refusal("BmVpc.SslVpnPerVpcLimit", why=f"{vpc.un_id} has the gateway {there.vpn_gw_id}")
    pool = cidr_of(call["clientIPPool"])
    if pool is None:
        raise BadParameter("clientIPPool", f"{call['clientIPPool']!r} is no CIDR")
    _check_limits(call)
    domains = {other.domain for other in SSL_VPNS.every(world)}
    number = next(it for it in iter(lambda: world.next_number("ssl vpn"), 0) if str(_FIRST_DOMAIN + it) not in domains)
    gateway = SslVpn(
        SSL_VPNS.new_id(world, call.app_id),
        call.account_id,
        call["vpnGwName"],
        vpc.un_id,
        str(_FIRST_DOMAIN + number),
        str(_FIRST_ADDRESS + number),
        call["publicPort"],
        pool,
        call["txPeakLimit"],
        call["rxPeakLimit"],
        _SESSIONS,
        vpc.zone_id,
        call.now,
    )
    SSL_VPNS.add(world, **gateway._asdict())
    return {"data": {"sslVpnGw": {**_head(gateway), **_limits(gateway), "zoneId": gateway.zone_id}}}


@action("DescribeBmSslVpnGw", MODULE)
def describe_bm_ssl_vpn_gw(call: Call) -> Body:
    """List gateways; empty where a named one does not exist (私有网络相关接口/查询sslvpn网关.md).

    zoneId filters where no gateway is named.
    """
    wheres = [equals("account_id", call.account_id), *seen_only(call)]
    if call.get("unVpcId"):
        wheres.append(equals("vpc", vpc_id(call)))
    if call.get("vpnGwId"):
        wheres.append(equals("vpn_gw_id", call["vpnGwId"]))
    elif call.get("zoneId") is not None:
        wheres.append(equals("zone_id", call["zoneId"]))
    order = Order(("created_at", "vpn_gw_id"), call["orderDirection"] == "desc")
    call.get("orderField")  # there is one order
    found = listed(call.world, SSL_VPNS, wheres, order)[0]
    rows = [{**_head(it), **_limits(it), "createTime": to_wire(it.created_at), "zoneId": it.zone_id} for it in found]
    return {"data": rows, "totalCount": len(rows)}


@action("ModifyBmSslVpnGw", MODULE)
def modify_bm_ssl_vpn_gw(call: Call) -> Body:
    """Rename a gateway and set its limits (私有网络相关接口/修改sslvpn网关.md)."""
    old = ssl_vpn_of(call)
    _check_limits(call)
    columns = {"name": call["vpnGwName"], "tx_limit": call["txPeakLimit"], "rx_limit": call["rxPeakLimit"]}
    SSL_VPNS.change(call.world, old.vpn_gw_id, **columns)
    gateway = old._replace(**columns)
    return {"data": {"sslVpnGw": {**_head(gateway), **_limits(gateway), "createTime": None, "zoneId": gateway.zone_id}}}


@action("DeleteBmSslVpnGw", MODULE)
def delete_bm_ssl_vpn_gw(call: Call) -> Body:
    """Delete a gateway without users, named by its id or its VPC (私有网络相关接口/删除sslvpn网关.md)."""
    named = {name: call[name] for name in ("unVpcId", "vpnGwId") if call.get(name)}
    if not named:
        raise BadParameter("vpnGwId", "send vpnGwId or unVpcId")
    wheres = [equals("account_id", call.account_id)]
    wheres += [equals("vpc", vpc_id(call))] if "unVpcId" in named else []
    wheres += [equals("vpn_gw_id", call["vpnGwId"])] if "vpnGwId" in named else []
    found = listed(call.world, SSL_VPNS, wheres, Order(("vpn_gw_id",)))[0]
    if not found:
        raise BadParameter(next(reversed(named)), f"the account has no such gateway: {', '.join(named.values())}")
    [gateway] = found
    if users := users_of(call.world, gateway.vpn_gw_id):
        raise Refusal("BmVpc.SslVpnUserExist", why=f"{gateway.vpn_gw_id} has {len(users)} users")
    for rule in rules_of(call.world, gateway.vpn_gw_id):
        SSL_VPN_RULES.remove(call.world, rule.id)
    SSL_VPNS.remove(call.world, gateway.vpn_gw_id)
    return {}


def ssl_vpn_of(call: Call) -> SslVpn:
    """The gateway that `vpnGwId` names and, where `unVpcId` is sent, of that VPC."""
    gateway = find(call, SSL_VPNS, call["vpnGwId"], unknown=_NOT_EXIST)
    if call.get("unVpcId") and gateway.vpc != vpc_id(call):
        raise Refusal(_NOT_EXIST, why=f"{gateway.vpn_gw_id} is a gateway of {gateway.vpc}, not of {call['unVpcId']}")
    return gateway


def cidr_of(text: str) -> str | None:
    """A CIDR as it is printed; None for any other text."""
    try:
        return str(IPv4Network(text)) if "/" in text else None
    except ValueError:
        return None


def vpc_id(call: Call) -> str:
    """The unVpcId of the account's VPC that `unVpcId` names, which may be a number; else the text that was sent."""
    sent: str = call["unVpcId"]
    if not is_number(sent):
        return sent
    found = numbered(call.world, call.account_id, VPCS, [int(sent)])
    return found[0] if found else sent


def _check_limits(call: Call) -> None:
    for name in ("txPeakLimit", "rxPeakLimit"):
        if call[name] < 0:
            raise BadParameter(name, "it is a number of Mbit/s, from 0 to 100")


def _head(gateway: SslVpn) -> Body:
    return {
        "vpnGwId": gateway.vpn_gw_id,
        "unVpcId": gateway.vpc,
        "vpnGwName": gateway.name,
        "domain": gateway.domain,
        "publicIp": gateway.public_ip,
        "publicPort": gateway.public_port,
        "clientIPPool": gateway.client_pool,
    }


def _limits(gateway: SslVpn) -> Body:
    return {
        "txPeakLimit": gateway.tx_limit,
        "rxPeakLimit": gateway.rx_limit,
        "sessionLimit": gateway.session_limit,
    }
