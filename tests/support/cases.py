"""The documented errors as cases: which call in which world is refused with which error.

Each chapter's `cases.py` declares two tables. GOOD holds parameters that each action accepts, and CASES at least one
case for each error that the action's page documents. `omissions` compares them with the implemented actions.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conftest import MakeApi

from emulator import contract
from emulator.chapters import BEHAVIOURS
from emulator.clock import ManualClock
from support.account import HEAD, OWNER
from support.client import Api

Params = Mapping[str, Any]
Call = tuple[str, Params]
"""An action's name and parameters."""


@dataclass(frozen=True)
class Case:
    """A call that is refused with a documented error."""

    action: str
    code: int
    params: Params
    world: str = HEAD
    credential: tuple[str, str] = OWNER
    subject: str = ""
    """The parameter that the message names in brackets; empty: none, or not compared."""
    earlier: Call | None = None
    """A call that succeeds before it, and after which `seconds` pass."""
    seconds: float = 0
    module: str = "bm"

    def __str__(self) -> str:
        return f"{self.action}-{self.code}"

    @property
    def documented(self) -> contract.DocumentedError:
        """The error as the action's page prints it."""
        error = _action(self.module, self.action).error(self.code)
        assert error is not None, f"{self.action} documents no error {self.code}"
        return error

    @property
    def host(self) -> str:
        return _action(self.module, self.action).hosts[0]

    @property
    def message(self) -> str:
        """The message as the page prints it, with the parameter that it names."""
        subject = f":[{self.subject}]" if self.subject else ""
        return f"({self.code}){self.documented.text}{subject}"


def changed(params: Params, **changes: Any) -> dict[str, Any]:
    """The parameters with these changes; None leaves one out."""
    return {name: value for name, value in {**params, **changes}.items() if value is not None}


def errors_of(*names: str, module: str = "bm") -> Iterator[tuple[str, int]]:
    """Name and code of each error that the pages of these actions document."""
    return ((name, error.code) for name in names for error in _action(module, name).errors)


def check_refused(case: Case, make_api: MakeApi, clock: ManualClock, reads: Sequence[Call]) -> None:
    """Check that the call is refused in the page's words, and that the account's state is as before.

    `reads`: the owner's calls that show the state. If the case's fault rule is about one of these calls, it answers the
    fault's error before and after.
    """
    owner = _owner(case, make_api, clock)
    before = [_read(owner, *call) for call in reads]
    assert {answer["code"] for answer in before} <= {0, *([case.code] if "[[faults]]" in case.world else [])}
    answer = Api(owner.http, *case.credential).call(case.action, host=case.host, **case.params)
    assert (answer["code"], answer["codeDesc"]) == (case.code, case.documented.name)
    assert answer["message"].startswith(case.message)
    assert [_read(owner, *call) for call in reads] == before


def _read(owner: Api, action: str, params: Params) -> dict[str, Any]:
    """At the host of the chapter that has the action."""
    module = next(module for module, name in BEHAVIOURS if name == action)
    return owner.call(action, host=_action(module, action).hosts[0], **params)


def check_own_words(case: Case, make_api: MakeApi, clock: ManualClock) -> None:
    """Check the whole answer: the page's message to the letter, no other key, and an explanation beside it."""
    owner = _owner(case, make_api, clock)
    response = Api(owner.http, *case.credential).response(case.action, host=case.host, **case.params)
    assert response.status_code == 200
    assert list(response.json().items()) == [
        ("code", case.code),
        ("message", case.message),
        ("codeDesc", case.documented.name),
    ]
    assert "X-Emulator-Explanation" in response.headers


def _owner(case: Case, make_api: MakeApi, clock: ManualClock) -> Api:
    """The account's owner in the case's world, after the earlier call."""
    owner = Api(make_api(case.world).http, *OWNER)
    if case.earlier:
        action, params = case.earlier
        assert _read(owner, action, params)["code"] == 0
        clock.advance(case.seconds)
    return owner


def chapters() -> set[str]:
    """The chapters that have an implemented action."""
    return {_chapter(behaviour) for behaviour in BEHAVIOURS.values()}


def omissions(chapter: str, good: Mapping[str, Params], cases: Iterable[Case]) -> list[str]:
    """What a chapter's tables lack or have in excess, each as a sentence that says what to do."""
    file = f"tests/chapters/{chapter}/cases.py"
    implemented = [_action(*key) for key, behaviour in BEHAVIOURS.items() if _chapter(behaviour) == chapter]
    documented = {(action.module, action.name, error.code) for action in implemented for error in action.errors}
    declared = {(case.module, case.action, case.code) for case in cases}
    names = {action.name for action in implemented}
    lines = {
        "{} is implemented: add parameters that it accepts to GOOD in {}": names - {*good},
        "{} is not implemented in this chapter: take it out of GOOD in {}": {*good} - names,
        "{} is documented: add a Case that provokes it to CASES in {}": _pairs(documented - declared),
        "{} is not documented: take its Case out of CASES in {}": _pairs(declared - documented),
    }
    return [line.format(what, file) for line, found in lines.items() for what in sorted(found)]


def check_complete(chapter: str, good: Mapping[str, Params], cases: Iterable[Case]) -> None:
    """Check that a chapter's tables lack nothing and have nothing in excess."""
    found = omissions(chapter, good, cases)
    assert not found, "\n".join(found)


def _pairs(errors: set[tuple[str, str, int]]) -> set[str]:
    return {f"{name}'s error {code}" for _, name, code in errors}


def _chapter(behaviour: Callable[..., Any]) -> str:
    """The chapter in whose folder the behaviour stands: emulator.chapters.<chapter>…"""
    return behaviour.__module__.split(".")[2]


def _action(module: str, name: str) -> contract.Action:
    return next(action for action in contract.load() if (action.module, action.name) == (module, name))
