"""Hosted servers (托管服务器相关接口): the customer's own machines, and their LAN IPs.

An id is `chm-` and six to eight characters of a-z0-9. Where a page documents an error for each, an id of another form
is malformed (InvalidDevice 18101, InvalidInstanceId 18137), and an id that the account does not own does not exist
(HostedDeviceNotExist 18113); likewise for VPCs and subnets. An appId, which older clients send, must be the account's.

A binding takes the lowest free address of the subnet; its gatewayIp is the subnet's first address. Taking back a LAN IP
that is not there is InvalidDevice 18101.
"""

from emulator.call import Body, Call, Refusal
from emulator.chapters.finding import find, seen_only
from emulator.chapters.hosted.records import BUSY, HOSTED, BindStatus, HostedDevice
from emulator.chapters.hosted.work import STEPS, begin_binding, begin_unbinding, progressed_until
from emulator.chapters.registry import action
from emulator.chapters.vpc.records.addresses import free_addresses, gateway_of
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS, Networks
from emulator.clock import to_wire
from emulator.world.paging import Order, contains, equals, holds_any, listed

_BAD = "InvalidParameter"
_OPERATES = {BindStatus.BOUND: ["unbindLanIP"], BindStatus.BINDING: [], BindStatus.UNBINDING: []}


@action("DescribeHostedDevice")
def describe_hosted_device(call: Call) -> Body:
    """List hosted servers (托管服务器相关接口/获取托管物理服务器列表.md), sorted by id, backwards with
    orderType 1.
    """
    call.get("orderBy")  # there is one order
    _check_app_id(call)
    wheres = [equals("account_id", call.account_id), *seen_only(call)]
    if call.get("vagueStr"):
        wheres.append(holds_any(call["vagueStr"], "instance_id"))
    if call.get("vagueIp"):
        wheres.append(contains(call["vagueIp"], "lan_ip", "wan_ip", "out_of_band_ip"))
    page = {"offset": call.get("offset") or 0, "limit": call["limit"]}
    order = Order(("instance_id",), descending=call.get("orderType") == 1)
    found, total = listed(call.world, HOSTED, wheres, order, **page)
    networks = Networks(call.world, call.account_id)
    return {"data": {"list": [_row(networks, device) for device in found], "totalNum": total}}


@action("DescribeHostedDeviceOutBandIP")
def describe_hosted_device_out_band_ip(call: Call) -> Body:
    """Read out-of-band addresses (托管服务器相关接口/获取托管设备带外信息.md)."""
    _check_app_id(call)
    found = [find(call, HOSTED, name, malformed=18137, unknown=18137) for name in call["instanceIds"]]
    return {
        "data": {
            device.instance_id: {
                "outbandInfo": {"outBandIp": device.out_of_band_ip},
                "msg": "OK",
                "vpnAddr": {"vpnIp": device.vpn_ip, "vpnPort": device.vpn_port},
            }
            for device in found
        }
    }


@action("ModifyHostedAlias")
def modify_hosted_alias(call: Call) -> Body:
    """Rename a hosted server (托管服务器相关接口/修改托管机器别名.md)."""
    _check_app_id(call)
    device = find(call, HOSTED, call["instanceId"], malformed=18137, unknown=18113)
    HOSTED.change(call.world, device.instance_id, alias=call["alias"])
    return {}


@action("BindHostedLanIP", begins_operations=True)
def bind_hosted_lan_ip(call: Call) -> Body:
    """Begin to give hosted servers the lowest free LAN IPs of a subnet (托管服务器相关接口/托管服务器配置内网IP.md).

    LanIPExist 18110: one has a LAN IP. Locked 18134: one is being bound or unbound.
    InvalidState 18133: one is out of order, or the subnet has no address left.
    A wrong user name or password shows when the binding fails: see work.py.
    """
    _check_app_id(call)
    find(call, VPCS, call["unVpcId"], malformed=f"{_BAD}.InvalidVpcId", unknown=f"{_BAD}.VpcIdNotExist")
    missing = {"malformed": f"{_BAD}.InvalidSubnetId", "unknown": f"{_BAD}.SubnetNotExist"}
    subnet = find(call, SUBNETS, call["unSubnetId"], **missing)
    if subnet.vpc != call["unVpcId"]:
        raise Refusal(f"{_BAD}.SubnetNotExist", why=f"{subnet.un_id} is a subnet of {subnet.vpc}")
    if call["gatewayIp"] != gateway_of(subnet):
        why = f"the gateway of {subnet.cidr} is {gateway_of(subnet)}, not {call['gatewayIp']!r}"
        raise Refusal(_BAD, subject="gatewayIp", why=why)
    for wanted in call["instances"]:
        device = find(call, HOSTED, wanted["instanceId"], malformed=18101, unknown=18113)
        _check_idle(device)
        if device.bind_status == BindStatus.BOUND:
            raise Refusal("InternalError.LanIPExist", why=f"{device.instance_id} has the LAN IP {device.lan_ip}")
        address = next(free_addresses(call.world, subnet), None)
        if not device.in_order or address is None:
            why = "the subnet is full" if device.in_order else f"{device.instance_id} is out of order"
            raise Refusal("InternalError.InvalidState", why=why)
        place = {
            "vpc": call["unVpcId"],
            "subnet": call["unSubnetId"],
            "lan_ip": address,
            "gateway_ip": call["gatewayIp"],
        }
        login = (wanted["userName"], wanted["password"])
        begin_binding(call, device, place, login)
    return {}


