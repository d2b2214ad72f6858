"""Load balancers (负载均衡相关接口): bought, listed, changed, deleted.

A public one (open) has a public address of its VPC's region, one in the VPC (internal) an address of its subnet. 20 may
be bought at once (12010) and 100 had (12011, `quotas`; the pages give the first number). A wanted address belongs to
nobody; that of a public one may be any, as the page's example asks for private ones. ipv6 is for Beijing and Shanghai,
dnat for public ones; the address of one of ipv6 looks like any other, and only its ipProtocolType tells. bzConf is
understood by nobody.

The page has no error for a balance that does not suffice for the 30 yuan of a public one: it is a bad parameter. While
one is being made, changed or deleted, it is neither changed nor deleted; ModifyBmLoadBalancerAttributes has no error
for that, nor for one that is not there. DescribeBmLoadBalancersTaskResult answers for every task of the account.
"""

from itertools import islice
from typing import Any

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.eip.records.eips import is_given
from emulator.chapters.eip.records.pool import next_address, ranges_of
from emulator.chapters.finding import in_seen_vpcs
from emulator.chapters.lb.actions.finding import MODULE, idle_balancer, own_balancer, task_body, why_busy
from emulator.chapters.lb.records.balancers import (
    INTERNAL,
    LOAD_BALANCERS,
    OPEN,
    BalancerStatus,
    LoadBalancer,
    has_domain,
    number_of_balancers,
)
from emulator.chapters.lb.work.balancers import (
    DEPOSIT,
    PRICE_A_DAY,
    begin_change,
    begin_creation,
    begin_deletion,
    pending_changes,
)
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.addresses import free_addresses, is_free, number_of
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, Networks, Subnet, Vpc, VpcStatus
from emulator.clock import to_wire
from emulator.world.accounts import account_of, quotas_of
from emulator.world.paging import Order, among, contains, equals, listed
from emulator.world.tasks import polled

_MOST_AT_ONCE = 20
_NO_IPV6 = 1
"""The region that does not have it: Guangzhou."""
_NO_NETWORK, _TOO_MANY_AT_ONCE, _TOO_MANY = 20002, 12010, 12011
_SUFFIX = ".hslb.myqcloud.com"
_FILTERS = {
    "loadBalancerIds": "lb_id",
    "loadBalancerType": "kind",
    "loadBalancerName": "name",
    "domain": "domain",
    "loadBalancerVips": "vip",
    "projectId": "project_id",
    "exclusive": "exclusive",
    "tgwSetType": "tgw_set_type",
    "unVpcId": "vpc",
}
_SORTED_BY = {
    "loadBalancerName": "name",
    "createTime": "created_at",
    "domain": "domain",
    "loadBalancerType": "kind",
}


@action("CreateBmLoadBalancer", MODULE, begins_operations=True)
def create_bm_load_balancer(call: Call) -> Body:
    """Begin to make load balancers (负载均衡相关接口/负载均衡实例相关接口/创建负载均衡.md)."""
    number, kind = call["goodsNum"], call["loadBalancerType"]
    vpc, subnet = _network(call, kind)
    _check_numbers(call, number, kind)
    _check_cluster(call, vpc, kind)
    made: list[LoadBalancer] = []
    for vip in _vips(call, vpc, subnet, number):
        lb_id = LOAD_BALANCERS.new_id(call.world, call.app_id)
        domain = f"{lb_id.removeprefix('lb-')}{_SUFFIX}" if kind == OPEN else ""
        place = (vpc.un_id, subnet.un_id if subnet else "", call.get("projectId") or 0)
        billing = (call["payMode"], 0, call["payMode"])
        cluster = (call["tgwSetType"], call.get("exclusive") or 0, call.get("ipProtocolType") or "ipv4")
        own = (lb_id, call.account_id, lb_id, kind, domain, vip, BalancerStatus.CREATING)
        made.append(LoadBalancer(*own, *place, *billing, *cluster, call.now, call.now, 0))
    begin_creation(call, made)
    return {"loadBalancerIds": [balancer.lb_id for balancer in made]}


