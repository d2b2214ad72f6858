"""For tests: an emulator in this process, and its worlds.

    with Emulator() as emulator:              # a server on a free port
        world = emulator.new_world(devices=3)
        world.secret_id, world.secret_key, emulator.url
        world.clock, world.faults, world.journal, world.inventory, world.incidents

`Emulator(listen=False)` has no socket: `emulator.app` is for `httpx.ASGITransport`, `emulator.requests_adapter()` for
requests. `connect(url)` drives an emulator that runs elsewhere.
"""

from emulator.testing.driver import ControlError
from emulator.testing.emulator import Emulator, connect
from emulator.testing.world import World

__all__ = ["ControlError", "Emulator", "World", "connect"]
