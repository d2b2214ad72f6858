"""The application behind sockets: HTTP and, optionally, HTTPS and a proxy, in one event loop.

listeners.py opens the sockets, server.py serves them, protocol.py is HTTP/1.1 with its limits, handshakes.py is TLS.
"""

from emulator.serving.listeners import ListenError, Listeners, open_authority, with_control_token
from emulator.serving.server import Server

__all__ = ["ListenError", "Listeners", "Server", "open_authority", "with_control_token"]
