"""Events: signatures, shapes, retries."""

import json
from typing import Any

import pytest

from sandbox.tests.running import PHONE, SETTINGS, USER, Client, Product, examples, play, until
from sandbox.webhooks import signature

SIGNED = {
    name: example
    for name, example in examples()["webhooks"].items()
    if "X-ZEvent-Signature" in example["headers"]
}


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_signature_is_that_of_the_contract(name: str) -> None:
    raw = SIGNED[name]["raw_body"].encode()
    mac = signature(
        app_id=SETTINGS.app_id,
        raw_body=raw,
        timestamp=json.loads(raw)["timestamp"],
        oa_secret_key=SETTINGS.oa_secret_key,
    )
    assert mac == SIGNED[name]["headers"]["X-ZEvent-Signature"]


def test_receipt_of_a_template_by_phone_names_phone_tracking_id_and_time() -> None:
    async def scene(client: Client) -> None:
        sent = await client.post("/message/template", client.phone_send())
        (hook,) = await client.product.wait_for("user_received_message")
        assert hook.is_signed()
        assert hook.headers["X-ZEvent-Server"] == "ZNS"
        assert hook.headers["User-Agent"] == "ZaloWebhook"
        assert "num_retry" not in hook.headers
        assert hook.body["sender"] == {"id": SETTINGS.oa_id}
        assert hook.body["recipient"] == {"id": PHONE}
        message = hook.body["message"]
        assert message["msg_id"] == sent["data"]["msg_id"]
        assert message["tracking_id"] == "hs12345e07"
        assert message["delivery_time"].isdigit()

    play(scene)


def test_receipt_of_a_template_by_user_id_has_the_shape_of_the_chat() -> None:
    async def scene(client: Client) -> None:
        body = client.phone_send() | {"user_id": USER}
        sent = await client.post("/v3.0/oa/message/template", body)
        (hook,) = await client.product.wait_for("user_received_message")
        assert hook.is_signed()
        assert hook.headers["X-ZEvent-Server"] == "OA OpenAPI"
        assert hook.body["recipient"] == {"id": USER}
        assert hook.body["message"] == {"msg_id": sent["data"]["message_id"]}

    play(scene)


@pytest.mark.parametrize(
    ("example", "path", "body"),
    [
        ("user_send_text", "/_sandbox/say", {"text": "hồ sơ của tôi: Ễ Ở"}),
        ("follow", "/_sandbox/follow", {"follow": True}),
        ("unfollow", "/_sandbox/follow", {"follow": False}),
    ],
)
def test_event_has_the_keys_of_the_contract(example: str, path: str, body: dict[str, Any]) -> None:
    async def scene(client: Client) -> None:
        await client.post(path, {"user_id": USER, **body})
        (hook,) = await client.product.wait_for(example)
        assert hook.is_signed()
        wanted = json.loads(SIGNED[example]["raw_body"])
        wanted.pop("user_id_by_app")
        assert shape(hook.body) == shape(wanted)

    play(scene)


def shape(value: Any) -> Any:
    """The keys and types of a JSON value."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__


def test_opened_phone_reports_each_message_as_seen_once() -> None:
    async def scene(client: Client) -> None:
        sent = await client.post("/message/template", client.phone_send())
        for _ in range(2):
            assert (await client.page(f"/?who={PHONE}"))[0] == 200
        await client.post("/_sandbox/say", {"user_id": USER, "text": "sau cùng"})
        await client.product.wait_for("user_send_text")
        (hook,) = await client.product.wait_for("user_seen_message")
        assert hook.is_signed()
        assert hook.body["recipient"] == {"id": PHONE}
        assert hook.body["message"] == {"msg_ids": [sent["data"]["msg_id"]]}
        (row,) = await client.get("/_sandbox/messages")
        assert row["seen_at"] is not None

    play(scene)


def test_refused_event_is_sent_again_the_same_with_its_number_of_retries() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
        hooks = await client.product.wait_for("user_send_text", count=3)
        assert [hook.headers.get("num_retry") for hook in hooks] == [None, "1", "2"]
        assert len({hook.raw for hook in hooks}) == 1
        assert all(hook.is_signed() for hook in hooks)

    play(scene, product=Product(answers=[503, 404]))


def test_event_is_given_up_after_the_ladder() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
        await until(lambda: any("thôi" in str(e.details) for e in client.world.wire.entries))
        assert [hook.headers.get("num_retry") for hook in client.product.hooks] == [
            None,
            *"12345",
        ]

    play(scene, product=Product(answers=[500] * 9), retry_scale=0.00001)


def test_product_that_is_down_costs_no_send() -> None:
    async def scene(client: Client) -> None:
        sent = await client.post("/message/template", client.phone_send())
        assert sent["error"] == 0
        await until(lambda: any("không trả lời" in str(e) for e in client.world.wire.entries))

    play(scene, webhook_url="http://127.0.0.1:9/webhooks/zalo/")
