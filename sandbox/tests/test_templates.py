"""The registry of templates: parameters, states and their events, lists, ratings, hashed phones."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.fault_table import TEMPLATE_STATES
from sandbox.people import hash_of
from sandbox.tests.running import PHONE, USER, Client, contract_templates, play

PHONE_SEND, BY_ID = "/message/template", "/v3.0/oa/message/template"
STATUS_NUMBERS = {"ENABLE": "1", "PENDING_REVIEW": "2", "REJECT": "3", "DISABLE": "4"}
CODES = {
    "ENABLE": (0, 0),
    "PENDING_REVIEW": (-131, -131),
    "REJECT": (-131, -131),
    "DISABLE": (-146, -146),
    "DELETE": (-109, -109),
    "PHONE_ONLY": (0, -249),
    "QUOTA_OUT": (-147, -147),
}


async def names(client: Client, **query: str) -> list[str]:
    answer = await client.get("/template/all", **query)
    assert answer["metadata"]["total"] >= len(answer["data"])
    return [row["templateName"] for row in answer["data"]]


@pytest.mark.parametrize("state", TEMPLATE_STATES)
def test_state_decides_what_may_be_sent_on_each_channel(state: str) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="template", template="received", value=state)
        sent = await client.post(PHONE_SEND, client.phone_send())
        by_id = await client.post(BY_ID, client.phone_send() | {"user_id": USER})
        assert (sent["error"], by_id["error"]) == CODES[state]
        other = await client.post(PHONE_SEND, client.phone_send("ready"))
        assert other["error"] == 0

    play(scene)


@pytest.mark.parametrize("status", ["PENDING_REVIEW", "REJECT", "DISABLE"])
def test_status_is_listed_filtered_described_and_told(status: str) -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="template", template="received", value=status)
        assert await names(client, status=STATUS_NUMBERS[status]) == ["received"]
        assert "received" not in await names(client, status="1")
        assert "received" in await names(client)
        template_id = client.template_id("received")
        info = (await client.get("/template/info/v2", template_id=template_id))["data"]
        assert info["status"] == status
        (hook,) = await client.product.wait_for("change_template_status")
        assert hook.is_signed()
        assert hook.headers["X-ZEvent-Server"] == "ZNS"
        assert hook.body["template_id"] == template_id
        assert hook.body["status"] == {"prev_status": "ENABLE", "new_status": status}

    play(scene)


def test_deleted_template_is_gone_and_comes_back_with_everything_else() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="template", template="received", value="DELETE")
        assert "received" not in await names(client)
        template_id = client.template_id("received")
        assert (await client.get("/template/info/v2", template_id=template_id))["error"] == -109
        await client.order(kind="none")
        assert "received" in await names(client)
        hooks = await client.product.wait_for("change_template_status", count=2)
        assert [hook.body["status"]["new_status"] for hook in hooks] == ["DELETE", "ENABLE"]

    play(scene)


def test_what_only_restricts_sending_is_no_status_and_no_event() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="template", template="received", value="PHONE_ONLY")
        assert "received" in await names(client, status="1")
        await client.post("/_sandbox/say", {"user_id": USER, "text": "sau cùng"})
        await client.product.wait_for("user_send_text")
        events = [hook.body["event_name"] for hook in client.product.hooks]
        assert "change_template_status" not in events

    play(scene)


def test_low_quality_shows_in_every_call_that_tells_it() -> None:
    async def scene(client: Client) -> None:
        assert (await client.get("/quality"))["data"]["oaCurrentQuality"] == "HIGH"
        await client.order(kind="template", template="received", value="DISABLE")
        assert (await client.get("/quality"))["data"]["oaCurrentQuality"] == "LOW"
        rows = (await client.get("/template/all", status="4"))["data"]
        assert rows[0]["templateQuality"] == "LOW"

    play(scene)


def test_pages_of_the_list_are_at_most_a_hundred() -> None:
    async def scene(client: Client) -> None:
        every = await names(client, offset="0", limit="100")
        paged = [
            name
            for offset in range(0, len(every), 4)
            for name in await names(client, offset=str(offset), limit="4")
        ]
        assert paged == every
        assert await names(client, offset="500") == []
        for query in ({"limit": "-1"}, {"offset": "x"}, {"status": "5"}, {"status": "ENABLE"}):
            assert (await client.get("/template/all", **query))["error"] == -132

    play(scene)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("Trạng thái hồ sơ", {"ten": "A", "ma_ho_so": "H2"}, -1124),
        ("Trạng thái hồ sơ", {"ten": "A", "ma_ho_so": "H20"}, 0),
        ("Trạng thái hồ sơ", {"ten": "A"}, -1122),
        ("Tin quảng bá", {"ten": "A"}, 0),
        ("Tin quảng bá", {"ten": "A", "ma_ho_so": None}, -1122),
        ("Tin quảng bá", {"ten": "A", "ma_ho_so": ""}, -1122),
        ("Mẫu cũ", {"ten": "A", "ma_ho_so": None}, 0),
        ("Mẫu cũ", {}, -111),
        ("Mẫu cũ", {"ten": "x" * 31}, -1121),
        ("Mẫu cũ", {"ten": ["A"]}, -1124),
    ],
)
def test_parameters_are_checked_as_the_list_of_parameters_says(
    name: str, data: dict[str, Any], error: int, tmp_path: Path
) -> None:
    async def scene(client: Client) -> None:
        answer = await client.post(PHONE_SEND, client.phone_send(name, template_data=data))
        assert answer["error"] == error

    play(scene, templates=contract_templates(tmp_path))


def test_description_says_what_may_be_left_out(tmp_path: Path) -> None:
    async def scene(client: Client) -> None:
        described = {}
        for name in ("Trạng thái hồ sơ", "Tin quảng bá", "Mẫu cũ"):
            query = {"template_id": client.template_id(name)}
            info = (await client.get("/template/info/v2", **query))["data"]
            param = info["listParams"][1]
            described[info["templateTag"]] = (
                param["require"],
                param["minLength"],
                param["maxLength"],
                param["acceptNull"],
            )
        assert described == {
            "CUSTOMER_CARE": (True, 3, 30, False),
            "PROMOTION": (False, 0, 30, False),
            "TRANSACTION": (False, 0, 30, True),
        }

    play(scene, templates=contract_templates(tmp_path))


def test_sample_data_of_every_template_can_be_sent() -> None:
    async def scene(client: Client) -> None:
        for template in client.world.templates.listed():
            sample = await client.get("/template/sample-data", template_id=template.id)
            body = client.phone_send(template.name, template_data=sample["data"])
            assert (await client.post(PHONE_SEND, body))["error"] == 0, template.name

    play(scene)


def test_kinds_of_content_that_may_be_sent_are_listed() -> None:
    async def scene(client: Client) -> None:
        assert "TRANSACTION" in (await client.get("/message/template-tag"))["data"]

    play(scene)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_ratings_are_told_and_read_by_template_and_time(method: str) -> None:
    async def scene(client: Client) -> None:
        sent = await client.post(PHONE_SEND, client.phone_send("returned"))
        msg_id = sent["data"]["msg_id"]
        rating = {"rate": 5, "note": "Nhanh gọn", "feedbacks": ["Cán bộ lịch sự"]}
        await client.post("/_sandbox/rate", {"msg_id": msg_id, **rating})
        (hook,) = await client.product.wait_for("user_feedback")
        assert hook.body["message"]["msg_id"] == msg_id
        assert "sender" not in hook.body
        now_ms = int(hook.body["message"]["submit_time"])

        async def read(starts: int, ends: int) -> list[dict[str, Any]]:
            query = {
                "template_id": client.template_id("returned"),
                "from_time": str(starts),
                "to_time": str(ends),
            }
            async with client.session.request(
                method,
                f"{client.url}/rating/get",
                params=query,
                headers={"access_token": client.token},
            ) as response:
                data = (await response.json())["data"]
                assert data["total"] == len(data["data"])
                found: list[dict[str, Any]] = data["data"]
                return found

        (row,) = await read(now_ms - 1, now_ms + 1)
        assert {key: row[key] for key in rating} == rating
        assert (row["msgId"], row["trackingId"]) == (msg_id, "hs12345e07")
        assert await read(now_ms + 1, now_ms + 2) == []

    play(scene)


def test_rating_without_sense_is_refused() -> None:
    async def scene(client: Client) -> None:
        for body in ({"msg_id": "x", "rate": 5}, {"rate": 6}):
            async with client.session.post(f"{client.url}/_sandbox/rate", json=body) as response:
                assert response.status == 400
        query = {"template_id": client.template_id("ready"), "from_time": "2", "to_time": "1"}
        assert (await client.get("/rating/get", **query))["error"] == -132
        assert (await client.get("/rating/get", template_id="1"))["error"] == -109

    play(scene)


def test_hash_of_a_phone_that_was_met_reaches_it_and_the_receipt_names_the_hash() -> None:
    async def scene(client: Client) -> None:
        path, body = f"{PHONE_SEND}/hashphone", client.phone_send("ready")
        del body["phone"]
        body["hash_phone"] = hash_of(PHONE)
        assert (await client.post(path, body))["error"] == -118
        await client.post(PHONE_SEND, client.phone_send())
        assert (await client.post(path, body))["error"] == 0
        rows = await client.get("/_sandbox/messages", phone=PHONE)
        assert [row["template"] for row in rows] == ["received", "ready"]
        hooks = await client.product.wait_for("user_received_message", count=2)
        assert {hook.body["recipient"]["id"] for hook in hooks} == {PHONE, hash_of(PHONE)}
        assert (await client.post(path, body | {"hash_phone": "x"}))["error"] == -108

    play(scene)


def test_phones_that_begin_with_0_are_taken_where_that_is_switched_on() -> None:
    async def scene(client: Client) -> None:
        body = client.phone_send(phone="0950000143")
        assert (await client.post(PHONE_SEND, body))["error"] == -108
        await client.order(kind="phones", value="any")
        assert (await client.post(PHONE_SEND, body))["error"] == 0
        (row,) = await client.get("/_sandbox/messages")
        assert row["phone"] == PHONE

    play(scene)


def test_status_of_a_message_whose_phone_is_off_is_under_way() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="receipt", value="none")
        sent = await client.post(PHONE_SEND, client.phone_send())
        query = {"message_id": sent["data"]["msg_id"]}
        told = (await client.get("/message/status", **query))["data"]
        assert (told["status"], told["delivery_time"]) == (0, "")

    play(scene)
