"""Devices: parameters that each action accepts, and a case for each documented error."""

from typing import Any

from support.account import HEAD, device, fault
from support.cases import Case, Params, changed, errors_of

NEW_PASSWORD = "abce1234"
ONE = {"instanceIds.0": "cpm-aaaaaaaa"}
TWO = {**ONE, "opUin": "1"}
ORDER: dict[str, Any] = {
    "zoneId": 1000800001,
    "unVpcId": "vpc-8e0ypm3z",
    "unSubnetId": "subnet-34xt45as",
    "deviceClassCode": "PS100v1",
    "osTypeId": 1,
    "raidId": 3,
    "timeUnit": "m",
    "timeSpan": 2,
    "goodsNum": 2,
}
PARTS = {"cpuId": 1, "mem": 128, "haveRaidCard": 0, "diskTypeId1": 8, "diskNum1": 4}
CUSTOM = {"deviceClassCode": "", "raidId": 6, **PARTS}
"""What an order of a custom model says instead of a class."""
GOOD: dict[str, Params] = {
    "DescribeDeviceClass": {},
    "DescribeDeviceClassRaid": {},
    "DescribeDeviceClassPartition": {"deviceClassCode": "PS100v1"},
    "DescribeOs": {"deviceClassCode": "PS100v1"},
    "DescribeHardwareSpecification": {},
    "DescribeDevice": {},
    "DescribeDeviceTrash": {},
    "DescribeDevicePosition": {},
    "ModifyDeviceAlias": {**ONE, "aliases.0": "b"},
    "ModifyDeviceAutoRenewFlag": {**ONE, "autoRenewFlag": 1},
    "ModifyPayModePre2Post": ONE,
    "StartDevice": TWO,
    "ShutdownDevice": TWO,
    "RebootDevice": TWO,
    "ResetDevicePasswd": {**ONE, "passwd": NEW_PASSWORD},
    "ReloadDeviceOs": {"instanceId": "cpm-aaaaaaaa", "passwd": NEW_PASSWORD},
    "DescriptionOperationResult": {"taskId": 1},
    "QueryBmTgwClusterMode": {"unVpcId": "vpc-8e0ypm3z"},
    "SwitchToBmExclusiveCluster": {"unVpcId": "vpc-8e0ypm3z"},
    "SwitchToBmSharedCluster": {"unVpcId": "vpc-8e0ypm3z"},
    "RecoveryBmTgwCluster": {"unVpcId": "vpc-8e0ypm3z"},
    "ZhDockerSubnetAvailable": {},
    "DescribeDeviceOperationLog": {"instanceId": "cpm-aaaaaaaa"},
    "BuyDevice": ORDER,
    "DescribeDeviceHardwareInfo": ONE,
}
WORLD = HEAD + device()
DOCKER_OWNER = ("AKIDdocker", "dockerkey")
DOCKER = f"""
[[accounts]]
app_id = "77"
docker_customer = true
credentials = [{{secret_id = "{DOCKER_OWNER[0]}", secret_key = "{DOCKER_OWNER[1]}"}}]
vpcs = [{{id = 1111, un_id = "vpc-docker00", name = "d", cidr = "10.8.0.0/16"}}]
subnets = [
    {{id = 1112, un_id = "subnet-docker01", vpc = "vpc-docker00", name = "a", cidr = "10.8.1.0/24", docker = true}},
    {{id = 1113, un_id = "subnet-docker02", vpc = "vpc-docker00", name = "b", cidr = "10.8.2.0/24", docker = true}},
    {{id = 1114, un_id = "subnet-plain000", vpc = "vpc-docker00", name = "c", cidr = "10.8.3.0/24"}},
]
devices = [{{instance_id = "cpm-docker00", vpc = "vpc-docker00", subnet = "subnet-docker02"}}]
"""
"""An account that runs containers, with two subnets for them, of which one is in use."""


def case(action: str, code: int, params: Params, more: str = "") -> Case:
    """A call about the account's only device, which has these columns."""
    return Case(action, code, params, HEAD + device(more=more))


def unsold(code: int, more: str = "", **changes: Any) -> Case:
    """An order with these changes, by an account of which this is said."""
    return Case("BuyDevice", code, changed(ORDER, **changes), HEAD + more + device())


