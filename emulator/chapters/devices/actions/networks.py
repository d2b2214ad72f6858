"""What the servers' chapter says of networks (物理服务器相关接口): TGW clusters, and one customer's docker subnets.

A VPC that is not the account's is InvalidParameter 10001. A switch is a task for DescriptionOperationResult; it has no
servers to list. Switching to the mode that a VPC is in already succeeds.
"""

from emulator.call import Body, Call, Refusal
from emulator.chapters.devices.work.tgw import begin_switch
from emulator.chapters.registry import action
from emulator.chapters.vpc.records import networks

_OTHER = {"shared": "exclusive", "exclusive": "shared"}


@action("QueryBmTgwClusterMode")
def query_bm_tgw_cluster_mode(call: Call) -> Body:
    """Tell a VPC's mode, shared or exclusive (物理服务器相关接口/查询TGW集群模式.md)."""
    return {"data": _mode(call)}


@action("SwitchToBmExclusiveCluster", begins_operations=True)
def switch_to_bm_exclusive_cluster(call: Call) -> Body:
    """Switch a VPC to an exclusive cluster (物理服务器相关接口/切换到独占TGW集群模式.md)."""
    _mode(call)
    return _switch(call, "exclusive")


@action("SwitchToBmSharedCluster", begins_operations=True)
def switch_to_bm_shared_cluster(call: Call) -> Body:
    """Switch a VPC to the shared cluster (物理服务器相关接口/切换到共享TGW集群模式.md)."""
    _mode(call)
    return _switch(call, "shared")


@action("RecoveryBmTgwCluster", begins_operations=True)
def recovery_bm_tgw_cluster(call: Call) -> Body:
    """Switch a VPC to the other cluster, whichever that is (物理服务器相关接口/TGW容灾切换.md)."""
    return _switch(call, _OTHER[_mode(call)])


@action("ZhDockerSubnetAvailable")
def zh_docker_subnet_available(call: Call) -> Body:
    """List the subnets for containers that no server is in (物理服务器相关接口/知乎查询可用docker子网.md).

    OperationDenied 10004: the account is not the customer that the interface is for (`docker_customer`).
    """
    if not networks.is_docker_customer(call.world, call.account_id):
        raise Refusal("OperationDenied", why="the account is no docker_customer")
    if call.get("unVpcId"):
        _mode(call)
    found = networks.idle_docker_subnets(call.world, call.account_id, call.get("unVpcId"))
    rows = [
        {
            "vpcId": str(subnet.vpc_number),
            "unVpcId": subnet.vpc,
            "subnetId": str(subnet.number),
            "unSubnetId": subnet.subnet,
        }
        for subnet in found
    ]
    return {"data": rows}


def _mode(call: Call) -> str:
    mode = networks.tgw_mode(call.world, call.account_id, call["unVpcId"])
    if mode is None:
        raise Refusal("InvalidParameter", subject="unVpcId", why=f"the account has no VPC {call['unVpcId']!r}")
    return mode


def _switch(call: Call, mode: str) -> Body:
    return {"data": {"taskId": begin_switch(call.world, call.account_id, call["unVpcId"], mode, call.now)}}
