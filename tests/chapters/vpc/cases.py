"""Private networks: parameters that each action accepts, and a case for each documented error."""

from typing import Any

from support.account import fault
from support.cases import Call, Case, Params, changed, errors_of

from chapters.vpc.world import (
    ALIEN,
    BIG,
    EMPTY,
    FAR,
    FREE,
    FULL,
    GOING,
    LEFT,
    NAT,
    ONE,
    OTHER,
    SECOND,
    SERVER,
    TWO,
    USED,
    VMS,
    VPC,
    VPN,
    WEB,
    table,
    world,
)

IN_WEB = {"unVpcId": VPC, "unSubnetId": WEB}
IN_VMS = {"unVpcId": VPC, "unSubnetId": VMS}
OF_NAT = {"unVpcId": VPC, "natId": NAT}
OF_VPN = {"unVpcId": VPC, "vpnGwId": VPN}
LIMITS = {"vpnGwName": "vpn1", "txPeakLimit": 10, "rxPeakLimit": 20}
QUEUE = {"kafkaId": "ckafka-b", "topicName": "logs"}
RULE = {
    "aclRuleList.0.position": 3,
    "aclRuleList.0.ipVersion": 4,
    "aclRuleList.0.protocol": "icmp",
    "aclRuleList.0.srcCidr": "169.254.0.0/16",
    "aclRuleList.0.dstCidr": "10.0.1.0/24",
    "aclRuleList.0.direction": "ingress",
    "aclRuleList.0.action": "allow",
}
SUBNET = "subnetSet.0.cidrBlock"
GOOD: dict[str, Params] = {
    "AddBmAppKafkaConf": QUEUE,
    "AddBmSslVpnGwAcl": {**OF_VPN, **RULE},
    "AddBmSslVpnGwUser": {"vpnGwId": VPN, "userName": "bobby", "pin": "builder12"},
    "ApplyIps": {**IN_WEB, "count": 2},
    "BindIpsToBmNatGateway": {**OF_NAT, "ips.0.unSubnetId": VMS, "ips.0.ipList.0": "10.0.2.10"},
    "CreateBmInterface": {**IN_VMS, "instanceIds.0": SERVER},
    "CreateBmNatGateway": {
        "natName": "new",
        "unVpcId": VPC,
        "maxConcurrent": 1_000_000,
        "forwardMode": 0,
        "autoAllocEipNum": 1,
        "unSubnetIds.0": LEFT,
    },
    "CreateBmSslVpnGw": {"unVpcId": EMPTY, **LIMITS},
    "CreateBmSubnet": {"unVpcId": VPC, "subnetSet.0.subnetName": "new", SUBNET: "10.0.9.0/24", "vlanId": 2009},
    "CreateBmVpc": {"vpcName": "new", "cidrBlock": "192.168.0.0/16", "zoneId": 1000800001},
    "DelBmAppKafkaConf": {"kafkaId": "ckafka-a", "topicName": "logs"},
    "DelBmInterface": {"unVpcId": VPC, "unSubnetId": FULL, "instanceIds.0": SECOND},
    "DelBmSslVpnGwUser": {"vpnGwId": VPN, "userName": "alice"},
    "DeleteBmNatGateway": OF_NAT,
    "DeleteBmSslVpnGw": OF_VPN,
    "DeleteBmSslVpnGwAcl": {**OF_VPN, **RULE},
    "DeleteBmSubnet": {"unVpcId": VPC, "unSubnetId": LEFT},
    "DeleteBmVpc": {"unVpcId": EMPTY},
    "DescribeBmCpmBySubnetId": IN_WEB,
    "DescribeBmNatBindSubnets": {"natId": NAT},
    "DescribeBmNatGateway": {"natId": NAT, "unVpcId": VPC},
    "DescribeBmNatPartSubnetBindIps": {"natId": NAT},
    "DescribeBmSshSslVpnUser": {"vpnGwId": VPN},
    "DescribeBmSslVpnGw": OF_VPN,
    "DescribeBmSslVpnGwAcl": OF_VPN,
    "DescribeBmSubnetAvailableIp": {"unSubnetId": WEB},
    "DescribeBmSubnetByCpmId": {"instanceId": SERVER},
    "DescribeBmSubnetEx": IN_WEB,
    "DescribeBmSubnetIps": IN_WEB,
    "DescribeBmVpcEx": {"unVpcId": VPC},
    "EipBindBmNatGateway": {**OF_NAT, "assignedEipSet.0": FREE},
    "EipUnBindBmNatGateway": {**OF_NAT, "assignedEipSet.0": ONE},
    "ModifyBmSslVpnGw": {**OF_VPN, **LIMITS},
    "ModifyBmSslVpnGwAcl": {**OF_VPN, **RULE},
    "ModifyBmSslVpnGwUser": {"vpnGwId": VPN, "userName": "alice", "pin": "builder12"},
    "ModifySubnetDhcpRelayFlag": {**IN_WEB, "dhcpEnable": 1, "dhcpServerIp.0": "10.0.1.10", "ipReserve": 5},
    "QueryBmNatGatewayProductionStatus": {"taskId": 7},
    "QueryBmTaskResult": {"taskId": 7},
    "QueryBmTgwClusterMode": {"unVpcId": VPC},
    "RegisterBatchIp": {**IN_WEB, "ipList.0": "10.0.1.30"},
    "ReturnIps": {"unVpcId": VPC, "ips.0": "10.0.1.20"},
    "SubnetBindBmNatGateway": {**OF_NAT, "unSubnetIds.0": LEFT},
    "SubnetUnBindBmNatGateway": {**OF_NAT, "unSubnetIds.0": WEB},
    "SwitchToTgwExclusiveCluster": {"unVpcId": VPC},
    "SwitchToTgwSharedCluster": {"unVpcId": VPC},
    "UnbindIpsToBmNatGateway": {**OF_NAT, "ips.0.unSubnetId": VMS, "ips.0.ipList.0": "10.0.2.9"},
    "UpgradeBmNatGateway": {**OF_NAT, "maxConcurrent": 3_000_000},
}
CONTAINERS, HELD = "subnet-box00000", "subnet-held0000"
GOOD |= {
    "CreateBmContainerSubnet": {"unVpcId": VPC, "subnetSet.0.subnetName": "box", SUBNET: "10.0.8.0/24", "vlanId": 2999},
    "DeleteBmContainerSubnet": {"unVpcId": OTHER, "unSubnetId": CONTAINERS},
    "RegisterContainerSubnetIp": {"unVpcId": OTHER, "unSubnetId": CONTAINERS},
    "ReleaseContainerSubnetIp": {"unVpcId": OTHER, "unSubnetId": HELD},
}
"""The last four stand on no page."""
TASK = """
[[accounts.numbered_tasks]]
id = 7
[[accounts.numbered_tasks.parts]]
id = 70
about = "vpc-aaaaaaaa"
kind = "createVpc"
status = 1
started_at = 2018-01-01 00:00:00
ended_at = 2018-01-01 00:00:05
"""
BM = ("RegisterContainerSubnetIp", "ReleaseContainerSubnetIp")
WORLD = world("", TASK)
_LAST = 'cidr = "10.1.1.0/24"},'
_BOX = f'{{id = 16, un_id = "{CONTAINERS}", vpc = "{OTHER}", name = "box", cidr = "10.1.2.0/24", docker = true}},'
_HELD = (
    _BOX.replace("16", "17")
    .replace(CONTAINERS, HELD)
    .replace("10.1.2", "10.1.3")
    .replace("true", "true, registered = true")
)
WITH_CONTAINERS = WORLD.replace(_LAST, "\n".join((_LAST, _BOX, _HELD)))
"""Two subnets for containers besides; the range of one is registered."""
WITHOUT_VPC = world("", table("nat_gateways", nat_id="nat-cccccccc", name="c", vpc="vpc-gone0000"))
"""A gateway whose VPC is gone, which only a fixture can make."""
_NO_VPC, _NO_SUBNET, _NO_NAT, _BAD = -3047, -3030, 13014, 10001
_PIECE = "ips.0.unSubnetId"


