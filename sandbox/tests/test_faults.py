"""Faults that somebody orders for the sends to come."""

import time
from typing import Any

import aiohttp
import pytest

from sandbox.people import user_id_of
from sandbox.tests.running import PHONE, USER, Client, play

PATH, OTHER = "/message/template", "84950000144"


async def order(client: Client, **fault: Any) -> None:
    await client.post("/_sandbox/faults", fault)


def test_error_is_answered_as_often_as_ordered_and_nothing_arrives() -> None:
    async def scene(client: Client) -> None:
        await order(client, kind="error", code=-147, times=2)
        codes = [(await client.post(PATH, client.phone_send()))["error"] for _ in range(3)]
        assert codes == [-147, -147, 0]
        assert len(await client.get("/_sandbox/messages")) == 1

    play(scene)


def test_delay_accepts_at_once_and_answers_later() -> None:
    async def scene(client: Client) -> None:
        await order(client, kind="delay", delay_s=0.3)
        started = time.monotonic()
        assert (await client.post(PATH, client.phone_send()))["error"] == 0
        assert time.monotonic() - started >= 0.3
        assert len(await client.get("/_sandbox/messages")) == 1

    play(scene)


def test_drop_accepts_sends_the_receipt_and_cuts_the_connection() -> None:
    async def scene(client: Client) -> None:
        await order(client, kind="drop")
        with pytest.raises(aiohttp.ClientError):
            await client.post(PATH, client.phone_send())
        (row,) = await client.get("/_sandbox/messages")
        (hook,) = await client.product.wait_for("user_received_message")
        assert hook.body["message"]["msg_id"] == row["msg_id"]
        assert (await client.post(PATH, client.phone_send()))["error"] == 0

    play(scene)


def test_fault_for_one_phone_leaves_others_alone_and_hits_its_user_id() -> None:
    async def scene(client: Client) -> None:
        await order(client, kind="error", code=-100, times=2, phone=PHONE)
        assert (await client.post(PATH, client.phone_send(phone=OTHER)))["error"] == 0
        assert (await client.post(PATH, client.phone_send()))["error"] == -100
        by_id = client.phone_send() | {"user_id": user_id_of(PHONE)}
        assert (await client.post("/v3.0/oa/message/template", by_id))["error"] == -100

    play(scene)


def test_fault_hits_chat_answers_too() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        await order(client, kind="error", code=-200)
        body = {"recipient": {"user_id": USER}, "message": {"text": "Chào Ông/Bà"}}
        assert (await client.post("/v3.0/oa/message/cs", body))["error"] == -200

    play(scene)


def test_none_takes_back_the_orders_of_one_phone_or_of_all() -> None:
    async def scene(client: Client) -> None:
        await order(client, kind="drop", phone=PHONE)
        await order(client, kind="drop", phone=OTHER)
        await order(client, kind="none", phone=PHONE)
        assert [row["phone"] for row in await client.get("/_sandbox/faults")] == [OTHER]
        await order(client, kind="none")
        assert await client.get("/_sandbox/faults") == []

    play(scene)


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"kind": "explode"},
        {"kind": "error"},
        {"kind": "error", "code": 0},
        {"kind": "error", "code": "-124"},
        {"kind": "error", "code": True},
        {"kind": "delay", "delay_s": -1},
        {"kind": "delay", "delay_s": 1e9},
        {"kind": "drop", "times": 0},
        {"kind": "drop", "times": [3]},
        {"kind": "drop", "phone": "0950000143"},
        {"kind": ["drop"]},
        ["drop"],
    ],
)
def test_order_that_makes_no_sense_is_refused(fault: object) -> None:
    async def scene(client: Client) -> None:
        url = f"{client.url}/_sandbox/faults"
        async with client.session.post(url, json=fault) as response:
            assert response.status == 400
            assert (await response.json())["error"]
        assert await client.get("/_sandbox/faults") == []

    play(scene)
