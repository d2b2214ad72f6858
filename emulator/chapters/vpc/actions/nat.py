"""NAT gateways: made, enlarged, deleted, and their elastic IPs.

A gateway has one of three sizes and forwards by IP (whole subnets, or some of their addresses) or by CIDR (subnets
whose prefix has 24 bits or more). A VPC has five at most, all shared or all exclusive, and a gateway five elastic IPs
(`quotas`; the pages give the first number). Elastic IPs are named by their address or their id; those that are
assigned belong to the gateway's VPC or to none, and are exclusive where the gateway is.
"""

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.eip.records.eip import Eip, EipStatus
from emulator.chapters.eip.records.eips import bound_to, find_eip
from emulator.chapters.eip.records.pool import add_eip, next_address, ranges_of
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, nat_in_vpc, running_vpc, task_body
from emulator.chapters.vpc.actions.nat_bindings import wanted_bindings, whole_bindings
from emulator.chapters.vpc.records.nat import (
    BY_CIDR,
    NAT_GATEWAYS,
    SIZES,
    NatBinding,
    NatGateway,
    Production,
    gateways_of,
)
from emulator.chapters.vpc.records.networks import Vpc
from emulator.chapters.vpc.work import nat as work
from emulator.world.accounts import account_of, quotas_of

_GOING = (EipStatus.UNBINDING, EipStatus.GOING_OFFLINE, EipStatus.CREATION_FAILED)


@action("CreateBmNatGateway", MODULE, begins_operations=True)
def create_bm_nat_gateway(call: Call) -> Body:
    """Begin to make a NAT gateway (私有网络相关接口/创建NAT网关.md)."""
    world, vpc = call.world, running_vpc(call)
    if call["maxConcurrent"] not in SIZES:
        raise BadParameter("maxConcurrent", f"it is one of {', '.join(map(str, SIZES))}")
    exclusive = call.get("exclusive") or 0
    others = gateways_of(world, vpc.un_id)
    quotas = quotas_of(account_of(world, call.account_id))
    if len(others) >= quotas.nat_gateways:
        raise Refusal("InvalidBmVpc.NatGatewayLimitExceeded", why=f"{vpc.un_id} has {len(others)} NAT gateways")
    if any(other.exclusive != exclusive for other in others):
        raise BadParameter("exclusive", f"the gateways of {vpc.un_id} are all shared or all exclusive")
    nat_id = NAT_GATEWAYS.new_id(world, call.app_id)
    nat = NatGateway(
        0,
        nat_id,
        call.account_id,
        call["natName"],
        vpc.un_id,
        0,
        Production.CREATING,
        call["maxConcurrent"],
        call["forwardMode"],
        exclusive,
        call.now,
    )
    bindings = _first_bindings(call, vpc, nat)
    eips = _assigned(call, vpc, nat)
    _check_number(call, len(eips), at_least=1)
    return task_body(work.begin_creation(call, nat, bindings, eips, _new_eips(call, vpc, nat)))


@action("UpgradeBmNatGateway", MODULE, begins_operations=True)
def upgrade_bm_nat_gateway(call: Call) -> Body:
    """Begin to change a gateway's size (私有网络相关接口/升级NAT网关规格.md)."""
    return task_body(work.begin_upgrade(call, nat_in_vpc(call)[1], call["maxConcurrent"]))


@action("DeleteBmNatGateway", MODULE, begins_operations=True)
def delete_bm_nat_gateway(call: Call) -> Body:
    """Begin to delete a gateway; its elastic IPs stay the account's (私有网络相关接口/删除NAT网关.md)."""
    return task_body(work.begin_deletion(call, nat_in_vpc(call, may_have_failed=True)[1]))


@action("EipBindBmNatGateway", MODULE, begins_operations=True)
def eip_bind_bm_nat_gateway(call: Call) -> Body:
    """Begin to bind elastic IPs to a gateway (私有网络相关接口/NAT网关绑定EIP.md)."""
    vpc, nat = nat_in_vpc(call)
    eips = _assigned(call, vpc, nat)
    has = sum(1 for eip in bound_to(call.world, nat.nat_id) if eip.status not in _GOING)
    _check_number(call, len(eips), has=has)
    return task_body(work.begin_binding_eips(call, nat, eips, _new_eips(call, vpc, nat)))


