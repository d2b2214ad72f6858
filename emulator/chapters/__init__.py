"""What the API is about: one folder a chapter of the documentation, the same names in each.

This is the only list of chapters.
"""

from emulator.chapters.devices.actions import catalogue, networks, operations, purchase, servers
from emulator.chapters.devices.actions import tasks as device_tasks
from emulator.chapters.devices.work import delivery, expiry
from emulator.chapters.hosted import actions as hosted
from emulator.chapters.outband import actions as outband
from emulator.chapters.regions import actions as regions
from emulator.chapters.registry import BEGINNERS, BEHAVIOURS
from emulator.chapters.scripts.actions import scripts
from emulator.chapters.scripts.actions import tasks as script_tasks
from emulator.chapters.tags import actions as tags
from emulator.chapters.undocumented import actions as undocumented

__all__ = [
    "BEGINNERS",
    "BEHAVIOURS",
    "catalogue",
    "delivery",
    "device_tasks",
    "expiry",
    "hosted",
    "networks",
    "operations",
    "outband",
    "purchase",
    "regions",
    "script_tasks",
    "scripts",
    "servers",
    "tags",
    "undocumented",
]
