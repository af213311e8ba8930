"""The part of a start that needs Django: tables, catalogues, static files, data, tokens.

    python -m onestop.launch.prepare data|senders

Runs as a process of its own with the demo's environment; what Django's commands say goes to
stderr, which the launcher keeps in a log. Exit 0 when all is ready, 2 after sentences that say
what is not; anything else is a fault of ours. What did not change since the last complete run is
skipped: var/prepared.json remembers.
"""

import hashlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from onestop.launch import catalogues, supervise
from onestop.launch.errors import LaunchError, sentence
from onestop.launch.folder import ROOT, var_folder, write_json
from onestop.launch.report import USERS_FILE

_MEMORY_FILE = "prepared.json"
_IMPORTS = (
    ("import_offices", "data/offices.csv"),
    ("import_former_communes", "data/former_communes.csv"),
    ("import_calendar", "data/calendar_2024_2028.csv"),
    ("import_procedures", "data/procedures.json"),
)
_SANDBOX_WAIT_S = 60.0
_WORKERS_WAIT_S = 90.0


def main(arguments: list[str]) -> int:
    """Prepare the named half."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onestop.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError

    halves = {"data": prepare_data, "senders": prepare_senders}
    try:
        django.setup()
        halves[arguments[0]]()
    except (LaunchError, CommandError, ImproperlyConfigured) as error:
        print(error, flush=True)
        return 2
    except OSError as error:
        print(sentence(error, var_folder()), flush=True)
        return 2
    return 0


def prepare_data() -> None:
    """Tables, catalogues, static files, catalogue of procedures and the seeded province."""
    with _step("tables"):
        _migrate()
    memory = _recall()
    if catalogues.compile_changed():
        print("  catalogues compiled", flush=True)
    with _when_changed(memory, "static", _fingerprint(_static_files())) as is_changed:
        if is_changed or not _is_collected():
            with _step("static files"):
                _command("collectstatic", interactive=False)
    for name, file in _IMPORTS:
        content = hashlib.sha256((ROOT / file).read_bytes()).hexdigest()
        with _when_changed(memory, name, content) as is_changed:
            if is_changed:
                with _step(file):
                    _command(name, str(ROOT / file))
    with _when_changed(memory, "seed", "done") as is_changed:
        if is_changed or not (var_folder() / USERS_FILE).exists():
            with _step("a plausible province"):
                _command("seed_demo", *_seed_options())


def _seed_options() -> list[str]:
    number = os.environ.get("DEMO_DOSSIERS", "")
    if number and not number.isdigit():
        raise LaunchError(f"DEMO_DOSSIERS={number} is no number of dossiers.")
    return ["--dossiers", number] if number else []


def prepare_senders() -> None:
    """Authorise the product at Zalo, and wait until every worker answers."""
    try:
        _authorise()
    finally:
        _wait_for_workers()


def _authorise() -> None:
    """Hand the first token pair to the product and learn the ids of the message templates.

    A pair is handed in once: the product goes on with what it got in exchange. Where a server no
    longer knows that (it was set up anew), the first pair is tried again.
    """
    from django.core.management import CommandError

    _wait_for(os.environ["ZALO_OPENAPI_BASE_URL"])
    pair = [os.environ.get(f"ZALO_{kind}_TOKEN", "") for kind in ("ACCESS", "REFRESH")]
    if not all(pair):
        raise LaunchError(
            "Zalo is not authorised: set ZALO_ACCESS_TOKEN and ZALO_REFRESH_TOKEN, "
            "or run `manage.py zalo_authorize`."
        )
    memory = _recall()
    with _when_changed(memory, "zalo", _fingerprint(pair)) as is_new:
        if is_new:
            _command("zalo_authorize", access_token=pair[0], refresh_token=pair[1])
    try:
        _command("sync_templates")
    except CommandError:
        if is_new:
            raise
        _command("zalo_authorize", access_token=pair[0], refresh_token=pair[1])
        _command("sync_templates")


def _wait_for_workers() -> None:
    from celery import current_app

    silent = supervise.worker_names()
    end = time.monotonic() + _WORKERS_WAIT_S
    while silent and time.monotonic() < end:
        for answer in current_app.control.ping(timeout=0.5) or ():
            silent -= {name.split("@")[0] for name in answer}
    if silent:
        raise LaunchError(f"Workers that do not answer: {', '.join(sorted(silent))}.")


def _command(name: str, *arguments: str, **options: object) -> None:
    from django.core.management import call_command

    call_command(name, *arguments, stdout=sys.stderr, verbosity=1, **options)


def _migrate() -> None:
    from django.db import DatabaseError

    try:
        _command("migrate", interactive=False)
    except DatabaseError as error:
        first = str(error.__cause__ or error).strip().splitlines()[0]
        raise LaunchError(
            f"The database cannot be used: {first}. Its user needs the right to make tables and "
            "the extension pg_trgm."
        ) from error


def _recall() -> dict[str, str]:
    """What earlier runs completed; nothing of it holds for an empty database or another one."""
    from django.contrib.auth import get_user_model

    path = var_folder() / _MEMORY_FILE
    try:
        memory: dict[str, str] = json.loads(path.read_text())
    except (OSError, ValueError):
        memory = {}
    given = _fingerprint([os.environ.get("ONESTOP_GIVEN_DATABASE", "")])
    if memory.get("database") != given or not get_user_model().objects.exists():
        memory = {"database": given}
    return memory


@contextmanager
def _when_changed(memory: dict[str, str], name: str, now: str) -> Iterator[bool]:
    """Whether `name` differs from the last complete run; remembered when the block succeeds."""
    is_changed = memory.get(name) != now
    yield is_changed
    if is_changed:
        memory[name] = now
        write_json(var_folder() / _MEMORY_FILE, memory)


@contextmanager
def _step(name: str) -> Iterator[None]:
    begin = time.monotonic()
    print(f"  {name} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - begin:.1f} s", flush=True)


def _fingerprint(words: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


def _static_files() -> Iterator[str]:
    """Each static file with its size and time."""
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            yield f"{path} {state.st_size} {state.st_mtime_ns}"


def _is_collected() -> bool:
    from django.conf import settings

    return (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()


def _wait_for(base: str) -> None:
    """Return when something listens at the address; LaunchError when nothing does."""
    parts = urlsplit(base)
    place = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    end = time.monotonic() + _SANDBOX_WAIT_S
    while True:
        try:
            socket.create_connection(place, timeout=5).close()
        except OSError as error:
            if time.monotonic() > end:
                raise LaunchError(f"No Zalo server answers at {base}: {error}.") from None
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
