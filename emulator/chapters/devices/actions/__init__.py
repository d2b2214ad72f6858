"""The actions on servers (物理服务器相关接口)."""

from emulator.chapters.devices.actions import catalogue, networks, operations, purchase, servers, tasks

__all__ = ["catalogue", "networks", "operations", "purchase", "servers", "tasks"]
