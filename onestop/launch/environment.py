"""What the processes of a demo are told by their environment, and how manage.py learns it."""

import fcntl
import json
import os
import secrets
import socket
import sys
from base64 import urlsafe_b64encode
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from onestop.launch.errors import LaunchError

ROOT = Path(__file__).resolve().parent.parent.parent
MARKER = "ONESTOP_VAR_DIR"
ENVIRONMENT_FILE = "environment.json"
_SECRETS_FILE = "secrets.json"
_LOCK_FILE = "demo.lock"
_REAL_ZALO = ("zaloapp.com", "zalo.me")
_ZALO_BASES = ("ZALO_OAUTH_BASE_URL", "ZALO_OPENAPI_BASE_URL", "ZALO_BUSINESS_BASE_URL")


def var_folder() -> Path:
    """The folder of the demo's data: `var` in the clone unless ONESTOP_VAR_DIR names another."""
    return Path(os.environ.get(MARKER) or ROOT / "var").resolve()


class DemoLock:
    """Held while a demo runs on its folder; the system lets go of it even after `kill -9`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / _LOCK_FILE).open("a+", encoding="utf-8")

    def take(self, address: str) -> None:
        """Take it and leave the address there for whoever comes second; LaunchError for them."""
        if not self._try():
            self._file.seek(0)
            where = self._file.read().strip()
            raise LaunchError(f"The demo of this folder runs already: {where}.")
        self._file.truncate(0)
        self._file.write(address)
        self._file.flush()

    def is_held(self) -> bool:
        """Whether a demo runs."""
        if not self._try():
            return True
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def web_port() -> int:
    """PORT, 8000 when unset. Raises LaunchError when it is no port or in use."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 1 <= int(text) <= 65534:
        raise LaunchError(f"PORT={text} is no port: choose a number from 1 to 65534.")
    port = int(text)
    if not is_free(port):
        raise LaunchError(f"Port {port} is in use: stop what listens there, or choose PORT=….")
    return port


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


def uses_own_zalo() -> bool:
    """Whether the user's environment names a Zalo server, so that the sandbox is not started."""
    return bool(os.environ.get("ZALO_OPENAPI_BASE_URL"))


def keys(folder: Path) -> dict[str, str]:
    """The random keys of this folder, made once: they must live as long as its data."""
    path = folder / _SECRETS_FILE
    try:
        known: dict[str, str] = json.loads(path.read_text())
    except FileNotFoundError:
        known = {}
    except ValueError:
        raise LaunchError(f"{path} is damaged: restore it, or run `make demo-reset`.") from None
    made = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_ENCRYPTION_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "FIELD_SEARCH_KEY": secrets.token_urlsafe(32),
        "ZALO_APP_ID": _digits(19),
        "ZALO_APP_SECRET": secrets.token_urlsafe(15),
        "ZALO_OA_ID": _digits(19),
        "ZALO_OA_SECRET_KEY": secrets.token_urlsafe(15),
        "ZALO_ACCESS_TOKEN": secrets.token_urlsafe(48),
        "ZALO_REFRESH_TOKEN": secrets.token_urlsafe(48),
    }
    if made.keys() - known.keys():
        known = made | known
        write_json(path, known)
    return known


def for_processes(
    *,
    folder: Path,
    port: int,
    sandbox_port: int | None,
    database_url: str,
    redis_url: str,
    offset_s: int,
) -> dict[str, str]:
    """The variables that every process of the demo gets beside the user's own, which win."""
    web = f"http://localhost:{port}"
    environment = keys(folder) | _zalo_addresses(sandbox_port)
    environment |= {"ONESTOP_PUBLIC_URL": web, "CSRF_TRUSTED_ORIGINS": web}
    environment |= {name: value for name in environment if (value := os.environ.get(name))}
    return environment | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ONESTOP_DEMO": "1",
        "ONESTOP_CLOCK_OFFSET_S": str(offset_s),
        MARKER: str(folder),
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port or 0),
        "SANDBOX_AUTOSTART": "true" if sandbox_port else "false",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }


def for_manage(folder: Path) -> dict[str, str]:
    """The variables of the demo that runs on this folder; LaunchError where none runs."""
    nothing = "No demo runs here: start it by `make demo`, or set DATABASE_URL and REDIS_URL."
    if not (folder / _LOCK_FILE).exists():
        raise LaunchError(nothing)
    with DemoLock(folder) as lock:
        if not lock.is_held():
            raise LaunchError(nothing)
    try:
        environment: dict[str, str] = json.loads((folder / ENVIRONMENT_FILE).read_text())
    except (OSError, ValueError):
        raise LaunchError("The demo is still starting: try again when it is up.") from None
    return environment


def write_json(path: Path, content: object) -> None:
    """Write so that a reader sees the old file or the new one, and only its owner sees it."""
    fresh = path.with_name(path.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)


def _zalo_addresses(sandbox_port: int | None) -> dict[str, str]:
    base = (
        f"http://127.0.0.1:{sandbox_port}"
        if sandbox_port
        else os.environ.get("ZALO_OPENAPI_BASE_URL", "")
    )
    for name in _ZALO_BASES:
        host = urlsplit(os.environ.get(name) or base).hostname or ""
        if any(host == real or host.endswith("." + real) for real in _REAL_ZALO):
            raise LaunchError(f"The demo does not talk to the real Zalo: {name} names {host}.")
    return dict.fromkeys(_ZALO_BASES, base)


def _digits(length: int) -> str:
    return str(secrets.randbelow(9 * 10 ** (length - 1)) + 10 ** (length - 1))
