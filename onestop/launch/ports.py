"""Ports of this machine's own address."""

import os
import socket

from onestop.launch.errors import LaunchError


def requested_port() -> int:
    """PORT, 8000 when unset. Raises LaunchError when it is no port."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65534):
        raise LaunchError(f"PORT={text} is no port: choose a number from 1 to 65534.")
    return int(text)


def require_free(port: int) -> None:
    """Raise LaunchError when something listens on the port."""
    if not is_free(port):
        raise LaunchError(f"Port {port} is in use: stop what listens there, or choose PORT=….")


def next_free_port(after: int) -> int:
    """The first free port above the given one."""
    for port in range(after + 1, min(after + 200, 65536)):
        if is_free(port):
            return port
    raise LaunchError(f"No free port above {after} for the sandbox: choose another PORT=….")


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise LaunchError(f"Port {port} needs root: choose PORT=8000 or above.") from None
        except OSError:
            return False
    return True
