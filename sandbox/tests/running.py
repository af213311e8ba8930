"""A sandbox on a real socket for one test, with a product's webhook that writes down what comes."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.app import build_app
from sandbox.clock import Clock
from sandbox.config import REPO, Settings
from sandbox.world import WORLD, World

PHONE, NO_ZALO, USER = "84950000143", "84950000100", "6630000000000000003"
ACCESS, REFRESH = "AT1-first-access-token", "RT1-first-refresh-token"
FIELD = {
    "ma": "H20.118-261117-0043",
    "thu_tuc": "Tách thửa hoặc hợp thửa đất",
    "co_quan": "Văn phòng đăng ký đất đai",
    "can_bo": "Lê Minh Khoa, 0277 3000 112",
    "han": "17:00, thứ Sáu 27/11/2026",
    "token": "q3mT1x9bV0-dLr2sKf8yAw",
    "luc": "10:24, thứ Tư 25/11/2026",
}
SETTINGS = Settings(
    app_id="4410000000000000001",
    app_secret="app-secret-for-tests",
    oa_id="5520000000000000002",
    oa_secret_key="oa-secret-for-tests",
    access_token=ACCESS,
    refresh_token=REFRESH,
    templates=REPO / "notifications" / "zalo_templates.json",
    retry_scale=0.0005,
)


# Templates that the contract's examples talk of, and one whose parameters may be left out.
CONTRACT_TEMPLATES: list[dict[str, Any]] = [
    {
        "name": name,
        "tag": tag,
        "params": [
            {"name": "ten", "type": "name", "max_length": 30},
            {"name": "ma_ho_so", "type": "code", "max_length": 30, **optional},
        ],
        "layout": {
            "tone": "plain",
            "title": "Hồ sơ của Ông/Bà",
            "paragraphs": ["Kính gửi {ten}, hồ sơ {ma_ho_so} có tin mới."],
            "table": [],
            "buttons": [{"label": "Tra cứu hồ sơ", "type": "url", "url": "{base_url}"}],
        },
    }
    for name, tag, optional in (
        ("Trạng thái hồ sơ", "CUSTOMER_CARE", {"min_length": 3}),
        ("Tin quảng bá", "PROMOTION", {"require": False}),
        ("Mẫu cũ", "TRANSACTION", {"require": False, "accept_null": True}),
    )
]


@dataclass(frozen=True)
class Hook:
    """One request that the product's webhook got."""

    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The event."""
        event: dict[str, Any] = json.loads(self.raw)
        return event

    def is_signed(self) -> bool:
        """Checks the contract's formula, written out anew."""
        text = SETTINGS.app_id.encode() + self.raw + self.body["timestamp"].encode()
        mac = hashlib.sha256(text + SETTINGS.oa_secret_key.encode()).hexdigest()
        return self.headers["X-ZEvent-Signature"] == f"mac={mac}"


@dataclass
class Product:
    """The product's side: its webhook answers with the statuses given, then with 200.

    `waits_s` is how long it takes over the first answers.
    """

    answers: list[int] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        """The webhook."""
        self.hooks.append(Hook(dict(request.headers), await request.read()))
        await asyncio.sleep(self.waits_s.pop(0) if self.waits_s else 0)
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def wait_for(self, event_name: str, *, count: int = 1) -> list[Hook]:
        """The hooks of one event once `count` came."""

        def found() -> list[Hook]:
            return [hook for hook in self.hooks if hook.body["event_name"] == event_name]

        await until(lambda: len(found()) >= count)
        return found()


@dataclass
class Client:
    """Calls to a running sandbox; the token is the first pair's unless another is set."""

    session: aiohttp.ClientSession
    url: str
    world: World
    product: Product
    token: str = ACCESS

    async def get(self, path: str, **query: str) -> Any:
        """The JSON of a GET."""
        async with self.session.get(
            self.url + path, params=query, headers={"access_token": self.token}
        ) as response:
            assert response.status == 200, path
            return await response.json()

    async def post(self, path: str, body: object) -> Any:
        """The JSON of a POST with a JSON body; Zalo's errors come with a 200."""
        async with self.session.post(
            self.url + path, json=body, headers={"access_token": self.token}
        ) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def oauth(self, *, secret: str = SETTINGS.app_secret, **form: str) -> Any:
        """The token endpoint; None when its body is empty."""
        async with self.session.post(
            f"{self.url}/v4/oa/access_token",
            data={"app_id": SETTINGS.app_id, **form},
            headers={"secret_key": secret},
        ) as response:
            assert response.status == 200
            raw = await response.read()
            return json.loads(raw) if raw else None

    async def page(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Status and HTML of the phone page, after redirects."""
        method = "GET" if form is None else "POST"
        async with self.session.request(method, self.url + path, data=form) as response:
            return response.status, await response.text()

    async def order(self, **order: Any) -> None:
        """One call of `POST /_sandbox/faults` that must be taken."""
        async with self.session.post(f"{self.url}/_sandbox/faults", json=order) as response:
            assert response.status == 200, await response.text()

    def template_id(self, name: str) -> str:
        """The id under which a template is registered."""
        return next(t.id for t in self.world.templates.by_id.values() if t.name == name)

    def phone_send(self, name: str = "received", **change: Any) -> dict[str, Any]:
        """A body for the phone channel."""
        return {
            "phone": PHONE,
            "template_id": self.template_id(name),
            "template_data": self.data(name),
            "tracking_id": "hs12345e07",
        } | change

    def data(self, name: str, **change: Any) -> dict[str, Any]:
        """Values for every parameter of a template."""
        template = self.world.templates.by_id[self.template_id(name)]
        return {p.name: FIELD.get(p.name, f"giá trị {p.name}") for p in template.params} | change


@asynccontextmanager
async def running(
    *, clock: Clock | None = None, product: Product | None = None, **settings: Any
) -> AsyncIterator[Client]:
    """A sandbox and a product, both on sockets of this machine."""
    product = product or Product()
    receiver = web.Application()
    receiver.router.add_post("/webhooks/zalo/", product.receive)
    async with TestServer(receiver) as webhook:
        hook_url = str(webhook.make_url("/webhooks/zalo/"))
        app = build_app(replace(SETTINGS, **{"webhook_url": hook_url} | settings), clock=clock)
        async with TestServer(app) as server, aiohttp.ClientSession() as session:
            yield Client(session, str(server.make_url("")).rstrip("/"), app[WORLD], product)


def play(
    scene: Callable[[Client], Awaitable[None]],
    *,
    clock: Clock | None = None,
    product: Product | None = None,
    **settings: Any,
) -> None:
    """Runs one scene against a sandbox of its own."""

    async def run() -> None:
        async with running(clock=clock, product=product, **settings) as client:
            await scene(client)

    work: Coroutine[Any, Any, None] = run()
    asyncio.run(work)


async def until(holds: Callable[[], bool], *, within_s: float = 10.0) -> None:
    """Waits for a condition; fails after a while."""
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.005)


def contract_templates(folder: Path) -> Path:
    """A template file with `CONTRACT_TEMPLATES`."""
    path = folder / "templates.json"
    path.write_text(json.dumps(CONTRACT_TEMPLATES), encoding="utf-8")
    return path


class Hands:
    """A clock whose hands a test turns."""

    def __init__(self, start_s: float = 1_795_500_000.0) -> None:
        self.now_s = start_s

    def __call__(self) -> float:
        return self.now_s


def examples() -> dict[str, Any]:
    """Examples of the wire contract: requests, answers and signed events, all values invented."""
    path = Path(__file__).with_name("contract_examples.json")
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data
