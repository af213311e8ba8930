"""Real Celery workers for tests: started on the test database, ended by their own pid."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

_STOP_WITHIN_S = 20


class Server(Protocol):
    """What stands in Zalo's place."""

    url: str


def environment(zalo: Server, **more: str) -> dict[str, str]:
    """The environment of a process that works on the database of this test."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = str(connection.settings_dict["NAME"])
    return {
        **os.environ,
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
        "DJANGO_SETTINGS_MODULE": "onestop.settings",
        "ONESTOP_TESTING": "1",
        "ONESTOP_CLOCK_OFFSET_S": str(settings.ONESTOP_CLOCK_OFFSET_S),
        "NOTIFY_TIME_SCALE": str(settings.NOTIFY_TIME_SCALE),
        "ZALO_OA_ID": settings.ZALO_OA_ID,
        "ZALO_OAUTH_BASE_URL": zalo.url,
        "ZALO_OPENAPI_BASE_URL": zalo.url,
        "ZALO_BUSINESS_BASE_URL": zalo.url,
        **more,
    }


@contextmanager
def worker(
    log: Path, zalo: Server, *, lanes: str = "personal,bulk", **more: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker with the drain loop of its lanes; stopped by SIGTERM at the end."""
    command = [
        sys.executable, "-m", "celery", "-A", "onestop", "worker", "-P", "threads", "-c", "2",
        "-Q", lanes, "--drain-lane", lanes, "-n", f"{lanes.replace(',', '-')}-{os.getpid()}@%h",
        "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment(zalo, **more),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end(process)


def end(process: "subprocess.Popen[bytes]") -> int:
    """SIGTERM, then what it ended with; SIGKILL for one that does not end."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode
