"""What the processes of a demo are told by their environment, and how manage.py learns it."""

import json
import os
import secrets
import sys
from base64 import urlsafe_b64encode
from pathlib import Path
from urllib.parse import urlsplit

from onestop.launch.errors import LaunchError
from onestop.launch.folder import FOLDER_VARIABLE, LOCK_FILE, DemoLock, write_json

ENVIRONMENT_FILE = "environment.json"
_SECRETS_FILE = "secrets.json"
_DATA = ("pg", "postgres.path")
_REAL_ZALO = ("zaloapp.com", "zalo.me")
_ZALO_BASES = ("ZALO_OAUTH_BASE_URL", "ZALO_OPENAPI_BASE_URL", "ZALO_BUSINESS_BASE_URL")


def uses_own_zalo() -> bool:
    """Whether the user's environment names a Zalo server, so that the sandbox is not started."""
    return bool(os.environ.get("ZALO_OPENAPI_BASE_URL"))


def keys(folder: Path) -> dict[str, str]:
    """The random keys of this folder, made once: they must live as long as its data.

    Raises LaunchError where they are lost and the data is there, which they alone can open.
    """
    path = folder / _SECRETS_FILE
    try:
        known: dict[str, str] = json.loads(path.read_text())
    except FileNotFoundError:
        if any((folder / name).exists() for name in _DATA):
            raise LaunchError(
                f"{path} is gone, and with it the keys of the data beside it: put it back, or run "
                "`make demo-reset`."
            ) from None
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
    if not sandbox_port and not os.environ.get("ZALO_ACCESS_TOKEN"):
        # Random tokens mean something to the sandbox only.
        environment |= {"ZALO_ACCESS_TOKEN": "", "ZALO_REFRESH_TOKEN": ""}
    return environment | {
        "ONESTOP_GIVEN_DATABASE": os.environ.get("DATABASE_URL", ""),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ONESTOP_DEMO": "1",
        "ONESTOP_CLOCK_OFFSET_S": str(offset_s),
        FOLDER_VARIABLE: str(folder),
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port or 0),
        "SANDBOX_AUTOSTART": "true" if sandbox_port else "false",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        # The preparation has run Django's checks; every worker would run them again.
        "CELERY_SKIP_CHECKS": "true",
    }


def for_manage(folder: Path) -> dict[str, str]:
    """The variables of the demo that runs on this folder; LaunchError where none runs."""
    nothing = "No demo runs here: start it by `make demo`, or set DATABASE_URL and REDIS_URL."
    if not (folder / LOCK_FILE).exists():
        raise LaunchError(nothing)
    with DemoLock(folder) as lock:
        if not lock.is_held():
            raise LaunchError(nothing)
    try:
        environment: dict[str, str] = json.loads((folder / ENVIRONMENT_FILE).read_text())
    except (OSError, ValueError):
        raise LaunchError("The demo is still starting: try again when it is up.") from None
    return environment


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
