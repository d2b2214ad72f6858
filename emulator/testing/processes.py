"""The environment of a process that a test starts and that shall call a world.

A client that has the API's hosts compiled in reaches the emulator through its proxy and trusts its certificate
authority. A client that can be told an address and a key pair finds them in `BM_EMULATOR_…`.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.testing.world_client import WorldClient


def environment(world: "WorldClient", base: Mapping[str, str] | None = None) -> dict[str, str]:
    """`base` (this process's own environment) with the proxy, the authority and the key pair of the world.

    Raises RuntimeError if the emulator has no proxy or runs elsewhere, AuthorityError if its authority cannot be used.
    """
    emulator = world.emulator
    if emulator.proxy_url is None:
        raise RuntimeError(
            "the emulator has no proxy in this process: start it with proxy_port=0, or under pytest let the fixture "
            "bm_emulator_settings, in conftest.py, return {'proxy_port': 0}"
        )
    from emulator.https.environment import client_variables, original_environment, routing_variables
    from emulator.https.runtimes import write_client_files
    from emulator.serving import open_authority
    from emulator.settings import Settings

    before = dict(os.environ if base is None else base)
    authority = open_authority(Settings(ca_dir=emulator.ca_dir))
    files = write_client_files(authority, original_environment(before))
    return {
        **before,
        **routing_variables(before, emulator.proxy_url, files),
        **client_variables(emulator.url, (world.secret_id, world.secret_key)),
    }