def world_of(action: str) -> str:
    """The world in which the action's good parameters are accepted."""
    return WITH_CONTAINERS if "ContainerSubnet" in action else WORLD


def case(action: str, code: int, world: str = "", earlier: Call | None = None, **changes: Any) -> Case:
    module = "bm" if action in BM else "bmvpc"
    return Case(
        action, code, changed(GOOD[action], **changes), world or world_of(action), earlier=earlier, module=module
    )


def with_others(kind: str) -> str:
    return WORLD.replace('name = "empty"', f'name = "empty", others = ["{kind}"]')


def _broken() -> list[Case]:
    """What only a broken backend explains."""
    pairs = errors_of(*(name for name in GOOD if name not in BM), module="bmvpc")
    return [case(name, code, WORLD + fault(name, code)) for name, code in pairs if code in (9001, 9005)]


def _strangers() -> list[Case]:
    """A VPC, a gateway, a subnet, an SSL VPN gateway that the account does not have."""
    unknown = {_NO_VPC: ("unVpcId", "vpc-unknown1"), _NO_NAT: ("natId", "nat-unknown1")}
    unknown |= {-3264: ("vpnGwId", "sshvpngw-unknown1"), -3051: ("unSubnetId", "subnet-unknown")}
    found = [
        case(name, code, **{unknown[code][0]: unknown[code][1]})
        for name, code in errors_of(*(name for name in GOOD if name not in BM), module="bmvpc")
        if code in unknown and unknown[code][0] in GOOD[name]
    ]
    for name, code in errors_of(*(name for name in GOOD if name not in BM), module="bmvpc"):
        if code == _NO_SUBNET:
            place = next(it for it in (*GOOD[name], "unSubnetId") if it in ("unSubnetId", "unSubnetIds.0", _PIECE))
            found += [case(name, code, **{place: subnet}) for subnet in ("subnet-unknown", FAR)]
    return found


