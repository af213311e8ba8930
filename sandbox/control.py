"""The control API of the tests and of anybody who plays the citizen (`/_sandbox/`)."""

import json
from dataclasses import asdict

from aiohttp import web

from sandbox.answers import BadBody, read_object
from sandbox.faults import BadFault
from sandbox.people import USER_ID
from sandbox.templates import nfc
from sandbox.world import WORLD

MAX_TEXT = 2_000

routes = web.RouteTableDef()


@routes.get("/_sandbox/health")
async def health(request: web.Request) -> web.StreamResponse:
    """Answers as soon as the sandbox serves."""
    return _json({"ok": True})


@routes.get("/_sandbox/messages")
async def messages(request: web.Request) -> web.StreamResponse:
    """What recipients got, oldest first; `phone` and `user_id` filter by how it was addressed."""
    found = request.app[WORLD].mailbox.received(
        phone=request.query.get("phone", ""), user_id=request.query.get("user_id", "")
    )
    return _json([message.for_control() for message in found])


@routes.get("/_sandbox/people")
async def people(request: web.Request) -> web.StreamResponse:
    """The accounts met so far; `phone` is empty where only the user id is known."""
    return _json([asdict(person) for person in request.app[WORLD].people.all()])


@routes.get("/_sandbox/faults")
async def open_faults(request: web.Request) -> web.StreamResponse:
    """The faults that are still to come."""
    return _json(request.app[WORLD].faults.as_rows())


@routes.post("/_sandbox/faults")
async def order_fault(request: web.Request) -> web.StreamResponse:
    """Orders a fault, or with kind none takes orders back."""
    world = request.app[WORLD]
    try:
        world.faults.order(await read_object(request))
    except BadBody as error:
        return _bad(str(error))
    except BadFault as error:
        return _bad(str(error))
    world.wire.touch()
    return _json({"ok": True, "faults": world.faults.as_rows()})


@routes.post("/_sandbox/follow")
async def follow(request: web.Request) -> web.StreamResponse:
    """The person follows the official account or leaves it."""
    try:
        body = await read_object(request)
    except BadBody as error:
        return _bad(str(error))
    user_id, follows = body.get("user_id"), body.get("follow")
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        return _bad("user_id phải là chuỗi chữ số.")
    if not isinstance(follows, bool):
        return _bad("follow phải là true hoặc false.")
    request.app[WORLD].follow(user_id, follows=follows)
    return _json({"ok": True})


@routes.post("/_sandbox/say")
async def say(request: web.Request) -> web.StreamResponse:
    """The person writes to the official account."""
    try:
        body = await read_object(request)
    except BadBody as error:
        return _bad(str(error))
    user_id, text = body.get("user_id"), body.get("text")
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        return _bad("user_id phải là chuỗi chữ số.")
    if not isinstance(text, str) or not text.strip() or len(nfc(text)) > MAX_TEXT:
        return _bad("text phải có từ 1 đến 2.000 ký tự.")
    message = request.app[WORLD].say(user_id, text)
    return _json({"ok": True, "msg_id": message.msg_id})


@routes.post("/_sandbox/reset")
async def reset(request: web.Request) -> web.StreamResponse:
    """Forgets people, messages and faults; tokens live on."""
    request.app[WORLD].reset()
    return _json({"ok": True})


def _bad(reason: str) -> web.Response:
    return _json({"error": reason}, status=400)


def _json(data: object, *, status: int = 200) -> web.Response:
    text = json.dumps(data, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")
