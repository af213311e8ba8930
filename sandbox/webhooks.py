"""Signed events to the product: asynchronous, at least once, by Zalo's ladder (contract 4)."""

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping

import aiohttp

from sandbox.clock import Clock
from sandbox.config import Settings
from sandbox.events import Event
from sandbox.wire import WireLog

LADDER_S = (30, 300, 900, 1_800, 3_600)
ANSWER_WITHIN_S = 2.0
AT_ONCE, MAX_WAITING = 32, 20_000


def signature(*, app_id: str, raw_body: bytes, timestamp: str, oa_secret_key: str) -> str:
    """The header X-ZEvent-Signature: plain SHA-256 over the exact bytes, no HMAC."""
    digest = hashlib.sha256(app_id.encode() + raw_body + (timestamp + oa_secret_key).encode())
    return f"mac={digest.hexdigest()}"


class WebhookSender:
    """Delivers events in the background until `close`; what waits then is lost, as the log says."""

    def __init__(self, settings: Settings, *, clock: Clock, wire: WireLog) -> None:
        self._settings = settings
        self._clock = clock
        self._wire = wire
        self._waiting: set[asyncio.Task[None]] = set()
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

    def send(self, event: Event) -> None:
        """Signs an event now and starts its delivery."""
        if not self._settings.webhook_url or self._session is None:
            return
        if len(self._waiting) >= MAX_WAITING:
            self._log(event, "bỏ: quá nhiều sự kiện đang chờ")
            return
        raw, headers = self._signed(event)
        task = asyncio.create_task(self._deliver(event, raw, headers))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

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
        mac = signature(
            app_id=settings.app_id,
            raw_body=raw,
            timestamp=timestamp,
            oa_secret_key=settings.oa_secret_key,
        )
        return raw, {
            "Content-Type": "application/json",
            "User-Agent": "ZaloWebhook",
            "X-ZEvent-Server": event.server,
            "X-ZEvent-Signature": mac,
        }

    async def _deliver(self, event: Event, raw: bytes, headers: Mapping[str, str]) -> None:
        for tries, wait_s in enumerate((*LADDER_S, None)):
            repeat = {"num_retry": str(tries)} if tries else {}
            async with self._slots:
                answer, taken = await self._post(raw, {**headers, **repeat})
            self._log(event, answer + (f" (gửi lại lần {tries})" if tries else ""))
            if taken:
                return
            if wait_s is not None:
                await asyncio.sleep(wait_s * self._settings.retry_scale)
        self._log(event, "thôi: đã gửi lại đủ số lần")

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