@action("DescribeBmLoadBalancers", MODULE)
def describe_bm_load_balancers(call: Call) -> Body:
    """List load balancers (负载均衡相关接口/负载均衡实例相关接口/获取负载均衡实例列表.md)."""
    wheres = [equals("account_id", call.account_id)]
    for parameter, column in _FILTERS.items():
        value = call.get(parameter)
        if value not in (None, "", []):
            wheres.append(among(column, value if isinstance(value, list) else [value]))
    wheres += in_seen_vpcs(call)
    if call.get("searchKey"):
        wheres.append(contains(call["searchKey"], "name", "domain", "vip"))
    order = Order(("created_at", "lb_id"), descending=True)
    if call.get("orderBy"):
        order = Order((_SORTED_BY[call["orderBy"]], "lb_id"), descending=call["orderType"] == 1)
    found, total = listed(call.world, LOAD_BALANCERS, wheres, order, offset=call["offset"], limit=call["limit"])
    networks = Networks(call.world, call.account_id)
    return {"loadBalancerSet": [_row(networks, balancer) for balancer in found], "totalCount": total}


@action("ModifyBmLoadBalancerAttributes", MODULE, begins_operations=True)
def modify_bm_load_balancer_attributes(call: Call) -> Body:
    """Begin to rename a load balancer or its domain (负载均衡相关接口/负载均衡实例相关接口/修改负载均衡属性信息.md)."""
    balancer = own_balancer(call, unknown=None)
    if why := why_busy(call, balancer):
        raise BadParameter("loadBalancerId", why)
    wanted: dict[str, Any] = {}
    if call.get("loadBalancerName"):
        wanted["name"] = call["loadBalancerName"]
    if call.get("domainPrefix"):
        wanted["domain"] = f"{call['domainPrefix']}{_SUFFIX}"
        if balancer.kind == INTERNAL:
            raise BadParameter("domainPrefix", f"{balancer.lb_id} is internal, so that it has no domain")
        promised = any(change.get("domain") == wanted["domain"] for change in pending_changes(call.world))
        if wanted["domain"] != balancer.domain and (promised or has_domain(call.world, wanted["domain"])):
            raise BadParameter("domainPrefix", f"{wanted['domain']} is taken")
    if not wanted:
        raise BadParameter("loadBalancerName", "send loadBalancerName or domainPrefix")
    return task_body(begin_change(call, balancer, wanted))


@action("DeleteBmLoadBalancers", MODULE, begins_operations=True)
def delete_bm_load_balancers(call: Call) -> Body:
    """Begin to delete a load balancer (负载均衡相关接口/负载均衡实例相关接口/删除负载均衡.md)."""
    return task_body(begin_deletion(call, idle_balancer(call)))


@action("DescribeBmLoadBalancersTaskResult", MODULE)
def describe_bm_load_balancers_task_result(call: Call) -> Body:
    """Report on a task (负载均衡相关接口/通用接口/查询负载均衡异步任务状态.md): 0 succeeded, 1 failed, 2 running."""
    status = polled(call.world, call.account_id, call["requestId"])
    if status is None:
        raise BadParameter("requestId", f"the account has no task {call['requestId']}")
    return {"data": {"status": status}}


@action("InquiryBmLBPrice", MODULE)
def inquiry_bm_lb_price(call: Call) -> Body:
    """Tell the price of a day in cents (负载均衡相关接口/负载均衡实例相关接口/查询负载均衡价格.md).

    OperationDenied.NoPermission 100004: the account may not buy (`may_buy`).
    """
    if not account_of(call.world, call.account_id).may_buy:
        raise Refusal("OperationDenied.NoPermission", why="the account may not buy anything")
    return {"price": PRICE_A_DAY if call["loadBalancerType"] == OPEN else 0}


