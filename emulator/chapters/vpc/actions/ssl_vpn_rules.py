"""The access rules of an SSL VPN gateway: each change answers all rules, in the order in which they were added.

A rule is known by its position. Adding one whose position is taken is the parameter error 10001; deleting one that is
not there changes nothing, as the pages name no error for it. `portRange` is kept for tcp and udp, which need it.
totalCount is the number of rules in the answer.
"""

import re
from ipaddress import IPv4Network
from typing import Any

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE
from emulator.chapters.vpc.actions.ssl_vpn import cidr_of, ssl_vpn_of, vpc_id
from emulator.chapters.vpc.records.networks import Networks
from emulator.chapters.vpc.records.ssl_vpn import SSL_VPN_RULES, SslVpn, SslVpnRule, gateway_of, rules_of

_PORTS = re.compile(r"([0-9]{1,5})(?::([0-9]{1,5}))?")
_LAST_PORT = 65_535
_WITH_PORTS = ("tcp", "udp")
_LIST = "aclRuleList"


@action("AddBmSslVpnGwAcl", MODULE)
def add_bm_ssl_vpn_gw_acl(call: Call) -> Body:
    """Add rules (私有网络相关接口/添加sslvpn网关acl.md)."""
    gateway = ssl_vpn_of(call)
    _add(call, gateway, call[_LIST])
    return _rules(call, gateway)


@action("ModifyBmSslVpnGwAcl", MODULE)
def modify_bm_ssl_vpn_gw_acl(call: Call) -> Body:
    """Replace all rules (私有网络相关接口/全量更新sslvpn网关acl.md)."""
    gateway = ssl_vpn_of(call)
    for rule in rules_of(call.world, gateway.vpn_gw_id):
        SSL_VPN_RULES.remove(call.world, rule.id)
    _add(call, gateway, call[_LIST])
    return _rules(call, gateway)


@action("DeleteBmSslVpnGwAcl", MODULE)
def delete_bm_ssl_vpn_gw_acl(call: Call) -> Body:
    """Delete rules, by their positions (私有网络相关接口/删除sslvpn网关acl.md)."""
    gateway = ssl_vpn_of(call)
    for sent in call[_LIST]:
        SSL_VPN_RULES.remove(call.world, _id(gateway, sent["position"]))
    return _rules(call, gateway)


@action("DescribeBmSslVpnGwAcl", MODULE)
def describe_bm_ssl_vpn_gw_acl(call: Call) -> Body:
    """List the rules of the gateway named, or of the VPC's (私有网络相关接口/查询sslvpn网关acl.md).

    SslVpnNotExist -3264: there is no such gateway.
    """
    if call.get("vpnGwId"):
        return _rules(call, ssl_vpn_of(call))
    if not call.get("unVpcId"):
        raise BadParameter("vpnGwId", "send vpnGwId or unVpcId")
    gateway = gateway_of(call.world, vpc_id(call))
    if gateway is None:
        raise Refusal("BmVpc.SslVpnNotExist", why=f"{call['unVpcId']} has no SSL VPN gateway")
    return _rules(call, gateway)


def _add(call: Call, gateway: SslVpn, rules: list[dict[str, Any]]) -> None:
    if not rules:
        raise BadParameter(_LIST, "it holds no rule")
    for sent in rules:
        id = _id(gateway, sent["position"])
        if SSL_VPN_RULES.find_any(call.world, id) is not None:
            raise BadParameter(_LIST, f"{gateway.vpn_gw_id} has a rule at position {sent['position']} already")
        columns = {
            "account_id": call.account_id,
            "vpn_gw_id": gateway.vpn_gw_id,
            "position": sent["position"],
            "protocol": sent["protocol"],
            "source": _cidr(sent["srcCidr"]),
            "destination": _destination(call, gateway, sent["dstCidr"]),
            "action": sent["action"],
            "ports": _ports(sent),
        }
        SSL_VPN_RULES.add(call.world, id=id, **columns)


def _id(gateway: SslVpn, position: int) -> str:
    return f"{gateway.vpn_gw_id}/{position}"


def _cidr(text: str) -> str:
    found = cidr_of(text)
    if found is None:
        raise BadParameter(_LIST, f"{text!r} is no CIDR")
    return found


def _destination(call: Call, gateway: SslVpn, text: str) -> str:
    vpc = Networks(call.world, call.account_id).vpc(gateway.vpc)
    found = _cidr(text)
    if vpc is not None and not IPv4Network(found).subnet_of(IPv4Network(vpc.cidr)):
        raise BadParameter(_LIST, f"dstCidr {text} is not within {vpc.cidr} of {vpc.un_id}")
    return found


def _ports(sent: dict[str, Any]) -> str | None:
    if sent["protocol"] not in _WITH_PORTS:
        return None
    text = sent.get("portRange") or ""
    found = _PORTS.fullmatch(text)
    ports = [int(port) for port in found.groups() if port is not None] if found else []
    if not ports or max(ports) > _LAST_PORT or ports != sorted(ports):
        raise BadParameter(_LIST, f"portRange is a port or a range, as 80 or 8000:8080, not {text!r}")
    return text


def _rules(call: Call, gateway: SslVpn) -> Body:
    rows = [_row(rule) for rule in rules_of(call.world, gateway.vpn_gw_id)]
    return {"totalCount": len(rows), "data": rows}


def _row(rule: SslVpnRule) -> Body:
    return {
        "dstCidr": rule.destination,
        "direction": "ingress",
        "protocol": rule.protocol,
        "portRange": rule.ports,
        "ipVersion": 4,
        "srcCidr": rule.source,
        "action": rule.action,
        "position": rule.position,
    }
