"""An emulator for tests: in this process or elsewhere, with clients of its worlds.

    with Emulator() as emulator:              # a server on a free port
        world = emulator.new_world(devices=3)
        world.secret_id, world.secret_key, emulator.url
        world.clock, world.faults, world.journal, world.inventory, world.incidents

`Emulator(listen=False)` has no socket: pass `emulator.app` to `httpx.ASGITransport`, or mount
`emulator.requests_adapter()` in requests. `connect(url)` drives an emulator that runs elsewhere.
"""

from emulator.testing.driver import ControlError
from emulator.testing.emulator import Emulator
from emulator.testing.emulator_client import EmulatorClient, connect
from emulator.testing.world_client import WorldClient

__all__ = ["ControlError", "Emulator", "EmulatorClient", "WorldClient", "connect"]
