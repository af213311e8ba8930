"""`python -m sandbox` as a process of its own, and the product authorised at it."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings as django_settings
from django.core.management import call_command
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from common.tests.counted import forget_limits
from notifications.tests.engine import wait_until
from notifications.tests.workers import end

SECRETS = {
    "ZALO_APP_ID": "4410000000000000001",
    "ZALO_APP_SECRET": "app-secret-for-tests",
    "ZALO_OA_ID": "5520000000000000002",
    "ZALO_OA_SECRET_KEY": "oa-secret-for-tests",
    "ZALO_ACCESS_TOKEN": "AT1-first-access-token",
    "ZALO_REFRESH_TOKEN": "RT1-first-refresh-token",
}
USER = "6630000000000000003"


@dataclass
class Sandbox:
    """The control side of a running sandbox: what its people do and see, and what goes wrong."""

    url: str

    def post(self, path: str, **body: object) -> None:
        """One call of the control API."""
        request = urllib.request.Request(
            f"{self.url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request).close()

    def order(self, **fault: object) -> None:
        """The next calls meet this fault, or a mode is switched."""
        self.post("/_sandbox/faults", **fault)

    def say(self, text: str) -> None:
        """The person writes in the chat."""
        self.post("/_sandbox/say", user_id=USER, text=text)

    def follow(self, follows: bool) -> None:
        """The person follows the account or leaves it."""
        self.post("/_sandbox/follow", user_id=USER, follow=follows)

    def messages(self, **query: str) -> list[dict[str, Any]]:
        """What arrived at a phone or an account."""
        text = "&".join(f"{name}={value}" for name, value in query.items())
        with urllib.request.urlopen(f"{self.url}/_sandbox/messages?{text}") as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def answers(self) -> list[str]:
        """What the account answered in the chat, oldest first."""
        return [m["text"] for m in self.messages(user_id=USER) if m["channel"] == "chat"]


@contextmanager
def running(*arguments: str, **environ: str) -> Iterator[Sandbox]:
    """A sandbox on a free port, ended at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "sandbox", "--port", str(port),
        "--templates", "notifications/zalo_templates.json", *arguments,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=django_settings.BASE_DIR, env={**os.environ, **SECRETS, **environ}
    )
    try:
        wait_until(lambda: _answers(port), within_s=30)
        yield Sandbox(f"http://127.0.0.1:{port}")
    finally:
        end(process)


def authorise(zalo: Sandbox, settings: Settings) -> None:
    """The product talks to this sandbox, has its first tokens and knows its templates."""
    for name, value in SECRETS.items():
        setattr(settings, name, value)
    for name in ("OAUTH", "OPENAPI", "BUSINESS"):
        setattr(settings, f"ZALO_{name}_BASE_URL", zalo.url)
    pair = SECRETS["ZALO_ACCESS_TOKEN"], SECRETS["ZALO_REFRESH_TOKEN"]
    call_command("zalo_authorize", "--access-token", pair[0], "--refresh-token", pair[1])
    call_command("sync_templates")


@contextmanager
def with_webhooks(
    live_server: LiveServer, settings: Settings, *arguments: str
) -> Iterator[Sandbox]:
    """A sandbox whose webhooks reach the live server; the product is authorised."""
    webhook = ("--webhook-url", f"{live_server.url}/webhooks/zalo/")
    offset = str(settings.ONESTOP_CLOCK_OFFSET_S)
    with running(*webhook, *arguments, ONESTOP_CLOCK_OFFSET_S=offset) as zalo:
        authorise(zalo, settings)
        forget_limits()
        yield zalo


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
