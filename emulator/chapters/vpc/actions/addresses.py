"""The addresses of a subnet: who has them, which are free, and applying for them.

DescribeBmSubnetIps lists the addresses of servers, hosted servers and interfaces as cpmSet, those that were applied for
as vmSet. ApplyIps takes the lowest free ones, or none where there are too few. RegisterBatchIp registers those of the
wanted ones that can be had and answers an error that names the others, as its page prints. ReturnIps passes over what
is not there, as its page prints too, but not over an address to which an elastic IP is bound, or that is behind a load
balancer.
"""

from ipaddress import IPv4Address
from itertools import groupby, islice

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.eip.records.eips import bound_to_address
from emulator.chapters.lb.records.backends import backends_at
from emulator.chapters.lb.records.balancers import LOAD_BALANCERS
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, running_vpc, subnet_in, vpc_of
from emulator.chapters.vpc.records.addresses import book_of, is_inside, number_of, texts_of
from emulator.chapters.vpc.records.interfaces import SUBNET_IPS
from emulator.chapters.vpc.records.networks import Subnet, Vpc
from emulator.world.paging import Order, among, equals, listed

_NOT_EXIST = "BmVpc.SubnetNotExist"
_NOT_FOUND = "InvalidBmSubnet.NotFound"
_USED_UP = "AvailableIpUseUp"


@action("DescribeBmSubnetIps", MODULE)
def describe_bm_subnet_ips(call: Call) -> Body:
    """List the addresses that are taken (私有网络相关接口/查询子网IP分配列表.md)."""
    vpc = vpc_of(call, malformed=-3001)
    subnet = subnet_in(call, vpc, call["unSubnetId"], unknown=_NOT_EXIST, malformed=-3001)
    book = book_of(call.world, subnet)
    return {"data": {f"{kind}Set": texts_of(book.of_kind(kind)) for kind in ("cpm", "vm", "tg")}}


@action("DescribeBmSubnetAvailableIp", MODULE)
def describe_bm_subnet_available_ip(call: Call) -> Body:
    """List the free addresses, runs of them as ranges (私有网络相关接口/查询黑石私有网络子网未分配IP列表.md)."""
    subnet = subnet_in(call, None, call["unSubnetId"], unknown=_NOT_EXIST, malformed=-3001)
    rows = []
    for _key, run in groupby(enumerate(book_of(call.world, subnet).free()), lambda pair: pair[1] - pair[0]):
        addresses = [address for _place, address in run]
        first, last = IPv4Address(addresses[0]), IPv4Address(addresses[-1])
        rows.append(str(first) if first == last else f"{first}-{last}")
    return {"data": rows}


@action("ApplyIps", MODULE)
def apply_ips(call: Call) -> Body:
    """Take the lowest free addresses of a subnet (私有网络相关接口/申请随机 IP.md)."""
    vpc = running_vpc(call, malformed=-3001)
    subnet = subnet_in(call, vpc, call["unSubnetId"], unknown=_NOT_FOUND, malformed=-3001)
    found = texts_of(list(islice(book_of(call.world, subnet).free(), call["count"])))
    if len(found) < call["count"]:
        raise Refusal(_USED_UP, why=f"{subnet.un_id} has {len(found)} free addresses, {call['count']} are wanted")
    _take(call, vpc, subnet, found)
    return {"data": found, "count": len(found)}


@action("RegisterBatchIp", MODULE)
def register_batch_ip(call: Call) -> Body:
    """Take these addresses of a subnet (私有网络相关接口/申请指定 IP.md)."""
    vpc = running_vpc(call, malformed=-3001)
    subnet = subnet_in(call, vpc, call["unSubnetId"], unknown=_NOT_FOUND, malformed=-3001)
    wanted = list(dict.fromkeys(call["ipList"]))
    if not wanted:
        raise BadParameter("ipList", "it holds no address")
    if strange := [address for address in wanted if number_of(address) is None]:
        raise BadParameter("ipList", f"{strange[0]!r} is no address")
    book = book_of(call.world, subnet)
    outside = [address for address in wanted if not is_inside(subnet, address)]
    taken = [it for it in wanted if it not in outside and not book.is_free(number_of(it) or 0)]
    free = [address for address in wanted if address not in outside and address not in taken]
    _take(call, vpc, subnet, free)
    if outside or taken:
        complaints = [f"{address} ip冲突" for address in taken] + [f"{address} ip不在子网范围内" for address in outside]
        rest = "，剩余ip注册成功" if free else ""
        text = f"没有可用的IP地址 {'，'.join(complaints)}{rest}"
        call.refuse_after = Refusal(_USED_UP, text=text, why=f"registered all the same: {', '.join(free) or 'none'}")
    return {"data": free, "extramsg": "", "count": len(free)}


@action("ReturnIps", MODULE)
def return_ips(call: Call) -> Body:
    """Give addresses of a VPC's subnets back (私有网络相关接口/退还内网IP.md)."""
    vpc = vpc_of(call)
    for address in call["ips"]:
        if eips := bound_to_address(call.world, vpc.un_id, address):
            raise BadParameter("ips", f"{address} has the elastic IP {eips[0].eip_id}: unbind that first")
        if behind := [it for it in backends_at(call.world, address) if _is_in(call, it.lb_id, vpc)]:
            raise BadParameter("ips", f"{address} is behind {behind[0].holder}: unbind it first")
    for id in _ids(call, vpc, call["ips"]):
        SUBNET_IPS.remove(call.world, id)
    return {"data": []}


def _is_in(call: Call, lb_id: str, vpc: Vpc) -> bool:
    balancer = LOAD_BALANCERS.find(call.world, call.account_id, lb_id)
    return balancer is not None and balancer.vpc == vpc.un_id


def _ids(call: Call, vpc: Vpc, addresses: list[str]) -> list[str]:
    """The ids of those of the addresses that were applied for in the VPC."""
    wheres = [equals("vpc", vpc.un_id), among("lan_ip", addresses)]
    return [found.id for found in listed(call.world, SUBNET_IPS, wheres, Order(("id",)))[0]]


def _take(call: Call, vpc: Vpc, subnet: Subnet, addresses: list[str]) -> None:
    where = {"account_id": call.account_id, "vpc": vpc.un_id, "subnet": subnet.un_id}
    rows = [{"id": f"{subnet.un_id}/{address}", **where, "lan_ip": address} for address in addresses]
    SUBNET_IPS.add_many(call.world, rows)
