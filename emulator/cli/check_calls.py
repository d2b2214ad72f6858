"""The calls of a check: each query, with parameters that the world's own answers give.

Every object of an answer is a `Sighting`: the values of its keys, those of the objects around it and the parameters of
the call. A query that requires `loadBalancerId` and `listenerId` is called with values that one sighting has both of.
Sightings in answers of the query's own chapter are preferred, since a `taskId` there is a `taskId` here. Queries are
tried until no answer brings another one within reach.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from emulator import contract
from emulator.chapters import BEHAVIOURS
from emulator.cli.check_answers import Beginning, Difference, Node, compare, document, read_hints
from emulator.contract import Action, Parameter

MOST_CALLS = 40
"""How often one action is called at most. It is called until each documented field was in an answer."""
_ROWS = 100
"""How many rows a list is asked for."""
_BATCH = 20
"""How many ids a query that takes several is asked for at once."""
_GATEWAY_ERRORS = range(4000, 5000)
"""Any action may be answered with these, such as 4102 for a key pair that may not call it."""
_MOST_SIGHTINGS = 500
"""How many objects of one answer are kept."""
_IDS = re.compile(r"(Id|Ids|Code)$")
Scalar = str | int | float
Send = Callable[[Action, Mapping[str, Any]], Any]
"""Signs and sends a call, and returns the decoded answer. Raises OSError if none comes, ValueError if it is no JSON."""


class Sighting(NamedTuple):
    """The values that an object of an answer shows."""

    chapter: str
    values: Mapping[str, Scalar]


@dataclass
class Checked:
    """What the calls of one action came to."""

    action: Action
    given: Mapping[str, str] = field(default_factory=dict)
    """Parameters that are not looked for in answers."""
    begins: bool = False
    """Whether it begins work; such an action is called until it has succeeded once."""
    calls: int = 0
    successes: int = 0
    seen: set[str] = field(default_factory=set)
    """Paths that were in an answer."""
    refusals: dict[int | str, str] = field(default_factory=dict)
    """Documented errors that were answered: message by code."""
    differences: dict[Difference, Mapping[str, Any]] = field(default_factory=dict)
    """With the parameters of the first call that showed each."""
    sent: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        fields = contract.response_fields(self.action)
        self.documented: Node = document(fields)
        self.paths = frozenset(one.path for one in fields)

    @property
    def name(self) -> str:
        return f"{self.action.module}/{self.action.name}"

    @property
    def chapter(self) -> str:
        return self.action.page.partition("/")[0]

    @property
    def is_over(self) -> bool:
        if self.begins and self.successes:
            return True
        return self.calls >= MOST_CALLS or (self.successes > 0 and self.paths <= self.seen)


def queries() -> list[Action]:
    """The implemented and documented actions that change nothing."""
    return [
        action
        for action in contract.load()
        if (action.module, action.name) in BEHAVIOURS and not action.undocumented and action.only_reads
    ]


def check_queries(send: Send, begins: tuple[Beginning, ...] = ()) -> list[Checked]:
    """Call every query and compare its answers. Raises OSError if the emulator cannot be reached.

    Lists come first, then `begins`, then all queries.
    """
    by_name = {f"{action.module}/{action.name}": action for action in contract.load()}
    checked = [Checked(action) for action in queries()]
    begun = [Checked(by_name[one.action], one.parameters, begins=True) for one in begins]
    sightings: list[Sighting] = []
    _call_all(send, [one for one in checked if not _required(one)], sightings)
    _call_all(send, begun, sightings)
    _call_all(send, checked, sightings)
    return checked + begun


def _call_all(send: Send, checked: list[Checked], sightings: list[Sighting]) -> None:
    """Call the actions until nothing new can be called. What their answers show is added to the sightings.

    Where the sightings of its own chapter bring an action no success, those of the others are tried.
    """
    wide, called = False, True
    while called or not wide:
        wide, called = not called, False
        for one in checked:
            newest_first = [
                sighting
                for sighting in reversed(sightings)
                if sighting.chapter == one.chapter or (wide and not one.successes)
            ]
            for parameters in _parameters(one, newest_first):
                called = True
                answer = _call(send, one, parameters)
                sightings += islice(_sightings(one.chapter, answer, _scalars(parameters)), _MOST_SIGHTINGS)


def _call(send: Send, one: Checked, parameters: Mapping[str, Any]) -> Any:
    """The answer if it is a success, else None. What differs in it is noted."""
    one.calls += 1
    try:
        answer = send(one.action, parameters)
    except ValueError as error:
        one.differences.setdefault(Difference("", "answer", f"no JSON: {error}"), parameters)
        return None
    code = answer.get("code", answer.get("returnCode")) if isinstance(answer, dict) else None
    if str(code) == "0":
        one.successes += 1
        for difference in compare(one.documented, answer, one.seen):
            one.differences.setdefault(difference, parameters)
        return answer
    if code is not None and (one.action.error(code) is not None or code in _GATEWAY_ERRORS):
        one.refusals.setdefault(code, str(answer.get("message")))
        return None
    text = f"{code} {answer.get('message')}" if isinstance(answer, dict) else "no JSON object"
    one.differences.setdefault(Difference("", "answer", f"no documented error: {text}"), parameters)
    return None


def _required(one: Checked) -> list[Parameter]:
    return [parameter for parameter in one.action.parameters if parameter.required]


def _parameters(one: Checked, sightings: list[Sighting]) -> Iterator[Mapping[str, Any]]:
    """Parameters that were not sent yet, until the action is over: the required ones, then an optional id as well."""
    known = one.action.parameters
    ids = [parameter for parameter in known if not parameter.required and _IDS.search(parameter.name)]
    rows = {parameter.name: min(_ROWS, int(parameter.max or _ROWS)) for parameter in known if parameter.name == "limit"}
    for optional in (None, *ids):
        for values in _choices(one, [*_required(one), *([optional] if optional else [])], sightings):
            if one.is_over:
                return
            mark = repr(sorted(values.items()))
            if mark not in one.sent:
                one.sent.add(mark)
                yield {**values, **rows}


def _choices(one: Checked, wanted: list[Parameter], sightings: list[Sighting]) -> Iterator[dict[str, Any]]:
    """Values for all wanted parameters, from one sighting each."""
    usual = {parameter.name: parameter.enum[0] if parameter.enum else parameter.default for parameter in wanted}
    fixed = {name: value for name, value in usual.items() if value is not None} | dict(one.given)
    open_ones = [parameter for parameter in wanted if parameter.name not in fixed]
    if not open_ones:
        yield fixed
        return
    if len(open_ones) == 1 and open_ones[0].is_array and not one.begins:
        yield from ({**fixed, open_ones[0].name: values} for values in _batches(open_ones[0], sightings))
    for sighting in sightings:
        found = {parameter.name: _value(parameter, sighting.values) for parameter in open_ones}
        if None not in found.values():
            yield fixed | found


def _batches(parameter: Parameter, sightings: list[Sighting]) -> Iterator[list[Any]]:
    """All known values of an array parameter, some at a time."""
    found = [_value(parameter, sighting.values) for sighting in sightings]
    values = list(dict.fromkeys(value for one in found if one is not None for value in one))
    size = min(_BATCH, parameter.max_items or _BATCH)
    yield from (values[start : start + size] for start in range(0, len(values), size))


def _value(parameter: Parameter, values: Mapping[str, Scalar]) -> Any | None:
    """A value of the parameter among those of a sighting: under its own name, its alias or another that is told."""
    names = [parameter.name, parameter.alias or "", *read_hints().names.get(parameter.name, ())]
    if parameter.is_array:
        names += [parameter.name.removesuffix("s"), parameter.name.removesuffix("List")]
    value = next((values[name] for name in names if values.get(name) not in (None, "")), None)
    if value is None or (parameter.item_type == "Int" and not str(value).isdecimal()):
        return None
    return [value] if parameter.is_array else value


def _sightings(chapter: str, value: Any, around: Mapping[str, Scalar]) -> Iterator[Sighting]:
    if isinstance(value, dict):
        values = {**around, **_scalars(value)}
        yield Sighting(chapter, values)
        for key, inner in value.items():
            yield from _sightings(chapter, _named(key, inner), values)
    elif isinstance(value, list):
        for item in value:
            yield from _sightings(chapter, item, around)


def _named(key: str, value: Any) -> Any:
    """A list of scalars as objects with that key, so that each item is a sighting."""
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return [{key: item} for item in value]
    return value


def _scalars(values: Mapping[str, Any]) -> dict[str, Scalar]:
    """The scalars of an object; the only item of a list is one too."""
    found: dict[str, Scalar] = {}
    for name, value in values.items():
        single = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(single, str | int | float):
            found[name if single is value else name.removesuffix("s")] = single
    return found
