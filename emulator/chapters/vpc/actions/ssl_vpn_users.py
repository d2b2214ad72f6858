"""The users of an SSL VPN gateway, ten at most (`quotas`).

A password has 8 to 16 characters of at least two kinds: letters, digits, and !#$%&^*(). The pages document no error for
a user that is not there, or is there already: it is the parameter error 10001.
"""

import re

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE
from emulator.chapters.vpc.actions.ssl_vpn import ssl_vpn_of
from emulator.chapters.vpc.records.ssl_vpn import SSL_VPN_USERS, users_of
from emulator.world.accounts import account_of, quotas_of

_PIN = re.compile(r"[A-Za-z0-9!#$%&^*()]{8,16}")
_KINDS = (re.compile("[A-Za-z]"), re.compile("[0-9]"), re.compile("[^A-Za-z0-9]"))
_LEAST_KINDS = 2


@action("AddBmSslVpnGwUser", MODULE)
def add_bm_ssl_vpn_gw_user(call: Call) -> Body:
    """Add a user (私有网络相关接口/添加sslvpn网关用户.md)."""
    gateway = ssl_vpn_of(call)
    users = users_of(call.world, gateway.vpn_gw_id)
    name = call["userName"]
    if name in [user.user_name for user in users]:
        raise BadParameter("userName", f"{gateway.vpn_gw_id} has a user {name} already")
    most = quotas_of(account_of(call.world, call.account_id)).ssl_vpn_users
    if len(users) >= most:
        raise Refusal("BmVpc.SslVpnUserPerVpnGwLimit", why=f"{gateway.vpn_gw_id} has {len(users)} users")
    row = {"account_id": call.account_id, "vpn_gw_id": gateway.vpn_gw_id, "user_name": name, "password": _pin(call)}
    SSL_VPN_USERS.add(call.world, id=f"{gateway.vpn_gw_id}/{name}", **row)
    return {}


@action("ModifyBmSslVpnGwUser", MODULE)
def modify_bm_ssl_vpn_gw_user(call: Call) -> Body:
    """Set a user's password (私有网络相关接口/修改sslvpn网关用户密码.md)."""
    SSL_VPN_USERS.change(call.world, _user(call), password=_pin(call))
    return {}


@action("DelBmSslVpnGwUser", MODULE)
def del_bm_ssl_vpn_gw_user(call: Call) -> Body:
    """Delete a user (私有网络相关接口/删除sslvpn网关用户.md)."""
    SSL_VPN_USERS.remove(call.world, _user(call))
    return {}


@action("DescribeBmSshSslVpnUser", MODULE)
def describe_bm_ssh_ssl_vpn_user(call: Call) -> Body:
    """List a gateway's users, without their passwords (私有网络相关接口/查询sslvpn网关用户.md)."""
    gateway = ssl_vpn_of(call)
    rows = [{"userName": user.user_name, "domain": gateway.domain} for user in users_of(call.world, gateway.vpn_gw_id)]
    return {"data": rows, "totalCount": len(rows)}


def _user(call: Call) -> str:
    id = f"{ssl_vpn_of(call).vpn_gw_id}/{call['userName']}"
    if SSL_VPN_USERS.find(call.world, call.account_id, id) is None:
        raise BadParameter("userName", f"{call['vpnGwId']} has no user {call['userName']}")
    return id


def _pin(call: Call) -> str:
    pin: str = call["pin"]
    if not _PIN.fullmatch(pin) or sum(1 for kind in _KINDS if kind.search(pin)) < _LEAST_KINDS:
        raise BadParameter("pin", "it has 8 to 16 characters of at least two kinds: letters, digits, !#$%&^*()")
    return pin