@action("UnbindHostedLanIP", begins_operations=True)
def unbind_hosted_lan_ip(call: Call) -> Body:
    """Begin to take hosted servers' LAN IPs back (托管服务器相关接口/托管服务器回收内网IP.md).

    InvalidDevice 18101: one has none. Locked 18134: one is being bound or unbound.
    """
    _check_app_id(call)
    for instance_id in dict.fromkeys(call["instanceIds"]):
        device = find(call, HOSTED, instance_id, malformed=18101, unknown=18113)
        _check_idle(device)
        if device.bind_status != BindStatus.BOUND:
            raise Refusal("InvalidParameter.InvalidDevice", why=f"{instance_id} has no LAN IP")
        begin_unbinding(call, device)
    return {}


@action("GetBindHostedLanIPStatus")
def get_bind_hosted_lan_ip_status(call: Call) -> Body:
    """List the steps of a binding (托管服务器相关接口/获取托管设备绑定IP状态.md); without one, their names alone."""
    _check_app_id(call)
    device = find(call, HOSTED, call["instanceId"], malformed=18137, unknown=18137)
    began, ends = device.bind_began_at, device.bind_ends_at
    if began is None or ends is None or device.bind_status == BindStatus.UNBINDING:
        return {"data": [{"name": name} for name, _share in STEPS]}
    until = progressed_until(call.world, device, call.now)
    if device.bind_status == BindStatus.FAILED:
        until = ends - 1  # no step goes back, so that it is the last one that failed
    steps = []
    start = began
    for name, share in STEPS:
        end = began + round((ends - began) * share)
        steps.append(_step(name, start, end, until))
        start = end
    return {"data": steps}


def _step(name: str, start: int, end: int, now: int) -> Body:
    if now >= end:
        return {"name": name, "startTime": to_wire(start), "endTime": to_wire(end)}
    return {"name": name, "startTime": to_wire(start), "current": 1} if now >= start else {"name": name}


def _row(networks: Networks, device: HostedDevice) -> Body:
    vpc, subnet = networks.vpc(device.vpc), networks.subnet(device.subnet)
    return {
        "instanceId": device.instance_id,
        "assetId": device.asset_id,
        "sn": device.serial_number,
        "vpcId": vpc.id if vpc else 0,
        "unVpcId": device.vpc,
        "subnetId": subnet.id if subnet else 0,
        "unSubnetId": device.subnet,
        "lanIp": device.lan_ip,
        "gatewayIp": device.gateway_ip,
        "deviceStatus": "0",
        "operateStatus": "0",
        "alias": device.alias,
        "zoneId": str(device.zone_id),
        "idcId": str(device.idc_id),
        "idcName": device.idc_name,
        "rckId": str(device.rack_id),
        "rckName": device.rack,
        "posId": str(device.position_id),
        "posCode": device.position,
        "wanIp": device.wan_ip,
        "dhcpIp": device.out_of_band_ip,
        "operates": _OPERATES.get(BindStatus(device.bind_status), ["bindLanIP"]),
        "addTime": to_wire(device.added_at),
        "vpcName": vpc.name if vpc else "",
        "vpcCidrBlock": vpc.cidr if vpc else "",
        "subnetName": subnet.name if subnet else "",
        "subnetCidrBlock": subnet.cidr if subnet else "",
        "bindLanIpStatus": str(device.bind_status),
    }


def _check_app_id(call: Call) -> None:
    sent = call.get("appId")
    if sent is not None and sent != call.app_id:
        raise Refusal("InvalidParameter.InvalidAppId", why=f"the account's appId is {call.app_id}, not {sent}")


def _check_idle(device: HostedDevice) -> None:
    if device.bind_status in BUSY:
        raise Refusal("InternalError.Locked", why=f"{device.instance_id} is being bound or unbound")
