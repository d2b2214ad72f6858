"""Elastic IPs: applied for, released, renamed, billed.

An account may have 100 and apply for 200 a day (`quotas`; the day is the world's, in China Standard Time). Those that
BuyDevice and NAT gateways make count as had, not as applied for. A new one gets the next BGP address of its VPC's
region. A wanted address (IpList) lies in one of the region's ranges and belongs to nobody. Only BGP addresses are
billed by traffic (30016). Without payMode the traffic is billed; without bandwidth it is 1.

An elastic IP is idle from its creation on. One whose creation failed stays, with status 9, until it is released.
EipBmQueryTask answers for every task of the account; its page has no error for one that is not there.
"""

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.eip.actions.finding import MODULE, check_status, own_eip, task_body
from emulator.chapters.eip.records.eip import BANDWIDTH, BGP, FLOW, EipStatus
from emulator.chapters.eip.records.eips import EIPS, is_given, number_of_eips
from emulator.chapters.eip.records.pool import add_eip, next_address, range_with, ranges_of
from emulator.chapters.eip.work import APPLY, begin_creation, begin_new_billing, begin_release
from emulator.chapters.finding import find
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.addresses import number_of
from emulator.chapters.vpc.records.networks import VPCS, Vpc, VpcStatus
from emulator.clock import day_of
from emulator.world.accounts import account_of, quotas_of
from emulator.world.catalogue import ElasticRange
from emulator.world.tasks import begun_since, polled

_CHARGED = (EipStatus.BINDING, EipStatus.BOUND, EipStatus.UNBINDING, EipStatus.UNBOUND)
_NO_ISP = 30016


@action("EipBmApply", MODULE, begins_operations=True)
def eip_bm_apply(call: Call) -> Body:
    """Begin to make elastic IPs in a VPC (弹性公网IP相关接口/创建EIP.md).

    30016: there are no such addresses in the region, or they are not billed by traffic.
    """
    world, number = call.world, call["goodsNum"]
    if number < 1:
        raise BadParameter("goodsNum", "it is 1 at least")
    vpc = _vpc(call)
    _check_quotas(call, number)
    exclusive = call.get("exclusive") or 0
    ranges = ranges_of(world, vpc.zone_id, exclusive=exclusive)
    account, own = account_of(world, call.account_id), {"vpc": vpc.un_id, "exclusive": exclusive, **_billing(call)}
    wanted = (call.get("IpList") or [])[:number]
    _check_wanted(call, vpc, ranges, wanted)
    made = []
    for place in range(number):
        address = wanted[place] if place < len(wanted) else next_address(world, ranges)
        if address is None:
            raise Refusal(_NO_ISP, why=f"the region of {vpc.un_id} has no such public addresses left")
        found = range_with(ranges, address)
        isp_id = found.isp_id if found else BGP
        made.append(add_eip(world, account, call.now, address, isp_id=isp_id, status=EipStatus.CREATING, **own))
    return task_body(begin_creation(call, made), eipIds=made)


@action("EipBmDelete", MODULE, begins_operations=True)
def eip_bm_delete(call: Call) -> Body:
    """Begin to release elastic IPs (弹性公网IP相关接口/释放EIP.md).

    30013: what was sent is no id of an elastic IP.
    """
    eips = [own_eip(call, id, malformed=30013) for id in dict.fromkeys(call["eipIds"])]
    for eip in eips:
        check_status(eip, EipStatus.UNBOUND, EipStatus.CREATION_FAILED)
    return task_body(begin_release(call, eips))


