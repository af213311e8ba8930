"""The business host: templates by phone, their status and quota (contract 3.1 and 3.3)."""

import re
from typing import Any

from aiohttp import web

from sandbox import access
from sandbox.answers import Refused, note, read_object, success
from sandbox.fault_table import ADMIN, DISABLE, ENABLE, QUOTA_OUT, STANDINGS
from sandbox.messages import BY_PHONE, Message
from sandbox.people import has_zalo, user_id_of, wire_phone
from sandbox.sending import send
from sandbox.templates import Refusal, Template
from sandbox.windows import NIGHT_BY_PHONE, is_night, is_offline
from sandbox.wire import mask
from sandbox.world import World

TRACKING_ID = re.compile(r"[0-9A-Za-z]{1,48}")
PHONE_HASH = re.compile(r"[0-9a-f]{64}")
NO_ZALO = Refusal(-118, "Zalo account not existed")
NO_TEMPLATE = Refusal(-109, "Template ID invalid")
USUAL, OVER_QUOTA = "1", "3"
PUSHED, DELIVERED, UNKNOWN = 0, 1, -1
STATUS_WORDS = {
    PUSHED: "The message was sent and is not on the user's phone yet",
    DELIVERED: "The message was delivered to the user's phone",
    UNKNOWN: "The message is unknown",
}

routes = web.RouteTableDef()


@routes.post("/message/template")
async def send_by_phone(request: web.Request) -> web.StreamResponse:
    """A template to a phone number."""
    world = access.business(request)
    body = await read_object(request)
    note(request, phone=mask(body.get("phone", "")))
    phone = wire_phone(body.get("phone"), loose=world.modes["phones"] == "any")
    if phone is None:
        raise Refused(-108, "Phone number invalid")
    return await _send(request, world, body, phone)


@routes.post("/message/template/hashphone")
async def send_by_hash(request: web.Request) -> web.StreamResponse:
    """A template to the SHA-256 of a phone; here only phones that were met are known by it."""
    world = access.business(request)
    body = await read_object(request)
    phone_hash = body.get("hash_phone")
    note(request, hash_phone=mask(phone_hash or ""))
    if not isinstance(phone_hash, str) or not PHONE_HASH.fullmatch(phone_hash):
        raise Refused(-108, "Phone number invalid")
    return await _send(request, world, body, world.people.by_hash(phone_hash), is_hashed=True)


async def _send(
    request: web.Request, world: World, body: dict[str, Any], phone: str, *, is_hashed: bool = False
) -> web.StreamResponse:
    template = world.templates.find(body.get("template_id"))
    note(request, template=template.name if template else "?")
    refusal = _refusal(world, body, template, phone)
    if refusal is not None or template is None:
        refusal = refusal or NO_TEMPLATE
        raise Refused(refusal.error, refusal.message)
    data = body.get("template_data") or {}
    card = template.fill(data, base_url=world.settings.public_url)
    message = Message(
        BY_PHONE,
        world.clock.now_ms(),
        phone=phone,
        template=template.name,
        template_data=data,
        text=card.text,
        card=card,
        tracking_id=body.get("tracking_id") or "",
        is_hashed=is_hashed,
    )
    world.people.meet(user_id_of(phone), phone=phone)
    return await send(request, world, message, lambda: _accept(world, message, body))


def _accept(world: World, message: Message, body: dict[str, Any]) -> dict[str, object]:
    """Counts the message; the answer is strings throughout, unlike that of the quota call."""
    if body.get("sending_mode") != OVER_QUOTA:
        world.limits.templates.take(world.today)
    return {
        "msg_id": message.msg_id,
        "sent_time": str(message.sent_ms),
        "sending_mode": str(body.get("sending_mode") or USUAL),
        "quota": {
            "dailyQuota": str(world.limits.templates.total),
            "remainingQuota": str(_left(world)),
        },
    }