_BAD_PARAMETERS: dict[str, Params] = {
    "DescribeBmSslVpnGwAcl": {"unVpcId": None, "vpnGwId": None},
    "DeleteBmSslVpnGw": {"unVpcId": None, "vpnGwId": None},
    "DescribeBmSslVpnGw": {"orderDirection": "up"},
    "DeleteBmVpc": {"unVpcId": "main"},
    "QueryBmTgwClusterMode": {"unVpcId": "vpc-unknown1"},
    "SwitchToTgwExclusiveCluster": {"unVpcId": "vpc-unknown1"},
    "SwitchToTgwSharedCluster": {"unVpcId": "vpc-unknown1"},
}


def _bad() -> list[Case]:
    """A parameter that is missing, or as `_BAD_PARAMETERS` says."""
    found = []
    for name, code in errors_of(*(name for name in GOOD if name not in BM), module="bmvpc"):
        if code in (_BAD, -3001):
            others = [it for it in GOOD[name] if it not in ("vpnGwId", "unVpcId", "count")] or list(GOOD[name])
            found.append(case(name, code, **_BAD_PARAMETERS.get(name, {others[0]: None})))
    return found


CASES = [
    *_broken(),
    *_strangers(),
    *_bad(),
    # VPCs
    case("CreateBmVpc", 16007, cidrBlock="8.8.0.0/16"),
    case("CreateBmVpc", 16007, cidrBlock="10.9.0.0/8"),
    case("CreateBmVpc", 16007, cidrBlock="10.9.0.1/16"),
    case("CreateBmVpc", 16007, **{"subnetSet.0.subnetName": "a", SUBNET: "10.9.0.0/24"}),
    case("CreateBmVpc", 16001, world("vpcs = 2")),
    case("DeleteBmVpc", 16003, unVpcId=VPC),
    case("DeleteBmVpc", 16004, with_others("peering")),
    case("DeleteBmVpc", 16005, world("", table("eips", eip_id="eip-0000000e", eip="1.2.3.4", vpc=EMPTY))),
    case("DeleteBmVpc", 16006, with_others("load_balancer")),
    case("DeleteBmVpc", 16008, with_others("direct_connect")),
    case("DeleteBmVpc", 16009, earlier=("CreateBmSslVpnGw", GOOD["CreateBmSslVpnGw"])),
    case("DeleteBmVpc", 16010, with_others("ipsec")),
    case("DeleteBmVpc", 16011, world("", table("nat_gateways", nat_id="nat-eeeeeeee", name="e", vpc=EMPTY))),
    case("DeleteBmVpc", 16012, unVpcId=GOING),
    case("DeleteBmVpc", 16012, earlier=("SwitchToTgwSharedCluster", {"unVpcId": EMPTY})),
    case("DeleteBmVpc", 16012, earlier=("DeleteBmVpc", GOOD["DeleteBmVpc"])),
    case("DeleteBmVpc", 16013, WORLD.replace('name = "empty"', 'name = "empty", legacy = true')),
    # subnets
    case("CreateBmSubnet", _NO_VPC, unVpcId=GOING),
    case("CreateBmSubnet", -3001, vlanId=6),
    case("CreateBmSubnet", -3001, **{"subnetSet.0.subnetName": "x" * 61}),
    case("CreateBmSubnet", -3046, **{SUBNET: "10.0.1.128/25"}),
    case("CreateBmSubnet", -3240, vlanId=2000),
    case("CreateBmSubnet", -3240, **{"subnetSet.1.subnetName": "b", "subnetSet.1.cidrBlock": "10.0.10.0/24"}),
    case("CreateBmSubnet", -3058, world("subnets = 4")),
    *(case("CreateBmSubnet", -3055, **{SUBNET: cidr}) for cidr in ("10.9.0.0/24", "10.0.9.0/29", "10.0.9.1/24", "x")),
    case("CreateBmSubnet", -3246, **{"subnetSet.0.dhcpServerIp.0": "10.9.0.1"}),
    case("CreateBmSubnet", -3246, **{f"subnetSet.0.dhcpServerIp.{n}": "10.0.1.10" for n in range(5)}),
    case("CreateBmSubnet", -3247, **{"subnetSet.0.ipReserve": 254}),
    case("DeleteBmSubnet", -3067, unSubnetId=WEB),
    case("DeleteBmSubnet", -3067, earlier=("SubnetBindBmNatGateway", GOOD["SubnetBindBmNatGateway"])),
    case("DeleteBmSubnet", -3001, unSubnetId="left"),
    case("ModifySubnetDhcpRelayFlag", _NO_VPC, unSubnetId=FAR),
    case("ModifySubnetDhcpRelayFlag", -3246, **{"dhcpServerIp.0": "ten"}),
    case("ModifySubnetDhcpRelayFlag", -3247, ipReserve=240),
    # subnets for containers
    *(case("CreateBmContainerSubnet", -3046, **{SUBNET: cidr}) for cidr in ("10.0.1.0/28",)),
    case("CreateBmContainerSubnet", -3240, vlanId=2000),
    case("CreateBmContainerSubnet", -3058, world("subnets = 4")),
    case("CreateBmContainerSubnet", -3055, **{SUBNET: "10.9.0.0/24"}),
    case("DeleteBmContainerSubnet", -3051, unSubnetId=FAR),
    case("DeleteBmContainerSubnet", -3067, unSubnetId=HELD),
    case("DeleteBmContainerSubnet", -3067, earlier=("RegisterContainerSubnetIp", GOOD["RegisterContainerSubnetIp"])),
    case("RegisterContainerSubnetIp", _BAD, unSubnetId=HELD),
    case("RegisterContainerSubnetIp", _BAD, unSubnetId=FAR),
    case("ReleaseContainerSubnetIp", _BAD, unSubnetId=CONTAINERS),
    # addresses
    case("ApplyIps", -3001, count=21),
    case("ApplyIps", -3031, unSubnetId=FULL),
    case("RegisterBatchIp", -3031, WORLD + fault("RegisterBatchIp", -3031)),  # by state: test_addresses.py
    # interfaces
    case("CreateBmInterface", 17001, unSubnetId="subnet-unknown"),
    case("CreateBmInterface", 17001, unSubnetId=FULL),
    case("CreateBmInterface", 17003, unSubnetId=WEB),
    case("CreateBmInterface", 17002, world("interfaces = 1"), **{"instanceIds.0": SECOND}),
    case("CreateBmInterface", 11041, **{"instanceIds.1": "cpm-unknown1"}),
    case("CreateBmInterface", 11041, earlier=("CreateBmInterface", GOOD["CreateBmInterface"])),
    case("DelBmInterface", 17001, unSubnetId="subnet-unknown"),
    case("DelBmInterface", 17003, unSubnetId=WEB),
    case("DelBmInterface", 11041, **{"instanceIds.0": SERVER}),
    case("DelBmInterface", 11041, earlier=("DelBmInterface", GOOD["DelBmInterface"])),
    case("DescribeBmSubnetByCpmId", -3244, instanceId="cpm-unknown1"),
    # NAT gateways
    case("CreateBmNatGateway", _BAD, maxConcurrent=5),
    case("CreateBmNatGateway", _BAD, autoAllocEipNum=None),
    case("CreateBmNatGateway", _BAD, exclusive=1),
    case("CreateBmNatGateway", _BAD, **{_PIECE: LEFT, "ips.0.ipList.0": "10.0.3.9"}),
    case("CreateBmNatGateway", 13006, world("nat_gateways = 1")),
    case("CreateBmNatGateway", 13010, **{"assignedEipSet.0": "1.1.1.1"}),
    case("CreateBmNatGateway", 13011, **{"assignedEipSet.0": ALIEN}),
    case("CreateBmNatGateway", 13012, **{"unSubnetIds.0": WEB}),
    case("CreateBmNatGateway", 13013, **{"assignedEipSet.0": USED}),
    case("CreateBmNatGateway", 13015, autoAllocEipNum=6),
    case("EipBindBmNatGateway", 13010, **{"assignedEipSet.0": "1.1.1.1"}),
    case("EipBindBmNatGateway", 13011, **{"assignedEipSet.0": ALIEN}),
    case("EipBindBmNatGateway", 13013, **{"assignedEipSet.0": USED}),
    case("EipBindBmNatGateway", 13015, autoAllocEipNum=4),
    case("EipUnBindBmNatGateway", 13008, **{"assignedEipSet.1": TWO}),
    case(
        "EipUnBindBmNatGateway",
        13008,
        earlier=("EipUnBindBmNatGateway", GOOD["EipUnBindBmNatGateway"]),
        **{"assignedEipSet.0": TWO},
    ),
    case("EipUnBindBmNatGateway", 13010, **{"assignedEipSet.0": FREE}),
    case("EipUnBindBmNatGateway", 13011, **{"assignedEipSet.0": ALIEN}),
    case("DeleteBmNatGateway", _NO_NAT, natId=BIG),
    *(
        case(action, _NO_VPC, WITHOUT_VPC, natId="nat-cccccccc")
        for action in ("DescribeBmNatBindSubnets", "DescribeBmNatPartSubnetBindIps")
    ),
    case(
        "SubnetBindBmNatGateway",
        13012,
        **{"unVpcId": OTHER, "natId": BIG, "unSubnetIds.0": FAR},
        world=world().replace(f'nat_id = "{BIG}"\nsubnet', 'nat_id = "nat-eeeeeeee"\nsubnet'),
    ),
    case("SubnetBindBmNatGateway", _BAD, **{"unSubnetIds.0": WEB}),
    case(
        "BindIpsToBmNatGateway",
        13012,
        **{"unVpcId": OTHER, "natId": "nat-cccccccc", _PIECE: FAR, "ips.0.ipList.0": "10.1.1.9"},
        world=world("", table("nat_gateways", nat_id="nat-cccccccc", name="c", vpc=OTHER)),
    ),
    *(
        case("BindIpsToBmNatGateway", _BAD, **{"ips.0.ipList.0": address})
        for address in ("10.0.3.9", "ten", "10.0.2.9")
    ),
    case("BindIpsToBmNatGateway", _BAD, **{_PIECE: WEB, "ips.0.ipList.0": "10.0.1.9"}),
    case("SubnetUnBindBmNatGateway", _BAD, **{"unSubnetIds.0": LEFT}),
    case("UnbindIpsToBmNatGateway", _BAD, **{"ips.0.ipList.0": "10.0.2.10"}),
    case("AddBmAppKafkaConf", _BAD, kafkaId="ckafka-a"),
    case("DelBmAppKafkaConf", _BAD, kafkaId="ckafka-b"),
    # SSL VPN
    case("CreateBmSslVpnGw", -3261, unVpcId=VPC),
    case("CreateBmSslVpnGw", _BAD, clientIPPool="169.254.0.0"),
    case("CreateBmSslVpnGw", _BAD, txPeakLimit=101),
    case("DeleteBmSslVpnGw", -3262),
    case("AddBmSslVpnGwUser", -3263, world("ssl_vpn_users = 1")),
    case("AddBmSslVpnGwUser", _BAD, userName="alice"),
    *(case("AddBmSslVpnGwUser", _BAD, pin=pin) for pin in ("short1", "onlyletters", "with space12")),
    case("DelBmSslVpnGwUser", _BAD, userName="nobody"),
    case("ModifyBmSslVpnGwUser", _BAD, userName="nobody"),
    *(
        case("AddBmSslVpnGwAcl", _BAD, **{f"aclRuleList.0.{name}": value})
        for name, value in (
            ("position", 50),
            ("position", 51),
            ("dstCidr", "10.9.0.0/24"),
            ("srcCidr", "here"),
            ("protocol", "tcp"),
            ("action", "log"),
        )
    ),
]
