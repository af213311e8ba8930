"""The web application: one server plays the three hosts, the control API and the phone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from sandbox import (
    business,
    control,
    oa_assets,
    oa_users,
    oauth,
    openapi,
    phone,
    template_calls,
)
from sandbox.clock import Clock
from sandbox.config import Settings
from sandbox.middleware import answer_refusals, guard_page, keep_wire_log, limit_calls
from sandbox.world import WORLD, World, build_world

SAVE_EACH_S = 5.0
LONGEST_BODY = 1024 * 1024
OWN_FILES = Path(__file__).resolve().parent / "static"


def build_app(settings: Settings, *, clock: Clock | None = None) -> web.Application:
    """The application; ConfigError when templates cannot be read."""
    app = web.Application(
        middlewares=[guard_page, keep_wire_log, limit_calls, answer_refusals],
        client_max_size=LONGEST_BODY,
    )
    app[WORLD] = build_world(settings, clock=clock)
    parts = (oauth, business, template_calls, openapi, oa_users, oa_assets, control, phone)
    for part in parts:
        app.add_routes(part.routes)
    app.router.add_static("/_phone/static/", OWN_FILES)
    if settings.static.is_dir():
        app.router.add_static("/static/", settings.static)
    app.cleanup_ctx.append(_background)
    return app


async def _background(app: web.Application) -> AsyncIterator[None]:
    """Sends events and saves the state while the server runs, and once more at its end."""
    world = app[WORLD]
    await world.webhooks.open()
    saving = asyncio.create_task(_save_changes(world))
    yield
    saving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await saving
    await world.webhooks.close()
    world.state.save()


async def _save_changes(world: World) -> None:
    saved = world.wire.revision
    while True:
        await asyncio.sleep(SAVE_EACH_S)
        if world.wire.revision != saved:
            saved = world.wire.revision
            world.state.save()
