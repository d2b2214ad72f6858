"""A fault rule held against the contract when it is set: a rule that no call could ever meet is rejected with the
reason.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from emulator.contract import COMMON_PARAMETERS
from emulator.gateway.common_errors import COMMON_ERRORS
from emulator.gateway.faults import documented_error, error_number
from emulator.gateway.routes import RoutedAction, Routes
from emulator.request import canonical
from emulator.world import rules
from emulator.world.resource import Resource
from emulator.world.rules import FaultRule

_COMMON_NAMES = {parameter.name for parameter in COMMON_PARAMETERS}


class ImpossibleFault(ValueError):
    """A rule that no call could ever meet, with the reason."""


def check_fault(
    rule: FaultRule,
    routes: Routes,
    resources: Mapping[str, Resource[Any]],
    secret_ids: Iterable[str] | None = None,
) -> None:
    """Raises ImpossibleFault. `secret_ids`: those of the world; None: not known yet."""
    endpoint = _endpoint(rule, routes)
    _check_kind(rule)
    if rule.error is not None:
        _check_error(rule, endpoint)
    if rule.operation is not None and endpoint is not None and not endpoint.begins_operations:
        raise ImpossibleFault(f"{rule.action} begins no operation that could {rule.operation}")
    _check_states(rule, resources)
    if rule.partly and (rule.error is None or endpoint is None or not endpoint.works_in_parts):
        raise ImpossibleFault("`partly` goes with an `error` of an action that can do a part of its work, as BuyDevice")
    if secret_ids is not None and rule.secret_id is not None and rule.secret_id not in secret_ids:
        raise ImpossibleFault(f"no account of this world has the SecretId {rule.secret_id}")
    if endpoint is not None:
        known = {name for parameter in endpoint.action.parameters for name in (parameter.name, parameter.alias)}
        for name in rule.parameters:
            if canonical(name).split(".")[0] not in known | _COMMON_NAMES:
                raise ImpossibleFault(f"{rule.action} has no parameter {name}")


def _check_states(rule: FaultRule, resources: Mapping[str, Resource[Any]]) -> None:
    if (rule.kind is None) != (rule.state is None):
        raise ImpossibleFault("`kind` and `state` go together: a thing of that kind in that state")
    for kind, state in rule.states():
        resource = resources.get(kind)
        if resource is None or resource.states is None:
            known = ", ".join(name for name, found in resources.items() if found.states)
            raise ImpossibleFault(f"no kind of thing with states is named {kind!r}; there are {known}")
        if state not in resource.states.names:
            name = resource.singular.replace("_", " ")
            raise ImpossibleFault(f"no {name} is ever {state!r}; states are {', '.join(resource.states.names)}")


def _endpoint(rule: FaultRule, routes: Routes) -> RoutedAction | None:
    if rule.action is None:
        return None
    endpoint = routes.named(rule.action)
    if endpoint is None:
        raise ImpossibleFault(f"no documented action is named {rule.action}")
    if endpoint.behaviour is None:
        raise ImpossibleFault(f"{rule.action} is not implemented: it answers 6100 before a fault could")
    return endpoint


def _check_kind(rule: FaultRule) -> None:
    kinds = rule.kinds()
    if len(kinds) > 1:
        raise ImpossibleFault(f"a rule does one thing, not {' and '.join(kinds)}")
    if not kinds and rule.delay is None:
        raise ImpossibleFault(f"the rule does nothing: give it one of {', '.join(rules.KINDS)}, delay")
    if isinstance(rule.delay, list) and rule.delay[0] > rule.delay[1]:
        raise ImpossibleFault("the delay's range ends before it begins")


def _check_error(rule: FaultRule, endpoint: RoutedAction | None) -> None:
    assert rule.error is not None  # noqa: S101
    if rule.force or error_number(rule.error) in COMMON_ERRORS:
        return
    if endpoint is None:
        raise ImpossibleFault(f"without an action, only a common code can be answered, not {rule.error}")
    if documented_error(endpoint.action, rule.error) is None:
        known = ", ".join(f"{known.code} {known.name}" for known in endpoint.action.errors)
        raise ImpossibleFault(
            f"{rule.action} does not document the error {rule.error}; it documents {known} (`force` insists)"
        )
