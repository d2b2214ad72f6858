"""Random histories: steps that a client, a test and the clock take in a world."""

from ipaddress import IPv4Network
from typing import Any

import httpx
import msgspec

from emulator import contract
from emulator.app import create_app, open_world
from emulator.chapters import BEHAVIOURS, RESOURCES
from emulator.chapters.vpc.records.networks import SERVERS_VLAN
from emulator.clock import ManualClock
from emulator.settings import Settings
from emulator.world.rules import FaultRule, add_fault
from emulator.world.world import World
from support.balancer_steps import balancer_things
from support.client import Api
from support.in_process import in_process

NOW = 1_508_464_800_000
BUY = {
    "zoneId": 1000100003,
    "osTypeId": 1,
    "deviceClassCode": "PS100v1",
    "raidId": 1,
    "timeUnit": "m",
    "timeSpan": 1,
    "goodsNum": 1,
    "hasWanIp": 1,
    "sysSwaporuefiSpace": 4,
    "tagDetail.0.tagKey": "env",
    "tagDetail.0.tagValue": "prod",
}
ON_DEVICES = (
    "RebootDevice",
    "ShutdownDevice",
    "StartDevice",
    "ResetDevicePasswd",
    "OfflineDevice",
    "ModifyPayModePre2Post",
)
Step = tuple[str, Any]
STEPS: list[Step] = [
    ("RebootDevice", {"opUin": "1"}),
    ("ShutdownDevice", {"opUin": "2"}),
    ("StartDevice", {"opUin": "3"}),
    ("ResetDevicePasswd", {"passwd": "abce1234"}),
    ("ReloadDeviceOs", {"passwd": "abce1234"}),
    ("OfflineDevice", {}),
    ("ModifyPayModePre2Post", {}),
    ("AddUserCmd", {"alias": 'a "quoted" name', "osType": "linux", "content": "ZWNobyBoaQ=="}),
    ("RunUserCmd", {"userName": "root", "password": "abce1234", "cmdParam": "YQ=="}),
    ("SwitchToBmExclusiveCluster", {}),
    ("BindHostedLanIP", {"operateMode": 1, "contacts": "张三", "mobile": "13800000000"}),
    ("UnbindHostedLanIP", {}),
    ("BuyDevice", BUY),
    ("advance", 60),
    ("advance", 600),
    ("advance", 3 * 30 * 24 * 3600),
    ("fault", {"action": "RebootDevice", "operation": "fail", "times": 2}),
    ("fault", {"action": "RunUserCmd", "operation": "hang", "hangs_at": 70, "times": 1}),
    ("fault", {"action": "BuyDevice", "operation": "fail", "times": 1}),
    ("fault", {"action": "ReloadDeviceOs", "operation": "late", "late_by": 300, "times": 1}),
    ("fault", {"error": 4500, "action": "StartDevice", "skip": 1, "times": 1}),
    ("CreateBmVpc", {"vpcName": "new", "cidrBlock": "172.20.0.0/16", "zoneId": 1000100003}),
    ("DeleteBmVpc", {}),
    ("CreateBmSubnet", {"vlanId": 2500}),
    ("DeleteBmSubnet", {}),
    ("ApplyIps", {"count": 3}),
    ("RegisterBatchIp", {}),
    ("ReturnIps", {}),
    ("CreateBmInterface", {}),
    ("DelBmInterface", {}),
    ("CreateBmNatGateway", {"natName": "n", "maxConcurrent": 1_000_000, "forwardMode": 0, "autoAllocEipNum": 2}),
    ("DeleteBmNatGateway", {}),
    ("EipBindBmNatGateway", {"autoAllocEipNum": 1}),
    ("EipUnBindBmNatGateway", {}),
    ("SubnetBindBmNatGateway", {}),
    ("SubnetUnBindBmNatGateway", {}),
    ("CreateBmSslVpnGw", {"vpnGwName": "v", "txPeakLimit": 1, "rxPeakLimit": 1}),
    ("AddBmSslVpnGwUser", {"userName": "bobby", "pin": "builder12"}),
    ("EipBmApply", {"goodsNum": 2}),
    ("EipBmDelete", {}),
    ("EipBmBindRs", {}),
    ("EipBmUnbindRs", {}),
    ("EipBmBindVpcIp", {}),
    ("EipBmUnBindVpcIp", {}),
    ("EipBmModifyCharge", {"payMode": "bandwidth", "bandwidth": 7}),
    ("CreateBmLoadBalancer", {"loadBalancerType": "internal"}),
    ("CreateBmLoadBalancer", {"loadBalancerType": "open", "goodsNum": 2}),
    ("DeleteBmLoadBalancers", {}),
    (
        "CreateBmListeners",
        {"listeners.0.listenerName": "l", "listeners.0.protocol": "tcp", "listeners.0.healthSwitch": 1},
    ),
    ("CreateBmLoadBalancerListeners", {"listeners.0.protocol": 2, "listeners.0.instancePort": 9000}),
    ("ModifyBmListener", {"intervalTime": 30, "unhealthNum": 2}),
    ("DeleteBmListeners", {}),
    ("BindBmL4ListenerRs", {"backends.0.weight": 7}),
    ("UnbindBmL4ListenerRs", {}),
    ("ModifyBmL4ListenerBackendPort", {}),
    ("RegisterInstancesWithBmLoadBalancer", {}),
    ("DeregisterInstancesFromBmLoadBalancer", {}),
    ("CreateBmForwardListeners", {"listeners.0.listenerName": "f", "listeners.0.protocol": "http"}),
    ("CreateBmForwardRules", {"rules.0.url": "/", "rules.0.healthSwitch": 1, "rules.1.url": "/more"}),
    ("DeleteBmForwardDomains", {}),
    ("DeleteBmForwardRules", {}),
    ("BindBmLocationInstances", {"backends.0.weight": 7}),
    ("UnbindBmLocationInstances", {}),
    ("AddTrafficMirror", {"alias": "mirror"}),
    ("BindTrafficMirrorListeners", {}),
    ("UnbindTrafficMirrorListeners", {}),
    ("BindTrafficMirrorReceivers", {"receivers.0.weight": 1}),
    ("DeleteTrafficMirror", {}),
    ("fault", {"action": "CreateBmListeners", "operation": "fail", "times": 1}),
    ("fault", {"action": "BindBmL4ListenerRs", "operation": "fail", "times": 1}),
    ("fault", {"action": "CreateBmForwardRules", "operation": "late", "late_by": 300, "times": 1}),
    ("EipAclBmApply", {"aclName": "rules", "status": 1}),
    ("EipAclBmSet", {"type": "in", "rule.0.ip": "10.0.0.0/8", "rule.0.action": "accept"}),
    ("EipAclBmBind", {}),
    ("EipAclBmDelete", {}),
    ("fault", {"action": "EipBmBindRs", "operation": "fail", "times": 1}),
    ("fault", {"action": "EipBmUnbindRs", "operation": "late", "late_by": 400, "times": 1}),
    ("fault", {"action": "CreateBmNatGateway", "operation": "fail", "times": 1}),
    ("fault", {"action": "CreateBmInterface", "operation": "fail", "times": 1}),
    ("fault", {"action": "DeleteBmVpc", "operation": "hang", "times": 1}),
]
_HOSTS = {action.name: action.hosts[0] for action in contract.load() if (action.module, action.name) in BEHAVIOURS}


