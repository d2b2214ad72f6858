"""What a call of this chapter names: VPCs and subnets by their ids or, as older clients do, by their numbers."""

from emulator.call import Body, Call, Refusal
from emulator.chapters.finding import find
from emulator.chapters.vpc.records.nat import NAT_GATEWAYS, NatGateway, Production
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, N, Subnet, Vpc, VpcStatus, numbered
from emulator.world.resource import Resource

MODULE = "bmvpc"
_MOST_DIGITS = 18
_NO_VPC = "InvalidBmVpc.NotFound"
_NO_NAT = "BmVpcNat.NotFound"


def vpc_of(call: Call, *, unknown: str | int = _NO_VPC, malformed: str | int | None = None) -> Vpc:
    """The VPC that `unVpcId` names."""
    id = _by_number(call, VPCS, call["unVpcId"])
    return find(call, VPCS, id, unknown=unknown, malformed=malformed, subject="" if unknown == _NO_VPC else "unVpcId")


def running_vpc(call: Call, *, malformed: str | int | None = None) -> Vpc:
    """The VPC that `unVpcId` names. One that is not running cannot be worked in, and is not found."""
    vpc = vpc_of(call, malformed=malformed)
    if vpc.status != VpcStatus.RUNNING:
        state = VpcStatus(vpc.status).name.lower()
        raise Refusal(_NO_VPC, why=f"{vpc.un_id} is {state}; only one that is running can be worked in")
    return vpc


def subnet_in(
    call: Call, vpc: Vpc | None, id: str, *, unknown: str | int, malformed: str | int | None = None
) -> Subnet:
    """The subnet of that id; where a VPC is given, one of its subnets."""
    subnet = find(call, SUBNETS, _by_number(call, SUBNETS, id), unknown=unknown, malformed=malformed)
    if vpc is not None and subnet.vpc != vpc.un_id:
        raise Refusal(unknown, why=f"{subnet.un_id} is a subnet of {subnet.vpc}, not of {vpc.un_id}")
    return subnet


def nat_of(call: Call) -> NatGateway:
    """The gateway that `natId` names. It is where its VPC is."""
    nat = find(call, NAT_GATEWAYS, call["natId"], unknown=_NO_NAT)
    vpc = VPCS.find(call.world, call.account_id, nat.vpc)
    if vpc is not None and not call.sees(nat.nat_id, vpc.zone_id, "NAT gateway"):
        raise Refusal(_NO_NAT, why=f"{nat.nat_id} is not in the call's Region")
    return nat


def nat_in_vpc(call: Call, *, may_have_failed: bool = False) -> tuple[Vpc, NatGateway]:
    """The VPC that `unVpcId` names, and the gateway in it that `natId` names.

    `may_have_failed`: where its creation failed, it is there all the same.
    """
    vpc = vpc_of(call)
    nat = find(call, NAT_GATEWAYS, call["natId"], unknown=_NO_NAT)
    if nat.vpc != vpc.un_id:
        raise Refusal(_NO_NAT, why=f"{nat.nat_id} is a gateway of {nat.vpc}, not of {vpc.un_id}")
    if nat.production_status == Production.FAILED and not may_have_failed:
        raise Refusal(_NO_NAT, why=f"the creation of {nat.nat_id} failed, so that it can only be deleted")
    return vpc, nat


def task_body(number: int) -> Body:
    """The answer of an action that begins a task."""
    return {"data": {"taskId": number}}


def is_number(text: str) -> bool:
    """Whether a text is a number that a row may have."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


def _by_number(call: Call, resource: Resource[N], id: str) -> str:
    if not is_number(id):
        return id
    found = numbered(call.world, call.account_id, resource, [int(id)])
    return found[0] if found else id
