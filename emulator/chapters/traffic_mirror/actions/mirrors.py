"""Traffic mirrors (流量镜像相关接口): made, listed, changed, deleted.

A mirror copies the traffic of layer-7 listeners of its VPC to receivers, which are ports of its VPC's servers. Where a
page has 30001, it also answers for a mirror whose VPC is gone. GetTrafficMirror's page promises details and prints
none: it answers what the list has of the mirror. unSubnetId, which only the samples send, has to be a subnet of the
VPC. One that is being deleted is still listed, and not there (30002) for what would change it.
"""

import json
from typing import Any

from emulator.call import BadParameter, Body, Call, Refusal
from emulator.chapters.registry import action
from emulator.chapters.traffic_mirror.actions.finding import MODULE, WRONG_VPC, own_in_vpc, own_that_stays, staying
from emulator.chapters.traffic_mirror.records import (
    MIRRORS,
    Mirror,
)
from emulator.chapters.traffic_mirror.work import (
    begin_change,
    begin_deletion,
)
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, VpcStatus
from emulator.world.paging import Order, among, equals, listed

_FILTERS = {"trafficMirrorIds": "mirror_id", "aliases": "alias", "unVpcIds": "vpc"}
_HEALTH = {
    "healthNum": "health_num",
    "unhealthNum": "unhealth_num",
    "intervalTime": "interval_time",
    "checkDomain": "check_domain",
    "checkDir": "check_path",
}


@action("AddTrafficMirror", MODULE)
def add_traffic_mirror(call: Call) -> Body:
    """Make a traffic mirror (负载均衡相关接口/流量镜像相关接口/创建流量镜像.md). GetTrafficMirrorList tells its id."""
    vpc = VPCS.find(call.world, call.account_id, call["unVpcId"])
    if vpc is None or vpc.status != VpcStatus.RUNNING:
        raise Refusal(WRONG_VPC, why=f"the account has no VPC {call['unVpcId']!r} that is running")
    subnet_id = call.get("unSubnetId") or ""
    subnet = SUBNETS.find(call.world, call.account_id, subnet_id) if subnet_id else None
    if subnet_id and (subnet is None or subnet.vpc != vpc.un_id):
        raise BadParameter("unSubnetId", f"{vpc.un_id} has no subnet {subnet_id!r}")
    mirror_id = MIRRORS.new_id(call.world, call.app_id)
    settings = (0, 0, 3, 3, 5, "", "", "[]")
    mirror = Mirror(mirror_id, call.account_id, call["alias"], vpc.un_id, subnet_id, *settings, call.now)
    MIRRORS.add(call.world, **mirror._asdict())
    return {}


@action("GetTrafficMirror", MODULE)
def get_traffic_mirror(call: Call) -> Body:
    """Describe a traffic mirror (负载均衡相关接口/流量镜像相关接口/获取流量镜像基本信息.md)."""
    return {"data": _row(own_in_vpc(call))}


@action("GetTrafficMirrorList", MODULE)
def get_traffic_mirror_list(call: Call) -> Body:
    """List traffic mirrors (负载均衡相关接口/流量镜像相关接口/获取流量镜像列表.md)."""
    wheres = [equals("account_id", call.account_id)]
    wheres += [among(column, call[name]) for name, column in _FILTERS.items() if call.get(name)]
    first, limit = call.get("offset") or 0, call["limit"]
    found, total = listed(call.world, MIRRORS, wheres, Order(("mirror_id",)), offset=first, limit=limit)
    return {"data": {"totalNum": total, "list": [_row(mirror) for mirror in found]}}


@action("SetTrafficMirrorAlias", MODULE)
def set_traffic_mirror_alias(call: Call) -> Body:
    """Rename a traffic mirror (负载均衡相关接口/流量镜像相关接口/设置流量镜像名称.md)."""
    MIRRORS.change(call.world, own_that_stays(call).mirror_id, alias=call["alias"])
    return {}


@action("SetTrafficMirrorLBType", MODULE, begins_operations=True)
def set_traffic_mirror_lb_type(call: Call) -> Body:
    """Begin to change how traffic is spread (负载均衡相关接口/流量镜像相关接口/设置流量镜像接收机负载均衡方式.md)."""
    return {"requestId": begin_change(call, own_that_stays(call), {"balance_type": call["LBType"]})}


@action("SetTrafficMirrorHealthSwitch", MODULE, begins_operations=True)
def set_traffic_mirror_health_switch(call: Call) -> Body:
    """Begin to change the health check (负载均衡相关接口/流量镜像相关接口/设置流量镜像的健康检查.md).

    What is not sent stays as it is.
    """
    mirror = own_that_stays(call)
    wanted: dict[str, Any] = {column: call.get(name) for name, column in _HEALTH.items()}
    wanted = {column: value for column, value in wanted.items() if value not in (None, "")}
    if codes := call.get("httpCode"):
        if not all(1 <= code <= 5 or 100 <= code <= 599 for code in codes):
            raise BadParameter("httpCode", "an HTTP code is from 100 to 599, a class of them from 1 to 5")
        wanted["http_codes"] = json.dumps(codes)
    wanted["health_switch"] = int(call["healthSwitch"] != 0)
    return {"requestId": begin_change(call, mirror, wanted)}


@action("DeleteTrafficMirror", MODULE, begins_operations=True)
def delete_traffic_mirror(call: Call) -> Body:
    """Begin to delete traffic mirrors with their bindings (负载均衡相关接口/流量镜像相关接口/删除流量镜像.md)."""
    ids = dict.fromkeys(call["trafficMirrorIds"])
    return {"requestId": begin_deletion(call, [staying(call, id) for id in ids])}


def _row(mirror: Mirror) -> Body:
    return {
        "trafficMirrorId": mirror.mirror_id,
        "alias": mirror.alias,
        "unVpcId": mirror.vpc,
        "LBType": mirror.balance_type,
        "healthSwitch": mirror.health_switch,
        "healthNum": mirror.health_num,
        "unhealthNum": mirror.unhealth_num,
        "intervalTime": mirror.interval_time,
        "checkDomain": mirror.check_domain,
        "checkDir": mirror.check_path,
        "httpCode": json.loads(mirror.http_codes),
    }
