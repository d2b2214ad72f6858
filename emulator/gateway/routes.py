"""Second stage: the host and the parameter Action become an action and its behaviour.

A documented host serves the actions of its module only. Under any other host the name of the action alone decides.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from emulator.call import Behaviour
from emulator.contract import SERVICE_HOSTS, Action
from emulator.contract.names import nearest
from emulator.gateway.common_errors import action_missing, action_unknown
from emulator.request import Request

_OF_THE_COMMAND_LINE = ("DescribeBmAgentStatus", "QueryElasticPrice")
_GENERAL = re.compile(r"^(?:describe|query|get)(?:bm)?")
_LEAST_ALIKE = 0.66
ActionKey = tuple[str, str]
"""Module and name, because two modules may have an action of the same name."""


@dataclass(frozen=True, slots=True)
class RoutedAction:
    """A documented action, and what carries it out."""

    action: Action
    behaviour: Behaviour
    begins_operations: bool
    """Whether it begins operations that take time."""
    works_in_parts: bool = False
    """Whether it can do a part of its work only."""


class Routes:
    """All actions of the contract, found by host and name."""

    def __init__(
        self,
        contract: Iterable[Action],
        behaviours: Mapping[ActionKey, Behaviour],
        begins_work: Collection[ActionKey] = (),
        works_in_parts: Collection[ActionKey] = (),
    ) -> None:
        """Raises ValueError for a behaviour that no contract describes, and for an action without behaviour."""
        keyed = {(action.module, action.name): action for action in contract}
        if strays := sorted(behaviours.keys() ^ keyed.keys()):
            raise ValueError(f"behaviour without a contract, or contract without behaviour: {strays}")
        self.actions = {
            key: RoutedAction(action, behaviours[key], key in begins_work, key in works_in_parts)
            for key, action in keyed.items()
        }
        self._by_name: dict[str, RoutedAction] = {}
        self._by_host: dict[str, dict[str, RoutedAction]] = {host: {} for host in SERVICE_HOSTS}
        for (module, name), routed in self.actions.items():
            self._by_name.setdefault(name, routed)
            own = {host for host, served in SERVICE_HOSTS.items() if served == module}
            for host in own | set(routed.action.hosts):
                # On its own host a module's action comes before one of the same name whose page names that host too.
                if host in own or name not in self._by_host[host]:
                    self._by_host[host][name] = routed

    def find(self, request: Request) -> RoutedAction:
        """The action that a request calls. Raises CommonRefusal 6100, whose `why` gives the reason."""
        name = request.parameters.get("Action")
        if not name:
            raise action_missing()
        here = self._by_host.get(request.host, self._by_name)
        routed = here.get(name)
        if routed is None:
            raise action_unknown(self._why_unknown(name, request.host))
        return routed

    def named(self, name: str | None) -> RoutedAction | None:
        """The action of this name on any host."""
        return self._by_name.get(name or "")

    def _why_unknown(self, name: str, host: str) -> str:
        if other := self._by_name.get(name):
            return f"{name} is an action of {other.action.hosts[0]}, not of {host}"
        if name in _OF_THE_COMMAND_LINE:
            return f"{name} is an action of qcloudcli 1.9.20 that no page describes, and this emulator does not have it"
        meant = _nearest(name, tuple(self._by_name))
        question = f"; did you mean {meant}?" if meant else "; `bm-emulator actions` lists them"
        return f"no documented action is named {name}{question}"


@lru_cache(maxsize=256)
def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    """A near name whose own part is near too: DescribeBm… and …Status alone mean nothing."""
    near = nearest(name, known)
    alike = near and SequenceMatcher(None, _own_part(name), _own_part(near)).ratio() >= _LEAST_ALIKE
    return near if alike else None


def _own_part(name: str) -> str:
    """The name without what many names begin with."""
    return _GENERAL.sub("", name.lower())