@action("EipBmModifyCharge", MODULE, begins_operations=True)
def eip_bm_modify_charge(call: Call) -> Body:
    """Begin to change what is billed (弹性公网IP相关接口/修改EIP计费模式.md).

    30016: an elastic IP that is not BGP is not billed by traffic.
    """
    if not call.get("eipIds"):
        raise BadParameter("eipIds", "name the elastic IPs there, as eipIds.0")
    eips = [find(call, EIPS, id, unknown=None, subject="eipIds") for id in dict.fromkeys(call["eipIds"])]
    for eip in eips:
        if eip.status not in _CHARGED:
            raise BadParameter("eipIds", f"{eip.eip_id} is {eip.state}, so it is not billed")
        if eip.isp_id != BGP and call["payMode"] == FLOW:
            raise Refusal(_NO_ISP, why=f"{eip.eip_id} is of carrier {eip.isp_id}; only BGP (5) is billed by traffic")
    bandwidth = call["bandwidth"] if call["payMode"] == BANDWIDTH else 0
    return task_body(begin_new_billing(call, eips, call["payMode"], bandwidth))


@action("ModifyEipAlias", MODULE)
def modify_eip_alias(call: Call) -> Body:
    """Rename an elastic IP (弹性公网IP相关接口/更新EIP名称.md)."""
    eip = own_eip(call, call["eipId"])
    EIPS.change(call.world, eip.eip_id, name=call["eipName"], updated_at=call.now)
    return {"data": []}


@action("DescribeEipBmQuota", MODULE)
def describe_eip_bm_quota(call: Call) -> Body:
    """Report how many elastic IPs the account may have, and has (弹性公网IP相关接口/查询EIP限额.md)."""
    quotas = quotas_of(account_of(call.world, call.account_id))
    return {
        "data": {
            "eipNumQuota": quotas.eips,
            "currentEipNum": number_of_eips(call.world, call.account_id),
            "dailyApplyCount": _applied_today(call),
            "dailyApplyQuota": quotas.eips_a_day,
        }
    }


@action("EipBmQueryTask", MODULE)
def eip_bm_query_task(call: Call) -> Body:
    """Report on a task: 0 succeeded, 1 failed, 2 running (弹性公网IP相关接口/查询EIP任务状态.md)."""
    status = polled(call.world, call.account_id, call["requestId"])
    if status is None:
        raise BadParameter("requestId", f"the account has no task {call['requestId']}")
    return {"data": {"status": status}}


def _vpc(call: Call) -> Vpc:
    vpc = find(call, VPCS, call["unVpcId"], unknown=None, subject="unVpcId")
    if vpc.status != VpcStatus.RUNNING:
        raise BadParameter("unVpcId", f"{vpc.un_id} is {VpcStatus(vpc.status).name.lower()}; it has to be running")
    return vpc


def _check_quotas(call: Call, number: int) -> None:
    quotas = quotas_of(account_of(call.world, call.account_id))
    has, today = number_of_eips(call.world, call.account_id), _applied_today(call)
    if has + number > quotas.eips:
        raise Refusal(30001, why=f"the account has {has} elastic IPs and may have {quotas.eips}")
    if today + number > quotas.eips_a_day:
        raise Refusal(30003, why=f"{today} were applied for today, and {quotas.eips_a_day} may be")


def _applied_today(call: Call) -> int:
    return begun_since(call.world, call.account_id, APPLY, day_of(call.now))


def _billing(call: Call) -> dict[str, int | str]:
    pay_mode = call.get("payMode") or FLOW
    bandwidth = call.get("bandwidth")
    return {"pay_mode": pay_mode, "bandwidth": (1 if bandwidth is None else bandwidth) if pay_mode == BANDWIDTH else 0}


def _check_wanted(call: Call, vpc: Vpc, ranges: list[ElasticRange], wanted: list[str]) -> None:
    for address in wanted:
        found = range_with(ranges, address) if number_of(address) is not None else None
        if found is None:
            offered = ", ".join(it.cidr for it in ranges) or "none"
            raise BadParameter("IpList", f"{address!r} is no address that {vpc.un_id} can have; they are of {offered}")
        if is_given(call.world, address) or wanted.count(address) > 1:
            raise BadParameter("IpList", f"{address} has been applied for already")
        if found.isp_id != BGP and (call.get("payMode") or FLOW) == FLOW:
            raise Refusal(_NO_ISP, why=f"{address} is of carrier {found.isp_id}; only BGP (5) is billed by traffic")
