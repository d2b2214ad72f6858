"""What the API is about: one folder a chapter of the documentation, the same names in each.

    records   rows, what may be asked of them, and the declarations of the kinds of things
    work      what takes time
    actions   a function an action

This is the only list of chapters and of kinds of things.
"""

from typing import Any

from emulator.chapters.devices import actions as devices
from emulator.chapters.devices import work as device_work
from emulator.chapters.devices.records.devices import DEVICES
from emulator.chapters.devices.records.parts import OUT_OF_BAND
from emulator.chapters.eip import actions as eip
from emulator.chapters.eip import work as eip_work
from emulator.chapters.eip.records.eips import EIPS
from emulator.chapters.eip_acl import actions as eip_acl
from emulator.chapters.eip_acl.records import EIP_ACLS
from emulator.chapters.hosted import actions as hosted
from emulator.chapters.hosted.records import HOSTED
from emulator.chapters.lb import actions as lb
from emulator.chapters.lb import work as lb_work
from emulator.chapters.lb.records.backends import BACKENDS
from emulator.chapters.lb.records.balancers import LOAD_BALANCERS
from emulator.chapters.lb.records.certificates import CERTIFICATES
from emulator.chapters.lb.records.forward_listeners import FORWARD_LISTENERS
from emulator.chapters.lb.records.listeners import LISTENERS
from emulator.chapters.lb.records.rules import DOMAINS, LOCATIONS
from emulator.chapters.outband import actions as outband
from emulator.chapters.outband.records import VPN_ACCOUNTS, ZONES
from emulator.chapters.regions import actions as regions
from emulator.chapters.registry import BEGINS_WORK, BEHAVIOURS, WORKS_IN_PARTS
from emulator.chapters.scripts import actions as scripts
from emulator.chapters.scripts.records.scripts import SCRIPTS
from emulator.chapters.scripts.records.task_rows import RUNS
from emulator.chapters.scripts.records.tasks import SCRIPT_TASKS
from emulator.chapters.tags import actions as tags
from emulator.chapters.traffic_mirror import actions as traffic_mirror
from emulator.chapters.traffic_mirror import work as traffic_mirror_work
from emulator.chapters.traffic_mirror.records import MIRROR_LISTENERS, MIRRORS
from emulator.chapters.undocumented import actions as undocumented
from emulator.chapters.vpc import actions as vpc
from emulator.chapters.vpc import work as vpc_work
from emulator.chapters.vpc.records.interfaces import INTERFACES, SUBNET_IPS
from emulator.chapters.vpc.records.nat import KAFKA_CONFS, NAT_BINDINGS, NAT_GATEWAYS
from emulator.chapters.vpc.records.networks import SUBNETS, VPCS
from emulator.chapters.vpc.records.ssl_vpn import SSL_VPN_RULES, SSL_VPN_USERS, SSL_VPNS
from emulator.world.resource import Resource
from emulator.world.tasks import PARTS, TASKS

__all__ = ["BEGINS_WORK", "BEHAVIOURS", "CHAPTERS", "RESOURCES", "WORKS_IN_PARTS"]

CHAPTERS = (
    regions,
    devices,
    device_work,
    outband,
    tags,
    hosted,
    scripts,
    undocumented,
    vpc,
    vpc_work,
    eip,
    eip_work,
    eip_acl,
    lb,
    lb_work,
    traffic_mirror,
    traffic_mirror_work,
)
"""Importing them declares their actions and the settlers of their work."""
RESOURCES: dict[str, Resource[Any]] = {
    resource.plural: resource
    for resource in (
        VPCS,
        SUBNETS,
        DEVICES,
        OUT_OF_BAND,
        HOSTED,
        INTERFACES,
        SUBNET_IPS,
        EIP_ACLS,
        EIPS,
        LOAD_BALANCERS,
        CERTIFICATES,
        LISTENERS,
        FORWARD_LISTENERS,
        DOMAINS,
        LOCATIONS,
        MIRRORS,
        MIRROR_LISTENERS,
        BACKENDS,
        NAT_GATEWAYS,
        NAT_BINDINGS,
        KAFKA_CONFS,
        SSL_VPNS,
        SSL_VPN_USERS,
        SSL_VPN_RULES,
        SCRIPTS,
        SCRIPT_TASKS,
        RUNS,
        TASKS,
        PARTS,
        VPN_ACCOUNTS,
        ZONES,
    )
}
"""The kinds of things by their plural, each after those that its fixtures refer to."""
