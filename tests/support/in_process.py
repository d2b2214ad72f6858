"""An httpx transport that calls the ASGI application directly: no socket, no thread."""

import asyncio
from typing import Any

import httpx

from emulator.in_process import exchange
from emulator.testing.adapters import httpx_transport


def in_process(app: Any) -> httpx.BaseTransport:
    return httpx_transport(lambda *request: asyncio.run(exchange(app, *request)))
