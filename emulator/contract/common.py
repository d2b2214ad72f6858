"""What holds for every action: the hosts that serve the modules, and the common parameters."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from emulator.contract.model import Module, Parameter

_FOLDER = Path(__file__).parent

SERVICE_HOSTS: Mapping[str, Module] = msgspec.json.decode((_FOLDER / "hosts.json").read_bytes(), type=dict[str, Module])
"""The module that each documented host serves."""

COMMON_PARAMETERS: tuple[Parameter, ...] = msgspec.json.decode(
    (_FOLDER / "common_parameters.json").read_bytes(), type=tuple[Parameter, ...]
)
"""The parameters that any call may send; the required ones first, in the order in which they are missed."""
