"""Sixth stage: faults. A rule of the world that fits the call may answer in its place, disturb its answer, or disturb
the work that it begins. The rules are consulted once a call; the plan that comes of it says all that the rule
does.

`fault_check.py` holds a rule against the contract when it is set.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.call import ForcedRefusal, Refusal
from emulator.contract import Action, DocumentedError
from emulator.gateway.answer import Answer, html_page, json_page
from emulator.gateway.common_errors import COMMON_ERRORS, common, replayed
from emulator.gateway.routes import Routes
from emulator.request import Request, canonical
from emulator.world import rules
from emulator.world.accounts import Credential
from emulator.world.rules import FaultRule, SetFault
from emulator.world.work import Disturbance, draw
from emulator.world.world import World

_REPLAY = 4500
_UNNAMED = 5100
"""The code of an error that is known by a name alone, and that no page has."""
_NUMBER = re.compile(r"-?[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the fault that fires does to one call; with no fault, nothing."""

    fault: SetFault | None = None
    action: Action | None = None
    delay_seconds: float = 0.0
    refusal: Callable[[int], Refusal] | None = None
    """The error that is answered, given the real time in milliseconds."""
    disturbance: Disturbance | None = None
    """What happens to the work that the call begins."""

    @property
    def does(self) -> str:
        assert self.fault is not None  # noqa: S101 - only asked where a fault fired
        return describe(self.fault)

    @property
    def note(self) -> str:
        """For the explanation of the call."""
        assert self.fault is not None  # noqa: S101 - only asked where a fault fired
        waited = f", waiting {self.delay_seconds:.3f} s" if self.delay_seconds else ""
        return f"{self.does} fired (time {self.fault.fired} of {self.fault.rule.times or 'any number'}){waited}"

    def answer_instead(self, real_now: int) -> Answer | None:
        """What is answered without any work being done; of a connection that is cut, nothing.

        Raises the rule's error.
        """
        if self.fault is None:
            return None
        rule = self.fault.rule
        if self.refusal is not None and not rule.partly:
            raise self.refusal(real_now)
        if rule.cut:
            return Answer(b"", [], None, "")
        if rule.http_status is not None and rule.body is not None:
            return json_page(rule.http_status, rule.body)
        return html_page(rule.http_status or 200) if rule.http_status is not None or rule.html else None

    @property
    def is_partly(self) -> bool:
        """Whether a part of the work is done before the error is answered."""
        return self.fault is not None and self.fault.rule.partly

    def refuse_afterwards(self, real_now: int) -> None:
        """Raises the rule's error, if a part of the work was to be done first."""
        if self.is_partly and self.refusal is not None:
            raise self.refusal(real_now)

    def disturb(self, answer: Answer) -> Answer:
        """Delay the answer, cut it short, or lose it on its way."""
        if self.fault is not None:
            answer.delay_seconds = self.delay_seconds
            if self.fault.rule.cut or self.fault.rule.lose_answer:
                answer.ending = "lost"
            elif self.fault.rule.truncate:
                answer.ending = "truncated"
        return answer


NO_FAULT = Plan()


class Faults:
    """Consults the rules of a world. `routes`: where an error that the action lacks is looked up."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    def plan(
        self, world: World, action: Action, caller: Credential, request: Request, parameters: Mapping[str, Any]
    ) -> Plan:
        """What the first rule that fits the call, and has its turn, does. It stays counted whatever follows."""
        for fault in rules.all_faults(world):
            if fault.is_over(world.clock.now()) or not _fits(world, fault.rule, action, caller, request, parameters):
                continue
            fires = fault.seen >= fault.rule.skip
            rules.count_fault(world, fault, fires=fires)
            if fires:
                refusal = None if fault.rule.error is None else self._refusal(action, fault.rule.error)
                return Plan(fault, action, _delay_seconds(world, fault), refusal, _disturbance(world, fault.rule))
        return NO_FAULT

    def _refusal(self, action: Action, error: str | int) -> Callable[[int], Refusal]:
        documented = documented_error(action, error)
        if documented is not None:
            return lambda _now: Refusal(documented.code)
        number = error_number(error)
        if number == _REPLAY:
            return lambda now: replayed(now // 1000, "")
        if number in COMMON_ERRORS:
            return lambda _now: common(number)
        actions = (routed.action for routed in self._routes.actions.values())
        others = sorted(actions, key=lambda other: other.module != action.module)
        elsewhere = (found for other in others if (found := documented_error(other, error)))
        unnamed = DocumentedError(_UNNAMED if number is None else number, str(error), "")
        forced = next(elsewhere, unnamed)
        return lambda _now: ForcedRefusal(forced)


def _fits(
    world: World, rule: FaultRule, action: Action, caller: Credential, request: Request, parameters: Mapping[str, Any]
) -> bool:
    if rule.action not in (None, action.name) or rule.secret_id not in (None, caller.secret_id):
        return False
    if any(request.parameters.get(canonical(name)) != value for name, value in rule.parameters.items()):
        return False
    wanted = rule.names()
    states = rule.states()
    if not wanted and not states:
        return True
    named = set(_texts(parameters))
    return wanted <= named and all(any(_is_in(world, kind, text, state) for text in named) for kind, state in states)


def _texts(value: Any, name: str = "") -> Iterator[str]:
    """Every text in the parameters, and every number by whose name it is an id, also in lists and objects."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int):
        if name.lower().endswith(("id", "ids")):
            yield str(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)


def _is_in(world: World, kind: str, id: str, state: str) -> bool:
    resource = world.resources[kind]
    found = resource.find_any(world, id)
    return found is not None and resource.states is not None and resource.states.name_of(found) == state


def describe(fault: SetFault) -> str:
    """What a rule does, for the journal."""
    rule = fault.rule
    what = [f"{kind} {value}" if (value := getattr(rule, kind)) is not True else kind for kind in rule.kinds()]
    what += [] if rule.delay is None else [f"delay {rule.delay}"]
    return f"fault {fault.id}{f' of {fault.incident}' if fault.incident else ''}: {', '.join(what)}"


def _disturbance(world: World, rule: FaultRule) -> Disturbance | None:
    if rule.operation is None:
        return None
    return Disturbance(
        fails=rule.operation == "fail",
        hangs_at=rule.hangs_at if rule.operation == "hang" else None,
        late_ms=round(rule.late_by * 1000) if rule.operation == "late" else 0,
        about=rule.device or _only_on(world, rule.resource),
    )


def _only_on(world: World, id: str | None) -> str | None:
    """A call may work on several things that have states, and then the rule means one of them. Another thing that it
    names, as a script or a subnet, is what the work is done with.
    """
    with_states = [resource for resource in world.resources.values() if resource.states is not None]
    return id if id is not None and any(resource.find_any(world, id) for resource in with_states) else None


def _delay_seconds(world: World, fault: SetFault) -> float:
    """Drawn from the world's seed, the rule and how often it has fired."""
    delay = fault.rule.delay
    if isinstance(delay, list):
        shortest, longest = delay
        return shortest + (longest - shortest) * draw(world, f"delay/{fault.id}/{fault.fired}")
    return delay or 0.0


def documented_error(action: Action, error: str | int) -> DocumentedError | None:
    number = error_number(error)
    return action.error(error if number is None else number)


def error_number(error: str | int) -> int | None:
    """An error may be given by its number as a text."""
    if isinstance(error, int):
        return error
    return int(error) if _NUMBER.fullmatch(error) else None
