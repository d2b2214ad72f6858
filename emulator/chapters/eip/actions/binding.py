"""Elastic IPs bound to servers and to addresses of VPCs, and unbound from them.

A server has one elastic IP at most (30017), and none while its subnet or its address uses a NAT gateway; the pages
give that no error of its own, so that it is a bad parameter, as a server is that is not in operation or is busy. A
subnet whose servers have elastic IPs may be bound to a gateway later.

A server that is isolated or reinstalled keeps its elastic IP, which can be unbound meanwhile; when the server is gone,
the elastic IP is free and stays the account's. ReturnIps refuses an address that has one.
"""

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.devices.records.device import SCRIPT_RUN, Device, DeviceStatus
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.eip.actions.finding import MODULE, check_paid, check_status, own_eip, task_body
from emulator.chapters.eip.records.eip import BoundTo, Eip, EipStatus
from emulator.chapters.eip.records.eips import bound_to, bound_to_address
from emulator.chapters.eip.work import begin_binding, begin_unbinding
from emulator.chapters.finding import find
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.addresses import book_of, is_inside, may_be_used, number_of
from emulator.chapters.vpc.records.interfaces import SUBNET_IPS
from emulator.chapters.vpc.records.nat import bindings_to
from emulator.chapters.vpc.records.networks import VPCS, Vpc, VpcStatus, subnets_of
from emulator.world.pending import work_on

_NOT_THERE, _NOT_IN_THIS_STATE = 30009, 30010
_WRONG_VPC, _HAS_ONE, _OUTSIDE, _OF_SERVER, _NO_SUBNET, _TUNNEL, _NOT_APPLIED = range(-50000, -49993)


@action("EipBmBindRs", MODULE, begins_operations=True)
def eip_bm_bind_rs(call: Call) -> Body:
    """Begin to bind an elastic IP to a server (弹性公网IP相关接口/绑定服务器EIP.md)."""
    eip = own_eip(call, call["eipId"])
    device = find(call, DEVICES, call["instanceId"], unknown=None, subject="instanceId")
    check_paid(call)
    if eip.status == EipStatus.BOUND and eip.kind == BoundTo.SERVER:
        raise Refusal(30017, why=f"{eip.eip_id} is bound to {eip.bound_to}")
    check_status(eip, EipStatus.UNBOUND)
    if others := bound_to(call.world, device.instance_id):
        raise Refusal(30017, why=f"{device.instance_id} has {others[0].eip_id}, or is to have it")
    if eip.vpc not in ("", device.vpc):
        raise Refusal(30021, why=f"{eip.eip_id} belongs to {eip.vpc}, {device.instance_id} to {device.vpc}")
    _check_server(call, device)
    return task_body(begin_binding(call, eip, device.instance_id, device))


@action("EipBmUnbindRs", MODULE, begins_operations=True)
def eip_bm_unbind_rs(call: Call) -> Body:
    """Begin to unbind an elastic IP from its server (弹性公网IP相关接口/解绑服务器EIP.md).

    Either of the parameters is enough. Where both are sent, they have to belong together.
    """
    eip = _eip_at_server(call)
    check_status(eip, EipStatus.BOUND)
    if eip.kind != BoundTo.SERVER or eip.bound_to != (call.get("instanceId") or eip.bound_to):
        raise Refusal(_NOT_IN_THIS_STATE, why=f"{eip.eip_id} is bound to {eip.bound_to}")
    return task_body(begin_unbinding(call, eip, DEVICES.find_any(call.world, eip.bound_to)))


@action("EipBmBindVpcIp", MODULE, begins_operations=True)
def eip_bm_bind_vpc_ip(call: Call) -> Body:
    """Begin to bind an elastic IP to an address that was applied for (弹性公网IP相关接口/VPC网络IP绑定EIP.md).

    -50000: no such VPC, or not the elastic IP's. -49998: the address is outside the VPC; -49996: in none of its
    subnets; -49997: a server's; -49994: not applied for; -49999: bound already. -49995: the elastic IP is in tunnel
    mode.
    """
    eip = own_eip(call, call["eipId"])
    vpc = _vpc(call, eip)
    check_paid(call)
    check_status(eip, EipStatus.UNBOUND)
    _check_address(call, vpc, eip)
    if others := bound_to_address(call.world, vpc.un_id, call["vpcIp"]):
        raise Refusal(_HAS_ONE, why=f"{call['vpcIp']} has {others[0].eip_id}, or is to have it")
    return task_body(begin_binding(call, eip, call["vpcIp"], None))


