"""What takes time. Importing this room makes every kind of operation known to `settle`."""

from emulator.lifecycle import delivery, device_operations, expiry, hosted, script_runs, tgw
from emulator.lifecycle.operations import settle

__all__ = ["delivery", "device_operations", "expiry", "hosted", "script_runs", "settle", "tgw"]
