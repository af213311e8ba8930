"""The official-account host: uploads and articles (contract 5)."""

from typing import Any

from aiohttp import BodyPartReader, web

from sandbox import access
from sandbox.answers import Refused, success

MEGABYTE = 1024 * 1024
UPLOADS = {
    "image": (("image/jpeg", "image/png"), MEGABYTE, "attachment_id"),
    "gif": (("image/gif",), MEGABYTE, "attachment_id"),
    "file": (
        (
            "application/pdf",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "text/csv",
        ),
        5 * MEGABYTE,
        "token",
    ),
}
TITLE, AUTHOR, DESCRIPTION = 150, 50, 300
BLOCKS = ("text", "image", "video")

routes = web.RouteTableDef()


@routes.post("/v2.0/oa/upload/{kind:image|gif|file}")
async def upload(request: web.Request) -> web.StreamResponse:
    """A picture or file in the multipart field `file`, kept for seven days."""
    world = access.oa(request)
    types, longest, name = UPLOADS[request.match_info["kind"]]
    content_type, size = await _read_file(request, longest)
    if content_type not in types:
        raise Refused(-201, "file is invalid")
    if not 0 < size <= longest:
        raise Refused(-210, f"file is over {longest // MEGABYTE} MB or empty")
    return success({name: world.assets.upload()})


@routes.post("/v2.0/article/create")
async def create_article(request: web.Request) -> web.StreamResponse:
    """Takes an article; a token comes back at once, its id only when it was processed."""
    world, body = await access.oa_body(request)
    _check_article(body)
    return success({"token": world.assets.create(body)})


@routes.post("/v2.0/article/verify")
async def verify_article(request: web.Request) -> web.StreamResponse:
    """The id of a created article; -214 while it is processed."""
    world, body = await access.oa_body(request)
    token = body.get("token")
    article = world.assets.articles.get(token) if isinstance(token, str) else None
    if article is None:
        raise Refused(-201, "token is invalid")
    if world.modes["article"] == "processing":
        raise Refused(-214, "Article is being processed")
    return success({"id": article.id})


@routes.get("/v2.0/article/getdetail")
async def article_detail(request: web.Request) -> web.StreamResponse:
    """An article as it was created."""
    world = access.oa(request)
    article = world.assets.article(request.query.get("id", ""))
    if article is None:
        raise Refused(-201, "id is invalid")
    return success({"id": article.id, **article.body})


async def _read_file(request: web.Request, longest: int) -> tuple[str, int]:
    """Content type and size of the field `file`; no more than it may hold is read."""
    if not request.content_type.startswith("multipart/"):
        raise Refused(-201, "file is invalid")
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader) or part.name != "file":
                continue
            size = 0
            while size <= longest and (chunk := await part.read_chunk()):
                size += len(chunk)
            return part.headers.get("Content-Type", "").partition(";")[0].strip(), size
    except (ValueError, AssertionError) as error:
        raise Refused(-201, "file is invalid") from error
    raise Refused(-201, "file is invalid")


def _check_article(body: dict[str, Any]) -> None:
    limits = (("title", TITLE), ("author", AUTHOR), ("description", DESCRIPTION))
    for name, longest in limits:
        value = body.get(name)
        if not isinstance(value, str) or not value.strip():
            raise Refused(-201, f"{name} is invalid")
        if len(value) > longest:
            raise Refused(-210, f"{name} is over {longest} characters")
    cover, blocks = body.get("cover"), body.get("body")
    if not isinstance(cover, dict) or cover.get("cover_type") not in ("photo", "video"):
        raise Refused(-201, "cover is invalid")
    if not isinstance(blocks, list) or not blocks:
        raise Refused(-201, "body is invalid")
    if any(not isinstance(b, dict) or b.get("type") not in BLOCKS for b in blocks):
        raise Refused(-201, "body is invalid")
    if body.get("type") != "normal" or body.get("status", "hide") not in ("show", "hide"):
        raise Refused(-201, "type or status is invalid")
