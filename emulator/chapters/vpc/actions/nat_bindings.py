"""Subnets, and addresses of subnets, that use a NAT gateway.

A subnet uses one gateway: as a whole, or with some of its addresses. SubnetUnBindBmNatGateway takes back whatever of a
subnet is bound.
"""

from ipaddress import IPv4Network
from typing import Any

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, nat_in_vpc, subnet_in, task_body
from emulator.chapters.vpc.records.addresses import is_inside
from emulator.chapters.vpc.records.nat import (
    BINDING,
    BOUND,
    BY_CIDR,
    NatBinding,
    NatGateway,
    binding_id,
    bindings_of,
    bindings_to,
)
from emulator.chapters.vpc.records.networks import Subnet, Vpc
from emulator.chapters.vpc.work.nat import begin_binding, begin_unbinding

_LONGEST_FOR_CIDR = 24
_NO_SUBNET = "InvalidBmSubnet.NotFound"


@action("SubnetBindBmNatGateway", MODULE, begins_operations=True)
def subnet_bind_bm_nat_gateway(call: Call) -> Body:
    """Begin to bind whole subnets (私有网络相关接口/NAT网关绑定子网.md)."""
    vpc, nat = nat_in_vpc(call)
    return task_body(
        begin_binding(call, nat, _some(whole_bindings(call, vpc, nat, call["unSubnetIds"]), "unSubnetIds"))
    )


@action("BindIpsToBmNatGateway", MODULE, begins_operations=True)
def bind_ips_to_bm_nat_gateway(call: Call) -> Body:
    """Begin to bind addresses of subnets (私有网络相关接口/NAT网关绑定子网部分IP.md)."""
    vpc, nat = nat_in_vpc(call)
    _check_by_ip(nat)
    return task_body(begin_binding(call, nat, _some(wanted_bindings(call, vpc, nat, call["ips"]), "ips")))


@action("SubnetUnBindBmNatGateway", MODULE, begins_operations=True)
def subnet_un_bind_bm_nat_gateway(call: Call) -> Body:
    """Begin to unbind subnets (私有网络相关接口/NAT网关解绑子网.md)."""
    vpc, nat = nat_in_vpc(call)
    every = bindings_of(call.world, nat.nat_id)
    leaving = []
    for id in dict.fromkeys(call["unSubnetIds"]):
        subnet = subnet_in(call, vpc, id, unknown=_NO_SUBNET)
        found = [it for it in every if it.subnet == subnet.un_id and it.state == BOUND]
        if not found:
            raise BadParameter("unSubnetIds", f"{id} is not bound to {nat.nat_id}, or is just changing")
        leaving += found
    return task_body(begin_unbinding(call, nat, _some(leaving, "unSubnetIds")))


@action("UnbindIpsToBmNatGateway", MODULE, begins_operations=True)
def unbind_ips_to_bm_nat_gateway(call: Call) -> Body:
    """Begin to unbind addresses of subnets (私有网络相关接口/NAT网关解绑子网部分IP.md)."""
    vpc, nat = nat_in_vpc(call)
    _check_by_ip(nat)
    every = {it.id: it for it in bindings_of(call.world, nat.nat_id)}
    leaving: dict[str, NatBinding] = {}
    for wanted in call["ips"]:
        subnet = subnet_in(call, vpc, wanted["unSubnetId"], unknown=_NO_SUBNET)
        for address in wanted["ipList"]:
            found = every.get(binding_id(nat.nat_id, subnet.un_id, address))
            if found is None or found.state != BOUND:
                raise BadParameter("ips", f"{address} is not bound to {nat.nat_id} by itself, or is just changing")
            leaving[found.id] = found
    return task_body(begin_unbinding(call, nat, _some(list(leaving.values()), "ips")))


def whole_bindings(call: Call, vpc: Vpc, nat: NatGateway, ids: list[str]) -> list[NatBinding]:
    """The bindings of whole subnets to a gateway."""
    found = []
    for id in dict.fromkeys(ids):
        subnet = subnet_in(call, vpc, id, unknown=_NO_SUBNET)
        if nat.forward_mode == BY_CIDR and IPv4Network(subnet.cidr).prefixlen < _LONGEST_FOR_CIDR:
            raise BadParameter("unSubnetIds", f"{subnet.cidr} is larger than a /24, which forwarding by CIDR needs")
        _check_unused(call, nat, subnet, alone=True)
        found.append(_binding(call, nat, subnet, ""))
    return found


def wanted_bindings(call: Call, vpc: Vpc, nat: NatGateway, wanted: list[dict[str, Any]]) -> list[NatBinding]:
    """The bindings of addresses to a gateway."""
    found: dict[str, NatBinding] = {}
    for item in wanted:
        subnet = subnet_in(call, vpc, item["unSubnetId"], unknown=_NO_SUBNET)
        _check_unused(call, nat, subnet, alone=False)
        here = {it.address for it in bindings_to(call.world, subnet.un_id)}
        for address in item["ipList"]:
            if not is_inside(subnet, address) or address in here:
                why = "is bound already" if address in here else f"is no address of {subnet.cidr}"
                raise BadParameter("ips", f"{address!r} {why}")
            binding = _binding(call, nat, subnet, address)
            found[binding.id] = binding
    return list(found.values())


def _binding(call: Call, nat: NatGateway, subnet: Subnet, address: str) -> NatBinding:
    id = binding_id(nat.nat_id, subnet.un_id, address)
    return NatBinding(id, call.account_id, nat.nat_id, subnet.un_id, address, BINDING)


def _check_unused(call: Call, nat: NatGateway, subnet: Subnet, *, alone: bool) -> None:
    """`alone`: nothing of the subnet may be bound; otherwise addresses may be, to this gateway."""
    for other in bindings_to(call.world, subnet.un_id):
        if other.nat_id != nat.nat_id:
            raise Refusal("BmVpcNat.SubnetUsed", why=f"{subnet.un_id} is bound to {other.nat_id}")
        if alone or not other.address:
            name = "unSubnetIds" if alone else "ips"
            raise BadParameter(name, f"{subnet.un_id} is bound to {nat.nat_id} already")


def _check_by_ip(nat: NatGateway) -> None:
    if nat.forward_mode == BY_CIDR:
        raise BadParameter("natId", f"{nat.nat_id} forwards by CIDR; single addresses need one that forwards by IP")


def _some(found: list[NatBinding], parameter: str) -> list[NatBinding]:
    if not found:
        raise BadParameter(parameter, "it names nothing")
    return found
