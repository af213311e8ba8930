"""A Zalo over a real socket whose every answer a test decides: for what the sandbox cannot do."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.conf import settings

OAUTH = "/v4/oa/access_token"
BY_USER = "/v3.0/oa/message/template"
BY_PHONE = "/message/template"
CHAT = "/v3.0/oa/message/cs"


@dataclass
class Call:
    """One request that was read to its end."""

    path: str
    token: str
    body: dict[str, Any]
    at: float


@dataclass
class Reply:
    """What the server answers. `cut` closes without an answer, `hold` waits for the event."""

    status: int = 200
    body: bytes | None = None
    error: int | str | None = None
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    hold: threading.Event | None = None
    delay_s: float = 0.0


Rule = Callable[[Call], Reply | None]


class FaultServer:
    """Accepts everything until told otherwise; `calls` is the ledger of what it read."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.rules: list[Rule] = []
        self.valid_tokens: set[str] | None = None
        self.refresh_token = "RT1"
        self.generation = 1
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, reply: Reply, *, path: str = "", times: int = 1) -> None:
        """The next `times` calls (of that path) get this reply."""
        left = [times]

        def rule(call: Call) -> Reply | None:
            if left[0] < 1 or (path and call.path != path) or call.path == OAUTH != path:
                return None
            left[0] -= 1
            return reply

        self.rules.append(rule)

    def sent(self, path: str = "") -> list[Call]:
        """Messages that were read, in order; the token endpoint left out."""
        with self._lock:
            return [c for c in self.calls if c.path != OAUTH and path in ("", c.path)]

    def count(self, path: str) -> int:
        with self._lock:
            return sum(call.path == path for call in self.calls)

    def note(self, call: Call) -> Reply:
        with self._lock:
            self.calls.append(call)
            number = len(self.calls)
            for rule in self.rules:
                if (reply := rule(call)) is not None:
                    return reply
            if call.path == OAUTH:
                return self._rotate(call)
        if self.valid_tokens is not None and call.token not in self.valid_tokens:
            return Reply(error=-216, message="access token invalid")
        return Reply(body=json.dumps(_accepted(call, number)).encode())

    def _rotate(self, call: Call) -> Reply:
        if call.body.get("refresh_token") != self.refresh_token:
            return Reply(body=b"")
        self.generation += 1
        self.refresh_token = f"RT{self.generation}"
        access = f"AT{self.generation}"
        if self.valid_tokens is not None:
            self.valid_tokens = {access}
        pair = {
            "access_token": access,
            "refresh_token": self.refresh_token,
            "expires_in": "90000",
        }
        return Reply(body=json.dumps(pair).encode())


def _accepted(call: Call, number: int) -> dict[str, Any]:
    name = "msg_id" if call.path == BY_PHONE else "message_id"
    return {"error": 0, "message": "Success", "data": {name: f"m{number}"}}


def _handler(server: FaultServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            call = Call(
                self.path, self.headers.get("access_token", ""), _body(raw), time.monotonic()
            )
            reply = server.note(call)
            if reply.hold is not None:
                reply.hold.wait(30)
            time.sleep(reply.delay_s)
            if reply.cut:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self._answer(reply)

        def _answer(self, reply: Reply) -> None:
            body = reply.body
            if body is None:
                body = json.dumps({"error": reply.error, "message": reply.message}).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def _body(raw: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(raw)
        return parsed if isinstance(parsed, dict) else {}
    except ValueError:
        return {name: values[0] for name, values in parse_qs(raw.decode()).items()}


@contextmanager
def running(patch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """A server that the settings of this process point to."""
    server = FaultServer()
    for name in ("OAUTH", "OPENAPI", "BUSINESS"):
        patch.setattr(settings, f"ZALO_{name}_BASE_URL", server.url)
    try:
        yield server
    finally:
        server.stop()
