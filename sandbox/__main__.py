"""`python -m sandbox`: serves until SIGTERM or Ctrl-C."""

import logging
import os
import sys

from aiohttp import web

from sandbox.app import build_app
from sandbox.config import ConfigError, read_settings

CANNOT_START = 2


def main() -> int:
    """Runs the server; 2 and one sentence when it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    try:
        settings = read_settings(sys.argv[1:], os.environ)
        app = build_app(settings)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return CANNOT_START
    logging.getLogger("sandbox").info(
        "A mock Zalo for tests listens on http://%s:%s/", settings.host, settings.port
    )
    try:
        web.run_app(
            app,
            host=settings.host,
            port=settings.port,
            access_log=None,
            print=None,
            shutdown_timeout=1.0,
        )
    except OSError as error:
        sys.stderr.write(f"The sandbox cannot listen on {settings.host}:{settings.port}: {error}\n")
        return CANNOT_START
    return 0


if __name__ == "__main__":
    sys.exit(main())
