"""What may be told of a request: secrets become `***`, and nothing is told at such a length that it does harm."""

from collections.abc import Iterable

from emulator.contract import COMMON_PARAMETERS, Action, Parameter
from emulator.request import Pairs, canonical

HIDDEN = "***"
_MOST_PARAMETERS = 100
_MOST_CHARACTERS = 4000


class Mask:
    """Knows the secret parameters of the whole contract, by the last part of their names."""

    def __init__(self, contract: Iterable[Action]) -> None:
        documented = {name for action in contract for name in _secret_names(action.parameters)}
        self._secret = {*documented, *_secret_names(COMMON_PARAMETERS), "SecretKey"}  # the last is sent by mistake only

    def pairs(self, pairs: Pairs) -> Pairs:
        return [(name, HIDDEN if self.hides(name) and value else value) for name, value in pairs]

    def story(self, pairs: Pairs) -> dict[str, str]:
        """The parameters as the journal keeps them."""
        told = {clip(name): clip(value) for name, value in self.pairs(pairs[:_MOST_PARAMETERS])}
        if len(pairs) > _MOST_PARAMETERS:
            told["…"] = f"and {len(pairs) - _MOST_PARAMETERS} more"
        return told

    def hides(self, name: str) -> bool:
        return any(part in self._secret for part in canonical(name).split("."))


def clip(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}… ({len(text)} characters)"


def one_line(text: str) -> str:
    """For a log: what a client sent cannot begin a line of its own, nor move a terminal's cursor."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in clip(text))


def _secret_names(parameters: Iterable[Parameter]) -> Iterable[str]:
    for parameter in parameters:
        if parameter.secret:
            yield parameter.name
        yield from _secret_names(parameter.fields)
