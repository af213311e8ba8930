"""The business host: what may be read about templates, their quality and their answers."""

import re

from aiohttp import web

from sandbox import access
from sandbox.answers import Refused, success
from sandbox.fault_table import DISABLE, ENABLE, PENDING, REJECT
from sandbox.templates import TAGS, Param, Template
from sandbox.world import World

LIST_LIMIT = 100
STATUSES = {"1": ENABLE, "2": PENDING, "3": REJECT, "4": DISABLE}
ANSWER_TIMEOUT_MS = 7_200_000
# When the templates of this account were made: fixed, as at Zalo.
CREATED_BEFORE_MS = 30 * 86_400_000
MOST_RATINGS = 10_000
SAMPLES = {
    "date": "09:30 25/11/2026", "phone": "0277 3000 112", "otp": "123456", "vnd": "50000",
    "url": "https://example.vn", "code": "H20.118-261117-0043",
}  # fmt: skip

routes = web.RouteTableDef()


@routes.get("/template/all")
async def template_list(request: web.Request) -> web.StreamResponse:
    """The registered templates, by pages of at most 100, all or those with one status."""
    world = access.business(request)
    offset, limit = _count(request, "offset", 0), _count(request, "limit", LIST_LIMIT)
    status = request.query.get("status", "")
    if status and status not in STATUSES:
        raise Refused(-132, "Parameter status is invalid")
    found = [
        template
        for template in world.templates.listed()
        if not status or world.templates.status_of(template) == STATUSES[status]
    ]
    created_ms = world.clock.now_ms() - CREATED_BEFORE_MS
    rows = [
        {
            "templateId": int(template.id),
            "templateName": template.name,
            "createdTime": created_ms,
            "status": world.templates.status_of(template),
            "templateQuality": world.templates.quality_of(template),
        }
        for template in found[offset : offset + min(limit, LIST_LIMIT)]
    ]
    return success(rows, metadata={"total": len(found)})


@routes.get("/template/info/v2")
async def template_info(request: web.Request) -> web.StreamResponse:
    """Parameters and buttons of one template."""
    world = access.business(request)
    return success(_described(world, _asked_for(request, world)))


@routes.get("/template/sample-data")
async def sample_data(request: web.Request) -> web.StreamResponse:
    """A value for each parameter that the template would take."""
    template = _asked_for(request, access.business(request))
    return success({param.name: _sample(param) for param in template.params})


@routes.get("/message/template-tag")
async def template_tags(request: web.Request) -> web.StreamResponse:
    """The kinds of content that this account may send."""
    access.business(request)
    return success(list(TAGS))


@routes.get("/quality")
async def quality(request: web.Request) -> web.StreamResponse:
    """How people take the messages: the last 48 hours and the last seven days."""
    world = access.business(request)
    is_low = any(world.templates.quality_of(t) == "LOW" for t in world.templates.listed())
    return success({"oaCurrentQuality": "LOW" if is_low else "HIGH", "oa7dayQuality": "HIGH"})


@routes.get("/rating/get")
@routes.post("/rating/get")
async def ratings(request: web.Request) -> web.StreamResponse:
    """Answers to a rating template, oldest first; the documents say POST, clients use GET too."""
    world = access.business(request)
    template = _asked_for(request, world)
    starts_ms, ends_ms = (_count(request, name, -1) for name in ("from_time", "to_time"))
    if starts_ms < 0 or ends_ms < starts_ms:
        raise Refused(-132, "Parameter from_time or to_time is invalid")
    offset, limit = _count(request, "offset", 0), _count(request, "limit", LIST_LIMIT)
    found = [
        rating
        for rating in world.ratings.get(template.id, [])
        if starts_ms <= int(rating["submit_time"]) <= ends_ms
    ]
    rows = [
        {
            "rating_type": rating["rating_type"],
            "option": rating["option"],
            "note": rating["note"],
            "rate": rating["rate"],
            "submitDate": rating["submit_time"],
            "msgId": rating["msg_id"],
            "feedbacks": rating["feedbacks"],
            "trackingId": rating["tracking_id"],
        }
        for rating in found[offset : offset + min(limit, MOST_RATINGS)]
    ]
    return success({"total": len(found), "data": rows})


def _asked_for(request: web.Request, world: World) -> Template:
    template = world.templates.find(request.query.get("template_id", ""))
    if template is None:
        raise Refused(-109, "Template ID invalid")
    return template


def _described(world: World, template: Template) -> dict[str, object]:
    base_url = world.settings.public_url
    return {
        "templateId": template.id,
        "templateName": template.name,
        "status": world.templates.status_of(template),
        "listParams": [
            {
                "name": param.name,
                "require": param.require,
                "type": "STRING",
                "maxLength": param.max_length,
                "minLength": param.min_length,
                "acceptNull": param.accept_null,
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
            for button in template.layout["buttons"]
        ],
        "timeout": ANSWER_TIMEOUT_MS,
        "previewUrl": f"{base_url}/",
        "templateQuality": world.templates.quality_of(template),
        "templateTag": template.tag,
        "price": "200",
        "price_sdt": "200",
        "price_uid": "140",
    }


def _sample(param: Param) -> str:
    return SAMPLES.get(param.type, "ví dụ")[: param.max_length].ljust(param.min_length, "x")


def _count(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if text != str(default) and not re.fullmatch(r"[0-9]{1,15}", text):
        raise Refused(-132, f"Parameter {name} is invalid")
    return int(text)
