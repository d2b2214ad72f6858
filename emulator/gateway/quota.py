"""Fourth stage, off unless a world asks for it: the documented quota of calls.

An account may call 1,000 times a minute, and 100 times any one action; more are refused with 4400. Minutes are those of
the world's clock.
"""

from collections import Counter
from weakref import WeakKeyDictionary

from emulator.contract import Action
from emulator.gateway.common_errors import common
from emulator.world.accounts import Credential
from emulator.world.world import World

CALLS_A_MINUTE = 1_000
CALLS_OF_ONE_ACTION = 100
_MINUTE_MS = 60_000
_ALL = ""


class Quota:
    """Counts the calls of each world's current minute."""

    def __init__(self) -> None:
        self._minutes: WeakKeyDictionary[World, tuple[int, Counter[tuple[int, str]]]] = WeakKeyDictionary()

    def count(self, world: World, caller: Credential, action: Action) -> None:
        """Raises a CommonRefusal 4400."""
        if not world.limits_rate:
            return
        now = world.clock.now() // _MINUTE_MS
        minute, calls = self._minutes.get(world, (now, Counter()))
        if minute != now:
            calls = Counter()
        self._minutes[world] = (now, calls)
        for name, most in ((_ALL, CALLS_A_MINUTE), (action.name, CALLS_OF_ONE_ACTION)):
            calls[caller.account_id, name] += 1
            if calls[caller.account_id, name] > most:
                of_what = f"of {name} " if name else ""
                raise common(4400, why=f"the account has made {most} calls {of_what}in this minute already")