def _refusal(
    world: World, body: dict[str, Any], template: Template | None, phone: str
) -> Refusal | None:
    """The refusals in the order in which the service looks."""
    if template is None:
        return NO_TEMPLATE
    person = world.people.find(user_id_of(phone))
    is_admin = person is not None and person.standing == ADMIN
    refusal = _of_request(body, template, is_admin=is_admin) or _of_recipient(world, phone)
    refusal = refusal or of_template(world, template)
    if refusal is None and is_night(world.clock.now(), world.modes["night"]):
        refusal = NIGHT_BY_PHONE
    refusal = refusal or template.check(body.get("template_data"))
    if refusal is not None or body.get("sending_mode") == OVER_QUOTA:
        return refusal
    is_out = world.modes["quota"] == "empty" or world.limits.templates.is_used_up(world.today)
    return Refusal(-144, "OA has reached its daily limit") if is_out else None


def _of_request(body: dict[str, Any], template: Template, *, is_admin: bool) -> Refusal | None:
    if body.get("mode") == "development" and not is_admin:
        return Refusal(-127, "Test template can only be sent to administrators")
    sending_mode = body.get("sending_mode")
    if sending_mode not in (None, USUAL, OVER_QUOTA):
        return Refusal(-161, "Sending mode invalid")
    if sending_mode == OVER_QUOTA and template.tag != "PROMOTION":
        return Refusal(-162, "Sending mode 3 is for templates with tag 3 only")
    tracking_id = body.get("tracking_id")
    if tracking_id is not None and not _is_tracking_id(tracking_id):
        return Refusal(-132, "Parameter tracking_id is invalid")
    return None


def _of_recipient(world: World, phone: str) -> Refusal | None:
    if not phone or not has_zalo(phone):
        return NO_ZALO
    person = world.people.find(user_id_of(phone))
    standing = STANDINGS[person.standing if person else "normal"]
    if standing.by_phone:
        return Refusal(standing.by_phone, "User cannot receive this message")
    if is_offline(person, world.clock.now_ms()):
        return Refusal(-114, "User is inactive")
    return None


def of_template(world: World, template: Template) -> Refusal | None:
    """Why a template may not be sent as it stands; the same by phone and by user id."""
    state, status = world.templates.state_of(template), world.templates.status_of(template)
    if status == DISABLE:
        return Refusal(-146, "Template is disabled because of its low quality")
    if status != ENABLE:
        return Refusal(-131, "Template is not approved")
    return Refusal(-147, "Template has reached its daily limit") if state == QUOTA_OUT else None


def _is_tracking_id(value: object) -> bool:
    return isinstance(value, str) and TRACKING_ID.fullmatch(value) is not None


def _left(world: World) -> int:
    is_out = world.modes["quota"] == "empty"
    return 0 if is_out else world.limits.templates.left(world.today)


@routes.get("/message/status")
async def message_status(request: web.Request) -> web.StreamResponse:
    """Whether a message arrived: -1 unknown, 0 under way while receipts are off, 1 delivered."""
    world = access.business(request)
    msg_id = request.query.get("message_id", "")
    if not msg_id:
        raise Refused(-107, "Message ID invalid")
    message = world.mailbox.find(msg_id)
    status, delivered_at = UNKNOWN, ""
    if message is not None and message.is_delivered:
        status, delivered_at = DELIVERED, str(message.sent_ms)
    elif message is not None:
        status = PUSHED
    words = STATUS_WORDS[status]
    return success({"delivery_time": delivered_at, "message": words, "status": status})


@routes.get("/message/quota")
async def quota(request: web.Request) -> web.StreamResponse:
    """The day's quota; numbers here, strings in the answer to a send."""
    world = access.business(request)
    return success(
        {
            "dailyQuota": world.limits.templates.total,
            "remainingQuota": _left(world),
            "dailyQuotaPromotion": None,
            "remainingQuotaPromotion": None,
            "monthlyPromotionQuota": None,
            "remainingMonthlyPromotionQuota": None,
            "estimatedNextMonthPromotionQuota": None,
        }
    )