@action("EipUnBindBmNatGateway", MODULE, begins_operations=True)
def eip_un_bind_bm_nat_gateway(call: Call) -> Body:
    """Begin to unbind elastic IPs from a gateway, which keeps one (私有网络相关接口/NAT网关解绑EIP.md)."""
    vpc, nat = nat_in_vpc(call)
    found = {eip.eip_id: eip for eip in (_eip(call, vpc, name) for name in call["assignedEipSet"])}
    for eip in found.values():
        if eip.bound_to != nat.nat_id or eip.status != EipStatus.BOUND:
            raise Refusal("BmVpcNat.InvalidEip", why=f"{eip.eip} is not bound to {nat.nat_id}, or is just changing")
    left = [it for it in bound_to(call.world, nat.nat_id) if it.eip_id not in found and it.status == EipStatus.BOUND]
    if not left:
        raise Refusal("BmVpcNat.MustLeaveOneEip", why=f"{nat.nat_id} would be left without an elastic IP")
    return task_body(work.begin_unbinding_eips(call, nat, list(found.values())))


def _first_bindings(call: Call, vpc: Vpc, nat: NatGateway) -> list[NatBinding]:
    whole = whole_bindings(call, vpc, nat, call.get("unSubnetIds") or [])
    wanted = call.get("ips") or []
    if wanted and nat.forward_mode == BY_CIDR:
        raise BadParameter("ips", "a gateway that forwards by CIDR takes whole subnets only: send unSubnetIds")
    parts = wanted_bindings(call, vpc, nat, wanted)
    if both := {it.subnet for it in whole} & {it.subnet for it in parts}:
        raise BadParameter("ips", f"{', '.join(sorted(both))} stands in unSubnetIds too")
    return [*whole, *parts]


def _assigned(call: Call, vpc: Vpc, nat: NatGateway) -> list[Eip]:
    found = {eip.eip_id: eip for eip in (_eip(call, vpc, name) for name in call.get("assignedEipSet") or ())}
    for eip in found.values():
        if eip.status != EipStatus.UNBOUND or eip.bound_to:
            raise Refusal("BmVpcNat.EipUsed", why=f"{eip.eip} is bound to {eip.bound_to or 'something'}, or changing")
        if eip.exclusive != nat.exclusive:
            kinds = ("shared", "exclusive")
            why = f"{eip.eip} is {kinds[eip.exclusive]}, and the gateway {kinds[nat.exclusive]}"
            raise Refusal("BmVpcNat.InvalidEip", why=why)
    return list(found.values())


def _eip(call: Call, vpc: Vpc, name: str) -> Eip:
    eip = find_eip(call.world, call.account_id, name)
    if eip is None:
        raise Refusal("BmVpcNat.InvalidEip", why=f"the account has no elastic IP {name!r}")
    if eip.vpc not in ("", vpc.un_id):
        raise Refusal("BmVpcNat.InvalidEipVpcId", why=f"{eip.eip} belongs to {eip.vpc}, not to {vpc.un_id}")
    return eip


def _check_number(call: Call, assigned: int, *, has: int = 0, at_least: int = 0) -> None:
    number = assigned + max(0, call.get("autoAllocEipNum") or 0)
    if number == 0 or number < at_least or (call.get("autoAllocEipNum") or 0) < 0:
        raise BadParameter("assignedEipSet", "name elastic IPs there, or send how many to apply for as autoAllocEipNum")
    most = quotas_of(account_of(call.world, call.account_id)).nat_eips
    if has + number > most:
        raise Refusal("BmVpcNat.EipLimitExceeded", why=f"a gateway has {most} elastic IPs at most, not {has + number}")


def _new_eips(call: Call, vpc: Vpc, nat: NatGateway) -> list[str]:
    return [_new_eip(call, vpc, nat) for _ in range(call.get("autoAllocEipNum") or 0)]


def _new_eip(call: Call, vpc: Vpc, nat: NatGateway) -> str:
    address = next_address(call.world, ranges_of(call.world, vpc.zone_id, exclusive=nat.exclusive))
    if address is None:
        raise BadParameter("autoAllocEipNum", f"the region of {vpc.un_id} has no such public addresses left")
    own = {"vpc": vpc.un_id, "exclusive": nat.exclusive, "bound_to": nat.nat_id, "status": EipStatus.CREATING}
    return add_eip(call.world, account_of(call.world, call.account_id), call.now, address, **own)
