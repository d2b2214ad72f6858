"""The world that most tests of private networks begin with: a VPC with servers, two gateways and an SSL VPN gateway."""

from support.account import LIMITED, OWNER

VPC, OTHER, EMPTY, GOING = "vpc-aaaaaaaa", "vpc-bbbbbbbb", "vpc-eeeeeeee", "vpc-gggggggg"
WEB, VMS, LEFT, FULL, FAR = (
    "subnet-web00000",
    "subnet-vms00000",
    "subnet-left0000",
    "subnet-full0000",
    "subnet-far00000",
)
SERVER, SECOND = "cpm-aaaaaaaa", "cpm-bbbbbbbb"
NAT, BIG = "nat-aaaaaaaa", "nat-bbbbbbbb"
VPN = "sshvpngw-aaaaaaaa"
ONE, TWO, FREE, ALIEN, USED = "183.60.0.1", "183.60.0.2", "183.60.0.3", "183.60.0.4", "183.60.0.5"
_NETWORKS = f"""
[[accounts]]
app_id = "1251001002"
credentials = [
    {{secret_id = "{OWNER[0]}", secret_key = "{OWNER[1]}"}},
    {{secret_id = "{LIMITED[0]}", secret_key = "{LIMITED[1]}", actions = []}},
]
vpcs = [
    {{id = 1, un_id = "{VPC}", name = "main", cidr = "10.0.0.0/16"}},
    {{id = 2, un_id = "{OTHER}", name = "other", cidr = "10.1.0.0/16", zone_id = 1000100003}},
    {{id = 3, un_id = "{EMPTY}", name = "empty", cidr = "10.2.0.0/16", created_at = 2018-01-01 00:00:00}},
    {{id = 4, un_id = "{GOING}", name = "going", cidr = "10.3.0.0/16", status = 2, zone_id = 1000100003}},
]
subnets = [
    {{id = 11, un_id = "{WEB}", vpc = "{VPC}", name = "web", cidr = "10.0.1.0/24"}},
    {{id = 12, un_id = "{VMS}", vpc = "{VPC}", name = "vms", cidr = "10.0.2.0/24", vlan_id = 2000}},
    {{id = 13, un_id = "{LEFT}", vpc = "{VPC}", name = "left", cidr = "10.0.3.0/24"}},
    {{id = 14, un_id = "{FULL}", vpc = "{VPC}", name = "full", cidr = "10.0.4.0/30", vlan_id = 2004}},
    {{id = 15, un_id = "{FAR}", vpc = "{OTHER}", name = "far", cidr = "10.1.1.0/24"}},
]
"""
_TABLES = (
    *(
        ("devices", {"instance_id": id, "alias": id, "vpc": VPC, "subnet": WEB, "lan_ip": f"10.0.1.{host}"})
        for id, host in ((SERVER, 10), (SECOND, 11))
    ),
    ("interfaces", {"id": f"{SECOND}/{FULL}", "instance_id": SECOND, "vpc": VPC, "subnet": FULL, "lan_ip": "10.0.4.2"}),
    ("subnet_ips", {"id": f"{WEB}/10.0.1.20", "vpc": VPC, "subnet": WEB, "lan_ip": "10.0.1.20"}),
    ("nat_gateways", {"nat_id": NAT, "name": "one", "vpc": VPC}),
    ("nat_gateways", {"nat_id": BIG, "name": "two", "vpc": OTHER, "forward_mode": 1, "max_concurrent": 10_000_000}),
    ("eips", {"eip_id": "eip-00000001", "eip": ONE, "vpc": VPC, "status": 2, "bound_to": NAT}),
    ("eips", {"eip_id": "eip-00000002", "eip": TWO, "vpc": VPC, "status": 2, "bound_to": NAT}),
    ("eips", {"eip_id": "eip-00000003", "eip": FREE, "vpc": VPC}),
    ("eips", {"eip_id": "eip-00000004", "eip": ALIEN, "vpc": OTHER}),
    ("eips", {"eip_id": "eip-00000005", "eip": USED, "status": 2, "bound_to": SERVER}),
    ("eips", {"eip_id": "eip-00000006", "eip": "183.60.0.6", "vpc": OTHER, "status": 2, "bound_to": BIG}),
    ("nat_bindings", {"id": f"{NAT}/{WEB}", "nat_id": NAT, "subnet": WEB}),
    ("nat_bindings", {"id": f"{NAT}/{VMS}/10.0.2.9", "nat_id": NAT, "subnet": VMS, "address": "10.0.2.9"}),
    ("nat_bindings", {"id": f"{BIG}/{FAR}", "nat_id": BIG, "subnet": FAR}),
    ("kafka_confs", {"id": "ckafka-a/logs", "kafka_id": "ckafka-a", "topic": "logs"}),
    (
        "ssl_vpns",
        {"vpn_gw_id": VPN, "name": "vpn", "vpc": VPC, "domain": "206001", "public_ip": "139.199.40.244"},
    ),
    ("ssl_vpn_users", {"id": f"{VPN}/alice", "vpn_gw_id": VPN, "user_name": "alice", "password": "wonder12"}),
    (
        "ssl_vpn_rules",
        {
            "number": 1,
            "id": f"{VPN}/50",
            "vpn_gw_id": VPN,
            "position": 50,
            "protocol": "tcp",
            "source": "169.254.0.0/16",
            "destination": "10.0.0.0/16",
            "action": "allow",
            "ports": "80",
        },
    ),
)


def table(kind: str, /, **columns: str | int) -> str:
    """A thing of the account, as TOML."""
    lines = (
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}" for name, value in columns.items()
    )
    return "\n".join((f"[[accounts.{kind}]]", *lines, ""))


def world(quotas: str = "", *tables: str) -> str:
    """The world. `quotas`: those that are not as usual, as `vpcs = 1`."""
    own = f"quotas = {{ {quotas} }}\n" if quotas else ""
    return _NETWORKS + own + "\n".join([*(table(kind, **columns) for kind, columns in _TABLES), *tables])
