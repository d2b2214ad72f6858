"""The actions on private networks (私有网络相关接口)."""

from emulator.chapters.vpc.actions import (
    addresses,
    containers,
    interfaces,
    kafka,
    nat,
    nat_bindings,
    nat_lists,
    ssl_vpn,
    ssl_vpn_rules,
    ssl_vpn_users,
    subnets,
    tasks,
    tgw,
    vpcs,
)

__all__ = [
    "addresses",
    "containers",
    "interfaces",
    "kafka",
    "nat",
    "nat_bindings",
    "nat_lists",
    "ssl_vpn",
    "ssl_vpn_rules",
    "ssl_vpn_users",
    "subnets",
    "tasks",
    "tgw",
    "vpcs",
]
