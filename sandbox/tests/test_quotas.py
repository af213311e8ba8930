"""What may be sent: quotas by phone and of the account, the calls that tell, the call rate."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.limits import BY_USER_ID_A_MONTH, CHAT_A_MONTH
from sandbox.people import DAY_MS
from sandbox.tests.running import USER, Client, Hands, contract_templates, play

PHONE_SEND, BY_ID = "/message/template", "/v3.0/oa/message/template"
CHAT, PROMOTION = "/v3.0/oa/message/cs", "/v3.0/oa/message/promotion"
QUOTA = "/v3.0/oa/quota/message"


def to_user(text: str = "Chào Ông/Bà") -> dict[str, Any]:
    return {"recipient": {"user_id": USER}, "message": {"text": text}}


async def later(client: Client, hands: Hands, days: float) -> None:
    """Some days pass; the token is young again."""
    hands.now_s += days * DAY_MS / 1000
    client.world.tokens.access[client.token] = hands.now_s + 60


def test_quota_by_phone_is_new_on_the_next_day() -> None:
    hands = Hands()

    async def scene(client: Client) -> None:
        assert (await client.post(PHONE_SEND, client.phone_send()))["error"] == 0
        assert (await client.post(PHONE_SEND, client.phone_send()))["error"] == -144
        await later(client, hands, 1)
        answer = await client.post(PHONE_SEND, client.phone_send())
        assert answer["data"]["quota"] == {"dailyQuota": "1", "remainingQuota": "0"}

    play(scene, clock=Clock(source=hands), daily_quota=1)


def test_refused_template_costs_no_quota() -> None:
    async def scene(client: Client) -> None:
        await client.post(PHONE_SEND, client.phone_send(template_data={}))
        await client.post(PHONE_SEND, client.phone_send(phone="84950000100"))
        assert (await client.get("/message/quota"))["data"]["remainingQuota"] == 5

    play(scene, daily_quota=5)


def test_ordered_fault_that_accepts_nothing_costs_no_quota() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="error", code=-100)
        await client.order(kind="quoted", code=-100)
        await client.order(kind="garbage")
        for _time in range(2):
            await client.post(PHONE_SEND, client.phone_send())
        assert (await client.get("/message/quota"))["data"]["remainingQuota"] == 5
        headers = {"access_token": client.token}
        url = client.url + PHONE_SEND
        async with client.session.post(url, json=client.phone_send(), headers=headers):
            pass
        assert (await client.get("/message/quota"))["data"]["remainingQuota"] == 4

    play(scene, daily_quota=5)


def test_quota_switched_to_empty_is_said_by_every_call() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="quota", value="empty")
        assert (await client.post(PHONE_SEND, client.phone_send()))["error"] == -144
        assert (await client.get("/message/quota"))["data"]["remainingQuota"] == 0
        _, page = await client.page("/")
        assert "<dd>0 / 500</dd>" in page

    play(scene, daily_quota=500)


def test_sending_mode_3_goes_over_the_quota_with_promotions_only(tmp_path: Path) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="quota", value="empty")
        data = {"ten": "Nguyễn Văn A", "ma_ho_so": "H20"}
        body = client.phone_send("Tin quảng bá", template_data=data, sending_mode="3")
        answer = await client.post(PHONE_SEND, body)
        assert (answer["error"], answer["data"]["sending_mode"]) == (0, "3")
        body["template_id"] = client.template_id("Trạng thái hồ sơ")
        assert (await client.post(PHONE_SEND, body))["error"] == -162

    play(scene, templates=contract_templates(tmp_path))


def test_quota_by_user_id_goes_down_and_ends_with_its_code() -> None:
    async def scene(client: Client) -> None:
        body = client.phone_send() | {"user_id": USER}
        for left in (BY_USER_ID_A_MONTH - 1, BY_USER_ID_A_MONTH - 2):
            assert (await client.post(BY_ID, body))["data"]["quota"]["remain"] == left
        assert (await client.get("/message/quota"))["data"]["remainingQuota"] == 100_000
        await client.order(kind="oa_quota", value="empty")
        assert (await client.post(BY_ID, body))["error"] == -211

    play(scene)


def test_answers_are_free_for_48_hours_and_billed_up_to_seven_days() -> None:
    hands = Hands()

    async def scene(client: Client) -> None:
        await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
        free = await client.post(CHAT, to_user())
        assert free["data"]["quota"] == {"quota_type": "reply"}
        await later(client, hands, 2.01)
        billed = await client.post(CHAT, to_user())
        assert billed["data"]["quota"] == {
            "quota_type": "sub_quota",
            "remain": str(CHAT_A_MONTH - 1),
            "total": str(CHAT_A_MONTH),
        }
        await client.order(kind="oa_quota", value="empty")
        assert (await client.post(CHAT, to_user()))["error"] == -211
        await client.post("/_sandbox/say", {"user_id": USER, "text": "còn đó không"})
        assert (await client.post(CHAT, to_user()))["error"] == 0

    play(scene, clock=Clock(source=hands))


def test_quota_call_tells_of_a_person() -> None:
    hands = Hands()

    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        told = (await client.post(QUOTA, {"user_id": USER}))["data"]
        assert told["last_interaction"] == str(int(hands.now_s * 1000))
        assert told["promotion"]["daily_remain"] == 1

    play(scene, clock=Clock(source=hands))


def test_quota_call_tells_of_the_account_and_filters() -> None:
    async def scene(client: Client) -> None:
        both = (await client.post(QUOTA, {"quota_owner": "OA"}))["data"]
        assert [(row["product_type"], row["quota_type"]) for row in both] == [
            ("cs", "sub_quota"),
            ("transaction", "purchase_quota"),
        ]
        body = {"quota_owner": "OA", "product_type": "cs", "quota_type": "sub_quota"}
        (row,) = (await client.post(QUOTA, body))["data"]
        assert row["remain"] == CHAT_A_MONTH
        assert (await client.post(QUOTA, body | {"quota_type": "reward_quota"}))["data"] == []
        assert (await client.post(QUOTA, {"quota_owner": "App"}))["data"] == []

    play(scene)


@pytest.mark.parametrize(
    "body", [{}, {"quota_owner": "Zalo"}, {"quota_owner": ["OA"]}, {"user_id": "404"}]
)
def test_quota_call_about_nobody_is_refused(body: dict[str, Any]) -> None:
    async def scene(client: Client) -> None:
        assert (await client.post(QUOTA, body))["error"] == -201

    play(scene)


def test_promotion_reaches_a_person_once_a_day_and_four_times_a_month() -> None:
    hands = Hands()
    body = {"recipient": {"user_id": USER}, "message": {"attachment": {"type": "template"}}}

    async def scene(client: Client) -> None:
        assert (await client.post(PROMOTION, body))["error"] == -240
        await client.order(kind="legacy", value="on")
        codes = []
        for _day in range(5):
            codes += [(await client.post(PROMOTION, body))["error"] for _ in range(2)]
            await later(client, hands, 1)
        assert codes == [0, -218] * 4 + [-218, -218]

    play(scene, clock=Clock(source=hands))


def test_rate_that_is_reached_refuses_the_account_host_and_not_sends_by_phone() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="rate", value="reached")
        async with client.session.get(
            f"{client.url}/v2.0/oa/getoa", headers={"access_token": client.token}
        ) as response:
            assert (await response.json())["error"] == -32
            assert response.headers["X-RateLimit-Remain"] == "0"
            assert response.headers["X-RateLimit-Limit"] == "4000"
        assert (await client.post(PHONE_SEND, client.phone_send()))["error"] == 0

    play(scene)


def test_refusals_carry_the_rate_headers_too() -> None:
    async def scene(client: Client) -> None:
        async with client.session.get(
            f"{client.url}/v2.0/oa/getoa", headers={"access_token": "nobody's"}
        ) as response:
            assert (await response.json())["error"] == -216
            assert response.headers["X-RateLimit-Remain"] == "3999"

    play(scene)
