"""A private Valkey: started, found again after a crash, and stopped."""

import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from onestop.launch import processes
from onestop.launch.errors import LaunchError

_PROGRAM = "valkey-server"
_START_WAIT_S = 60.0
_POLL_S = 0.03


@dataclass(frozen=True)
class Valkey:
    """A running private server, reached by its socket only."""

    pid: int
    socket: Path

    def url(self, number: int) -> str:
        """The REDIS_URL of one of its numbered databases."""
        return f"unix://{self.socket}?db={number}"


def start(*, program: str, data: Path, sockets: Path, log: Path, fast: bool) -> Valkey:
    """Start the server on the folder `data` and wait until it answers.

    With `fast` it keeps nothing on disk: for tests. A server that an earlier, killed run left on
    the same data is stopped first. Raises LaunchError.
    """
    stop_leftovers(data)
    data.mkdir(parents=True, exist_ok=True)
    path = sockets / "v"
    options = ["--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"]
    options += ["--dir", str(data), "--appendonly", "no" if fast else "yes", "--save", ""]
    # The title stays the command line, by which a leftover is found.
    options += ["--maxmemory-policy", "noeviction", "--databases", "64", "--set-proc-title", "no"]
    with log.open("wb") as output:
        child = subprocess.Popen(
            [program, *options],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    if not _answers(child, path):
        stop(child.pid)
        words = log.read_text(errors="replace").strip().splitlines()
        last = words[-1] if words else "it said nothing"
        raise LaunchError(f"Valkey does not start: {last} (see {log}).")
    return Valkey(child.pid, path)


def stop(pid: int) -> None:
    """Stop the server; what it holds is written first."""
    processes.stop(pid, (signal.SIGTERM, 10.0))


def stop_leftovers(data: Path) -> int:
    """Stop the servers that a killed run left on this data; how many."""
    left = processes.find(_PROGRAM, str(data))
    for pid in left:
        stop(pid)
    return len(left)


def _answers(child: subprocess.Popen[bytes], path: Path) -> bool:
    end = time.monotonic() + _START_WAIT_S
    while time.monotonic() < end and child.poll() is None:
        if _ping(path):
            return True
        time.sleep(_POLL_S)
    return False


def _ping(path: Path) -> bool:
    """Whether the server answers and has read its data."""
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(2)
            link.connect(str(path))
            link.sendall(b"PING\r\n")
            return link.recv(64).startswith(b"+PONG")
    except OSError:
        return False
