"""Makes the virtual environment and keeps its packages as the requirement files say.

    python3 -m onestop.launch.install demo|dev

Runs on the machine's own Python, before any package is there. pip is asked only when a requirement
file (or the Python) changed since the last complete install.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from onestop.launch.errors import LaunchError, require_space, sentence

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
_NO_VENV = (
    "Python's venv does not work here ({reason}): install it (Debian and Ubuntu: "
    "apt install python3-venv), then try again."
)
_NEEDED_MB = {"demo": 600, "dev": 1000}
_FILES = {
    "demo": ("requirements.txt", "requirements-demo.txt"),
    "dev": ("requirements.txt", "requirements-demo.txt", "requirements-dev.txt"),
}


def main(arguments: list[str]) -> int:
    """Install the named set; 1 and one sentence when that cannot be done."""
    name = arguments[0] if arguments else "demo"
    try:
        if name not in _FILES:
            raise LaunchError(f"There is no set of packages named {name!r}: choose demo or dev.")
        with _alone():
            install(name)
    except (LaunchError, OSError) as error:
        print(sentence(error, ROOT), file=sys.stderr)
        return 1
    return 0


def install(name: str) -> None:
    """Make .venv when it is missing or broken, and install one set of packages when it changed."""
    python = VENV / "bin" / "python"
    stamp = VENV / f".installed-{name}"
    wanted = _fingerprint(name)
    if not _works(python):
        require_space(ROOT, _NEEDED_MB[name])
        _make_venv(python)
    elif stamp.exists() and stamp.read_text() == wanted:
        return
    last = _FILES[name][-1]
    print(f"Installing {last} into .venv (once, some minutes on a slow line) …", flush=True)
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    if subprocess.run([*command, "-r", last], cwd=ROOT, check=False).returncode:
        raise LaunchError(f"The packages of {last} could not be installed: pip's reason is above.")
    stamp.write_text(wanted)
    if name == "dev":  # it holds all that the demo needs
        (VENV / ".installed-demo").write_text(_fingerprint("demo"))


@contextmanager
def _alone() -> Iterator[None]:
    """One installation per clone at a time; the second waits for the first. The system lets go of
    the lock even after `kill -9`."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks: nobody to wait for
            _wait_for_lock(handle)
        yield
    finally:
        os.close(handle)


def _wait_for_lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another make installs packages into this clone: waiting for it …", flush=True)
        fcntl.flock(handle, fcntl.LOCK_EX)


def _works(python: Path) -> bool:
    try:
        answer = subprocess.run(
            [str(python), "-m", "pip", "--version"], capture_output=True, check=False
        )
    except OSError:  # missing, or half of it
        return False
    return answer.returncode == 0


def _make_venv(python: Path) -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    print(f"Making .venv with Python {sys.version.split()[0]} …", flush=True)
    try:
        import venv  # a part of Python that Debian has in a package of its own

        venv.create(VENV, with_pip=True)
    except (ImportError, subprocess.CalledProcessError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise LaunchError(_NO_VENV.format(reason=_reason(error))) from None
    if not _works(python):
        raise LaunchError(_NO_VENV.format(reason="it came without pip"))


def _reason(error: ImportError | subprocess.CalledProcessError) -> str:
    said = error.output or b"" if isinstance(error, subprocess.CalledProcessError) else b""
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else str(error)


def _fingerprint(name: str) -> str:
    content = b"".join((ROOT / file).read_bytes() for file in _FILES[name])
    return hashlib.sha256(sys.version.encode() + content).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
