"""A private Valkey: started, found again after a crash, and stopped."""

import re
import shutil
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
# What it says of its own files after a power cut; other reasons not to start are not these.
_DAMAGED = re.compile(r"Bad file format|AOF manifest|[Ww]rong signature|Internal error in RDB")
_NOT_DAMAGED = re.compile(r"No space left|Permission denied|Read-only")


@dataclass(frozen=True)
class Valkey:
    """A running private server, reached by its socket only."""

    pid: int
    socket: Path
    note: str = ""

    def url(self, number: int) -> str:
        """The REDIS_URL of one of its numbered databases."""
        return f"unix://{self.socket}?db={number}"


def start(*, program: str, data: Path, sockets: Path, log: Path, fast: bool) -> Valkey:
    """Start the server on the folder `data` and wait until it answers.

    With `fast` it keeps nothing on disk: for tests. A server that an earlier, killed run left on
    the same data is stopped first. Files that a power cut damaged are put aside and it begins
    empty, as `note` says: the broker may lose everything. Raises LaunchError.
    """
    stop_leftovers(data)
    path = sockets / "v"
    child = _spawn(program, data, path, log, fast)
    note = ""
    if not _answers(child, path) and _is_damaged(log):
        stop(child.pid)
        aside = data.with_name(data.name + ".damaged")
        shutil.rmtree(aside, ignore_errors=True)
        data.rename(aside)
        note = f"Valkey's damaged files are now in {aside}; it began anew, no message is lost."
        child = _spawn(program, data, path, log, fast)
    if not _answers(child, path):
        stop(child.pid)
        words = log.read_text(errors="replace").strip().splitlines()
        last = words[-1] if words else "it said nothing"
        raise LaunchError(f"Valkey does not start: {last} (see {log}).")
    return Valkey(child.pid, path, note)


def _spawn(program: str, data: Path, path: Path, log: Path, fast: bool) -> subprocess.Popen[bytes]:
    data.mkdir(parents=True, exist_ok=True)
    options = ["--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"]
    options += ["--dir", str(data), "--appendonly", "no" if fast else "yes", "--save", ""]
    # The title stays the command line, by which a leftover is found.
    options += ["--maxmemory-policy", "noeviction", "--databases", "64", "--set-proc-title", "no"]
    with log.open("wb") as output:
        return subprocess.Popen(
            [program, *options],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _is_damaged(log: Path) -> bool:
    words = log.read_text(errors="replace")
    return bool(_DAMAGED.search(words)) and not _NOT_DAMAGED.search(words)


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
