"""When something may be sent: night, promotional hours, interaction, 45 days of silence."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import LOCAL, Clock
from sandbox.people import DAY_MS, user_id_of
from sandbox.tests.running import PHONE, USER, Client, Hands, contract_templates, play
from sandbox.windows import is_night

PHONE_SEND, BY_ID = "/message/template", "/v3.0/oa/message/template"
CHAT, PROMOTION = "/v3.0/oa/message/cs", "/v3.0/oa/message/promotion"
NOON_S = datetime(2026, 11, 24, 12, 0, tzinfo=LOCAL).timestamp()
DATA = {"ten": "Nguyễn Văn A", "ma_ho_so": "H20"}


def at(hour: int, minute: int, second: int = 0) -> Hands:
    return Hands(datetime(2026, 11, 24, hour, minute, second, tzinfo=LOCAL).timestamp())


def answer_to(user_id: str = USER) -> dict[str, Any]:
    return {"recipient": {"user_id": user_id}, "message": {"text": "Chào Ông/Bà"}}


async def later(client: Client, hands: Hands, days: float) -> None:
    """Some days pass; the token is young again."""
    hands.now_s += days * DAY_MS / 1000
    client.world.tokens.access[client.token] = hands.now_s + 60


@pytest.mark.parametrize(
    ("hour", "minute", "second", "expected"),
    [(21, 59, 59, False), (22, 0, 0, True), (0, 0, 0, True), (5, 59, 59, True), (6, 0, 0, False)],
)
def test_night_is_from_22_to_6_local_time(
    hour: int, minute: int, second: int, expected: bool
) -> None:
    now = datetime(2026, 11, 24, hour, minute, second, tzinfo=LOCAL)
    assert is_night(now, "clock") is expected
    assert is_night(now, "off") is False
    assert is_night(now, "now") is True


@pytest.mark.parametrize(
    ("hands", "mode", "by_phone", "promotion_by_id", "other_by_id"),
    [
        (at(23, 0), "off", 0, 0, 0),
        (at(12, 0), "clock", 0, 0, 0),
        (at(21, 59, 59), "clock", 0, 0, 0),
        (at(22, 0), "clock", -133, -234, 0),
        (at(5, 59, 59), "clock", -133, -234, 0),
        (at(12, 0), "now", -133, -234, 0),
    ],
)
def test_templates_at_night_by_channel_and_tag(
    hands: Hands, mode: str, by_phone: int, promotion_by_id: int, other_by_id: int, tmp_path: Path
) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="night", value=mode)
        sent = await client.post(PHONE_SEND, client.phone_send("Mẫu cũ", template_data=DATA))
        assert sent["error"] == by_phone
        for name, code in (("Tin quảng bá", promotion_by_id), ("Mẫu cũ", other_by_id)):
            body = {
                "user_id": USER,
                "template_id": client.template_id(name),
                "template_data": DATA,
            }
            assert (await client.post(BY_ID, body))["error"] == code

    play(scene, clock=Clock(source=hands), templates=contract_templates(tmp_path))


def test_chat_may_be_answered_at_any_hour_and_old_promotions_not() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="night", value="clock")
        await client.order(kind="legacy", value="on")
        await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
        assert (await client.post(CHAT, answer_to()))["error"] == 0
        message = {"attachment": {"type": "template"}}
        body = {"recipient": {"user_id": USER}, "message": message}
        assert (await client.post(PROMOTION, body))["error"] == -234
        assert (await client.post("/v3.0/oa/message/transaction", body))["error"] == 0

    play(scene, clock=Clock(source=at(23, 30)))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_sandbox/say", {"text": "xin chào"}),
        ("/_sandbox/say", {"image": "https://example.vn/1.jpg"}),
        ("/_sandbox/follow", {"follow": True}),
        ("/_sandbox/share", {"name": "Nguyễn Văn A", "phone": "84912000111"}),
    ],
)
def test_interactions_open_the_chat_anew(path: str, body: dict[str, Any]) -> None:
    hands = Hands(NOON_S)

    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        await later(client, hands, 7.001)
        assert (await client.post(CHAT, answer_to()))["error"] == -230
        await client.post(path, {"user_id": USER, **body})
        assert (await client.post(CHAT, answer_to()))["error"] == 0

    play(scene, clock=Clock(source=hands))


def test_looking_at_a_message_is_no_interaction() -> None:
    hands = Hands(NOON_S)
    user_id = user_id_of(PHONE)

    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": user_id, "follow": True})
        await client.post(PHONE_SEND, client.phone_send())
        await later(client, hands, 7.001)
        await client.page(f"/?who={PHONE}")
        await client.product.wait_for("user_seen_message")
        assert (await client.post(CHAT, answer_to(user_id)))["error"] == -230

    play(scene, clock=Clock(source=hands))


def test_a_template_by_user_id_needs_no_window() -> None:
    hands = Hands(NOON_S)

    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": False})
        await later(client, hands, 30)
        body = client.phone_send() | {"user_id": USER}
        assert (await client.post(BY_ID, body))["error"] == 0

    play(scene, clock=Clock(source=hands))


def test_who_had_no_phone_in_hand_for_45_days_gets_nothing() -> None:
    hands = Hands(NOON_S)
    user_id = user_id_of(PHONE)

    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": user_id, "follow": True})
        await later(client, hands, 44.9)
        assert (await client.post(PHONE_SEND, client.phone_send()))["error"] == 0
        await later(client, hands, 0.2)
        by_id = client.phone_send() | {"user_id": user_id}
        assert (await client.post(BY_ID, by_id))["error"] == -227
        assert (await client.post(CHAT, answer_to(user_id)))["error"] == -227
        assert (await client.post(PHONE_SEND, client.phone_send()))["error"] == -114
        await client.page(f"/?who={PHONE}")
        assert (await client.post(PHONE_SEND, client.phone_send()))["error"] == 0

    play(scene, clock=Clock(source=hands))
