"""The TGW cluster of a VPC, as the servers' chapter has it: a switch of either chapter is one of the same VPC.

A VPC that is not the account's, or that is being switched, is InvalidParameter 10001.
"""

from emulator.call import Body, Call, Refusal
from emulator.chapters.registry import action
from emulator.chapters.vpc.actions.finding import MODULE, task_body, vpc_of
from emulator.chapters.vpc.records.networks import Vpc
from emulator.chapters.vpc.records.tgw import begin_switch
from emulator.world.pending import work_on


@action("QueryBmTgwClusterMode", MODULE)
def query_bm_tgw_cluster_mode(call: Call) -> Body:
    """Describe a VPC's mode, shared or exclusive (私有网络相关接口/查询TGW集群模式.md)."""
    return {"data": _vpc(call).tgw_mode}


@action("SwitchToTgwExclusiveCluster", MODULE, begins_operations=True)
def switch_to_tgw_exclusive_cluster(call: Call) -> Body:
    """Switch a VPC to an exclusive cluster (私有网络相关接口/切换到独占TGW集群模式.md)."""
    return _switch(call, "exclusive")


@action("SwitchToTgwSharedCluster", MODULE, begins_operations=True)
def switch_to_tgw_shared_cluster(call: Call) -> Body:
    """Switch a VPC to the shared cluster (私有网络相关接口/切换到共享TGW集群模式.md)."""
    return _switch(call, "shared")


def _vpc(call: Call) -> Vpc:
    return vpc_of(call, unknown="InvalidParameter")


def _switch(call: Call, mode: str) -> Body:
    vpc = _vpc(call)
    if work_on(call.world, vpc.un_id) is not None:
        raise Refusal("InvalidParameter", subject="unVpcId", why=f"{vpc.un_id} is being worked on already")
    return task_body(begin_switch(call, vpc, mode))
