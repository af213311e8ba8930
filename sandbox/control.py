"""The control API of the tests and of anybody who plays the citizen (`/_sandbox/`)."""

import json
from dataclasses import asdict

from aiohttp import web

from sandbox.answers import BadBody, read_object
from sandbox.events import CHAT_SERVER, TEMPLATE_SERVER, Event
from sandbox.fault_table import CODES, ORDERS, STANDINGS, TEMPLATE_STATES
from sandbox.modes import BadFault
from sandbox.people import USER_ID
from sandbox.switches import switch
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
    """Orders a fault, switches a mode, a person or a template; kind none takes back."""
    world = request.app[WORLD]
    try:
        switch(world, await read_object(request))
    except (BadBody, BadFault) as error:
        return _bad(str(error))
    return _json({"ok": True, "faults": world.faults.as_rows()})


@routes.get("/_sandbox/modes")
async def modes(request: web.Request) -> web.StreamResponse:
    """The table of modes with their present values, and what else may be ordered."""
    world = request.app[WORLD]
    return _json(
        {
            "modes": world.modes.as_rows(),
            "orders": dict(ORDERS),
            "codes": {str(code): words for code, words in CODES.items()},
            "person": {value: standing.words for value, standing in STANDINGS.items()},
            "template": dict(TEMPLATE_STATES),
            "templates": {
                template.name: world.templates.state_of(template)
                for template in world.templates.by_id.values()
            },
        }
    )


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
    """The person writes to the official account; with `image` they send that picture.

    A button that answers in the chat and a click in the account's menu arrive like this too.
    """
    try:
        body = await read_object(request)
    except BadBody as error:
        return _bad(str(error))
    user_id, text = body.get("user_id"), body.get("text")
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        return _bad("user_id phải là chuỗi chữ số.")
    image = body.get("image", "")
    if not isinstance(image, str) or (image and not image.startswith("https://")):
        return _bad("image phải là địa chỉ https://.")
    if text is None and image:
        text = ""
    if not isinstance(text, str) or len(nfc(text)) > MAX_TEXT or not (text.strip() or image):
        return _bad("text phải có từ 1 đến 2.000 ký tự.")
    message = request.app[WORLD].say(user_id, text, image=image)
    return _json({"ok": True, "msg_id": message.msg_id})


@routes.post("/_sandbox/share")
async def share(request: web.Request) -> web.StreamResponse:
    """The person tells their name, phone and address, as when they are asked for them."""
    try:
        body = await read_object(request)
    except BadBody as error:
        return _bad(str(error))
    user_id = body.pop("user_id", None)
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        return _bad("user_id phải là chuỗi chữ số.")
    if not all(isinstance(value, str) for value in body.values()):
        return _bad("name, phone và address phải là chuỗi.")
    request.app[WORLD].share(user_id, body)
    return _json({"ok": True})


@routes.post("/_sandbox/rate")
async def rate(request: web.Request) -> web.StreamResponse:
    """Somebody answers a template: `{"msg_id", "rate": 1 to 5, "note", "feedbacks": […]}`."""
    world = request.app[WORLD]
    try:
        body = await read_object(request)
    except BadBody as error:
        return _bad(str(error))
    msg_id, stars, feedbacks = body.get("msg_id"), body.get("rate"), body.get("feedbacks", [])
    message = world.mailbox.find(msg_id) if isinstance(msg_id, str) else None
    if message is None or not message.template:
        return _bad("msg_id phải là mã của một mẫu tin đã nhận.")
    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
        return _bad("rate phải là số từ 1 đến 5.")
    if not isinstance(feedbacks, list) or not all(isinstance(one, str) for one in feedbacks):
        return _bad("feedbacks phải là danh sách chuỗi.")
    world.rate(message, rate=stars, note=str(body.get("note", "")), feedbacks=feedbacks)
    return _json({"ok": True})


@routes.post("/_sandbox/event")
async def event(request: web.Request) -> web.StreamResponse:
    """Signs and sends any event: `{"event_name", "server", "body": {…}}`."""
    try:
        body = await read_object(request)
    except BadBody as error:
        return _bad(str(error))
    name, parts = body.get("event_name"), body.get("body", {})
    server = body.get("server", CHAT_SERVER)
    if not isinstance(name, str) or not name or not isinstance(parts, dict):
        return _bad("event_name phải là chuỗi, body phải là đối tượng.")
    if server not in (CHAT_SERVER, TEMPLATE_SERVER):
        return _bad(f"server phải là {CHAT_SERVER} hoặc {TEMPLATE_SERVER}.")
    request.app[WORLD].webhooks.send(Event(name, server, parts))
    return _json({"ok": True})


@routes.post("/_sandbox/probe")
async def probe(request: web.Request) -> web.StreamResponse:
    """Probes the webhook as the console does; gives what it answered."""
    return _json(await request.app[WORLD].webhooks.probe())


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
