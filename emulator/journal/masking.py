"""Requests as they may be shown: secrets become `***`, and long texts are cut."""

from collections.abc import Iterable

from emulator.contract import COMMON_PARAMETERS, Action, Parameter
from emulator.request import Pairs, canonical

HIDDEN = "***"
_MAX_PARAMETERS = 100
_MAX_CHARACTERS = 4000


class Mask:
    """Masks the secret parameters of the whole contract. A name is secret if any of its dotted parts is."""

    def __init__(self, contract: Iterable[Action]) -> None:
        documented = {name for action in contract for name in _secret_names(action.parameters)}
        self._secret = {*documented, *_secret_names(COMMON_PARAMETERS), "SecretKey"}  # the last is sent by mistake only

    def masked(self, pairs: Pairs) -> Pairs:
        """The pairs, with `***` in place of secret values."""
        return [(name, HIDDEN if self.is_secret(name) and value else value) for name, value in pairs]

    def summary(self, pairs: Pairs) -> dict[str, str]:
        """The parameters for a story: masked, and cut to a length that can be read."""
        shown = {clip(name): clip(value) for name, value in self.masked(pairs[:_MAX_PARAMETERS])}
        if len(pairs) > _MAX_PARAMETERS:
            shown["…"] = f"and {len(pairs) - _MAX_PARAMETERS} more"
        return shown

    def is_secret(self, name: str) -> bool:
        """Whether the value of this parameter is never shown."""
        return any(part in self._secret for part in canonical(name).split("."))


def clip(text: str) -> str:
    """The text, cut if it is very long."""
    return text if len(text) <= _MAX_CHARACTERS else f"{text[:_MAX_CHARACTERS]}… ({len(text)} characters)"


def one_line(text: str) -> str:
    """The text for a log: clipped, and escaped so that it can neither begin a new line nor move a terminal's cursor."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in clip(text))


def _secret_names(parameters: Iterable[Parameter]) -> Iterable[str]:
    for parameter in parameters:
        if parameter.secret:
            yield parameter.name
        yield from _secret_names(parameter.fields)
