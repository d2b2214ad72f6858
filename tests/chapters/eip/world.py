"""The world of the tests of elastic IPs: that of private networks, with servers that use no NAT gateway, and ACLs."""

from chapters.vpc.cases import TASK
from chapters.vpc.world import LEFT, OTHER, VPC, table
from chapters.vpc.world import world as network

BARE, ISOLATED, AWAY = "cpm-cccccccc", "cpm-dddddddd", "cpm-eeeeeeee"
"""Servers without an elastic IP; the last one is in another VPC."""
FREE, USED, OF_NAT, ALIEN = "eip-00000003", "eip-00000005", "eip-00000001", "eip-00000004"
BROKEN, TUNNEL, AT_IP = "eip-0000000f", "eip-0000000t", "eip-0000000v"
APPLIED, TAKEN = "10.0.1.20", "10.0.1.21"
"""Addresses of the VPC that were applied for; the second has an elastic IP."""
ACL, SPARE = "bmeipacl-aaaaaaaa", "bmeipacl-bbbbbbbb"
_SERVERS = (
    table("devices", instance_id=BARE, alias="bare", vpc=VPC, subnet=LEFT, lan_ip="10.0.3.10"),
    table("devices", instance_id=ISOLATED, alias="gone", vpc=VPC, subnet=LEFT, lan_ip="10.0.3.11", state="isolated"),
    table("devices", instance_id=AWAY, alias="away", vpc=OTHER, subnet="subnet-far00000", lan_ip="10.1.1.10"),
)
_ADDRESSES = (
    table("subnet_ips", id=f"subnet-web00000/{TAKEN}", vpc=VPC, subnet="subnet-web00000", lan_ip=TAKEN),
    table("eips", eip_id=BROKEN, eip="183.60.0.9", vpc=VPC, status=9),
    table("eips", eip_id=TUNNEL, eip="183.60.0.10", vpc=VPC).rstrip() + "\ntunnel = true\n",
    table("eips", eip_id=AT_IP, eip="183.60.0.11", vpc=VPC, status=2, bound_to=TAKEN, isp_id=0, pay_mode="bandwidth"),
    table("eip_acls", acl_id=ACL, name="web", status=1, created_at="@"),
    table("eip_acls", acl_id=SPARE, name="spare"),
)


def world(quotas: str = "", *tables: str) -> str:
    """The world. `quotas`: those that are not as usual, as `eips = 1`."""
    made = "\n".join(_ADDRESSES).replace('"@"', "2018-03-29 14:45:56")
    return network(quotas, TASK, *_SERVERS, made, *tables)


def in_arrears() -> str:
    return world().replace('app_id = "1251001002"', 'app_id = "1251001002"\nbalance = -1', 1)
