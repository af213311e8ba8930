"""The official-account host: templates by user id, chat text, users (contract 2, 3.2, 5)."""

import json
from typing import Any, TypeGuard

from aiohttp import web

from sandbox.answers import BadBody, note, parse_json, read_object, refused, success
from sandbox.clock import local
from sandbox.messages import BY_USER_ID, CHAT, Message
from sandbox.people import DAY_MS, USER_ID, Person
from sandbox.sending import send
from sandbox.templates import Refusal, nfc
from sandbox.wire import mask
from sandbox.world import WORLD, World

CHAT_WINDOW_DAYS = 7
MAX_TEXT = 2_000
BAD_TOKEN = Refusal(-216, "Access token is invalid")
EXPIRED_TOKEN = Refusal(-220, "access_token is expired or removed")
BAD_USER = Refusal(-201, "user_id is invalid")

routes = web.RouteTableDef()


@routes.post("/v3.0/oa/message/template")
async def send_by_user_id(request: web.Request) -> web.StreamResponse:
    """A template to a user id: a flat body, no tracking id, no seven-day window."""
    world = request.app[WORLD]
    try:
        body = await _authorised_body(request)
    except BadBody as error:
        return refused(error.refusal)
    user_id = body.get("user_id")
    template = world.templates.by_id.get(str(body.get("template_id")))
    note(request, user_id=mask(user_id or ""), template=template.name if template else "?")
    if not _is_user_id(user_id):
        return refused(BAD_USER)
    if template is None:
        return refused(Refusal(-109, "Template ID invalid"))
    data = body.get("template_data")
    refusal = template.check(data)
    if refusal is not None:
        return refused(refusal)
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
    world.people.meet(user_id)
    return await send(request, world, message, _answer(world, message, "purchase_quota"))


@routes.post("/v3.0/oa/message/cs")
async def send_chat(request: web.Request) -> web.StreamResponse:
    """Free text, to somebody who follows or wrote within seven days."""
    world = request.app[WORLD]
    try:
        body = await _authorised_body(request)
        user_id, text = _chat_parts(body)
    except BadBody as error:
        return refused(error.refusal)
    note(request, user_id=mask(user_id))
    refusal = _chat_refusal(world, world.people.find(user_id))
    if refusal is not None:
        return refused(refusal)
    message = Message(CHAT, world.clock.now_ms(), user_id=user_id, text=text)
    return await send(request, world, message, _answer(world, message, "reply"))


@routes.get("/v2.0/oa/getoa")
async def get_oa(request: web.Request) -> web.StreamResponse:
    """The account itself; senders use it as a health check."""
    world = request.app[WORLD]
    refusal = _token_refusal(request)
    if refusal is not None:
        return refused(refusal)
    return success(
        {
            "oaid": world.settings.oa_id,
            "name": "Một cửa Đồng Tháp",
            "is_verified": True,
            "oa_type": 4,
            "cate_name": "Cơ quan nhà nước",
            "num_follower": world.people.count_followers(),
            "package_name": "Nâng cao",
            "package_valid_through_date": "31/12/2030",
            "linked_ZCA": "sandbox",
        }
    )


@routes.get("/v3.0/oa/user/detail")
async def user_detail(request: web.Request) -> web.StreamResponse:
    """What the account may read of one person: never the phone, unless it was shared."""
    world = request.app[WORLD]
    refusal = _token_refusal(request)
    if refusal is not None:
        return refused(refusal)
    try:
        query = parse_json(request.query.get("data", ""))
    except BadBody:
        return refused(Refusal(-201, "data is invalid"))
    user_id = query.get("user_id") if isinstance(query, dict) else None
    person = world.people.find(user_id) if isinstance(user_id, str) else None
    return refused(BAD_USER) if person is None else success(_described(person))


@routes.post("/v2.0/oa/message")
async def old_message(request: web.Request) -> web.StreamResponse:
    """Shut down at Zalo."""
    text = "MessageV2 API has been shut down, please switch to MessageV3"
    return refused(_token_refusal(request) or Refusal(-240, text))


def _token_refusal(request: web.Request) -> Refusal | None:
    world = request.app[WORLD]
    token = request.headers.get("access_token", "")
    if world.tokens.access_left_s(token, now_s=world.clock.real_s()) > 0:
        return None
    return EXPIRED_TOKEN if token in world.tokens.access else BAD_TOKEN


async def _authorised_body(request: web.Request) -> dict[str, Any]:
    refusal = _token_refusal(request)
    if refusal is not None:
        raise BadBody(refusal.error, refusal.message)
    return await read_object(request)


def _is_user_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and USER_ID.fullmatch(value) is not None


def _chat_parts(body: dict[str, Any]) -> tuple[str, str]:
    """User id and text of a chat message; an attachment without text shows its kind."""
    recipient, message = body.get("recipient"), body.get("message")
    user_id = recipient.get("user_id") if isinstance(recipient, dict) else None
    if not _is_user_id(user_id):
        raise BadBody(BAD_USER.error, BAD_USER.message)
    text = message.get("text", "") if isinstance(message, dict) else None
    attachment = message.get("attachment") if isinstance(message, dict) else None
    if not isinstance(text, str) or not (text.strip() or isinstance(attachment, dict)):
        raise BadBody(-201, "message is invalid")
    if len(nfc(text)) > MAX_TEXT:
        raise BadBody(-210, f"message.text is over {MAX_TEXT} characters")
    shown = text if text.strip() else f"[{json.dumps(attachment, ensure_ascii=False)[:200]}]"
    return user_id, nfc(shown)


def _chat_refusal(world: World, person: Person | None) -> Refusal | None:
    if person is None or not (person.follows or person.last_interaction_ms):
        return Refusal(-213, "User has not followed OA")
    if world.clock.now_ms() - person.last_interaction_ms > CHAT_WINDOW_DAYS * DAY_MS:
        return Refusal(-230, "User has not interacted with the OA in the past 7 days")
    return None


def _answer(world: World, message: Message, quota_type: str) -> dict[str, object]:
    quota: dict[str, object] = {"quota_type": quota_type}
    if message.channel == BY_USER_ID:
        quota |= {"owner_type": "OA", "owner_id": world.settings.oa_id}
    return {
        "message_id": message.msg_id,
        "user_id": message.user_id,
        "sent_time": str(message.sent_ms),
        "quota": quota,
    }


def _described(person: Person) -> dict[str, object]:
    seen_ms = person.last_interaction_ms
    return {
        "user_id": person.user_id,
        "user_id_by_app": "",
        "user_external_id": "",
        "display_name": person.display_name,
        "user_alias": "",
        "is_sensitive": False,
        "user_last_interaction_date": local(seen_ms).strftime("%d/%m/%Y") if seen_ms else "",
        "user_is_follower": person.follows,
        "avatar": "",
        "avatars": {"120": "", "240": ""},
        "dynamic_param": "",
        "tags_and_notes_info": {"notes": [], "tag_names": []},
        "shared_info": {"address": "", "city": "", "district": "", "phone": "", "name": ""},
    }
