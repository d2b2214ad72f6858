"""ACLs of elastic IPs (弹性公网IP ACL相关接口).

An account may have 100 (`quotas`). An elastic IP has one at most, and a new one takes the place of the old. One that
has none is not filtered. An elastic IP in tunnel mode, or that has or gets a NAT gateway, has none; the pages give that
no error of its own, nor the deletion of an ACL that an elastic IP has: they are bad parameters.

An ACL without rules is listed with the one that drops everything, as printed. EipAclBmSet changes only what is sent;
`type` without `rule` clears the rules of that direction. `query` leaves out those of the five fields that it does not
name.
"""

from ipaddress import IPv4Network
from typing import Any

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.eip.records.eip import BoundTo, Eip
from emulator.chapters.eip.records.eips import EIPS
from emulator.chapters.eip_acl.records import EIP_ACLS, AclRule, EipAcl, number_of_eips_with, rules_of, text_of
from emulator.chapters.finding import find
from emulator.chapters.registry import action
from emulator.clock import to_wire
from emulator.world.accounts import account_of, quotas_of
from emulator.world.paging import Order, among, contains, equals, listed

_MODULE = "bmeip"
_NOT_THERE, _NO_EIP, _TOO_MANY = 40001, 30009, 40002
_PORTS = range(1, 65536)
_DEFAULT = AclRule("0.0.0.0/0", "drop")


@action("EipAclBmApply", _MODULE)
def eip_acl_bm_apply(call: Call) -> Body:
    """Make an ACL (弹性公网IP ACL相关接口/创建弹性公网IP ACL.md)."""
    owned = [equals("account_id", call.account_id)]
    has = listed(call.world, EIP_ACLS, owned, Order(("acl_id",)), limit=0)[1]
    most = quotas_of(account_of(call.world, call.account_id)).eip_acls
    if has >= most:
        raise Refusal(_TOO_MANY, why=f"the account has {has} ACLs and may have {most}")
    acl_id = EIP_ACLS.new_id(call.world, call.app_id)
    acl = EipAcl(acl_id, call.account_id, call["aclName"], call["status"], "[]", "[]", call.now)
    EIP_ACLS.add(call.world, **acl._asdict())
    shown = {"status": acl.status, "aclName": acl.name, "createdAt": to_wire(acl.created_at)}
    return {"data": {"aclId": acl_id, **shown}}


@action("DescribeEipAclBm", _MODULE)
def describe_eip_acl_bm(call: Call) -> Body:
    """List ACLs (弹性公网IP ACL相关接口/查询弹性公网IP ACL.md)."""
    wheres = [equals("account_id", call.account_id)]
    if call.get("aclName"):
        wheres.append(contains(call["aclName"], "name"))
    if call.get("aclIds"):
        wheres.append(among("acl_id", call["aclIds"]))
    limit = call.get("limit")
    page = {"offset": call["offset"], "limit": -1 if limit is None else limit}
    found, total = listed(call.world, EIP_ACLS, wheres, Order(("acl_id",)), **page)
    return {"data": {"totalNum": total, "eipAclList": [_row(call, acl) for acl in found]}}


@action("EipAclBmSet", _MODULE)
def eip_acl_bm_set(call: Call) -> Body:
    """Change an ACL (弹性公网IP ACL相关接口/修改弹性公网IP ACL.md)."""
    acl = _acl(call, call["aclId"])
    changes: dict[str, Any] = {}
    if call.get("aclName") == "":
        raise BadParameter("aclName", "it is empty")
    if call.get("aclName") is not None:
        changes["name"] = call["aclName"]
    if call.get("status") is not None:
        changes["status"] = call["status"]
    if call.get("type"):
        changes[f"{call['type']}bound"] = text_of([_rule(sent) for sent in call.get("rule") or ()])
    elif call.get("rule"):
        raise BadParameter("type", "rules were sent: send in or out as type too")
    EIP_ACLS.change(call.world, acl.acl_id, **changes)
    return {"data": []}


@action("EipAclBmDelete", _MODULE)
def eip_acl_bm_delete(call: Call) -> Body:
    """Delete an ACL that no elastic IP has (弹性公网IP ACL相关接口/删除弹性公网IP ACL.md)."""
    acl = _acl(call, call["aclId"])
    if held := number_of_eips_with(call.world, acl.acl_id):
        raise BadParameter("aclId", f"{held} elastic IPs have {acl.acl_id}: part them first with EipAclBmUnBind")
    EIP_ACLS.remove(call.world, acl.acl_id)
    return {"data": []}


