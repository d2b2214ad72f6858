"""Second stage: which action is meant.

The Host names the module where it is a service's name; under any other the Action alone decides.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from emulator.call import Behaviour
from emulator.contract import SERVICE_HOSTS, Action
from emulator.gateway.common_errors import action_missing, action_unknown
from emulator.request import Request

ActionKey = tuple[str, str]
"""Module and name: two modules may have an action of one name."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    action: Action
    behaviour: Behaviour | None
    begins_operations: bool
    """Whether it starts what takes time."""


class Routes:
    def __init__(
        self,
        contract: Iterable[Action],
        behaviours: Mapping[ActionKey, Behaviour],
        beginners: Collection[ActionKey] = (),
    ) -> None:
        """Raises ValueError for a behaviour that no contract describes."""
        keyed = {(action.module, action.name): action for action in contract}
        if strays := sorted(behaviours.keys() - keyed.keys()):
            raise ValueError(f"behaviour without a contract: {strays}")
        self.endpoints = {key: Endpoint(action, behaviours.get(key), key in beginners) for key, action in keyed.items()}
        self._anywhere: dict[str, Endpoint] = {}
        self._at: dict[str, dict[str, Endpoint]] = {host: {} for host in SERVICE_HOSTS}
        for (module, name), endpoint in self.endpoints.items():
            self._anywhere.setdefault(name, endpoint)
            own = {host for host, served in SERVICE_HOSTS.items() if served == module}
            for host in own | set(endpoint.action.hosts):
                # The module's own action, where another's page names this host for the same name.
                if host in own or name not in self._at[host]:
                    self._at[host][name] = endpoint

    def find(self, request: Request) -> tuple[Action, Behaviour]:
        """Raises a CommonRefusal 6100, which `why` tells apart."""
        name = request.parameters.get("Action")
        if not name:
            raise action_missing()
        here = self._at.get(request.host, self._anywhere)
        endpoint = here.get(name)
        if endpoint is None:
            raise action_unknown(self._why_unknown(name, request.host))
        if endpoint.behaviour is None:
            raise action_unknown(f"{name} is documented, but this emulator does not implement it yet")
        return endpoint.action, endpoint.behaviour

    def named(self, name: str | None) -> Endpoint | None:
        return self._anywhere.get(name or "")

    def _why_unknown(self, name: str, host: str) -> str:
        if elsewhere := self._anywhere.get(name):
            return f"{name} is an action of {elsewhere.action.hosts[0]}, not of {host}"
        return f"no documented action is named {name}; `bm-emulator actions` lists them"
