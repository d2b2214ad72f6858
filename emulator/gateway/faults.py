"""Fifth stage: faults. A rule of the world answers an action with one of its errors, so many times or always."""

from collections.abc import Iterable
from typing import Protocol

from emulator.call import Refusal
from emulator.contract import Action
from emulator.gateway.common_errors import COMMON_ERRORS, common
from emulator.gateway.routes import Routes
from emulator.inventory import rules
from emulator.inventory.world import World


class ImpossibleFault(ValueError):
    """A rule that no call could ever meet, with the reason."""


def fire(world: World, action: Action) -> None:
    """Raises what the first rule for the action says, if there is one. The rule stays counted whatever follows."""
    fault = rules.fire_fault(world, action.name)
    if fault is None:
        return
    why = f"fault {fault.id} of the fixture fired (time {fault.fired + 1} of {fault.times or 'any number'})"
    documented = _documented(action, fault.error)
    if documented is not None:
        raise Refusal(documented, why=why)
    raise common(int(fault.error), why=why)


class _Rule(Protocol):
    action: str
    error: str | int


def check(rules_to_be: Iterable[_Rule], routes: Routes) -> None:
    """Raises ImpossibleFault for an unknown action and for an error that it does not document."""
    for number, rule in enumerate(rules_to_be, 1):
        endpoint = routes.named(rule.action)
        if endpoint is None:
            raise ImpossibleFault(f"fault {number}: no documented action is named {rule.action}")
        error = str(rule.error)
        if _documented(endpoint.action, error) is None and not _is_common(error):
            known = ", ".join(f"{known.code} {known.name}" for known in endpoint.action.errors)
            raise ImpossibleFault(
                f"fault {number}: {rule.action} does not document the error {error}; it documents {known}"
            )


def _documented(action: Action, error: str) -> str | int | None:
    found = action.error(int(error) if error.lstrip("-").isdecimal() else error)
    return found.code if found else None


def _is_common(error: str) -> bool:
    return error.isdecimal() and int(error) in COMMON_ERRORS
