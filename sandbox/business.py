"""The business host: templates by phone, and what may be read about them (contract 3)."""

import re
from typing import Any

from aiohttp import web

from sandbox.answers import BadBody, note, read_object, refused, success
from sandbox.messages import BY_PHONE, Message
from sandbox.people import has_zalo, user_id_of, wire_phone
from sandbox.sending import send
from sandbox.templates import Refusal, Template
from sandbox.wire import mask
from sandbox.world import WORLD, World

TRACKING_ID = re.compile(r"[0-9A-Za-z]{1,48}")
BAD_TOKEN = Refusal(-124, "Access token invalid")
LIST_LIMIT = 100
STATUS_ENABLED = "1"
ANSWER_TIMEOUT_MS = 7_200_000

routes = web.RouteTableDef()


@routes.post("/message/template")
async def send_by_phone(request: web.Request) -> web.StreamResponse:
    """A template to a phone number."""
    world = request.app[WORLD]
    if not _is_authorised(request):
        return refused(BAD_TOKEN)
    try:
        body = await read_object(request)
    except BadBody as error:
        return refused(error.refusal)
    template = world.templates.by_id.get(str(body.get("template_id")))
    note(request, phone=mask(body.get("phone", "")), template=template.name if template else "?")
    refusal = _check(world, body, template)
    if refusal is not None or template is None:
        return refused(refusal or Refusal(-109, "Template ID invalid"))
    return await _accept(request, world, body, template)


async def _accept(
    request: web.Request, world: World, body: dict[str, Any], template: Template
) -> web.Response:
    phone = wire_phone(body["phone"]) or ""
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
    )
    world.people.meet(user_id_of(phone), phone=phone)
    answer: dict[str, object] = {
        "msg_id": message.msg_id,
        "sent_time": str(message.sent_ms),
        "sending_mode": str(body.get("sending_mode") or "1"),
        "quota": {
            "dailyQuota": str(world.limits.per_day),
            "remainingQuota": str(world.limits.templates_left(world.today)),
        },
    }
    return await send(request, world, message, answer)


def _check(world: World, body: dict[str, Any], template: Template | None) -> Refusal | None:
    """The refusals in the order in which the service looks."""
    phone = wire_phone(body.get("phone"))
    if phone is None:
        return Refusal(-108, "Phone number invalid")
    if template is None:
        return Refusal(-109, "Template ID invalid")
    if body.get("mode") == "development":
        return Refusal(-127, "Test template can only be sent to administrators")
    if body.get("sending_mode") not in (None, "1"):
        return Refusal(-161, "Sending mode invalid")
    if not has_zalo(phone):
        return Refusal(-118, "Zalo account not existed")
    tracking_id = body.get("tracking_id")
    if tracking_id is not None and not _is_tracking_id(tracking_id):
        return Refusal(-132, "Parameter tracking_id is invalid")
    refusal = template.check(body.get("template_data"))
    if refusal is None and not world.limits.count_template(world.today):
        return Refusal(-144, "OA has reached its daily limit")
    return refusal


def _is_tracking_id(value: object) -> bool:
    return isinstance(value, str) and TRACKING_ID.fullmatch(value) is not None


@routes.get("/message/status")
async def message_status(request: web.Request) -> web.StreamResponse:
    """Whether a message arrived: -1 unknown, 1 delivered; here nothing stays under way."""
    world = request.app[WORLD]
    if not _is_authorised(request):
        return refused(BAD_TOKEN)
    msg_id = request.query.get("message_id", "")
    if not msg_id:
        return refused(Refusal(-107, "Message ID invalid"))
    message = world.mailbox.find(msg_id)
    if message is None:
        return success({"delivery_time": "", "message": "The message is unknown", "status": -1})
    text = "The message was delivered to the user's phone"
    return success({"delivery_time": str(message.sent_ms), "message": text, "status": 1})


@routes.get("/message/quota")
async def quota(request: web.Request) -> web.StreamResponse:
    """The day's quota; numbers here, strings in the answer to a send."""
    world = request.app[WORLD]
    if not _is_authorised(request):
        return refused(BAD_TOKEN)
    return success(
        {
            "dailyQuota": world.limits.per_day,
            "remainingQuota": world.limits.templates_left(world.today),
            "dailyQuotaPromotion": None,
            "remainingQuotaPromotion": None,
            "monthlyPromotionQuota": None,
            "remainingMonthlyPromotionQuota": None,
            "estimatedNextMonthPromotionQuota": None,
        }
    )


@routes.get("/template/all")
async def template_list(request: web.Request) -> web.StreamResponse:
    """The registered templates, by pages of at most 100; all are enabled."""
    world = request.app[WORLD]
    if not _is_authorised(request):
        return refused(BAD_TOKEN)
    offset, limit = _count(request, "offset", 0), _count(request, "limit", LIST_LIMIT)
    if offset is None or limit is None:
        return refused(Refusal(-132, "Parameter offset or limit is invalid"))
    status = request.query.get("status", STATUS_ENABLED)
    found = list(world.templates.by_id.values()) if status == STATUS_ENABLED else []
    rows = [
        {
            "templateId": int(template.id),
            "templateName": template.name,
            "createdTime": world.clock.now_ms(),
            "status": "ENABLE",
            "templateQuality": "HIGH",
        }
        for template in found[offset : offset + min(limit, LIST_LIMIT)]
    ]
    return success(rows, metadata={"total": len(found)})


@routes.get("/template/info/v2")
async def template_info(request: web.Request) -> web.StreamResponse:
    """Parameters and buttons of one template."""
    world = request.app[WORLD]
    if not _is_authorised(request):
        return refused(BAD_TOKEN)
    template = world.templates.by_id.get(request.query.get("template_id", ""))
    if template is None:
        return refused(Refusal(-109, "Template ID invalid"))
    return success(_described(template, base_url=world.settings.public_url))


def _described(template: Template, *, base_url: str) -> dict[str, object]:
    buttons = template.layout["buttons"]
    return {
        "templateId": template.id,
        "templateName": template.name,
        "status": "ENABLE",
        "listParams": [
            {
                "name": param.name,
                "require": True,
                "type": "STRING",
                "maxLength": param.max_length,
                "minLength": 0,
                "acceptNull": False,
            }
            for param in template.params
        ],
        "listButtons": [
            {
                "type": 1 if "url" in button else 2,
                "title": button["label"],
                "content": button.get("url", button.get("phone", "")).replace(
                    "{base_url}", base_url
                ),
            }
            for button in buttons
        ],
        "timeout": ANSWER_TIMEOUT_MS,
        "previewUrl": "",
        "templateQuality": "HIGH",
        "templateTag": "TRANSACTION",
        "price": "200",
        "price_sdt": "200",
        "price_uid": "140",
    }


def _is_authorised(request: web.Request) -> bool:
    world = request.app[WORLD]
    token = request.headers.get("access_token", "")
    return world.tokens.access_left_s(token, now_s=world.clock.real_s()) > 0


def _count(request: web.Request, name: str, default: int) -> int | None:
    text = request.query.get(name, str(default))
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None
