"""What holds for every action: the hosts that serve the modules."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from emulator.contract.model import Module

_FOLDER = Path(__file__).parent

SERVICE_HOSTS: Mapping[str, Module] = msgspec.json.decode((_FOLDER / "hosts.json").read_bytes(), type=dict[str, Module])
"""The module that each documented host serves."""
