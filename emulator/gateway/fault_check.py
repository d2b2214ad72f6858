"""A fault rule held against the contract when it is set: a rule that no call could ever meet is rejected with the
reason.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from emulator.checking.words import listed, meant
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
    known = None if secret_ids is None else list(secret_ids)
    if known is not None and rule.secret_id is not None and rule.secret_id not in known:
        near = meant(rule.secret_id, known)
        raise ImpossibleFault(f"no account of this world has the SecretId {rule.secret_id}{near}")
    if endpoint is not None:
        _check_parameters(rule, endpoint)


def _check_parameters(rule: FaultRule, endpoint: RoutedAction) -> None:
    both = ((parameter.name, parameter.alias) for parameter in endpoint.action.parameters)
    own = [name for names in both for name in names if name is not None]
    for name in rule.parameters:
        first = canonical(name).split(".")[0]
        if first not in own and first not in _COMMON_NAMES:
            near = meant(first, [*own, *_COMMON_NAMES])
            told = f"it has {listed(own, 'and')}" if own else "it has none of its own"
            raise ImpossibleFault(f"{rule.action} has no parameter {name}{near}; {told}")


def _check_states(rule: FaultRule, resources: Mapping[str, Resource[Any]]) -> None:
    if (rule.kind is None) != (rule.state is None):
        raise ImpossibleFault("`kind` and `state` go together: a thing of that kind in that state")
    for kind, state in rule.states():
        resource = resources.get(kind)
        if resource is None or resource.states is None:
            known = [name for name, found in resources.items() if found.states]
            near = meant(kind, known)
            raise ImpossibleFault(f"no kind of thing with states is named {kind!r}{near}; there are {', '.join(known)}")
        if state not in resource.states.names:
            name = resource.singular.replace("_", " ")
            near = meant(state, resource.states.names)
            raise ImpossibleFault(f"no {name} is ever {state!r}{near}; states are {', '.join(resource.states.names)}")


def _endpoint(rule: FaultRule, routes: Routes) -> RoutedAction | None:
    if rule.action is None:
        return None
    endpoint = routes.named(rule.action)
    if endpoint is None:
        near = meant(rule.action, [name for _module, name in routes.actions])
        raise ImpossibleFault(f"no documented action is named {rule.action}{near}; `bm-emulator actions` lists them")
    return endpoint


def _check_kind(rule: FaultRule) -> None:
    kinds = rule.kinds()
    if len(kinds) > 1:
        raise ImpossibleFault(f"a rule does one thing, not {' and '.join(kinds)}")
    if not kinds and rule.delay is None:
        raise ImpossibleFault(f"the rule does nothing: give it one of {', '.join(rules.KINDS)}, delay")
    if rule.body is not None and (rule.http_status is None or rule.html):
        raise ImpossibleFault("`body` is the JSON that `http_status` answers: it goes with that, and not with `html`")
    if isinstance(rule.delay, list) and rule.delay[0] > rule.delay[1]:
        raise ImpossibleFault("the delay's range ends before it begins")


def _check_error(rule: FaultRule, endpoint: RoutedAction | None) -> None:
    assert rule.error is not None  # noqa: S101
    if rule.force or error_number(rule.error) in COMMON_ERRORS:
        return
    if endpoint is None:
        common = listed(sorted(COMMON_ERRORS))
        raise ImpossibleFault(f"without an action, only a common code can be answered ({common}), not {rule.error}")
    if documented_error(endpoint.action, rule.error) is None:
        raise ImpossibleFault(_undocumented(rule, endpoint))


def _undocumented(rule: FaultRule, endpoint: RoutedAction) -> str:
    """Why an error that the action does not document is refused, with those that it may answer."""
    errors = endpoint.action.errors
    near = meant(str(rule.error), [error.name for error in errors])
    own = ", ".join(f"{error.code} {error.name}" for error in errors) or "none of its own"
    common = listed(sorted(COMMON_ERRORS))
    return (
        f"{rule.action} does not document the error {rule.error}{near}; it documents {own}; "
        f"every action may answer {common} (`force` insists)"
    )
