"""Gives a test run its own PostgreSQL and Valkey, before Django reads its settings.

Named in pyproject.toml by `-p`. Where DATABASE_URL or REDIS_URL is set, that server is used
instead. Workers of pytest-xdist inherit the addresses of the first process.
"""

import atexit
import os
import re
import shutil
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from onestop.launch import catalogues, processes, servers, supervise
from onestop.launch.database import require_createdb, without_password
from onestop.launch.errors import LaunchError, sentence
from onestop.launch.programs import short_folder

_FOLDER_PREFIX = "os-test-"
_OWNER_FILE = "owner"
_FRESH_S = 60.0
_said: list[str] = []

# Nothing of these leaves the test run; the addresses refuse connections.
_TEST_SETTINGS = {
    "SECRET_KEY": "tests-only-tests-only-tests-only-tests-only-tests-only",
    "FIELD_ENCRYPTION_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "FIELD_SEARCH_KEY": "tests-only-search-key",
    "ZALO_OAUTH_BASE_URL": "http://127.0.0.1:9",
    "ZALO_OPENAPI_BASE_URL": "http://127.0.0.1:9",
    "ZALO_BUSINESS_BASE_URL": "http://127.0.0.1:9",
}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Runs around pytest-django's hook of this name, which loads the settings."""
    os.environ["ONESTOP_TESTING"] = "1"
    for name, value in _TEST_SETTINGS.items():
        os.environ.setdefault(name, value)
    if "PYTEST_XDIST_WORKER" in os.environ:
        _use_own_broker_number(os.environ["PYTEST_XDIST_WORKER"])
    else:
        try:
            catalogues.compile_changed()
            _provide_servers(early_config)
        except (LaunchError, OSError) as error:
            place = Path(tempfile.gettempdir())
            raise pytest.UsageError(sentence(error, place)) from None
    return (yield)


def pytest_report_header() -> list[str]:
    """Say which servers the tests talk to."""
    return [f"servers: {'; '.join(_said)}"] if _said else []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a journey that is skipped (no browser) is a failure: nobody would read the note."""
    report = yield
    if report.skipped and item.get_closest_marker("journey") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"In CI a journey may not be skipped: {report.longrepr}"
    return report


def _provide_servers(config: pytest.Config) -> None:
    _remove_dead_runs()
    given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    _said.extend(f"{name} {without_password(url)}" for name, url in given.items() if url)
    if given["DATABASE_URL"]:
        require_createdb(given["DATABASE_URL"])
    if all(given.values()):
        return
    folder = owned_folder()
    try:
        started = servers.start(
            folder,
            with_postgres=not given["DATABASE_URL"],
            with_valkey=not given["REDIS_URL"],
            fast=True,
        )
    except (LaunchError, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def stop() -> None:
        started.stop()
        servers.remove(folder)

    config.add_cleanup(stop)
    atexit.register(stop)
    if started.database_url:
        os.environ["DATABASE_URL"] = started.database_url
        _said.append(f"private PostgreSQL in {folder}")
    if started.redis_url:
        os.environ["REDIS_URL"] = started.redis_url
        os.environ["ONESTOP_PRIVATE_VALKEY"] = "1"
        _said.append(f"private Valkey in {folder}")


def owned_folder() -> Path:
    """A new folder of this test run. The next run removes it, and stops the servers on it and the
    demo on its folder `var`, should this one be killed."""
    folder = short_folder(_FOLDER_PREFIX)
    (folder / _OWNER_FILE).write_text(f"{os.getpid()} {processes.birth(os.getpid())}")
    return folder


def _remove_dead_runs() -> None:
    """Stop the servers and demos of test runs that were killed, and remove their folders."""
    base = short_folder(_FOLDER_PREFIX)
    base.rmdir()
    for folder in base.parent.glob(_FOLDER_PREFIX + "*"):
        if _is_abandoned(folder):
            supervise.stop_leftovers(folder / "var")
            servers.remove(folder / "var")
            servers.remove(folder)


def _is_abandoned(folder: Path) -> bool:
    """Whether it is ours and its owner runs no more."""
    try:
        state = folder.lstat()
        if state.st_uid != os.geteuid() or folder.is_symlink():
            return False
        owner = folder / _OWNER_FILE
        if not owner.exists():  # so it is for a moment after it was made
            return time.time() - state.st_mtime > _FRESH_S
        pid, _, birth = owner.read_text().partition(" ")
        return processes.birth(int(pid)) != birth
    except (OSError, ValueError):  # its owner removes it at this moment
        return False


def _use_own_broker_number(worker: str) -> None:
    """One numbered database of the private Valkey per xdist worker (gw0, gw1, …)."""
    if os.environ.get("ONESTOP_PRIVATE_VALKEY"):
        number = 2 + int(worker.removeprefix("gw"))
        os.environ["REDIS_URL"] = re.sub(r"db=\d+$", f"db={number}", os.environ["REDIS_URL"])
