"""The actions on load balancers (负载均衡相关接口)."""

from emulator.chapters.lb.actions import (
    balancers,
    certificates,
    information,
    layer_4,
    layer_4_backends,
    layer_7,
    location_backends,
    older_backends,
    older_listeners,
    rules,
)

__all__ = [
    "balancers",
    "certificates",
    "information",
    "layer_4",
    "layer_4_backends",
    "layer_7",
    "location_backends",
    "older_backends",
    "older_listeners",
    "rules",
]
