"""What each action does: a module a chapter of the documentation, a plain function an action."""

from emulator.actions import (
    device_catalogue,
    device_networks,
    device_operations,
    device_tasks,
    devices,
    hosted,
    outband,
    purchase,
    regions,
    script_tasks,
    scripts,
    tags,
    undocumented,
)
from emulator.actions.registry import BEGINNERS, BEHAVIOURS

__all__ = [
    "BEGINNERS",
    "BEHAVIOURS",
    "device_catalogue",
    "device_networks",
    "device_operations",
    "device_tasks",
    "devices",
    "hosted",
    "outband",
    "purchase",
    "regions",
    "script_tasks",
    "scripts",
    "tags",
    "undocumented",
]
