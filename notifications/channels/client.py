"""The HTTP side of sending: one asyncio loop on a thread of its own, requests in, answers out.

One client, a total deadline of our own, no retries, no redirects, no proxies from the environment
(delivery-rules 4). The ORM is never touched here.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import aiohttp

from notifications import policies
from notifications.channels import hosts
from notifications.channels.base import Answer, Fault, HttpRequest

_LONGEST_BODY = 64 * 1024
_CHUNK = 8 * 1024
# Below the server's, so that a connection is not closed under a request that just left.
_KEEP_ALIVE_S = 4.0
Deliver = Callable[[int, Answer], None]


class HttpLoop:
    """Sends requests concurrently; `deliver(key, answer)` is called on the loop's thread."""

    def __init__(self, *, limit: int, deliver: Deliver) -> None:
        self._limit = limit
        self._deliver = deliver
        self._loop = asyncio.new_event_loop()
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="zalo-http", daemon=True)

    def start(self) -> None:
        """Start the thread and its session."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(timeout=10)

    def submit(self, key: int, request: HttpRequest) -> None:
        """Send one request; its answer comes back under `key`.

        Raises RealHostError before anything leaves when the demo or a test aims at the real Zalo.
        """
        hosts.check(request.url)
        self._loop.call_soon_threadsafe(self._begin, key, request)

    def stop(self) -> None:
        """Close the session and end the thread; requests still under way are cut off."""
        closed: Future[None] = asyncio.run_coroutine_threadsafe(self._close(), self._loop)
        closed.result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _open(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._limit, keepalive_timeout=_KEEP_ALIVE_S),
            timeout=aiohttp.ClientTimeout(
                total=policies.scaled(policies.HTTP_DEADLINE_S),
                sock_connect=policies.scaled(policies.HTTP_CONNECT_S),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    async def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _begin(self, key: int, request: HttpRequest) -> None:
        task = self._loop.create_task(self._exchange(key, request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _exchange(self, key: int, request: HttpRequest) -> None:
        started = time.monotonic()
        answer = await self._post(request)
        elapsed = int((time.monotonic() - started) * 1000)
        self._deliver(
            key,
            Answer(answer.status, answer.body, answer.headers, answer.fault, answer.cause, elapsed),
        )

    async def _post(self, request: HttpRequest) -> Answer:
        """The answer, or the fault that says whether a byte may have reached the application."""
        assert self._session is not None
        try:
            async with self._session.post(
                request.url, data=request.body, headers=request.headers, allow_redirects=False
            ) as response:
                body = await _read(response)
                return Answer(response.status, body, dict(response.headers))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Answer(fault=Fault.NEVER_LEFT, cause=type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Answer(fault=Fault.NO_ANSWER, cause=type(error).__name__)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The body, or nothing when it is longer than any honest answer."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > _LONGEST_BODY:
            return b""
    return bytes(body)
