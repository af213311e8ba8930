"""The official-account host: messages to people, groups and everybody (contract 2 and 3.2)."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox import access, chat_bodies
from sandbox.answers import Refused, note, success
from sandbox.business import of_template
from sandbox.chat_bodies import BAD_USER, MAX_TEXT, ChatBody
from sandbox.fault_table import PHONE_ONLY, STANDINGS
from sandbox.limits import Quota
from sandbox.messages import BY_USER_ID, CHAT, Message
from sandbox.people import USER_ID
from sandbox.sending import send
from sandbox.templates import Refusal, Template, nfc
from sandbox.windows import NIGHT_PROMOTION, OFFLINE, answerable, is_night, is_offline
from sandbox.wire import mask
from sandbox.world import World

V2_IS_GONE = (-240, "MessageV2 API has been shut down, please switch to MessageV3")
LEGACY_IS_GONE = (-240, "This API has been shut down, please switch to ZBS template messages")
BY_PHONE_ONLY = Refusal(-249, "Template does not support send via UID")
OUT_OF_QUOTA = (-211, "Out of quota")

routes = web.RouteTableDef()


@routes.post("/v3.0/oa/message/template")
async def send_by_user_id(request: web.Request) -> web.StreamResponse:
    """A template to a user id: a flat body, no tracking id, no seven-day window."""
    world, body = await access.oa_body(request)
    user_id, data = body.get("user_id"), body.get("template_data")
    template = world.templates.find(body.get("template_id"))
    note(request, user_id=mask(user_id or ""), template=template.name if template else "?")
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise Refused(*BAD_USER)
    if template is None:
        raise Refused(-109, "Template ID invalid")
    _refuse(_of_template(world, template) or _of_person(world, user_id) or template.check(data))
    card = template.fill(data or {}, base_url=world.settings.public_url)
    message = Message(
        BY_USER_ID,
        world.clock.now_ms(),
        user_id=user_id,
        template=template.name,
        template_data=data or {},
        text=card.text,
        card=card,
    )
    _check_quota(world, world.limits.by_user_id)
    world.people.meet(user_id)

    def accept() -> dict[str, object]:
        world.limits.by_user_id.take(world.this_month)
        quota = {
            "quota_type": "purchase_quota",
            "owner_type": "OA",
            "owner_id": world.settings.oa_id,
            "remain": world.limits.by_user_id.left(world.this_month),
        }
        return _answer(message, quota)

    return await send(request, world, message, accept)


@routes.post("/v3.0/oa/message/cs")
async def send_chat(request: web.Request) -> web.StreamResponse:
    """An answer in the chat: free within 48 hours, billed up to seven days, then refused."""
    world, body = await access.oa_body(request)
    said = chat_bodies.read(body, world.assets)
    note(request, user_id=mask(said.user_id))
    _refuse(_of_person(world, said.user_id))
    state = answerable(world.people.find(said.user_id), world.clock.now_ms())
    _refuse(state.refusal)
    if not state.is_free:
        _check_quota(world, world.limits.chat)
    message = _chat_message(world, said)

    def accept() -> dict[str, object]:
        quota = {"quota_type": "reply"} if state.is_free else _billed(world)
        return _answer(message, quota)

    return await send(request, world, message, accept)


@routes.post("/v3.0/oa/message/{kind:transaction|promotion}")
async def send_legacy(request: web.Request) -> web.StreamResponse:
    """Shut down in March 2026; in the mode legacy=on as it was before (contract 0.2 and 2)."""
    world, body = await access.oa_body(request)
    if world.modes["legacy"] == "off":
        raise Refused(*LEGACY_IS_GONE)
    user_id, attachment = _legacy_parts(body)
    note(request, user_id=mask(user_id))
    _refuse(_of_person(world, user_id))
    if request.match_info["kind"] == "promotion":
        _take_promotion(world, user_id)
    said = ChatBody(user_id, chat_bodies.describe(attachment))
    message = _chat_message(world, said)

    def accept() -> dict[str, object]:
        return _answer(message, {"quota_type": "sub_quota"})

    return await send(request, world, message, accept)


@routes.post("/v2.0/oa/message")
async def polymorphic(request: web.Request) -> web.StreamResponse:
    """Broadcasts of articles and reactions live on here; messages to one person do not."""
    world, body = await access.oa_body(request)
    recipient = body.get("recipient")
    if isinstance(recipient, dict) and "target" in recipient:
        return _broadcast(request, world, body)
    action = body.get("sender_action")
    if isinstance(action, dict) and isinstance(action.get("react_message_id"), str):
        _reactor(world, recipient)
        return success({"message_id": Message(CHAT, 0).msg_id})
    raise Refused(*V2_IS_GONE)


@routes.post("/v3.0/oa/group/message")
async def send_to_group(request: web.Request) -> web.StreamResponse:
    """A text to a group, at any hour; groups are not kept here, so any id is one."""
    _world, body = await access.oa_body(request)
    recipient, message = body.get("recipient"), body.get("message")
    group_id = recipient.get("group_id") if isinstance(recipient, dict) else None
    text = message.get("text") if isinstance(message, dict) else None
    if not isinstance(group_id, str) or not group_id:
        raise Refused(-201, "group_id is invalid")
    if not isinstance(text, str) or not text.strip():
        raise Refused(-201, "message.text is invalid")
    if len(nfc(text)) > MAX_TEXT:
        raise Refused(-210, f"message.text is over {MAX_TEXT} characters")
    return success({"message_id": Message(CHAT, 0).msg_id, "group_id": group_id})


def _of_template(world: World, template: Template) -> Refusal | None:
    if world.templates.state_of(template) == PHONE_ONLY:
        return BY_PHONE_ONLY
    refusal = of_template(world, template)
    is_promotion = template.tag == "PROMOTION"
    if refusal is None and is_promotion and is_night(world.clock.now(), world.modes["night"]):
        return NIGHT_PROMOTION
    return refusal


def _of_person(world: World, user_id: str) -> Refusal | None:
    person = world.people.find(user_id)
    standing = STANDINGS[person.standing if person else "normal"]
    if standing.by_user_id:
        return Refusal(standing.by_user_id, "User cannot receive this message")
    return OFFLINE if is_offline(person, world.clock.now_ms()) else None


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal.error, refusal.message)


def _check_quota(world: World, quota: Quota) -> None:
    if world.modes["oa_quota"] == "empty" or quota.is_used_up(world.this_month):
        raise Refused(*OUT_OF_QUOTA)


def _billed(world: World) -> dict[str, str]:
    """Counts an answer after 48 hours and tells what is left of them."""
    quota, month = world.limits.chat, world.this_month
    quota.take(month)
    left, total = str(quota.left(month)), str(quota.total)
    return {"quota_type": "sub_quota", "remain": left, "total": total}


def _take_promotion(world: World, user_id: str) -> None:
    """Promotions have hours of their own and reach one person once a day, four times a month."""
    if is_night(world.clock.now(), world.modes["night"]):
        _refuse(NIGHT_PROMOTION)
    by_day, by_month = world.limits.promotions(user_id)
    if not (by_day.take(world.today) and by_month.take(world.this_month)):
        raise Refused(-218, "User has reached the quota of messages to receive")


def _legacy_parts(body: dict[str, Any]) -> tuple[str, object]:
    recipient, message = body.get("recipient"), body.get("message")
    user_id = recipient.get("user_id") if isinstance(recipient, dict) else None
    attachment = message.get("attachment") if isinstance(message, dict) else None
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise Refused(*BAD_USER)
    if not isinstance(attachment, dict):
        raise Refused(-201, "message.attachment is invalid")
    return user_id, attachment


def _reactor(world: World, recipient: object) -> None:
    user_id = recipient.get("user_id") if isinstance(recipient, dict) else None
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise Refused(*BAD_USER)
    _refuse(_of_person(world, user_id))


def _broadcast(request: web.Request, world: World, body: dict[str, Any]) -> web.Response:
    """An article to everybody who is meant; it is moderated first, so no phone shows it at once."""
    message = body.get("message")
    attachment = message.get("attachment") if isinstance(message, dict) else None
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    elements = payload.get("elements") if isinstance(payload, dict) else None
    if not isinstance(elements, list) or not elements:
        raise Refused(-233, "A broadcast holds articles only")
    for element in elements:
        if not isinstance(element, dict) or element.get("media_type") != "article":
            raise Refused(-233, "A broadcast holds articles only")
        if world.assets.article(element.get("attachment_id")) is None:
            raise Refused(-201, "attachment_id is invalid")
    note(request, articles=len(elements))
    return success({"message_id": Message(CHAT, 0).msg_id})


def _chat_message(world: World, said: ChatBody) -> Message:
    return Message(
        CHAT, world.clock.now_ms(), user_id=said.user_id, text=said.text, image=said.image
    )


def _answer(message: Message, quota: Mapping[str, object]) -> dict[str, object]:
    return {
        "message_id": message.msg_id,
        "user_id": message.user_id,
        "sent_time": str(message.sent_ms),
        "quota": quota,
    }
