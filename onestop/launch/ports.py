"""Ports of this machine's own address."""

import os
import socket
from types import TracebackType
from typing import Self

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


class Reservation:
    """Holds ports until the processes start that shall listen there: of two demos that are started
    at the same time none takes what the other has chosen."""

    def __init__(self) -> None:
        self._held: list[socket.socket] = []

    def take(self, port: int) -> None:
        """Hold this port. Raises LaunchError when somebody has it."""
        require_free(port)
        if not self._try(port):
            raise LaunchError(f"Port {port} was just taken by somebody else: choose PORT=….")

    def take_next(self, after: int) -> int:
        """Hold the first free port above the given one."""
        while True:
            port = next_free_port(after)
            if self._try(port):
                return port

    def release(self) -> None:
        """Let go of all, for those who shall listen."""
        while self._held:
            self._held.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _try(self, port: int) -> bool:
        holder = socket.socket()
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind(("127.0.0.1", port))
            holder.listen()
        except OSError:
            holder.close()
            return False
        self._held.append(holder)
        return True


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
