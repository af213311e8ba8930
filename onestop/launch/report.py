"""What a demo tells: var/demo.json for programs, a table for people."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from onestop.launch.clock import LOCAL
from onestop.launch.errors import LaunchError
from onestop.launch.folder import write_json

DEMO_FILE = "demo.json"
USERS_FILE = "demo-users.json"
_USER_KEYS = ("username", "password", "api_token", "roles", "office", "name")


def read_users(folder: Path) -> list[dict[str, Any]]:
    """The officers that the seeding wrote down; those with `primary` are for the table."""
    path = folder / USERS_FILE
    try:
        users: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise LaunchError(
            f"The seeding left no log-ins in {path}: run `make demo-reset`."
        ) from None
    return users


def write_demo_file(
    folder: Path, *, web: str, sandbox: str | None, clock: datetime, users: Sequence[dict[str, Any]]
) -> None:
    """Write var/demo.json: addresses, the clock as it stands now, every log-in."""
    write_json(
        folder / DEMO_FILE,
        {
            "web": web,
            "sandbox": sandbox,
            "clock": clock.astimezone(LOCAL).isoformat(timespec="seconds"),
            "users": [{key: user[key] for key in _USER_KEYS} for user in users],
        },
    )


def print_welcome(
    say: Callable[[str], None],
    *,
    web: str,
    sandbox: str | None,
    clock: datetime,
    is_shifted: bool,
    users: Sequence[dict[str, Any]],
    folder: Path,
) -> None:
    """Print where to go and how to log in."""
    local = clock.astimezone(LOCAL)
    primary = [user for user in users if user.get("primary")]
    say("")
    say("The one-stop portal is up.")
    say("")
    say(f"  Officers            {web}/lam-viec/")
    say(f"  Look-up             {web}/tra-cuu/")
    say(f"  Administration      {web}/admin/")
    say(f"  API                 {web}/api/v1/schema/")
    say(f"  Citizens' phones    {sandbox or 'the Zalo server of your environment'}")
    say(
        f"  Clock               {local:%Y-%m-%d %H:%M}"
        + (" (moved; each page shows it)" if is_shifted else "")
    )
    say(f"  Log-ins, API tokens {folder / DEMO_FILE} ({len(users)} officers)")
    say(f"  Logs                {folder / 'logs'}")
    say("")
    passwords = {user["password"] for user in primary}
    for line in _table(primary, with_password=len(passwords) > 1):
        say(f"  {line}")
    if len(passwords) == 1:
        say("")
        say(f"  Password of all: {passwords.pop()}")
    say("")
    say("Ctrl-C ends it.")


def _table(users: Sequence[dict[str, Any]], *, with_password: bool) -> list[str]:
    head = ["User", "Roles", "Office", "Name"] + (["Password"] if with_password else [])
    rows = [
        [user["username"], ", ".join(user["roles"]), user["office"], user["name"]]
        + ([user["password"]] if with_password else [])
        for user in users
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [[*head], ["-" * width for width in widths], *rows]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
