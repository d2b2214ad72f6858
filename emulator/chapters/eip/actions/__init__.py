"""The actions on elastic IPs (弹性公网IP相关接口)."""

from emulator.chapters.eip.actions import binding, eips, lists

__all__ = ["binding", "eips", "lists"]
