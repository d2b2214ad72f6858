"""The actions on traffic mirrors (流量镜像相关接口)."""

from emulator.chapters.traffic_mirror.actions import listeners, mirrors, receivers

__all__ = ["listeners", "mirrors", "receivers"]
