"""The documented API as data: one JSON file a chapter of the documentation, and what is common to all actions.

`load()` reads the chapters once and checks them, so that a mistake in a data file stops the start and not a call.
`response_fields()` reads the fields of the answers when they are first asked for, since no call needs them.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from emulator.contract.common import COMMON_PARAMETERS, SERVICE_HOSTS
from emulator.contract.model import Action, Asynchronous, DocumentedError, Envelope, Module, Parameter, ResponseField

__all__ = [
    "COMMON_PARAMETERS",
    "SERVICE_HOSTS",
    "Action",
    "Asynchronous",
    "DocumentedError",
    "Envelope",
    "Module",
    "Parameter",
    "ResponseField",
    "by_chapter",
    "example",
    "load",
    "response_fields",
]

_DATA = Path(__file__).parent / "data"
_CHAPTERS = (
    "devices",
    "eip",
    "eip_acl",
    "hosted",
    "lb",
    "outband",
    "regions",
    "scripts",
    "tags",
    "traffic_mirror",
    "vpc",
    "undocumented",
)


@cache
def load() -> tuple[Action, ...]:
    """All known actions, by chapter and then by name; those that no page documents come last."""
    return tuple(action for actions in by_chapter().values() for action in actions)


@cache
def by_chapter() -> Mapping[str, tuple[Action, ...]]:
    """The actions of each chapter of the documentation."""
    decoder = msgspec.json.Decoder(tuple[Action, ...])
    found = {chapter: decoder.decode((_DATA / f"{chapter}.json").read_bytes()) for chapter in _CHAPTERS}
    for action in (action for actions in found.values() for action in actions):
        _check_error_codes(action)
    return found


def response_fields(action: Action) -> tuple[ResponseField, ...]:
    """The documented fields of the action's success answer; none where no page documents the action."""
    return _all_response_fields().get(f"{action.module}/{action.name}", ())


@cache
def _all_response_fields() -> Mapping[str, tuple[ResponseField, ...]]:
    """By module and name of the action."""
    decoder = msgspec.json.Decoder(dict[str, tuple[ResponseField, ...]])
    found: dict[str, tuple[ResponseField, ...]] = {}
    for path in sorted((_DATA / "responses").glob("*.json")):
        found |= decoder.decode(path.read_bytes())
    return found


def example(action: Action) -> Mapping[str, str]:
    """The parameters of the first request that the action's page prints; none where it prints none."""
    return _all_examples().get(f"{action.module}/{action.name}", {})


@cache
def _all_examples() -> Mapping[str, Mapping[str, str]]:
    """By module and name of the action."""
    return msgspec.json.decode((_DATA / "examples" / "requests.json").read_bytes(), type=dict[str, dict[str, str]])


def _check_error_codes(action: Action) -> None:
    """Raises ValueError for an error code that the action's own error table lacks."""
    nested = (field for parameter in action.parameters for field in parameter.fields)
    raised = [action.parameter_error, *(parameter.error for parameter in (*action.parameters, *nested))]
    for code in raised:
        if code is not None and action.error(code) is None:
            raise ValueError(f"the contract of {action.name} names error {code}, which its error table lacks")
