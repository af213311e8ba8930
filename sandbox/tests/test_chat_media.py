"""Pictures, files, requests for details, reactions, articles, broadcasts and groups."""

import json
from typing import Any

import aiohttp
import pytest

from sandbox.clock import Clock
from sandbox.people import DAY_MS
from sandbox.tests.running import USER, Client, Hands, play

CHAT, MEDIA = "/v3.0/oa/message/cs", "/v2.0/oa/message"
ARTICLE: dict[str, Any] = {
    "type": "normal",
    "title": "Cảnh báo triều cường",
    "author": "UBND tỉnh",
    "cover": {"cover_type": "photo", "photo_url": "https://example.vn/c.jpg", "status": "show"},
    "description": "Tin khẩn",
    "body": [{"type": "text", "content": "Nước lên cao từ 17:00."}],
    "status": "show",
}


async def upload(client: Client, kind: str, content_type: str, raw: bytes) -> dict[str, Any]:
    form = aiohttp.FormData()
    form.add_field("file", raw, filename="a", content_type=content_type)
    headers = {"access_token": client.token}
    async with client.session.post(
        f"{client.url}/v2.0/oa/upload/{kind}", data=form, headers=headers
    ) as response:
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


def media(**element: Any) -> dict[str, Any]:
    payload = {"template_type": "media", "elements": [element]}
    attachment = {"type": "template", "payload": payload}
    return {"recipient": {"user_id": USER}, "message": {"attachment": attachment}}


def file(token: object) -> dict[str, Any]:
    attachment = {"type": "file", "payload": {"token": token}}
    return {"recipient": {"user_id": USER}, "message": {"attachment": attachment}}


async def article(client: Client) -> str:
    token = (await client.post("/v2.0/article/create", ARTICLE))["data"]["token"]
    answer = await client.post("/v2.0/article/verify", {"token": token})
    return str(answer["data"]["id"])


def broadcast(article_id: str, **target: object) -> dict[str, Any]:
    element = {"media_type": "article", "attachment_id": article_id}
    payload = {"template_type": "media", "elements": [element]}
    message = {"attachment": {"type": "template", "payload": payload}}
    return {"recipient": {"target": target}, "message": message}


def test_uploaded_picture_and_file_reach_the_chat_for_seven_days() -> None:
    hands = Hands()

    async def scene(client: Client) -> None:
        picture = (await upload(client, "image", "image/png", b"x"))["data"]["attachment_id"]
        paper = (await upload(client, "file", "application/pdf", b"x"))["data"]["token"]
        bodies = [media(media_type="image", attachment_id=picture), file(paper)]
        for days, codes in ((0, [0, 0]), (7, [0, 0]), (0.01, [-100, -100])):
            hands.now_s += days * DAY_MS / 1000
            client.world.tokens.access[client.token] = hands.now_s + 60
            await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
            assert [(await client.post(CHAT, body))["error"] for body in bodies] == codes

    play(scene, clock=Clock(source=hands))


@pytest.mark.parametrize(
    ("kind", "content_type", "size", "error"),
    [
        ("image", "image/jpeg", 1024 * 1024, 0),
        ("image", "image/jpeg", 1024 * 1024 + 1, -210),
        ("image", "image/jpeg", 0, -210),
        ("image", "application/pdf", 10, -201),
        ("gif", "image/gif", 10, 0),
        ("file", "text/csv", 5 * 1024 * 1024, 0),
        ("file", "application/pdf", 6 * 1024 * 1024, -210),
        ("file", "text/html", 10, -201),
    ],
)
def test_uploads_are_limited_by_kind_and_size(
    kind: str, content_type: str, size: int, error: int
) -> None:
    async def scene(client: Client) -> None:
        answer = await upload(client, kind, content_type, b"x" * size)
        assert answer["error"] == error

    play(scene)


@pytest.mark.parametrize("raw", [b"", b"{}", b"--x\r\n\r\n"])
def test_upload_without_a_file_is_refused(raw: bytes) -> None:
    async def scene(client: Client) -> None:
        for content_type in ("application/json", "multipart/form-data; boundary=x"):
            headers = {"access_token": client.token, "Content-Type": content_type}
            url = f"{client.url}/v2.0/oa/upload/image"
            async with client.session.post(url, data=raw, headers=headers) as response:
                assert (await response.json())["error"] == -201

    play(scene)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (media(media_type="image", url="https://example.vn/a.jpg"), 0),
        (media(media_type="sticker", attachment_id="s1"), 0),
        (media(media_type="gif", url="https://example.vn/a.gif", width=10, height=10), 0),
        (media(media_type="gif", url="https://example.vn/a.gif"), -201),
        (media(media_type="image", url="https://x.vn/a", attachment_id="a"), -201),
        (media(media_type="image"), -201),
        (media(media_type="image", attachment_id="nothing"), -100),
        (media(media_type="video", url="https://x.vn/a"), -201),
        (file("nothing"), -100),
        (file(None), -201),
        ({"recipient": {"user_id": USER}, "message": {"attachment": []}}, -201),
        ({"recipient": {"user_id": USER}, "message": {"attachment": {"payload": {}}}}, -233),
        (
            {
                "recipient": {"user_id": USER},
                "message": {"text": "Vâng", "quote_message_id": "u1"},
            },
            0,
        ),
        ({"recipient": {"user_id": USER}, "message": {"text": "x", "quote_message_id": 1}}, -201),
    ],
)
def test_attachment_is_checked(body: dict[str, Any], error: int) -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        assert (await client.post(CHAT, body))["error"] == error
        assert len(await client.get("/_sandbox/messages")) == (error == 0)

    play(scene)


