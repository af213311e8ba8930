"""Signed events to the product: asynchronous, at least once, by Zalo's ladder (contract 4)."""

import asyncio
import hashlib
import json
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field

import aiohttp

from sandbox.clock import Clock
from sandbox.config import Settings
from sandbox.events import CONSOLE_TEST, Event
from sandbox.modes import Modes
from sandbox.wire import WireLog

LADDER_S = (30, 300, 900, 1_800, 3_600)
ANSWER_WITHIN_S = 2.0
AT_ONCE, MAX_WAITING = 32, 20_000
# How long events are collected to be sent in the wrong order.
HOLD_S = 0.5


def signature(*, app_id: str, raw_body: bytes, timestamp: str, oa_secret_key: str) -> str:
    """The header X-ZEvent-Signature: plain SHA-256 over the exact bytes, no HMAC."""
    digest = hashlib.sha256(app_id.encode() + raw_body + (timestamp + oa_secret_key).encode())
    return f"mac={digest.hexdigest()}"


@dataclass(slots=True)
class _Posting:
    """One event as its bytes; `tried` is set once it was posted for the first time."""

    event: Event
    raw: bytes
    headers: Mapping[str, str]
    tried: asyncio.Event = field(default_factory=asyncio.Event)


class WebhookSender:
    """Delivers events in the background until `close`; what waits then is lost, as the log says.

    The modes of `fault_table` for webhooks are looked at when an event happens; a delay and the
    ladder are multiplied by the setting `retry_scale`.
    """

    def __init__(self, settings: Settings, *, clock: Clock, wire: WireLog, modes: Modes) -> None:
        self._settings = settings
        self._clock = clock
        self._wire = wire
        self._modes = modes
        self._waiting: set[asyncio.Task[None]] = set()
        self._held: list[_Posting] = []
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Takes the connections that sending needs."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN_S), trust_env=False
        )

    async def close(self) -> None:
        """Gives up what still waits and ends the connections."""
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def send(self, event: Event) -> asyncio.Event:
        """Signs an event now and starts its delivery; the answer is set after the first try."""
        raw, headers = self._signed(event)
        posting = _Posting(event, raw, headers)
        if not self._takes(event):
            posting.tried.set()
        elif self._modes["order"] == "reversed":
            self._hold(posting)
        else:
            for _copy in range(int(self._modes["copies"])):
                self._start(self._deliver(posting))
        return posting.tried

    async def probe(self) -> dict[str, str]:
        """What the console does: an unsigned `{}` when the address is saved, a signed test event.

        Gives the answer to each (contract 4, "Probes"). Neither is sent again.
        """
        if self._session is None or not self._settings.webhook_url:
            return {}
        bare = {"Content-Type": "application/json"}
        saved, _taken = await self._post(b"{}", bare)
        tested, _taken = await self._post(*self._signed(CONSOLE_TEST))
        self._wire.add(self._clock.now(), "webhook {}", saved)
        self._log(CONSOLE_TEST, tested)
        return {"save": saved, "test": tested}

    def _takes(self, event: Event) -> bool:
        if not self._settings.webhook_url or self._session is None:
            return False
        if self._modes["webhook"] == "off":
            self._log(event, "không gửi: webhook đang tắt")
            return False
        if len(self._waiting) >= MAX_WAITING:
            self._log(event, "bỏ: quá nhiều sự kiện đang chờ")
            return False
        return True

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    def _hold(self, posting: _Posting) -> None:
        self._held.append(posting)
        if len(self._held) == 1:
            self._start(self._send_reversed())

    async def _send_reversed(self) -> None:
        """The newest first, each once the one before was posted."""
        await asyncio.sleep(HOLD_S)
        held, self._held = self._held, []
        for posting in reversed(held):
            for _copy in range(int(self._modes["copies"])):
                self._start(self._deliver(posting))
            await posting.tried.wait()

    def _signed(self, event: Event) -> tuple[bytes, dict[str, str]]:
        settings = self._settings
        timestamp = str(self._clock.now_ms())
        body = {
            "app_id": settings.app_id,
            "event_name": event.name,
            **event.body,
            "timestamp": timestamp,
        }
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        is_right = self._modes["signature"] == "right"
        mac = signature(
            app_id=settings.app_id,
            raw_body=raw,
            timestamp=timestamp,
            oa_secret_key=settings.oa_secret_key if is_right else "another secret",
        )
        return raw, {
            "Content-Type": "application/json",
            "User-Agent": "ZaloWebhook",
            "X-ZEvent-Server": event.server,
            "X-ZEvent-Signature": mac,
        }

    async def _deliver(self, posting: _Posting) -> None:
        scale, event = self._settings.retry_scale, posting.event
        await asyncio.sleep(int(self._modes["late"]) * scale)
        for tries, wait_s in enumerate((*LADDER_S, None)):
            repeat = {"num_retry": str(tries)} if tries else {}
            async with self._slots:
                answer, taken = await self._post(posting.raw, {**posting.headers, **repeat})
            posting.tried.set()
            self._log(event, answer + (f" (gửi lại lần {tries})" if tries else ""))
            if taken:
                return
            if wait_s is not None:
                await asyncio.sleep(wait_s * scale)
        self._log(event, "thôi: đã gửi lại đủ số lần")
        if self._modes["give_up"] == "off":
            self._modes.set("webhook", "off")
            self._log(event, "webhook bị tắt sau lần gửi lại cuối")

    async def _post(self, raw: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
        assert self._session is not None
        started = time.monotonic()
        try:
            async with self._session.post(
                self._settings.webhook_url, data=raw, headers=headers, allow_redirects=False
            ) as response:
                elapsed_ms = (time.monotonic() - started) * 1000
                return f"{response.status} trong {elapsed_ms:.0f} ms", response.status == 200
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return f"không trả lời: {type(error).__name__}", False

    def _log(self, event: Event, answer: str) -> None:
        self._wire.add(self._clock.now(), f"webhook {event.name}", answer)
