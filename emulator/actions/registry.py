"""The list of actions, made by the decorator that declares them."""

from collections.abc import Callable

from emulator.call import Behaviour

BEHAVIOURS: dict[tuple[str, str], Behaviour] = {}
"""By module and name of the action; complete once `emulator.actions` is imported."""


def action(name: str, module: str = "bm") -> Callable[[Behaviour], Behaviour]:
    """Declare what the action of that name does."""

    def register(behaviour: Behaviour) -> Behaviour:
        if (module, name) in BEHAVIOURS:
            raise ValueError(f"{name} is declared twice")
        BEHAVIOURS[module, name] = behaviour
        return behaviour

    return register
