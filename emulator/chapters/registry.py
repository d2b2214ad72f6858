"""The list of actions, made by the decorator that declares them."""

from collections.abc import Callable

from emulator.call import Behaviour

BEHAVIOURS: dict[tuple[str, str], Behaviour] = {}
"""By module and name of the action; complete once `emulator.chapters` is imported."""

BEGINS_WORK: set[tuple[str, str]] = set()
"""The actions that begin work, which takes time."""


WORKS_IN_PARTS: set[tuple[str, str]] = set()
"""The actions that heed `Call.partly`."""


def action(
    name: str, module: str = "bm", *, begins_operations: bool = False, in_parts: bool = False
) -> Callable[[Behaviour], Behaviour]:
    """Declare the behaviour of an action, whether it begins work, and whether it can do a part of it only."""

    def register(behaviour: Behaviour) -> Behaviour:
        if (module, name) in BEHAVIOURS:
            raise ValueError(f"{name} is declared twice")
        BEHAVIOURS[module, name] = behaviour
        if begins_operations:
            BEGINS_WORK.add((module, name))
        if in_parts:
            WORKS_IN_PARTS.add((module, name))
        return behaviour

    return register
