"""Places where the fault tests stop a process: named hooks, inert outside of the tests."""

import time
from pathlib import Path

from django.conf import settings

_POLL_S = 0.02


def reach(name: str) -> None:
    """In a test that asks for it, note that this place was reached and wait until told to go on.

    The test makes the folder NOTIFY_KILL_POINTS with a file `<name>`; this adds `<name>.reached`
    and returns when the test removes the first.
    """
    folder = settings.NOTIFY_KILL_POINTS
    if not folder:
        return
    wanted = Path(folder) / name
    if not wanted.exists():
        return
    wanted.with_suffix(".reached").touch()
    while wanted.exists():
        time.sleep(_POLL_S)
