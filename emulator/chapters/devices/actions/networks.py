"""Networks in the servers' chapter (物理服务器相关接口): TGW clusters, and the docker subnets of one customer.

A VPC that is not the account's is InvalidParameter 10001. A switch is a task for DescriptionOperationResult; it has
no servers to list. One switch of a VPC at a time: another is InvalidParameter 10001. Switching to the mode that a VPC
is in already succeeds.
"""

from typing import Any

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.finding import find
from emulator.chapters.hosted.records import HOSTED
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.networks import VPCS, Subnet, Vpc, docker_subnets
from emulator.chapters.vpc.records.tgw import OTHER_MODE, begin_switch
from emulator.world.accounts import account_of
from emulator.world.paging import Order, equals, listed
from emulator.world.pending import planned_writes, work_on
from emulator.world.resource import Resource

_KINDS: tuple[Resource[Any], ...] = (DEVICES, HOSTED)


@action("QueryBmTgwClusterMode")
def query_bm_tgw_cluster_mode(call: Call) -> Body:
    """Describe a VPC's mode, shared or exclusive (物理服务器相关接口/查询TGW集群模式.md)."""
    return {"data": _vpc(call).tgw_mode}


@action("SwitchToBmExclusiveCluster", begins_operations=True)
def switch_to_bm_exclusive_cluster(call: Call) -> Body:
    """Switch a VPC to an exclusive cluster (物理服务器相关接口/切换到独占TGW集群模式.md)."""
    return _switch(call, "exclusive")


@action("SwitchToBmSharedCluster", begins_operations=True)
def switch_to_bm_shared_cluster(call: Call) -> Body:
    """Switch a VPC to the shared cluster (物理服务器相关接口/切换到共享TGW集群模式.md)."""
    return _switch(call, "shared")


@action("RecoveryBmTgwCluster", begins_operations=True)
def recovery_bm_tgw_cluster(call: Call) -> Body:
    """Switch a VPC to the other cluster, whichever that is (物理服务器相关接口/TGW容灾切换.md)."""
    return _switch(call, OTHER_MODE[_vpc(call).tgw_mode])


@action("ZhDockerSubnetAvailable")
def zh_docker_subnet_available(call: Call) -> Body:
    """List the subnets for containers that no server is in (物理服务器相关接口/知乎查询可用docker子网.md).

    OperationDenied 10004: the account is not the customer that the interface is for (`docker_customer`).
    """
    if not account_of(call.world, call.account_id).docker_customer:
        raise Refusal("OperationDenied", why="the account is no docker_customer")
    if call.get("unVpcId"):
        _vpc(call)
    found = docker_subnets(call.world, call.account_id, call.get("unVpcId"))
    vpcs = {un_id: VPCS.find(call.world, call.account_id, un_id) for un_id in {subnet.vpc for subnet in found}}
    rows = [
        {"vpcId": str(vpc.id), "unVpcId": vpc.un_id, "subnetId": str(subnet.id), "unSubnetId": subnet.un_id}
        for subnet, vpc in ((subnet, vpcs[subnet.vpc]) for subnet in found)
        if vpc is not None and not subnet.registered and _is_idle(call, subnet)
    ]
    return {"data": rows}


def _is_idle(call: Call, subnet: Subnet) -> bool:
    """Whether the call sees it, and no server is in it or on its way there."""
    here = [equals("subnet", subnet.un_id)]
    planned = planned_writes(call.world, "subnet")
    if any((write.columns or {}).get("subnet") == subnet.un_id for write in planned):
        return False
    is_seen = call.zones is None or subnet.zone_id in call.zones
    return is_seen and not any(listed(call.world, kind, here, Order(("instance_id",)), limit=1)[0] for kind in _KINDS)


def _vpc(call: Call) -> Vpc:
    return find(call, VPCS, call["unVpcId"], unknown="InvalidParameter", subject="unVpcId")


def _switch(call: Call, mode: str) -> Body:
    vpc = _vpc(call)
    if work_on(call.world, vpc.un_id) is not None:
        raise Refusal("InvalidParameter", subject="unVpcId", why=f"{vpc.un_id} is being switched already")
    return {"data": {"taskId": begin_switch(call, vpc, mode)}}
