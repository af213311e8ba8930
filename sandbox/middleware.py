"""What happens around every request: the wire log, the rate limit, the page's headers."""

import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.answers import DETAILS, ERROR, Refused, refused
from sandbox.templates import Refusal
from sandbox.world import WORLD

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOGGED = (
    "/v2.0/", "/v3.0/", "/v4/", "/message/", "/template/", "/rating/", "/response/", "/quality",
)  # fmt: skip
LIMITED = ("/v2.0/", "/v3.0/")
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@web.middleware
async def keep_wire_log(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Writes each exchange of the three hosts into the log, with its error and duration."""
    request[DETAILS] = {}
    if not request.path.startswith(LOGGED):
        return await handler(request)
    started = time.monotonic()
    response = await handler(request)
    elapsed_ms = (time.monotonic() - started) * 1000
    details = "  ".join(f"{name} {value}" for name, value in request[DETAILS].items() if value)
    world = request.app[WORLD]
    world.wire.add(
        world.clock.now(),
        f"{request.method} {request.path[:80]}",
        details,
        f"{_outcome(request, response)}  {elapsed_ms:.0f} ms",
    )
    return response


def _outcome(request: web.Request, response: web.StreamResponse) -> str:
    if request.transport is None or request.transport.is_closing():
        return "không trả lời được"
    error = response.get(ERROR)
    return f"{response.status}" + ("" if error is None else f" error {error}")


@web.middleware
async def limit_calls(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Counts calls on the official-account host and says so in its headers (contract 2)."""
    if not request.path.startswith(LIMITED):
        return await handler(request)
    world = request.app[WORLD]
    limits, is_reached = world.limits, world.modes["rate"] == "reached"
    if limits.count_call() and not is_reached:
        response = await handler(request)
    else:
        response = refused(Refusal(-32, "Your application reached limit call api"))
    if not response.prepared:
        response.headers["X-RateLimit-Limit"] = str(limits.per_minute)
        response.headers["X-RateLimit-Remain"] = str(0 if is_reached else limits.calls_left)
    return response


@web.middleware
async def answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """An application error is an answer with HTTP 200."""
    try:
        return await handler(request)
    except Refused as error:
        return refused(error.refusal)


@web.middleware
async def guard_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses changes that another site's page sends, and gives pages their headers."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") in (
        "cross-site",
        "same-site",
    ):
        return web.Response(status=403, text="Trang khác không được điều khiển điện thoại thử.")
    response = await handler(request)
    if request.path == "/" or request.path.startswith("/_phone/"):
        response.headers.update(PAGE_HEADERS)
    return response