def test_picture_of_a_person_is_told_and_shown() -> None:
    async def scene(client: Client) -> None:
        image = "https://example.vn/giay-to.jpg"
        await client.post("/_sandbox/say", {"user_id": USER, "image": image})
        (hook,) = await client.product.wait_for("user_send_image")
        assert hook.body["message"]["attachments"][0]["payload"]["url"] == image
        _, page = await client.page(f"/?who={USER}")
        assert f'href="{image}"' in page
        await client.page("/_phone/say", {"who": USER, "text": "", "image": "1"})
        await client.product.wait_for("user_send_image", count=2)

    play(scene)


def test_article_has_an_id_once_it_was_processed_and_can_be_broadcast() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="article", value="processing")
        token = (await client.post("/v2.0/article/create", ARTICLE))["data"]["token"]
        assert (await client.post("/v2.0/article/verify", {"token": token}))["error"] == -214
        await client.order(kind="article", value="ready")
        verified = await client.post("/v2.0/article/verify", {"token": token})
        article_id = verified["data"]["id"]
        detail = await client.get("/v2.0/article/getdetail", id=article_id)
        assert detail["data"]["title"] == ARTICLE["title"]
        for cities in ("0,14", 0, [0, 14]):
            answer = await client.post(MEDIA, broadcast(article_id, cities=cities))
            assert answer["error"] == 0
            assert set(answer["data"]) == {"message_id"}

    play(scene)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"title": "x" * 151}, -210),
        ({"author": "x" * 51}, -210),
        ({"description": "x" * 301}, -210),
        ({"title": " "}, -201),
        ({"cover": None}, -201),
        ({"body": []}, -201),
        ({"body": [{"type": "table"}]}, -201),
        ({"type": "video"}, -201),
        ({"status": "draft"}, -201),
    ],
)
def test_article_beyond_its_limits_is_refused(change: dict[str, Any], error: int) -> None:
    async def scene(client: Client) -> None:
        answer = await client.post("/v2.0/article/create", ARTICLE | change)
        assert answer["error"] == error
        assert (await client.post("/v2.0/article/verify", {"token": "x"}))["error"] == -201
        assert (await client.get("/v2.0/article/getdetail", id="x"))["error"] == -201

    play(scene)


def test_broadcast_carries_known_articles_only() -> None:
    async def scene(client: Client) -> None:
        assert (await client.post(MEDIA, broadcast("nothing")))["error"] == -201
        text = {"recipient": {"target": {}}, "message": {"text": "Tin khẩn"}}
        assert (await client.post(MEDIA, text))["error"] == -233
        body = broadcast(await article(client))
        payload = body["message"]["attachment"]["payload"]
        payload["elements"].append({"media_type": "image"})
        assert (await client.post(MEDIA, body))["error"] == -233

    play(scene)


def test_reaction_is_taken_and_a_message_to_one_person_is_not() -> None:
    async def scene(client: Client) -> None:
        reaction = {
            "recipient": {"user_id": USER},
            "sender_action": {"react_icon": "/-strong", "react_message_id": "u1"},
        }
        assert (await client.post(MEDIA, reaction))["error"] == 0
        assert (await client.post(MEDIA, reaction | {"recipient": {}}))["error"] == -201
        text = {"recipient": {"user_id": USER}, "message": {"text": "x"}}
        assert (await client.post(MEDIA, text))["error"] == -240

    play(scene)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"recipient": {"group_id": "G1"}, "message": {"text": "Họp lúc 14h"}}, 0),
        ({"recipient": {"group_id": ""}, "message": {"text": "Họp"}}, -201),
        ({"recipient": {"group_id": "G1"}, "message": {"text": " "}}, -201),
        ({"recipient": {"group_id": "G1"}, "message": {"text": "x" * 2_001}}, -210),
        ({}, -201),
    ],
)
def test_group_gets_text(body: dict[str, Any], error: int) -> None:
    async def scene(client: Client) -> None:
        assert (await client.post("/v3.0/oa/group/message", body))["error"] == error

    play(scene)


def test_list_query_without_an_object_is_refused() -> None:
    async def scene(client: Client) -> None:
        answer = await client.get("/v3.0/oa/user/getlist", data=json.dumps([1]))
        assert answer["error"] == -201

    play(scene)
