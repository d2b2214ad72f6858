"""What each action does: a module a chapter of the documentation, a plain function an action."""

from emulator.actions import outband, script_tasks, scripts
from emulator.actions.registry import BEHAVIOURS

__all__ = ["BEHAVIOURS", "outband", "script_tasks", "scripts"]
