"""What a page of 20 rows costs among 1,000 and among 100,000, for each list of networks and elastic IPs.

    .venv/bin/python tests/benchmarks/lists.py

In process and without signatures; each list without a filter, first page and last, and sorted by each field.
"""

from typing import Any

from scale import milliseconds

from emulator.app import create_app, open_world
from emulator.chapters.eip.records.eips import EIPS
from emulator.chapters.eip.records.pool import eip_row
from emulator.chapters.eip_acl.records import EIP_ACLS
from emulator.chapters.vpc.records.nat import NAT_GATEWAYS
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS
from emulator.clock import SystemClock
from emulator.contract import load
from emulator.settings import Settings
from emulator.world.resource import Resource

SMALL, LARGE = 1_000, 100_000
PAGE = 20
MOST = 2.0
LISTS = {
    "DescribeBmVpcEx": ("bmvpc", ("createTime", "vpcName")),
    "DescribeBmSubnetEx": ("bmvpc", ("createTime", "subnetName")),
    "DescribeBmNatGateway": ("bmvpc", ("natId",)),
    "DescribeEipBm": ("bmeip", ("eipId", "eip", "status", "unInstanceId", "createdAt")),
    "DescribeEipAclBm": ("bmeip", ()),
}


def rows(number: int) -> list[tuple[Resource[Any], dict[str, Any]]]:
    """One thing of each kind: a VPC with a subnet and a NAT gateway, an elastic IP and an ACL."""
    own: dict[str, Any] = {"account_id": 1, "created_at": 1_500_000_000_000 + number % 1000 * 60_000}
    vpc = f"vpc-x{number:07}"
    network = {**own, "id": 1000 + number, "zone_id": 1000100003, "name": f"net{number % 997}", "cidr": "10.0.0.0/16"}
    dhcp = {"dhcp_enabled": 0, "dhcp_servers": "[]", "ip_reserve": 0, "docker": 0, "registered": 0}
    nat = {"running": 1, "production_status": 1, "max_concurrent": 1_000_000, "forward_mode": 0, "exclusive": 0}
    address = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    return [
        (VPCS, {**network, "un_id": vpc, "tgw_mode": "shared", "status": 0, "legacy": 0, "others": "[]"}),
        (SUBNETS, {**network, **dhcp, "un_id": f"subnet-x{number:07}", "vpc": vpc, "vlan_id": 5, "distributed": 1}),
        (NAT_GATEWAYS, {**own, **nat, "nat_id": f"nat-x{number:07}", "name": "n", "vpc": vpc}),
        (EIPS, eip_row(f"eip-x{number:07}", 1, own["created_at"], address, vpc=vpc)),
        (
            EIP_ACLS,
            {**own, "acl_id": f"bmeipacl-x{number:07}", "name": "a", "status": 0, "inbound": "[]", "outbound": "[]"},
        ),
    ]


def queries(action: str, sorts: tuple[str, ...], number: int) -> dict[str, str]:
    """Each query by what it is called."""
    begin = f"Action={action}&limit={PAGE}"
    names = {parameter.name for found in load() if found.name == action for parameter in found.parameters}
    by = "orderBy" if "orderBy" in names else "orderField"
    pages = {f"{action}": begin, f"{action}, last page": f"{begin}&offset={number - PAGE}"}
    return pages | {f"{action} by {name}": f"{begin}&{by}={name}" for name in sorts}


def measured(size: int) -> dict[str, float]:
    world = open_world(Settings(auth="off", fixtures=("empty",)), SystemClock())
    kinds: dict[Resource[Any], list[dict[str, Any]]] = {}
    for number in range(size):
        for resource, row in rows(number):
            kinds.setdefault(resource, []).append(row)
    with world.transaction:
        for resource, made in kinds.items():
            resource.add_many(world, made)
    app = create_app(Settings(auth="off"), world=world)
    found = {
        name: milliseconds(app, query, f"{module}.api.qcloud.com")
        for action, (module, sorts) in LISTS.items()
        for name, query in queries(action, sorts, size).items()
    }
    world.close()
    return found


def main() -> None:
    small, large = measured(SMALL), measured(LARGE)
    print(f"{'milliseconds a page of 20':40} {SMALL:>8,} {LARGE:>8,}  ratio")
    for name in small:
        ratio = large[name] / small[name]
        mark = "  over" if ratio > MOST else ""
        print(f"{name:40} {small[name]:8.2f} {large[name]:8.2f} {ratio:6.2f}{mark}")


if __name__ == "__main__":
    main()
