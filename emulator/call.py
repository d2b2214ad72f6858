"""What passes between the gateway and an action: a Call goes in; a body comes out, or a Refusal is raised.

    Refusal               an error that the action documents, by its name (codeDesc)
    ├── BadParameter      the error that the action documents for bad parameters, or the common one
    ├── CommonRefusal     an error of the gateway's own, by its common code
    └── ForcedRefusal     an error of another action, that a fault insists on

An error carries names and values; `gateway/answer.py` alone renders it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from emulator.contract import DocumentedError
from emulator.world.work import Disturbance
from emulator.world.world import World

Body = dict[str, Any]
"""What an action answers: the top-level keys that follow the envelope, in printed order."""


class Refusal(Exception):
    """An error that the action's page documents.

    `name` is its codeDesc (or its number, where two share a name), `subject` is put behind its text in brackets,
    `why` is for the log and `bm-emulator explain` alone, `text` takes the place of the page's text.
    """

    def __init__(self, name: str | int, *, subject: str = "", why: str = "", text: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.text = text
        self.subject = subject
        self.why = why


class BadParameter(Refusal):
    """A bad value of a parameter: the action's own parameter error or, if it documents none, the common one."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__("", subject=name, why=f"{name}: {why}")


class CommonRefusal(Refusal):
    """An error of the gateway's own: a common code, with the whole of its message."""

    def __init__(self, code: int, code_desc: str | None, message: str, *, why: str = "") -> None:
        super().__init__(code, why=why)
        self.code = code
        self.code_desc = code_desc
        self.message = message


class ForcedRefusal(Refusal):
    """An error that the action does not document, but that a fault insists on: `answers` is the whole of it."""

    def __init__(self, answers: DocumentedError, *, why: str = "") -> None:
        super().__init__(answers.code, why=why)
        self.answers = answers


@dataclass(slots=True)
class Call:
    """One accepted request, as an action sees it: parameters checked and typed, the transaction open."""

    account_id: int
    app_id: str
    parameters: Mapping[str, Any]
    world: World
    now: int
    """The world's time, in milliseconds since the epoch."""
    may_begin: bool = False
    """Whether the action was declared as one that begins work."""
    partly: bool = False
    """Whether a fault lets the action do a part of its work only; the error that it answers follows."""
    disturbance: Disturbance | None = None
    """What a fault does to the work that the call begins."""
    begun: list[tuple[str, str]] = field(default_factory=list)
    """(kind, id) of every operation that the call has begun; copied into its journal entry."""
    read: set[str] = field(default_factory=set)
    """Names of the parameters that the action has asked for."""
    observed: bool = False
    """Whether the answer is to be as the live service was seen to answer, where that differs from the pages."""
    refuse_after: Refusal | None = None
    """An error that is answered although the action's work is kept."""
    zones: frozenset[int] | None = None
    """The ids of the zones whose servers and networks the call sees; None: of all."""
    named: dict[str, int] = field(default_factory=dict)
    """The zone of each thing that the call names, by what it is and its id: `server cpm-an5a9wv4`."""

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return self.parameters[name]

    def get(self, name: str) -> Any | None:
        self.read.add(name)
        return self.parameters.get(name)

    def sees(self, id: str, zone: int, kind: str = "server") -> bool:
        """Whether the call sees the thing of this kind and id, which it names, in its zone."""
        self.named[f"{kind} {id}"] = zone
        return self.zones is None or zone in self.zones


Behaviour = Callable[[Call], Body]