class History:
    """A world of its own, and a client of it."""

    def __init__(self, devices: int) -> None:
        self.clock = ManualClock(NOW)
        chosen = Settings(time_scale=1.0, devices=devices)
        self.world: World = open_world(chosen, self.clock)
        app = create_app(chosen, world=self.world)
        self.api = Api(httpx.Client(transport=in_process(app), base_url="http://bm.api.qcloud.com"))

    def take(self, step: Step, chosen: int) -> int:
        """One step, and the code of its answer. A call may be refused: that is part of a history."""
        name, how = step
        if name == "advance":
            self.clock.advance(how)
            return 0
        if name == "fault":
            add_fault(self.world, msgspec.convert(how, FaultRule))
            return 0
        things = self._eip_things(name, chosen) or self._network_things(name, chosen) or self._things(name, chosen)
        things = things or balancer_things(self.world, name, chosen)
        return int(self.api.call(name, host=_HOSTS[name], **how, **things)["code"])

    def _things(self, name: str, chosen: int) -> dict[str, Any]:
        """What the call is about: of each kind one that `chosen` picks."""
        device, hosted = self._pick("devices", chosen), self._pick("hosted", chosen)
        on_devices = {"instanceIds.0": device}
        things: dict[str, dict[str, Any]] = {
            **dict.fromkeys(ON_DEVICES, on_devices),
            "RunUserCmd": {**on_devices, "cmdId": self._pick("scripts", chosen)},
            "SwitchToBmExclusiveCluster": {"unVpcId": self._pick("vpcs", chosen)},
            "ReloadDeviceOs": {"instanceId": device, **self._move(device, chosen)},
            "BuyDevice": self._place(chosen),
            "BindHostedLanIP": {**self._place(chosen), **self._gateway(chosen), **self._login(hosted)},
            "UnbindHostedLanIP": {"instanceIds.0": hosted},
        }
        return things.get(name, {})

    def network(self, action: str, *, strict: bool = True, **params: Any) -> dict[str, Any]:
        """A call of private networks. `strict`: it has to succeed."""
        answer: dict[str, Any] = self.api.call(action, host="bmvpc.api.qcloud.com", **params)
        assert not strict or answer["code"] in (0, "0"), answer
        return answer

    def eips(self, action: str, **params: Any) -> dict[str, Any]:
        """A call on elastic IPs that has to succeed."""
        answer: dict[str, Any] = self.api.call(action, host="bmeip.api.qcloud.com", **params)
        assert answer["code"] == 0, answer
        return answer

    def balancers(self, action: str, *, host: str = "bmlb", **params: Any) -> dict[str, Any]:
        """A call on load balancers that has to succeed."""
        answer: dict[str, Any] = self.api.call(action, host=f"{host}.api.qcloud.com", **params)
        assert answer["code"] == 0, answer
        return answer

    def _network_things(self, name: str, chosen: int) -> dict[str, Any]:
        """What a call of the chapter of private networks is about."""
        place, vpc = self._place(chosen), self._pick("vpcs", chosen)
        nat, subnet = self._record("nat_gateways", chosen), self._record("subnets", chosen)
        ip, interface = self._record("subnet_ips", chosen), self._record("interfaces", chosen)
        of_nat = {"natId": nat.nat_id, "unVpcId": nat.vpc} if nat else {"natId": "nat-gone0000", "unVpcId": vpc}
        eip = next(
            (it.eip for it in RESOURCES["eips"].every(self.world) if nat and it.bound_to == nat.nat_id), "1.1.1.1"
        )
        own = next((it.un_id for it in RESOURCES["subnets"].every(self.world) if nat and it.vpc == nat.vpc), "subnet-x")
        network = IPv4Network(subnet.cidr)
        joined = [it for it in RESOURCES["subnets"].every(self.world) if it.vlan_id != SERVERS_VLAN]
        to = joined[chosen % len(joined)] if joined else subnet
        near = [it.instance_id for it in RESOURCES["devices"].every(self.world) if it.vpc in (to.vpc, "", None)]
        vpc_block = IPv4Network(RESOURCES["vpcs"].find_any(self.world, vpc).cidr)
        new = vpc_block.network_address + 256 * (200 + chosen)
        things: dict[str, dict[str, Any]] = {
            "DeleteBmVpc": {"unVpcId": RESOURCES["vpcs"].ids(self.world)[-1]},
            "CreateBmSubnet": {"unVpcId": vpc, "subnetSet.0.subnetName": "s", "subnetSet.0.cidrBlock": f"{new}/24"},
            **dict.fromkeys(("DeleteBmSubnet", "ApplyIps"), place),
            "RegisterBatchIp": {**place, "ipList.0": str(network[7]), "ipList.1": str(network[9])},
            "ReturnIps": {"unVpcId": ip.vpc if ip else vpc, "ips.0": ip.lan_ip if ip else "1.1.1.1"},
            "CreateBmInterface": {
                "unVpcId": to.vpc,
                "unSubnetId": to.un_id,
                "instanceIds.0": near[chosen % len(near)] if near else "cpm-gone0000",
            },
            "DelBmInterface": {
                "unVpcId": interface.vpc if interface else vpc,
                "unSubnetId": interface.subnet if interface else "subnet-gone0000",
                "instanceIds.0": interface.instance_id if interface else "cpm-gone0000",
            },
            **{key: {"unVpcId": vpc} for key in ("CreateBmNatGateway", "CreateBmSslVpnGw")},
            **dict.fromkeys(("DeleteBmNatGateway", "EipBindBmNatGateway"), of_nat),
            "EipUnBindBmNatGateway": {**of_nat, "assignedEipSet.0": eip},
            **{key: {**of_nat, "unSubnetIds.0": own} for key in ("SubnetBindBmNatGateway", "SubnetUnBindBmNatGateway")},
            "AddBmSslVpnGwUser": {"vpnGwId": self._pick("ssl_vpns", chosen)},
        }
        return things.get(name, {})

    def _eip_things(self, name: str, chosen: int) -> dict[str, Any]:
        """What a call on elastic IPs and their ACLs is about."""
        eip, acl = self._record("eips", chosen), self._pick("eip_acls", chosen)
        eip_id, ip = eip.eip_id if eip else "eip-gone0000", self._record("subnet_ips", chosen)
        near = [it.instance_id for it in RESOURCES["devices"].every(self.world) if eip and it.vpc == eip.vpc]
        at_address = {"eipId": eip_id, "unVpcId": ip.vpc if ip else "vpc-x", "vpcIp": ip.lan_ip if ip else "1.1.1.1"}
        things: dict[str, dict[str, Any]] = {
            "EipBmApply": {"unVpcId": self._pick("vpcs", chosen)},
            **{key: {"eipIds.0": eip_id} for key in ("EipBmDelete", "EipBmModifyCharge")},
            "EipBmBindRs": {"eipId": eip_id, "instanceId": near[chosen % len(near)] if near else "cpm-gone0000"},
            "EipBmUnbindRs": {"eipId": eip_id},
            **dict.fromkeys(("EipBmBindVpcIp", "EipBmUnBindVpcIp"), at_address),
            **{key: {"aclId": acl} for key in ("EipAclBmSet", "EipAclBmDelete")},
            "CreateBmLoadBalancer": self._place(chosen),
            "DeleteBmLoadBalancers": {"loadBalancerId": self._pick("load_balancers", chosen)},
            "EipAclBmBind": {"eipAcl.0.eipId": eip_id, "eipAcl.0.aclId": acl},
        }
        return things.get(name, {})

    def _record(self, kind: str, chosen: int) -> Any:
        """None where there is nothing of the kind."""
        return RESOURCES[kind].find_any(self.world, self._pick(kind, chosen))

    def _pick(self, kind: str, chosen: int) -> str:
        ids = RESOURCES[kind].ids(self.world)
        return ids[chosen % len(ids)] if ids else "cpm-gone0000"

    def _place(self, chosen: int) -> dict[str, str]:
        subnet = RESOURCES["subnets"].find_any(self.world, self._pick("subnets", chosen))
        return {"unVpcId": subnet.vpc, "unSubnetId": subnet.un_id}

    def _gateway(self, chosen: int) -> dict[str, str]:
        subnet = RESOURCES["subnets"].find_any(self.world, self._pick("subnets", chosen))
        return {"gatewayIp": str(next(IPv4Network(subnet.cidr).hosts()))}

    def _move(self, instance_id: str, chosen: int) -> dict[str, str]:
        """To another subnet, or to another address of the same one."""
        device = RESOURCES["devices"].find_any(self.world, instance_id)
        if chosen % 2 or device is None or not device.lan_ip:
            return self._place(chosen)
        return {"lanIp": f"{device.lan_ip.rpartition('.')[0]}.77"}

    def _login(self, instance_id: str) -> dict[str, str]:
        server = RESOURCES["hosted"].find_any(self.world, instance_id)
        login = {"userName": server.user_name, "password": server.password, "instanceId": server.instance_id}
        return {f"instances.0.{key}": value for key, value in login.items()}