def _network(call: Call, kind: str) -> tuple[Vpc, Subnet | None]:
    vpc = VPCS.find(call.world, call.account_id, call["unVpcId"])
    if vpc is None or vpc.status != VpcStatus.RUNNING:
        raise Refusal(_NO_NETWORK, why=f"the account has no VPC {call['unVpcId']!r} that is running")
    if kind == OPEN:
        return vpc, None
    if not call.get("unSubnetId"):
        raise BadParameter("unSubnetId", "it is required for an internal load balancer")
    subnet = SUBNETS.find(call.world, call.account_id, call["unSubnetId"])
    if subnet is None or subnet.vpc != vpc.un_id:
        raise Refusal(_NO_NETWORK, why=f"{vpc.un_id} has no subnet {call['unSubnetId']!r}")
    return vpc, subnet


def _check_numbers(call: Call, number: int, kind: str) -> None:
    account = account_of(call.world, call.account_id)
    has, most = number_of_balancers(call.world, call.account_id), quotas_of(account).load_balancers
    if number < 1:
        raise BadParameter("goodsNum", "it is 1 at least")
    if number > _MOST_AT_ONCE:
        raise Refusal(_TOO_MANY_AT_ONCE, why=f"{_MOST_AT_ONCE} may be bought at once, not {number}")
    if has + number > most:
        raise Refusal(_TOO_MANY, why=f"the account has {has} load balancers and may have {most}")
    if kind == OPEN and account.balance < DEPOSIT * number:
        raise BadParameter("goodsNum", f"{DEPOSIT * number} cents are taken, and the balance is {account.balance}")


def _check_cluster(call: Call, vpc: Vpc, kind: str) -> None:
    if kind == INTERNAL and call["tgwSetType"] == "dnat":
        raise BadParameter("tgwSetType", "dnat is for public load balancers")
    region = call.world.catalogue.region_of(vpc.zone_id)
    if call.get("ipProtocolType") == "ipv6" and region is not None and region.id == _NO_IPV6:
        raise BadParameter("ipProtocolType", f"{region.set_name} has no ipv6")


def _vips(call: Call, vpc: Vpc, subnet: Subnet | None, number: int) -> list[str]:
    wanted: list[str] = call.get("specifiedVips") or []
    if wanted and len(set(wanted)) != number:
        raise BadParameter("specifiedVips", f"{len(set(wanted))} addresses for {number} load balancers")
    for vip in wanted:
        free = is_free(call.world, subnet, vip) if subnet else number_of(vip) is not None
        if not free or (subnet is None and is_given(call.world, vip)):
            where = f" of {subnet.cidr}" if subnet else ""
            raise BadParameter("specifiedVips", f"{vip!r} is no free address{where}")
    if wanted:
        return wanted
    if subnet is not None:
        found = list(islice(free_addresses(call.world, subnet), number))
    else:
        ranges = ranges_of(call.world, vpc.zone_id, exclusive=0)
        found = [vip for vip in (next_address(call.world, ranges) for _ in range(number)) if vip is not None]
    if len(found) < number:
        raise BadParameter("goodsNum", f"{len(found)} addresses are free for {number} load balancers")
    return found


def _row(networks: Networks, balancer: LoadBalancer) -> Body:
    """The table's ipProtocolType, which no example prints, is there where it is not the usual ipv4."""
    vpc, subnet = networks.vpc(balancer.vpc), networks.subnet(balancer.subnet)
    ipv6 = {} if balancer.ip_protocol == "ipv4" else {"ipProtocolType": balancer.ip_protocol}
    return {
        "loadBalancerId": balancer.lb_id,
        "loadBalancerName": balancer.name,
        "loadBalancerType": balancer.kind,
        "domain": balancer.domain,
        "loadBalancerVips": [balancer.vip],
        "status": balancer.status,
        "createTime": to_wire(balancer.created_at),
        "statusTime": to_wire(balancer.status_at),
        "unVpcId": balancer.vpc,
        "unSubnetId": balancer.subnet or "0",
        "vpcId": vpc.id if vpc else 0,
        "subnetId": subnet.id if subnet else 0,
        "projectId": balancer.project_id,
        "latestPayMode": balancer.latest_pay_mode,
        "payMode": balancer.pay_mode,
        "bandwidth": balancer.bandwidth,
        "tgwSetType": balancer.tgw_set_type,
        **ipv6,
    }
