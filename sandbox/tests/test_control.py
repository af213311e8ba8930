"""The control API and strange input: always a sentence, never a 500."""

import re
from typing import Any

import pytest

from sandbox.app import build_app
from sandbox.messages import KEPT, Mailbox, Message
from sandbox.people import user_id_of
from sandbox.tests.running import PHONE, SETTINGS, USER, Client, play

STRANGE: list[bytes] = [
    b"", b"null", b"[]", b"{", b"3", b'"x"', b"\xff", b'{"user_id": "\\ud800", "text": "x"}',
    b'{"user_id": {}, "text": [], "follow": 1, "kind": {}, "phone": []}',
    b'{"recipient": [], "message": {"text": {}}, "template_id": {}, "template_data": {"ma": {}}}',
    b"[" * 50_000, b"app_id=1&" * 500, b"%ff=%fe&who=%00", b'{"phone": "84950000143\\u0000"}',
]  # fmt: skip


def addresses(method: str) -> list[str]:
    """Every address of the sandbox, each word that may stand in it once."""
    found = []
    for route in build_app(SETTINGS).router.routes():
        info = route.resource.get_info() if route.resource is not None else {}
        template = str(info.get("path") or info.get("formatter") or "")
        pattern = info.get("pattern")
        words = re.findall(r"\(\?P<\w+>([^)]+)\)", pattern.pattern) if pattern else []
        choices = words[0].split("|") if words else [""]
        if template and route.method == method:
            found += [re.sub(r"\{\w+\}", word, template) for word in choices]
    assert len(found) == len(set(found)) > 10
    return found


def test_messages_come_oldest_first_and_filter_by_recipient() -> None:
    async def scene(client: Client) -> None:
        await client.post("/message/template", client.phone_send(tracking_id="a"))
        by_id = client.phone_send("ready") | {"user_id": USER}
        await client.post("/v3.0/oa/message/template", by_id)
        await client.post("/message/template", client.phone_send("ready", tracking_id="c"))
        rows = await client.get("/_sandbox/messages")
        assert [row["tracking_id"] for row in rows] == ["a", None, "c"]
        mine = await client.get("/_sandbox/messages", phone=PHONE)
        assert [row["template"] for row in mine] == ["received", "ready"]
        assert {row["phone"] for row in mine} == {PHONE}
        assert len(await client.get("/_sandbox/messages", user_id=USER)) == 1
        assert await client.get("/_sandbox/messages", phone=PHONE, user_id=USER) == []

    play(scene)


def test_words_of_the_person_are_not_among_the_messages_received() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
        assert await client.get("/_sandbox/messages") == []

    play(scene)


def test_people_are_known_by_the_user_id_that_belongs_to_their_phone() -> None:
    async def scene(client: Client) -> None:
        await client.post("/message/template", client.phone_send())
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        rows = await client.get("/_sandbox/people")
        assert [(row["user_id"], row["phone"], row["follows"]) for row in rows] == [
            (user_id_of(PHONE), PHONE, False),
            (USER, "", True),
        ]

    play(scene)


def test_reset_forgets_everything_but_the_tokens() -> None:
    async def scene(client: Client) -> None:
        await client.post("/message/template", client.phone_send())
        await client.post("/_sandbox/faults", {"kind": "drop"})
        await client.post("/_sandbox/reset", {})
        for path in ("messages", "people", "faults"):
            assert await client.get(f"/_sandbox/{path}") == []
        assert (await client.get("/message/quota"))["error"] == 0

    play(scene)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("say", {"user_id": USER}),
        ("say", {"user_id": USER, "text": "   "}),
        ("say", {"user_id": USER, "text": "x" * 2_001}),
        ("say", {"user_id": 5, "text": "x"}),
        ("say", {"user_id": "nguyễn", "text": "x"}),
        ("follow", {"user_id": USER, "follow": "yes"}),
        ("follow", {"follow": True}),
        ("say", {"user_id": USER, "image": "javascript:alert(1)"}),
        ("say", {"user_id": USER, "image": 3}),
        ("share", {"name": "Nguyễn Văn A"}),
        ("share", {"user_id": USER, "phone": 84912000111}),
        ("rate", {"msg_id": ["x"], "rate": 5}),
        ("event", {"event_name": 5}),
    ],
)
def test_order_without_sense_is_refused_in_vietnamese(path: str, body: dict[str, Any]) -> None:
    async def scene(client: Client) -> None:
        url = f"{client.url}/_sandbox/{path}"
        async with client.session.post(url, json=body) as response:
            assert response.status == 400
            assert "phải" in (await response.json())["error"]

    play(scene)


def test_strange_input_never_breaks_any_address() -> None:
    async def scene(client: Client) -> None:
        headers = {"access_token": client.token}
        for path in addresses("POST"):
            for raw in STRANGE:
                url = client.url + path
                async with client.session.post(url, data=raw, headers=headers) as response:
                    assert response.status < 500, (path, raw[:40])
        queries = (
            "who=%ff%fe", "who=%00", "who=" + "9" * 3_000, "phone=%F0%9F", "data=%ff",
            "offset=9" + "9" * 30, "template_id=%00&from_time=x", 'data={"count":[]}',
        )  # fmt: skip
        for query in queries:
            for path in addresses("GET"):
                url = f"{client.url}{path}?{query}"
                async with client.session.get(
                    url, headers=headers, allow_redirects=False
                ) as response:
                    assert response.status < 500, (path, query[:40])

    play(scene)


def test_page_of_another_site_cannot_order_anything() -> None:
    async def scene(client: Client) -> None:
        headers = {"Sec-Fetch-Site": "cross-site"}
        url = f"{client.url}/_sandbox/faults"
        async with client.session.post(url, json={"kind": "drop"}, headers=headers) as response:
            assert response.status == 403
        assert await client.get("/_sandbox/faults") == []

    play(scene)


def test_mailbox_forgets_the_oldest_beyond_its_limit() -> None:
    mailbox = Mailbox()
    first = Message("chat", 0, user_id=USER, text="đầu")
    mailbox.add(first)
    for number in range(KEPT):
        mailbox.add(Message("chat", number, user_id=USER))
    assert len(mailbox.received()) == KEPT
    assert mailbox.find(first.msg_id) is None
