"""Secrets stay out of logs and explanations: the values of secret parameters become `***`."""

from collections.abc import Iterable

from emulator.contract import Action, Parameter
from emulator.gateway.wire import Pairs, canonical

HIDDEN = "***"


class Mask:
    """Knows the secret parameters of the whole contract, by the last part of their names."""

    def __init__(self, contract: Iterable[Action]) -> None:
        self._secret = {name for action in contract for name in _secret_names(action.parameters)}

    def pairs(self, pairs: Pairs) -> Pairs:
        return [(name, HIDDEN if self.hides(name) and value else value) for name, value in pairs]

    def hides(self, name: str) -> bool:
        return any(part in self._secret for part in canonical(name).split("."))


def _secret_names(parameters: Iterable[Parameter]) -> Iterable[str]:
    for parameter in parameters:
        if parameter.secret:
            yield parameter.name
        yield from _secret_names(parameter.fields)
