"""Templates by user id, chat text and what may be read about people."""

import json
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.people import DAY_MS
from sandbox.tests.running import SETTINGS, USER, Client, Hands, play

TEMPLATE, CHAT = "/v3.0/oa/message/template", "/v3.0/oa/message/cs"


def chat_body(text: str, user_id: str = USER) -> dict[str, Any]:
    return {"recipient": {"user_id": user_id}, "message": {"text": text}}


def flat_body(client: Client, **change: Any) -> dict[str, Any]:
    body = client.phone_send("ready_early")
    flat = {key: body[key] for key in ("template_id", "template_data")}
    return {"user_id": USER, **flat, **change}


def test_template_by_user_id_needs_no_window_and_has_no_tracking_id() -> None:
    async def scene(client: Client) -> None:
        answer = await client.post(TEMPLATE, flat_body(client))
        assert answer["data"]["user_id"] == USER
        (row,) = await client.get("/_sandbox/messages", user_id=USER)
        assert row["msg_id"] == answer["data"]["message_id"]
        assert (row["channel"], row["user_id"], row["tracking_id"]) == ("user_id", USER, None)
        assert row["title"] == "Có kết quả sớm giá trị so_ngay"

    play(scene)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"user_id": 6630000000000000003}, -201),
        ({"user_id": "nobody"}, -201),
        ({"user_id": None, "recipient": {"user_id": USER}}, -201),
        ({"template_id": "1"}, -109),
        ({"template_data": {"ma": "H20"}}, -1122),
    ],
)
def test_bad_template_request_is_refused_by_its_code(change: dict[str, Any], error: int) -> None:
    async def scene(client: Client) -> None:
        assert (await client.post(TEMPLATE, flat_body(client, **change)))["error"] == error

    play(scene)


@pytest.mark.parametrize("path", [TEMPLATE, CHAT])
def test_unknown_token_and_expired_token_have_their_own_codes(path: str) -> None:
    hands = Hands()

    async def scene(client: Client) -> None:
        hands.now_s += 90_001
        assert (await client.post(path, {}))["error"] == -220
        client.token = "nobody's"
        assert (await client.post(path, {}))["error"] == -216

    play(scene, clock=Clock(source=hands))


def test_chat_needs_a_follower_or_somebody_who_wrote() -> None:
    async def scene(client: Client) -> None:
        assert (await client.post(CHAT, chat_body("Chào")))["error"] == -213
        await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
        assert (await client.post(CHAT, chat_body("Chào Ông/Bà")))["error"] == 0
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": False})
        assert (await client.post(CHAT, chat_body("Chào")))["error"] == -213
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        assert (await client.post(CHAT, chat_body("Chào")))["error"] == 0
        rows = await client.get("/_sandbox/messages", user_id=USER)
        assert [(row["channel"], row["text"]) for row in rows] == [
            ("chat", "Chào Ông/Bà"),
            ("chat", "Chào"),
        ]

    play(scene)


def test_chat_ends_seven_days_after_the_last_interaction() -> None:
    hands = Hands()

    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        hands.now_s += 7 * DAY_MS / 1000 + 1
        client.world.tokens.access[client.token] = hands.now_s + 60
        assert (await client.post(CHAT, chat_body("Chào")))["error"] == -230

    play(scene, clock=Clock(source=hands))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (chat_body(""), -201),
        (chat_body("x" * 2_001), -210),
        ({"recipient": {"user_id": USER}, "message": {"text": 3}}, -201),
        ({"recipient": {"user_id": USER}}, -201),
        ({"recipient": USER, "message": {"text": "x"}}, -201),
        ({}, -201),
    ],
)
def test_bad_chat_request_is_refused_by_its_code(body: dict[str, Any], error: int) -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        assert (await client.post(CHAT, body))["error"] == error

    play(scene)


def test_calls_are_counted_in_headers_and_end_with_their_code() -> None:
    async def scene(client: Client) -> None:
        seen = []
        for _ in range(3):
            async with client.session.get(
                f"{client.url}/v2.0/oa/getoa", headers={"access_token": client.token}
            ) as response:
                body = await response.json()
                seen.append((response.headers["X-RateLimit-Remain"], body["error"]))
                assert response.headers["X-RateLimit-Limit"] == "2"
        assert seen == [("1", 0), ("0", 0), ("0", -32)]

    play(scene, rate_limit=2)


def test_account_and_person_can_be_read() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        account = (await client.get("/v2.0/oa/getoa"))["data"]
        assert (account["oaid"], account["num_follower"]) == (SETTINGS.oa_id, 1)
        query = json.dumps({"user_id": USER})
        person = (await client.get("/v3.0/oa/user/detail", data=query))["data"]
        assert person["user_is_follower"] is True
        assert person["shared_info"]["phone"] == ""
        assert len(person["user_last_interaction_date"]) == len("24/11/2026")

    play(scene)


@pytest.mark.parametrize("data", ["", "{", "[]", '{"user_id": 3}', '{"user_id": "404"}'])
def test_person_that_cannot_be_found_is_refused(data: str) -> None:
    async def scene(client: Client) -> None:
        assert (await client.get("/v3.0/oa/user/detail", data=data))["error"] == -201

    play(scene)


def test_old_message_call_is_shut_down() -> None:
    async def scene(client: Client) -> None:
        assert (await client.post("/v2.0/oa/message", chat_body("x")))["error"] == -240

    play(scene)