ONLY_BROKEN = {9001, 9003, 9005, 9008, 9009, 100002, 100612, 100200, 100188, 500006, 500008}
"""What only a broken database, queue or backend explains; a class without a price (500008) needs another catalogue."""
UNKNOWN = {"instanceIds.0": "cpm-unknown1"}
ANOTHERS = {"instanceIds.0": "cpm-an5a9wv4"}
OPERATIONS = ("StartDevice", "ShutdownDevice", "RebootDevice", "ResetDevicePasswd")
CASES = [
    *(
        Case(name, code, GOOD[name], WORLD + fault(name, code))
        for name, code in errors_of(*GOOD)
        if code in ONLY_BROKEN or name == "DescribeDeviceClass"
    ),
    *(
        case(name, 10001, {**GOOD[name], **stranger})
        for name in (*OPERATIONS, "ModifyDeviceAlias", "ModifyDeviceAutoRenewFlag", "ModifyPayModePre2Post")
        for stranger in (UNKNOWN, ANOTHERS)
    ),
    case("ModifyDeviceAlias", 10001, {**ONE, "aliases.0": "a", "aliases.1": "b"}),
    case("ModifyDeviceAutoRenewFlag", 10001, {**ONE, "autoRenewFlag": 2}),
    case("DescribeDevice", 10001, {"deadlineStartTime": "2016-05-25"}),
    case("DescribeDevice", 10001, {"deadlineEndTime": "soon"}),
    case("DescribeDevice", 10001, {"limit": -1}),
    case("DescribeDeviceTrash", 10001, {"offset": "x"}),
    *(case(name, 10001, {"unVpcId": "vpc-34cxlz7z"}) for name in GOOD if "Tgw" in name or "Cluster" in name),
    Case("ZhDockerSubnetAvailable", 10001, {"unVpcId": "vpc-34cxlz7z"}, WORLD + DOCKER, DOCKER_OWNER),
    case("ZhDockerSubnetAvailable", 10004, {}),
    case("StartDevice", 12002, TWO),
    *(case(name, 12002, GOOD[name], 'state = "shutdown"') for name in OPERATIONS[1:]),
    *(case(name, 12002, GOOD[name], 'state = "isolated"') for name in (*OPERATIONS, "ReloadDeviceOs")),
    *(case(name, 12002, GOOD[name], 'state = "fault"') for name in (*OPERATIONS, "ReloadDeviceOs")),
    *(
        case("ResetDevicePasswd", 10001, {**ONE, "passwd": password})
        for password in ("", "short1", "onlyletters", "12345678", "x1" * 9, "密码abc123", "with space1")
    ),
    *(
        case("ResetDevicePasswd", 10001, {**ONE, "passwd": password}, 'os_type = "xserver"')
        for password in ("abcdef123456", "Ab1!", "Administrator1!", "Ab1!" * 5)
    ),
    case("ResetDevicePasswd", 12006, GOOD["ResetDevicePasswd"], "agent_alive = false"),
    case("ReloadDeviceOs", 10001, {"instanceId": "cpm-unknown1", "passwd": NEW_PASSWORD}),
    case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "osTypeId": 6}),
    case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "osTypeId": 99}),
    case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "unVpcId": "vpc-8e0ypm3z"}),
    case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "unSubnetId": "subnet-34xt45as"}),
    case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "passwd": "short1"}),
    case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "lanIp": "10.7.0.1"}),
    case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "lanIp": "10.6.10.1"}),
    case("ReloadDeviceOs", 10001, {**GOOD["ReloadDeviceOs"], "lanIp": "x"}),
    case("ReloadDeviceOs", 12003, {**GOOD["ReloadDeviceOs"], "raidId": 8}),
    case("DescriptionOperationResult", 10001, {"taskId": 99}),
    case("DescriptionOperationResult", 10001, {"taskId": "x"}),
    case("DescribeDeviceOperationLog", 10001, {"instanceId": "cpm-unknown1"}),
    case("DescribeDeviceOperationLog", 10001, {**GOOD["DescribeDeviceOperationLog"], "startTime": "2016-08"}),
    case("DescribeDeviceOperationLog", 10001, {**GOOD["DescribeDeviceOperationLog"], "limit": -1}),
    *(unsold(100001, **{name: None}) for name in ("zoneId", "unVpcId", "osTypeId", "raidId", "goodsNum", "timeSpan")),
    *(unsold(100001, **bad) for bad in ({"timeUnit": "y"}, {"goodsNum": 0}, {"timeSpan": 37}, {"cpuId": 3})),
    unsold(100001, **{"tagDetail.0.tagKey": "env"}),
    unsold(100004, "may_buy = false\n"),
    unsold(700104, deviceClassCode=None),
    unsold(700104, **{**CUSTOM, "mem": None}),
    unsold(700104, **{**CUSTOM, "diskTypeId1": 77}),
    unsold(700104, **{**CUSTOM, "diskTypeId2": 77, "diskNum2": 2}),
    unsold(700104, **{**CUSTOM, "haveRaidCard": 1, "diskNum1": 3}),
    unsold(700108, deviceClassCode="PS999v1"),
    unsold(700110, deviceClassCode="PI103v1"),
    unsold(700102, zoneId=1),
    unsold(700102, unVpcId="vpc-34cxlz7z"),
    unsold(700102, unSubnetId="subnet-1so5ae8m"),
    unsold(700102, osTypeId=6),
    unsold(700102, raidId=8),
    unsold(700102, sysDataSpace=99_999),
    unsold(700102, passwd="short1"),
    unsold(700102, passwd=""),
    unsold(700102, **{"ipList.0": "10.6.10.9"}),
    unsold(700102, **{"ipList.0": "10.6.10.9", "ipList.1": "10.6.10.9"}),
    unsold(700102, **{"ipList.0": "10.6.10.9", "ipList.1": "10.7.0.1"}),
    unsold(700102, unSubnetId="subnet-small005"),
    unsold(700102, unSubnetId="subnet-single06", goodsNum=1),
    unsold(700102, unSubnetId="subnet-single06", goodsNum=1, **{"ipList.0": "10.6.12.1"}),
    unsold(700007, goodsNum=21),
    unsold(100207, "balance = 100\n"),
]
