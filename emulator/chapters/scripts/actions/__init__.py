"""The actions on scripts (自定义脚本相关接口)."""

from emulator.chapters.scripts.actions import scripts, tasks

__all__ = ["scripts", "tasks"]
