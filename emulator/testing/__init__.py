"""An emulator for tests: in this process or elsewhere, with clients of its worlds.

    with Emulator() as emulator:              # a server on a free port
        world = emulator.new_world(devices=3)
        world.secret_id, world.secret_key, emulator.url
        world.clock, world.faults, world.incidents, world.journal, world.inventory, world.outcomes

`Emulator(listen=False)` has no socket: pass `emulator.app` to `httpx.ASGITransport`, or mount
`emulator.requests_adapter()` in requests. `connect(url)` drives an emulator that runs elsewhere. `environment(world)`
is the environment for a process that a test starts.

Errors: SettingsError and FixtureError for what an emulator or a world is made from, DatabaseError for a file that
cannot be used, ControlError for what a running emulator refuses.
"""

from emulator.settings_check import SettingsError
from emulator.testing.clock_client import Clock
from emulator.testing.driver import ControlError
from emulator.testing.emulator import Emulator
from emulator.testing.emulator_client import EmulatorClient, connect
from emulator.testing.fault_client import Fault, Faults, Incidents
from emulator.testing.fields import FaultFields, SearchFields, SettingsFields
from emulator.testing.inventory_client import Inventory
from emulator.testing.journal_client import Journal
from emulator.testing.kind_setters import Kind
from emulator.testing.outcome_client import Outcome, Outcomes
from emulator.testing.processes import environment
from emulator.testing.world_client import WorldClient
from emulator.world.catalogue import FixtureError
from emulator.world.database import DatabaseError

__all__ = [
    "Clock",
    "ControlError",
    "DatabaseError",
    "Emulator",
    "EmulatorClient",
    "Fault",
    "FaultFields",
    "Faults",
    "FixtureError",
    "Incidents",
    "Inventory",
    "Journal",
    "Kind",
    "Outcome",
    "Outcomes",
    "SearchFields",
    "SettingsError",
    "SettingsFields",
    "WorldClient",
    "connect",
    "environment",
]
