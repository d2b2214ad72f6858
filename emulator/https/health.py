"""Whether an emulator listens at an address."""

import json
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlsplit

from emulator.checking.files import why
from emulator.request import CONTROL_PREFIX

HEALTH = f"{CONTROL_PREFIX}/health"
_TIMEOUT_SECONDS = 5.0


class Finding(NamedTuple):
    ok: bool
    text: str


def examine_port(endpoint: str, timeout: float = _TIMEOUT_SECONDS) -> Finding:
    """Whether an emulator answers at this address and, if none does, what may be the reason."""
    parts = urlsplit(endpoint)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        if _is_emulator(connection):
            return Finding(True, f"an emulator listens at {endpoint}")
        return Finding(False, f"the port of {endpoint} is taken by something else than an emulator; choose another")
    except ConnectionRefusedError:
        return Finding(False, f"nothing listens at {endpoint}; start bm-emulator serve, or name it with --endpoint")
    except (OSError, HTTPException) as error:
        return Finding(False, f"no emulator at {endpoint}: {why(error)}; the port may be taken by something else")
    finally:
        connection.close()


def _is_emulator(connection: HTTPConnection) -> bool:
    connection.request("GET", HEALTH)
    response = connection.getresponse()
    try:
        return bool(json.loads(response.read(1000)) == {"status": "ok"})
    except ValueError:
        return False