@action("EipBmUnBindVpcIp", MODULE, begins_operations=True)
def eip_bm_un_bind_vpc_ip(call: Call) -> Body:
    """Begin to unbind an elastic IP from an address (弹性公网IP相关接口/VPC网络IP解绑EIP.md).

    -49999: another elastic IP is bound to the address. The other errors are those of EipBmBindVpcIp.
    """
    eip = own_eip(call, call["eipId"])
    vpc = _vpc(call, eip)
    _check_address(call, vpc, eip)
    others = [other for other in bound_to_address(call.world, vpc.un_id, call["vpcIp"]) if other.eip_id != eip.eip_id]
    if others:
        raise Refusal(_HAS_ONE, why=f"{call['vpcIp']} has {others[0].eip_id}, not {eip.eip_id}")
    check_status(eip, EipStatus.BOUND)
    if eip.bound_to != call["vpcIp"]:
        raise Refusal(_NOT_IN_THIS_STATE, why=f"{eip.eip_id} is bound to {eip.bound_to}")
    return task_body(begin_unbinding(call, eip, None))


def _eip_at_server(call: Call) -> Eip:
    if call.get("eipId"):
        return own_eip(call, call["eipId"])
    if not call.get("instanceId"):
        raise BadParameter("eipId", "send eipId, or the server's instanceId")
    device = find(call, DEVICES, call["instanceId"], unknown=None, subject="instanceId")
    eips = bound_to(call.world, device.instance_id)
    if not eips:
        raise Refusal(_NOT_THERE, why=f"{device.instance_id} has no elastic IP")
    return eips[0]


def _check_server(call: Call, device: Device) -> None:
    work = work_on(call.world, device.instance_id, but=SCRIPT_RUN)
    if device.device_status != DeviceStatus.IN_OPERATION or work is not None:
        doing = f"is busy with {work.kind}" if work else f"has deviceStatus {device.device_status}"
        raise BadParameter("instanceId", f"{device.instance_id} {doing}")
    used = [it for it in bindings_to(call.world, device.subnet or "") if it.address in ("", device.lan_ip)]
    if used:
        raise BadParameter("instanceId", f"{device.instance_id} uses the NAT gateway {used[0].nat_id}")


def _vpc(call: Call, eip: Eip) -> Vpc:
    vpc = VPCS.find(call.world, call.account_id, call["unVpcId"])
    if vpc is None or vpc.status != VpcStatus.RUNNING:
        raise Refusal(_WRONG_VPC, why=f"the account has no VPC {call['unVpcId']!r} that is running")
    if eip.vpc not in ("", vpc.un_id):
        raise Refusal(_WRONG_VPC, why=f"{eip.eip_id} belongs to {eip.vpc}, not to {vpc.un_id}")
    return vpc


def _check_address(call: Call, vpc: Vpc, eip: Eip) -> None:
    world, address = call.world, call["vpcIp"]
    if eip.tunnel:
        raise Refusal(_TUNNEL, why=f"{eip.eip_id} is in tunnel mode")
    if not is_inside(vpc, address):
        raise Refusal(_OUTSIDE, why=f"{address!r} is no address of {vpc.un_id}, {vpc.cidr}")
    subnet = next((it for it in subnets_of(world, vpc) if is_inside(it, address)), None)
    if subnet is None or not may_be_used(subnet, address):
        raise Refusal(_NO_SUBNET, why=f"{address} is in no subnet of {vpc.un_id}, or is its gateway's or broadcast's")
    if book_of(world, subnet).taken.get(number_of(address) or 0) == "cpm":
        raise Refusal(_OF_SERVER, why=f"{address} is a server's")
    if SUBNET_IPS.find(world, call.account_id, f"{subnet.un_id}/{address}") is None:
        raise Refusal(_NOT_APPLIED, why=f"{address} was not applied for with ApplyIps or RegisterBatchIp")
