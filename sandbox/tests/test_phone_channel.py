"""Templates by phone: what is accepted, and each refusal by the contract's code."""

import unicodedata
from typing import Any

import pytest

from sandbox.tests.running import NO_ZALO, PHONE, Client, play

PATH = "/message/template"


def test_accepted_template_reaches_the_phone_with_its_values_filled_in() -> None:
    async def scene(client: Client) -> None:
        answer = await client.post(PATH, client.phone_send())
        assert answer["error"] == 0
        assert answer["data"]["quota"] == {"dailyQuota": "500", "remainingQuota": "499"}
        (row,) = await client.get("/_sandbox/messages", phone=PHONE)
        assert row["msg_id"] == answer["data"]["msg_id"]
        assert (row["channel"], row["template"]) == ("phone", "received")
        assert row["tracking_id"] == "hs12345e07"
        assert "Văn phòng đăng ký đất đai đã nhận đủ giấy tờ" in row["text"]
        assert row["buttons"][0]["url"] == "https://motcua.example.vn/t/q3mT1x9bV0-dLr2sKf8yAw"
        assert row["received_at"].endswith("+07:00")

    play(scene, daily_quota=500, public_url="https://motcua.example.vn")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"phone": "0950000143"}, -108),
        ({"phone": "8495000014"}, -108),
        ({"phone": 84950000143}, -108),
        ({"phone": None}, -108),
        ({"phone": NO_ZALO}, -118),
        ({"template_id": "1"}, -109),
        ({"template_id": None}, -109),
        ({"template_id": ["400001"]}, -109),
        ({"template_data": {}}, -111),
        ({"template_data": None}, -111),
        ({"template_data": ["ma"]}, -112),
        ({"template_data": "ma"}, -112),
        ({"tracking_id": "x" * 49}, -132),
        ({"tracking_id": "hs-1"}, -132),
        ({"mode": "development"}, -127),
        ({"sending_mode": "2"}, -161),
        ({"sending_mode": "3"}, -162),
    ],
)
def test_bad_request_is_refused_by_its_code(change: dict[str, Any], error: int) -> None:
    async def scene(client: Client) -> None:
        answer = await client.post(PATH, client.phone_send(**change))
        assert answer["error"] == error
        assert await client.get("/_sandbox/messages") == []

    play(scene)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"ma": ""}, -1122),
        ({"ma": None}, -1122),
        ({"ma": "x" * 31}, -1121),
        ({"thu_tuc": "x" * 81}, -1121),
        ({"ma": 43}, -1124),
        ({"co_quan": "Văn phòng\nđăng ký"}, -1124),
        ({"ma": "<b>H20</b>"}, -1124),
        ({"khac": "x"}, -112),
    ],
)
def test_bad_parameter_is_refused_by_its_code(change: dict[str, Any], error: int) -> None:
    async def scene(client: Client) -> None:
        data = client.data("received", **change)
        answer = await client.post(PATH, client.phone_send(template_data=data))
        assert answer["error"] == error

    play(scene)


def test_left_out_parameter_is_named() -> None:
    async def scene(client: Client) -> None:
        data = client.data("received")
        del data["han"]
        answer = await client.post(PATH, client.phone_send(template_data=data))
        assert answer == {"error": -1122, "message": "Parameter han is missing"}

    play(scene)


def test_length_is_measured_in_nfc() -> None:
    async def scene(client: Client) -> None:
        decomposed = unicodedata.normalize("NFD", "Ề" * 30)
        assert len(decomposed) == 90
        data = client.data("received", co_quan=decomposed)
        answer = await client.post(PATH, client.phone_send(template_data=data))
        assert answer["error"] == 0

    play(scene)


def test_unknown_token_is_refused_before_anything_else() -> None:
    async def scene(client: Client) -> None:
        client.token = "nobody's"
        answer = await client.post(PATH, client.phone_send())
        assert answer == {"error": -124, "message": "Access token invalid"}

    play(scene)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", -121),
        (b"  ", -121),
        (b"{", -122),
        (b"[]", -122),
        (b"\xff\xfe", -122),
        (b'{"phone": NaN}', -122),
        (b'{"phone": "\\ud800"}', -122),
        (b"[" * 100_000, -122),
        (b'{"phone": ' + b"9" * 5_000 + b"}", -122),
        (b" " * 2_000_000, -122),
    ],
)
def test_body_that_is_no_json_object_is_refused(raw: bytes, error: int) -> None:
    async def scene(client: Client) -> None:
        headers = {
            "access_token": client.token,
            "Content-Type": "application/json; charset=klingon",
        }
        async with client.session.post(client.url + PATH, data=raw, headers=headers) as response:
            assert response.status == 200
            assert (await response.json())["error"] == error

    play(scene)


def test_quota_of_the_day_ends_with_its_code() -> None:
    async def scene(client: Client) -> None:
        assert (await client.post(PATH, client.phone_send()))["error"] == 0
        assert (await client.post(PATH, client.phone_send()))["error"] == -144
        quota = (await client.get("/message/quota"))["data"]
        assert (quota["dailyQuota"], quota["remainingQuota"]) == (1, 0)

    play(scene, daily_quota=1)


def test_status_of_a_sent_and_of_an_unknown_message() -> None:
    async def scene(client: Client) -> None:
        sent = await client.post(PATH, client.phone_send())
        known = await client.get("/message/status", message_id=sent["data"]["msg_id"])
        assert known["data"]["status"] == 1
        unknown = await client.get("/message/status", message_id="nothing")
        assert unknown["data"]["status"] == -1
        assert (await client.get("/message/status"))["error"] == -107

    play(scene)


def test_templates_are_listed_by_name_and_described_with_their_caps() -> None:
    async def scene(client: Client) -> None:
        first = await client.get("/template/all", offset="0", limit="7", status="1")
        rest = await client.get("/template/all", offset="7", limit="100")
        rows = first["data"] + rest["data"]
        assert first["metadata"]["total"] == len(rows) == len({r["templateName"] for r in rows})
        early = next(row for row in rows if row["templateName"] == "ready_early")
        info = await client.get("/template/info/v2", template_id=str(early["templateId"]))
        caps = {p["name"]: p["maxLength"] for p in info["data"]["listParams"]}
        assert caps["noi"] == 200
        assert (await client.get("/template/info/v2", template_id="1"))["error"] == -109
        assert (await client.get("/template/all", status="3"))["data"] == []
        assert (await client.get("/template/all", offset="-1"))["error"] == -132

    play(scene)