@action("EipAclBmBind", _MODULE)
def eip_acl_bm_bind(call: Call) -> Body:
    """Give elastic IPs an ACL (弹性公网IP ACL相关接口/绑定弹性公网IP ACL.md)."""
    for pair in _pairs(call):
        acl = _acl(call, pair["aclId"])
        eip = find(call, EIPS, pair["eipId"], unknown=None, subject="eipAcl")
        if eip.tunnel or eip.kind == BoundTo.NAT_GATEWAY:
            why = "is in tunnel mode" if eip.tunnel else f"is bound to {eip.bound_to}"
            raise BadParameter("eipAcl", f"{eip.eip_id} {why}, so that it can have no ACL")
        _set(call, eip, acl.acl_id)
    return {"data": []}


@action("EipAclBmUnBind", _MODULE)
def eip_acl_bm_un_bind(call: Call) -> Body:
    """Take elastic IPs their ACL (弹性公网IP ACL相关接口/解绑弹性公网IP ACL.md)."""
    for pair in _pairs(call):
        acl = _acl(call, pair["aclId"])
        eip = find(call, EIPS, pair["eipId"], unknown=_NO_EIP)
        if eip.acl != acl.acl_id:
            raise BadParameter("eipAcl", f"{eip.eip_id} has {eip.acl or 'no ACL'}, not {acl.acl_id}")
        _set(call, eip, "")
    return {"data": []}


def _acl(call: Call, id: str) -> EipAcl:
    return find(call, EIP_ACLS, id, unknown=_NOT_THERE)


def _pairs(call: Call) -> list[dict[str, str]]:
    pairs: list[dict[str, str]] = call["eipAcl"]
    if not pairs:
        raise BadParameter("eipAcl", "it names no pair, as eipAcl.0.eipId and eipAcl.0.aclId do")
    return pairs


def _set(call: Call, eip: Eip, acl_id: str) -> None:
    EIPS.change(call.world, eip.eip_id, acl=acl_id, updated_at=call.now)


def _rule(sent: dict[str, str]) -> AclRule:
    ip, action_name = sent.get("ip") or "", sent.get("action")
    if not _is_range(ip):
        raise BadParameter("rule", f"ip {ip!r} is neither an address nor a CIDR")
    if not action_name:
        raise BadParameter("rule", "action is accept or drop")
    port = sent.get("port") or ""
    if port and not _is_port(port):
        raise BadParameter("rule", f"port {port!r} is neither a port nor a range, such as 80-8080")
    protocol = sent.get("protocol") or _DEFAULT.protocol
    return AclRule(ip, action_name, protocol, port, sent.get("description") or "")  # type: ignore[arg-type]


def _is_range(text: str) -> bool:
    try:
        IPv4Network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_port(text: str) -> bool:
    ends = text.split("-")
    numbers = [int(end) for end in ends if end.isascii() and end.isdecimal() and len(end) <= len("65535")]
    whole = len(numbers) == len(ends) <= len(("first", "last"))
    return whole and all(number in _PORTS for number in numbers) and numbers == sorted(numbers)


def _row(call: Call, acl: EipAcl) -> Body:
    row: Body = {
        "aclId": acl.acl_id,
        "aclName": acl.name,
        "status": str(acl.status),
        "appId": call.app_id,
        "inrule": _rule_rows(acl.inbound),
        "outrule": _rule_rows(acl.outbound),
        "createdAt": to_wire(acl.created_at),
        "eipNum": number_of_eips_with(call.world, acl.acl_id),
    }
    hidden = {"aclName", "status", "inrule", "outrule", "createdAt"} - {*call["query"]} if call.get("query") else ()
    return {name: value for name, value in row.items() if name not in hidden}


def _rule_rows(text: str) -> list[Body]:
    return [_rule_row(rule) for rule in rules_of(text) or [_DEFAULT]]


def _rule_row(rule: AclRule) -> Body:
    parts = {"ip": rule.ip, "port": rule.port, "protocol": rule.protocol, "action": rule.action}
    return {name: value for name, value in (parts | {"description": rule.description}).items() if value}
