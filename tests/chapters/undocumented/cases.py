"""What the vendor's command line calls and no page documents: parameters that each action accepts, and a case for
each error in the contract."""

from typing import Any

from support.account import HEAD, device, fault
from support.cases import Case, Params

ONE = {"instanceIds.0": "cpm-aaaaaaaa"}
GOOD: dict[str, Params] = {
    "DescribeBmInstances": {},
    "DescribeDeviceInventory": {"zoneId": 1000100003, "deviceClassCode": "PS100v1"},
    "DescribeDevicePartition": {"instanceId": "cpm-aaaaaaaa"},
    "DescribeDevicePrice": {**ONE, "timeSpan": 2},
    "GetDeviceDeployProcess": {"instanceId": "cpm-aaaaaaaa"},
    "OfflineDevice": ONE,
}
WORLD = HEAD + device()


def bad(action: str, **params: Any) -> Case:
    """The good parameters, but for this one."""
    return Case(action, 10001, {**GOOD[action], **params}, WORLD)


CASES = [
    *(Case(name, 9001, GOOD[name], WORLD + fault(name, 9001)) for name in GOOD),
    bad("DescribeDeviceInventory", zoneId=1),
    bad("DescribeDeviceInventory", deviceClassCode="none"),
    bad("DescribeDeviceInventory", deviceClassCode=""),
    bad("DescribeDevicePartition", instanceId="cpm-an5a9wv4"),  # another account's
    bad("DescribeDevicePrice", **{"instanceIds.0": "cpm-unknown1"}),
    bad("DescribeDevicePrice", timeSpan=0),
    bad("GetDeviceDeployProcess", instanceId="x"),
    bad("OfflineDevice", **{"instanceIds.0": "cpm-an5a9wv4"}),
    Case("OfflineDevice", 12002, ONE, WORLD, earlier=("OfflineDevice", ONE)),
]
