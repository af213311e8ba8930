"""Other processes of this machine: which run, what they are, how they end.

Reads /proc where there is one (Linux) and asks `ps` elsewhere, so that no package is needed.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")
_POLL_S = 0.02


def arguments(pid: int) -> list[str]:
    """The command line of a running process; empty for a dead one, a zombie and a kernel thread."""
    if _PROC.is_dir():
        try:
            raw = (_PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            return []
        return [part.decode(errors="replace") for part in raw.split(b"\0") if part]
    answer = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.split()


def is_running(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    return bool(arguments(pid))


def birth(pid: int) -> str:
    """When the process began, in the machine's own words: tells a pid from its later reuse."""
    if _PROC.is_dir():
        try:
            stat = (_PROC / str(pid) / "stat").read_text()
        except OSError:
            return ""
        # The name in brackets may hold blanks; field 22 is the 20th after it.
        return stat.rpartition(")")[2].split()[19]
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def find(program: str, argument: str) -> list[int]:
    """Pids of the running `program`s (name of the file) that were given exactly this argument."""
    return [
        pid
        for pid in _all_pids()
        if (words := arguments(pid)) and Path(words[0]).name == program and argument in words[1:]
    ]


def with_environment(name: str, value: str) -> list[int]:
    """Pids of the processes that were started with this variable; empty where /proc is missing."""
    wanted = f"{name}={value}".encode()
    found = []
    for pid in _all_pids() if _PROC.is_dir() else ():
        try:
            environment = (_PROC / str(pid) / "environ").read_bytes()
        except OSError:  # another user's process, or gone meanwhile: not ours
            continue
        if wanted in environment.split(b"\0") and is_running(pid):
            found.append(pid)
    return found


def inside(folder: Path) -> list[int]:
    """Pids whose working directory is this folder; empty where /proc is missing."""
    found = []
    for pid in _all_pids() if _PROC.is_dir() else ():
        try:
            if (_PROC / str(pid) / "cwd").readlink() == folder:
                found.append(pid)
        except OSError:
            continue
    return found


def send(pid: int, number: signal.Signals) -> bool:
    """Send a signal; False when the process has ended."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def stop(pid: int, *signals_and_waits: tuple[signal.Signals, float]) -> None:
    """Send each signal in turn and wait that many seconds for the end, then SIGKILL."""
    for number, wait_s in (*signals_and_waits, (signal.SIGKILL, 5.0)):
        if not send(pid, number) or wait_until_gone(pid, wait_s):
            return


def wait_until_gone(pid: int, wait_s: float) -> bool:
    """Whether the process ended within the time."""
    end = time.monotonic() + wait_s
    while is_running(pid):
        if time.monotonic() > end:
            return False
        time.sleep(_POLL_S)
    return True


def _all_pids() -> Iterator[int]:
    if _PROC.is_dir():
        for entry in _PROC.iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                yield int(entry.name)
        return
    answer = subprocess.run(["ps", "-axo", "pid="], capture_output=True, text=True, check=False)
    yield from (int(word) for word in answer.stdout.split() if int(word) != os.getpid())
