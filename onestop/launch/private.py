"""Run one Python program on a fresh, fast, private PostgreSQL and Valkey.

python -m onestop.launch.private manage.py makemigrations --check
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from onestop.launch import placeholders, servers
from onestop.launch.errors import LaunchError, sentence
from onestop.launch.programs import short_folder


def main(arguments: list[str]) -> int:
    """The program's exit code. Servers that the environment names are used instead."""
    folder = Path(tempfile.gettempdir())
    try:
        folder = short_folder("os-once-")
        started = servers.start(
            folder,
            with_postgres=not os.environ.get("DATABASE_URL"),
            with_valkey=not os.environ.get("REDIS_URL"),
            fast=True,
        )
    except (LaunchError, OSError) as error:
        print(sentence(error, folder), file=sys.stderr)
        return 1
    try:
        os.environ |= {"DATABASE_URL": started.database_url} if started.database_url else {}
        os.environ |= {"REDIS_URL": started.redis_url} if started.redis_url else {}
        placeholders.fill()
        return subprocess.run([sys.executable, *arguments], check=False).returncode
    finally:
        started.stop()
        servers.remove(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
