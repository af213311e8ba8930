"""The official-account host: the account, its people, tags and quotas (contract 2 and 5)."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from sandbox import access, events
from sandbox.answers import BadBody, Refused, parse_json, success
from sandbox.chat_bodies import BAD_USER
from sandbox.clock import local
from sandbox.people import Person, hash_of
from sandbox.world import World

MAX_OFFSET, MAX_COUNT = 9_951, 50
PERIOD_DAYS = {"TODAY": (0, 0), "YESTERDAY": (1, 1), "L7D": (6, 0), "L30D": (29, 0)}
OWNERS = ("OA", "App", "APP")
VALID_THROUGH = "31/12/2030"
# Since 2026 answers within 48 hours are not counted any more; the call still names numbers.
FREE_REPLIES = 8

routes = web.RouteTableDef()


@routes.get("/v2.0/oa/getoa")
async def get_oa(request: web.Request) -> web.StreamResponse:
    """The account itself; senders use it as a health check."""
    world = access.oa(request)
    return success(
        {
            "oaid": world.settings.oa_id,
            "name": "Một cửa Đồng Tháp",
            "is_verified": True,
            "oa_type": 4,
            "cate_name": "Cơ quan nhà nước",
            "num_follower": world.people.count_followers(),
            "package_name": "Nâng cao",
            "package_valid_through_date": VALID_THROUGH,
            "linked_ZCA": "sandbox",
        }
    )


@routes.get("/v2.0/oa/getprofile")
@routes.get("/v2.0/oa/getfollowers")
async def old_reads(request: web.Request) -> web.StreamResponse:
    """Shut down at Zalo."""
    access.oa(request)
    raise Refused(-240, "UserInfo V2 API has been shut down, please switch to V3")


@routes.get("/v3.0/oa/user/detail")
async def user_detail(request: web.Request) -> web.StreamResponse:
    """What the account may read of one person: never the phone, unless it was shared."""
    world = access.oa(request)
    return success(_described(_person(world, _query(request))))


@routes.get("/v3.0/oa/user/getlist")
async def user_list(request: web.Request) -> web.StreamResponse:
    """Whom the account knows, by pages of at most 50, by tag, interaction or follow."""
    world, query = access.oa(request), _query(request)
    offset, count = query.get("offset", 0), query.get("count", MAX_COUNT)
    if not _is_within(offset, MAX_OFFSET) or not _is_within(count, MAX_COUNT):
        raise Refused(-210, "offset or count is over its limit")
    found = [person for person in _known(world) if _is_asked_for(world, person, query)]
    users = [{"user_id": person.user_id} for person in found[offset : offset + count]]
    return success({"total": len(found), "count": count, "offset": offset, "users": users})


@routes.post("/v3.0/oa/updatefollowerinfo")
@routes.post("/v2.0/oa/updatefollowerinfo")
async def update_follower(request: web.Request) -> web.StreamResponse:
    """The account writes down name, phone and address of a person."""
    world, body = await access.oa_body(request)
    person = _person(world, body)
    keys = ("name", "phone", "address")
    person.shared |= {key: str(body[key]) for key in keys if isinstance(body.get(key), str | int)}
    world.wire.touch()
    return success()


@routes.post("/v2.0/oa/tag/{call:tagfollower|rmfollowerfromtag|rmtag}")
async def change_tags(request: web.Request) -> web.StreamResponse:
    """Puts a person under a tag, takes them from it, or takes a tag from everybody."""
    world, body = await access.oa_body(request)
    tag = body.get("tag_name")
    if not isinstance(tag, str) or not tag.strip():
        raise Refused(-201, "tag_name is invalid")
    call = request.match_info["call"]
    people = world.people.all() if call == "rmtag" else [_person(world, body)]
    for person in people:
        _set_tag(world, person, tag, is_on=call == "tagfollower")
    world.wire.touch()
    return success()


@routes.get("/v2.0/oa/tag/gettagsofoa")
async def tags(request: web.Request) -> web.StreamResponse:
    """Every tag, as a flat list of strings."""
    world = access.oa(request)
    return success(sorted({tag for person in world.people.all() for tag in person.tags}))


@routes.post("/v3.0/oa/quota/message")
async def quota(request: web.Request) -> web.StreamResponse:
    """What may still be sent: to one person by `user_id`, or of the account by `quota_owner`."""
    world, body = await access.oa_body(request)
    if "user_id" in body:
        return success(_quota_of_person(world, _person(world, body)))
    if body.get("quota_owner") not in OWNERS:
        raise Refused(-201, "quota_owner is invalid")
    wanted = {key: body[key] for key in ("product_type", "quota_type") if body.get(key)}
    assets = _assets(world) if body["quota_owner"] == "OA" else []
    return success([row for row in assets if wanted.items() <= row.items()])


def _assets(world: World) -> list[dict[str, object]]:
    limits, month = world.limits, world.this_month
    rows = (
        ("AS1", "cs", "sub_quota", limits.chat),
        ("AS2", "transaction", "purchase_quota", limits.by_user_id),
    )
    is_empty = world.modes["oa_quota"] == "empty"
    return [
        {
            "asset_id": asset_id,
            "product_type": product,
            "quota_type": kind,
            "valid_through": VALID_THROUGH,
            "total": quota.total,
            "remain": 0 if is_empty else quota.left(month),
        }
        for asset_id, product, kind, quota in rows
    ]


def _quota_of_person(world: World, person: Person) -> dict[str, object]:
    by_day, by_month = world.limits.promotions(person.user_id)
    return {
        "last_interaction": str(person.last_interaction_ms),
        "cs_reply": {"remain": FREE_REPLIES, "total": FREE_REPLIES},
        "promotion": {
            "daily_remain": by_day.left(world.today),
            "daily_total": by_day.total,
            "monthly_remain": by_month.left(world.this_month),
            "monthly_total": by_month.total,
        },
    }


def _query(request: web.Request) -> dict[str, Any]:
    """The one parameter `data`, JSON."""
    try:
        query = parse_json(request.query.get("data", ""))
    except BadBody:
        query = None
    if not isinstance(query, dict):
        raise Refused(-201, "data is invalid")
    return query


def _person(world: World, body: dict[str, Any]) -> Person:
    """The person named by `user_id`, a string or a bare number; else Refused."""
    value = body.get("user_id")
    is_number = isinstance(value, int) and not isinstance(value, bool)
    user_id = str(value) if is_number else value
    person = world.people.find(user_id) if isinstance(user_id, str) else None
    if person is None:
        raise Refused(*BAD_USER)
    return person


def _known(world: World) -> list[Person]:
    """Who follows or ever wrote: others the account has never met."""
    return [p for p in world.people.all() if p.follows or p.last_interaction_ms]


def _is_asked_for(world: World, person: Person, query: dict[str, Any]) -> bool:
    if isinstance(query.get("is_follower"), bool) and person.follows != query["is_follower"]:
        return False
    if query.get("tag_name") and query["tag_name"] not in person.tags:
        return False
    period = query.get("last_interaction_period")
    return not period or _is_in_period(world, person, str(period))


def _is_in_period(world: World, person: Person, period: str) -> bool:
    """A name of `PERIOD_DAYS` or `YYYY_MM_DD:YYYY_MM_DD`, both ends included."""
    if not person.last_interaction_ms:
        return False
    today = world.clock.now().date()
    if period in PERIOD_DAYS:
        starts, ends = (f"{today - timedelta(days=ago):%Y_%m_%d}" for ago in PERIOD_DAYS[period])
    else:
        starts, _, ends = period.partition(":")
    return starts <= f"{local(person.last_interaction_ms):%Y_%m_%d}" <= ends


def _set_tag(world: World, person: Person, tag: str, *, is_on: bool) -> None:
    if (tag in person.tags) == is_on:
        return
    if is_on:
        person.tags.append(tag)
    else:
        person.tags.remove(tag)
    world.webhooks.send(
        events.tagged(oa_id=world.settings.oa_id, user_id=person.user_id, tag=tag, added=is_on)
    )


def _is_within(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _described(person: Person) -> dict[str, object]:
    seen_ms = person.last_interaction_ms
    shared = {key: person.shared.get(key, "") for key in ("address", "phone", "name")}
    return {
        "user_id": person.user_id,
        "user_id_by_app": f"77{int(hash_of(person.user_id)[:14], 16) % 10**17:017d}",
        "user_external_id": "",
        "display_name": person.display_name,
        "user_alias": "",
        "is_sensitive": False,
        "user_last_interaction_date": local(seen_ms).strftime("%d/%m/%Y") if seen_ms else "",
        "user_is_follower": person.follows,
        "avatar": "",
        "avatars": {"120": "", "240": ""},
        "dynamic_param": "",
        "tags_and_notes_info": {"notes": [], "tag_names": list(person.tags)},
        "shared_info": {**shared, "city": "", "district": ""},
    }
