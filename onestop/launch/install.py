"""Makes the virtual environment and keeps its packages as the requirement files say.

    python3 -m onestop.launch.install demo|dev

Runs on the machine's own Python, before any package is there. pip is asked only when a requirement
file (or the Python) changed since the last complete install.
"""

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from onestop.launch.errors import LaunchError

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
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
        install(name)
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def install(name: str) -> None:
    """Make .venv when it is missing or broken, and install one set of packages when it changed."""
    python = VENV / "bin" / "python"
    if not _works(python):
        _make_venv(python)
    stamp = VENV / f".installed-{name}"
    wanted = _fingerprint(name)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    last = _FILES[name][-1]
    print(f"Installing {last} into .venv (once, some minutes on a slow line) …", flush=True)
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    if subprocess.run([*command, "-r", last], cwd=ROOT, check=False).returncode:
        raise LaunchError(f"The packages of {last} could not be installed: pip's reason is above.")
    stamp.write_text(wanted)
    if name == "dev":  # it holds all that the demo needs
        (VENV / ".installed-demo").write_text(_fingerprint("demo"))


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    answer = subprocess.run(
        [str(python), "-m", "pip", "--version"], capture_output=True, check=False
    )
    return answer.returncode == 0


def _make_venv(python: Path) -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    print(f"Making .venv with Python {sys.version.split()[0]} …", flush=True)
    try:
        venv.create(VENV, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise LaunchError(
            f"Python's venv does not work here ({error}): install python3-venv, then try again."
        ) from None
    if not _works(python):
        raise LaunchError("Python's venv came without pip: install python3-venv, then try again.")


def _fingerprint(name: str) -> str:
    content = b"".join((ROOT / file).read_bytes() for file in _FILES[name])
    return hashlib.sha256(sys.version.encode() + content).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
