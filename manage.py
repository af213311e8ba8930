#!/usr/bin/env python3
"""Django's commands, on DATABASE_URL or else on the demo that runs in this clone."""

import importlib.util
import os
import sys

from onestop.launch import environment, placeholders
from onestop.launch.errors import LaunchError
from onestop.launch.folder import ROOT, var_folder

# Commands that read no row; everything else needs a database.
_WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "--version",
    "-h",
    "collectstatic",
    "findstatic",
    "spectacular",
    "startapp",
    "diffsettings",
    "makemigrations",
}


def main() -> None:
    """Run the command; ends with 1 and one sentence where no database can be found."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onestop.settings")
    _use_own_packages()
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if not os.environ.get("DATABASE_URL"):
        if command in _WITHOUT_DATABASE or "--help" in sys.argv:
            placeholders.fill()
        else:
            try:
                os.environ.update(environment.for_manage(var_folder()))
            except LaunchError as error:
                sys.exit(str(error))
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"The settings are not complete: {error}")


def _use_own_packages() -> None:
    """Go on in .venv when this Python has no Django."""
    if importlib.util.find_spec("django"):
        return
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists() or os.environ.get("ONESTOP_REEXEC"):
        sys.exit("Django is not installed here: `make demo` or `make venv-dev` makes .venv.")
    os.environ["ONESTOP_REEXEC"] = "1"
    os.execv(python, [str(python), *sys.argv])


if __name__ == "__main__":
    main()
