"""What a call sent that nothing reads, told to its author: in the explanation, in the log and in the journal.

Nothing is dropped in silence: an unknown name, a wrong form of an array, a second spelling beside the first, a name
that is sent twice. Looking for these costs more than a call, so it is done only for a set of names that no earlier call
of the action has sent; sets that are understood whole are remembered.

A documented parameter that has no effect is understood, so that only the journal lists it (`unread_parameters`).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from emulator.contract import COMMON_PARAMETERS, Action
from emulator.contract.names import clip_name, shape, unused
from emulator.request import Request, canonical

_COMMON = {parameter.name for parameter in COMMON_PARAMETERS}
_MOST_SETS = 256
_LARGEST_SET = 256
_MOST_TOLD = 20


class UnusedParameters:
    """Remembers, for each action, the sets of names that are understood whole."""

    def __init__(self) -> None:
        self._understood: dict[tuple[str, str], set[Collection[str]]] = {}
        """The names as sent, in order, which are found fastest; and their shapes, in any order."""

    def told(self, action: Action, request: Request) -> Sequence[str]:
        """A line for each parameter of the request that nothing reads."""
        names = tuple(request.parameters)
        understood = self._understood.get((action.module, action.name))
        repeated = len(request.pairs) != len(names)
        if understood is None:
            understood = self._understood[action.module, action.name] = set()
        elif names in understood and not repeated:
            return ()
        shapes = frozenset(map(shape, names))
        found = []
        if shapes not in understood:
            sent = [name for name in names if name not in _COMMON]
            found = [stranger.why for stranger in unused(action.parameters, sent)]
        if not found:
            if len(understood) >= _MOST_SETS:
                understood.clear()
            understood |= {known for known in (names, shapes) if len(known) <= _LARGEST_SET}
        if repeated:
            found += _repeated(request)
        more = len(found) - _MOST_TOLD
        return [*found[:_MOST_TOLD], f"and {more} more parameters that nothing reads"] if more > 0 else found


def _repeated(request: Request) -> Iterator[str]:
    """A line for each name that was sent more than once: `name_0` and `name.0` are one name."""
    for name, times in Counter(canonical(name) for name, _value in request.pairs).items():
        if times > 1:
            yield f"{clip_name(name)} was sent {times} times; the last one counts"
