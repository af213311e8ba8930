"""Webhooks that come twice, in the wrong order, late, before the answer, unsigned or never."""

import json
from typing import Any

import pytest

from sandbox.tests.running import SETTINGS, USER, Client, Hook, Product, examples, play, until
from sandbox.webhooks import LADDER_S

PHONE_SEND, BY_ID = "/message/template", "/v3.0/oa/message/template"


async def say(client: Client, *texts: str) -> None:
    for text in texts:
        await client.post("/_sandbox/say", {"user_id": USER, "text": text})


def words(hooks: list[Hook]) -> list[str]:
    return [hook.body["message"]["text"] for hook in hooks]


@pytest.mark.parametrize("copies", [2, 5])
def test_each_event_comes_several_times_the_same(copies: int) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="copies", value=copies)
        await say(client, "xin chào")
        hooks = await client.product.wait_for("user_send_text", count=copies)
        assert len({hook.raw for hook in hooks}) == 1
        assert all(hook.is_signed() for hook in hooks)

    play(scene)


def test_events_come_in_the_wrong_order() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="order", value="reversed")
        await say(client, "một", "hai", "ba")
        hooks = await client.product.wait_for("user_send_text", count=3)
        assert words(hooks) == ["ba", "hai", "một"]
        await say(client, "bốn")
        assert len(await client.product.wait_for("user_send_text", count=4)) == 4

    play(scene)


def test_receipt_is_there_before_the_send_is_answered() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="receipt", value="before")
        for path in (PHONE_SEND, BY_ID):
            body = client.phone_send() | {"user_id": USER}
            data = (await client.post(path, body))["data"]
            msg_id = data.get("msg_id") or data["message_id"]
            assert client.product.hooks[-1].body["message"]["msg_id"] == msg_id

    play(scene)


def test_receipt_before_the_answer_waits_for_no_product_that_is_down() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="receipt", value="before")
        assert (await client.post(PHONE_SEND, client.phone_send()))["error"] == 0

    play(scene, webhook_url="http://127.0.0.1:9/webhooks/zalo/")


def test_phone_that_is_off_sends_no_receipt() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="receipt", value="none")
        assert (await client.post(PHONE_SEND, client.phone_send()))["error"] == 0
        await say(client, "sau cùng")
        await client.product.wait_for("user_send_text")
        assert len(client.product.hooks) == 1

    play(scene)


def test_event_comes_late_and_by_the_scale_of_the_ladder() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="late", value=3600)
        await say(client, "một")
        await client.order(kind="late", value=0)
        await say(client, "hai")
        hooks = await client.product.wait_for("user_send_text", count=2)
        assert words(hooks) == ["hai", "một"]
        stamps = [int(hook.body["timestamp"]) for hook in hooks]
        assert stamps[0] >= stamps[1]

    play(scene, retry_scale=0.0001)


def test_wrong_signature_is_the_contracts_formula_with_another_secret() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="signature", value="wrong")
        await say(client, "xin chào")
        (hook,) = await client.product.wait_for("user_send_text")
        assert not hook.is_signed()
        assert len(hook.headers["X-ZEvent-Signature"]) == len("mac=") + 64

    play(scene)


def test_account_tells_what_it_sent_itself_where_that_is_switched_on() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="echo", value="on")
        await say(client, "xin chào")
        by_id = await client.post(BY_ID, client.phone_send() | {"user_id": USER})
        chat = {"recipient": {"user_id": USER}, "message": {"text": "Chào Ông/Bà"}}
        said = await client.post("/v3.0/oa/message/cs", chat)
        for name, answer in (("oa_send_template", by_id), ("oa_send_text", said)):
            (hook,) = await client.product.wait_for(name)
            assert hook.body["sender"] == {"id": SETTINGS.oa_id}
            assert hook.body["message"]["msg_id"] == answer["data"]["message_id"]
        await client.product.wait_for("user_received_message", count=2)

    play(scene)


def test_webhook_that_is_off_gets_nothing_until_it_is_on_again() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="webhook", value="off")
        await say(client, "một")
        await client.order(kind="webhook", value="on")
        await say(client, "hai")
        assert words(await client.product.wait_for("user_send_text")) == ["hai"]

    play(scene)


def test_webhook_is_switched_off_after_the_last_retry_where_that_is_asked_for() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="give_up", value="off")
        await say(client, "một")
        await until(lambda: client.world.modes["webhook"] == "off")
        tries = [hook.headers.get("num_retry") for hook in client.product.hooks]
        assert tries == [None, *(str(number) for number in range(1, len(LADDER_S) + 1))]
        _, page = await client.page("/")
        assert "Webhook: tắt" in page

    play(scene, product=Product(answers=[500] * 6), retry_scale=0.00001)


def test_waits_of_the_ladder_are_those_of_the_contract() -> None:
    assert LADDER_S == (30, 5 * 60, 15 * 60, 30 * 60, 60 * 60)


def test_product_that_answers_too_late_gets_the_event_again() -> None:
    async def scene(client: Client) -> None:
        await say(client, "xin chào")
        hooks = await client.product.wait_for("user_send_text", count=2)
        assert [hook.headers.get("num_retry") for hook in hooks] == [None, "1"]

    play(scene, product=Product(waits_s=[3.0]))


def test_console_probes_unsigned_and_tests_signed() -> None:
    async def scene(client: Client) -> None:
        answers = await client.post("/_sandbox/probe", {})
        assert [answer[:3] for answer in answers.values()] == ["200", "401"]
        saved, tested = client.product.hooks
        assert (saved.raw, "X-ZEvent-Signature" in saved.headers) == (b"{}", False)
        assert tested.is_signed()
        wanted = json.loads(examples()["webhooks"]["console_test_button"]["raw_body"])
        assert tested.body | {"timestamp": ""} == wanted | {"timestamp": ""}

    play(scene, product=Product(answers=[200, 401]))


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, example in examples()["webhooks"].items()
        if "event_name" in json.loads(example["raw_body"])
    ),
)
def test_any_event_can_be_sent_with_the_contracts_shape(name: str) -> None:
    example = examples()["webhooks"][name]
    wanted: dict[str, Any] = json.loads(example["raw_body"])
    parts = {k: v for k, v in wanted.items() if k not in ("app_id", "event_name", "timestamp")}

    async def scene(client: Client) -> None:
        server = example["headers"]["X-ZEvent-Server"]
        order = {"event_name": wanted["event_name"], "server": server, "body": parts}
        await client.post("/_sandbox/event", order)
        (hook,) = await client.product.wait_for(wanted["event_name"])
        assert hook.is_signed()
        assert hook.headers["X-ZEvent-Server"] == server
        assert hook.body | {"timestamp": ""} == wanted | {"timestamp": ""}

    play(scene)


@pytest.mark.parametrize(
    "order",
    [{}, {"event_name": ""}, {"event_name": "x", "body": []}, {"event_name": "x", "server": "y"}],
)
def test_event_without_sense_is_refused(order: dict[str, Any]) -> None:
    async def scene(client: Client) -> None:
        async with client.session.post(f"{client.url}/_sandbox/event", json=order) as response:
            assert response.status == 400

    play(scene)
