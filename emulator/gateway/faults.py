"""Sixth stage: faults. A rule of the world that fits the call may answer in its place, spoil its answer, or disturb
what it begins.

A rule is held against the contract when it is set: one that no call could ever meet is refused, with the reason.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from emulator.call import ForcedRefusal, Refusal
from emulator.chapters.devices.records.devices import DEVICE_STATES, find_any_device, state_of
from emulator.contract import COMMON_PARAMETERS, Action, DocumentedError
from emulator.gateway.answer import Answer, html_page
from emulator.gateway.common_errors import COMMON_ERRORS, common, replayed
from emulator.gateway.routes import RoutedAction, Routes
from emulator.request import Request, canonical
from emulator.world import rules
from emulator.world.accounts import Credential
from emulator.world.rules import FaultRule, SetFault
from emulator.world.world import Disturbance, World

_COMMON_PARAMETERS = {parameter.name for parameter in COMMON_PARAMETERS}
_REPLAY = 4500
_UNNAMED = 5100
"""The code of an error that is known by a name alone, and that no page has."""
_NUMBER = re.compile(r"-?[0-9]{1,9}")


class ImpossibleFault(ValueError):
    """A rule that no call could ever meet, with the reason."""


def choose(
    world: World, action: Action, caller: Credential, request: Request, parameters: Mapping[str, Any]
) -> SetFault | None:
    """The first rule that fits the call and has its turn. It stays counted whatever follows."""
    for fault in rules.all_faults(world):
        if fault.is_over(world.clock.now()) or not _fits(world, fault.rule, action, caller, request, parameters):
            continue
        fires = fault.seen >= fault.rule.skip
        rules.count_fault(world, fault, fires=fires)
        if fires:
            return fault
    return None


def _fits(
    world: World, rule: FaultRule, action: Action, caller: Credential, request: Request, parameters: Mapping[str, Any]
) -> bool:
    if rule.action not in (None, action.name) or rule.secret_id not in (None, caller.secret_id):
        return False
    if any(request.parameters.get(canonical(name)) != value for name, value in rule.parameters.items()):
        return False
    if rule.device is None and rule.device_state is None:
        return True
    named = set(_texts(parameters))
    if rule.device is not None and rule.device not in named:
        return False
    return rule.device_state is None or any(_is_in(world, text, rule.device_state) for text in named)


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401
    """Every text in the parameters: an id may stand in a list, or in an object's field."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _is_in(world: World, instance_id: str, state: str) -> bool:
    found = find_any_device(world, instance_id)
    return found is not None and state_of(found[1]) == state


def told(fault: SetFault) -> str:
    """What a rule does, for the journal."""
    rule = fault.rule
    what = [f"{kind} {value}" if (value := getattr(rule, kind)) is not True else kind for kind in rule.kinds()]
    what += [] if rule.delay is None else [f"delay {rule.delay}"]
    return f"fault {fault.id}{f' of {fault.incident}' if fault.incident else ''}: {', '.join(what)}"


def refuse(fault: SetFault, action: Action, routes: Routes, real_now: int) -> None:
    """Raises the rule's error, if it has one. `real_now`: milliseconds."""
    error = fault.rule.error
    if error is None:
        return
    documented = _documented(action, error)
    if documented is not None:
        raise Refusal(documented.code)
    number = _number(error)
    if number == _REPLAY:
        raise replayed(real_now // 1000, "")
    if number in COMMON_ERRORS:
        raise common(number)
    actions = (endpoint.action for endpoint in routes.actions.values())
    others = sorted(actions, key=lambda other: other.module != action.module)
    elsewhere = (found for other in others if (found := _documented(other, error)))
    raise ForcedRefusal(next(elsewhere, DocumentedError(_UNNAMED if number is None else number, str(error), "")))


def answer_instead(rule: FaultRule) -> Answer | None:
    """What is answered without any work being done; of a connection that is cut, nothing."""
    if rule.cut:
        return Answer(b"", [], None, "")
    if rule.http_status is not None or rule.html:
        return html_page(rule.http_status or 200)
    return None


def spoil(answer: Answer, fault: SetFault, world: World) -> Answer:
    """What becomes of the answer on its way."""
    answer.delay_seconds = delay_seconds(world, fault)
    if fault.rule.cut or fault.rule.lose_answer:
        answer.ending = "lost"
    elif fault.rule.truncate:
        answer.ending = "truncated"
    return answer


def disturbance(rule: FaultRule) -> Disturbance | None:
    if rule.operation is None:
        return None
    return Disturbance(
        fails=rule.operation == "fail",
        hangs_at=rule.hangs_at if rule.operation == "hang" else None,
        late_ms=round(rule.late_by * 1000) if rule.operation == "late" else 0,
        about=rule.device,
    )


def delay_seconds(world: World, fault: SetFault) -> float:
    """Drawn from the world's seed, the rule and how often it has fired."""
    delay = fault.rule.delay
    if delay is None:
        return 0.0
    if isinstance(delay, list):
        shortest, longest = delay
        digest = blake2b(f"{world.seed}/delay/{fault.id}/{fault.fired}".encode(), digest_size=4).digest()
        return shortest + (longest - shortest) * int.from_bytes(digest) / 2**32
    return delay


def check(rule: FaultRule, routes: Routes, secret_ids: Iterable[str] | None = None) -> None:
    """Raises ImpossibleFault. `secret_ids`: those of the world; None: not known yet."""
    endpoint = _endpoint(rule, routes)
    _check_kind(rule)
    if rule.error is not None:
        _check_error(rule, endpoint)
    if rule.operation is not None and endpoint is not None and not endpoint.begins_operations:
        raise ImpossibleFault(f"{rule.action} begins no operation that could {rule.operation}")
    if rule.device_state is not None and rule.device_state not in DEVICE_STATES:
        raise ImpossibleFault(f"no device is ever {rule.device_state!r}; states are {', '.join(DEVICE_STATES)}")
    if secret_ids is not None and rule.secret_id is not None and rule.secret_id not in secret_ids:
        raise ImpossibleFault(f"no account of this world has the SecretId {rule.secret_id}")
    if endpoint is not None:
        known = {name for parameter in endpoint.action.parameters for name in (parameter.name, parameter.alias)}
        for name in rule.parameters:
            if canonical(name).split(".")[0] not in known | _COMMON_PARAMETERS:
                raise ImpossibleFault(f"{rule.action} has no parameter {name}")


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
    if rule.force or _number(rule.error) in COMMON_ERRORS:
        return
    if endpoint is None:
        raise ImpossibleFault(f"without an action, only a common code can be answered, not {rule.error}")
    if _documented(endpoint.action, rule.error) is None:
        known = ", ".join(f"{known.code} {known.name}" for known in endpoint.action.errors)
        raise ImpossibleFault(
            f"{rule.action} does not document the error {rule.error}; it documents {known} (`force` insists)"
        )


def _documented(action: Action, error: str | int) -> DocumentedError | None:
    number = _number(error)
    return action.error(error if number is None else number)


def _number(error: str | int) -> int | None:
    """An error may be given by its number as a text."""
    if isinstance(error, int):
        return error
    return int(error) if _NUMBER.fullmatch(error) else None
