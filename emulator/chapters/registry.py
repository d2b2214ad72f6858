"""The list of actions, made by the decorator that declares them."""

from collections.abc import Callable

from emulator.call import Behaviour

BEHAVIOURS: dict[tuple[str, str], Behaviour] = {}
"""By module and name of the action; complete once `emulator.chapters` is imported."""


BEGINNERS: set[tuple[str, str]] = set()
"""Those of them that begin what takes time."""


def action(name: str, module: str = "bm", *, begins_operations: bool = False) -> Callable[[Behaviour], Behaviour]:
    """Declare what the action of that name does, and whether it begins what takes time."""

    def register(behaviour: Behaviour) -> Behaviour:
        if (module, name) in BEHAVIOURS:
            raise ValueError(f"{name} is declared twice")
        BEHAVIOURS[module, name] = behaviour
        if begins_operations:
            BEGINNERS.add((module, name))
        return behaviour

    return register
