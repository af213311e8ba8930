"""People: how they stand, what following changes, what the account may read and note of them."""

import json
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.fault_table import STANDINGS
from sandbox.people import DAY_MS, user_id_of
from sandbox.tests.running import PHONE, USER, Client, Hands, play

PHONE_SEND, BY_ID = "/message/template", "/v3.0/oa/message/template"
CHAT, LIST = "/v3.0/oa/message/cs", "/v3.0/oa/user/getlist"
OTHER = "6630000000000000004"


async def listed(client: Client, **query: Any) -> list[str]:
    answer = await client.get(LIST, data=json.dumps(query))
    return [row["user_id"] for row in answer["data"]["users"]]


@pytest.mark.parametrize("value", STANDINGS)
def test_standing_refuses_each_channel_by_its_code(value: str) -> None:
    standing = STANDINGS[value]

    async def scene(client: Client) -> None:
        await client.order(kind="person", phone=PHONE, value=value)
        await client.post("/_sandbox/follow", {"user_id": user_id_of(PHONE), "follow": True})
        sent = await client.post(PHONE_SEND, client.phone_send())
        by_id = await client.post(BY_ID, client.phone_send() | {"user_id": user_id_of(PHONE)})
        chat = {"recipient": {"user_id": user_id_of(PHONE)}, "message": {"text": "Chào"}}
        said = await client.post(CHAT, chat)
        assert [sent["error"], by_id["error"], said["error"]] == [
            standing.by_phone,
            standing.by_user_id,
            standing.by_user_id,
        ]
        other = await client.post(PHONE_SEND, client.phone_send(phone="84950000144"))
        assert other["error"] == 0

    play(scene)


def test_message_in_development_reaches_administrators_only() -> None:
    async def scene(client: Client) -> None:
        body = client.phone_send(mode="development")
        assert (await client.post(PHONE_SEND, body))["error"] == -127
        await client.order(kind="person", phone=PHONE, value="admin")
        assert (await client.post(PHONE_SEND, body))["error"] == 0
        other = body | {"phone": "84950000144"}
        assert (await client.post(PHONE_SEND, other))["error"] == -127

    play(scene)


def test_following_opens_the_chat_and_leaving_closes_it_with_an_event_each() -> None:
    chat = {"recipient": {"user_id": USER}, "message": {"text": "Chào"}}

    async def scene(client: Client) -> None:
        codes = []
        for follows in (True, False):
            await client.post("/_sandbox/follow", {"user_id": USER, "follow": follows})
            codes.append((await client.post(CHAT, chat))["error"])
            account = (await client.get("/v2.0/oa/getoa"))["data"]
            assert account["num_follower"] == int(follows)
        assert codes == [0, -213]
        for name in ("follow", "unfollow"):
            (hook,) = await client.product.wait_for(name)
            assert hook.body["follower"] == {"id": USER}
            assert hook.is_signed()

    play(scene)


def test_list_holds_who_follows_or_wrote_and_pages() -> None:
    async def scene(client: Client) -> None:
        await client.post(PHONE_SEND, client.phone_send())
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        await client.post("/_sandbox/say", {"user_id": OTHER, "text": "xin chào"})
        assert await listed(client, offset=0, count=50) == [USER, OTHER]
        assert await listed(client, offset=1, count=1) == [OTHER]
        assert await listed(client, offset=0, count=50, is_follower=True) == [USER]
        assert await listed(client, offset=0, count=50, is_follower=False) == [OTHER]

    play(scene)


def test_list_by_tag_and_by_period() -> None:
    hands = Hands()

    async def scene(client: Client) -> None:
        await client.post("/_sandbox/say", {"user_id": OTHER, "text": "xin chào"})
        hands.now_s += DAY_MS / 1000
        client.world.tokens.access[client.token] = hands.now_s + 60
        await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
        await client.post("/v2.0/oa/tag/tagfollower", {"user_id": USER, "tag_name": "Xã A"})
        assert await listed(client, tag_name="Xã A") == [USER]
        assert await listed(client, last_interaction_period="TODAY") == [USER]
        assert await listed(client, last_interaction_period="YESTERDAY") == [OTHER]
        assert await listed(client, last_interaction_period="L7D") == [OTHER, USER]
        day = f"{client.world.clock.now():%Y_%m_%d}"
        assert await listed(client, last_interaction_period=f"{day}:{day}") == [USER]

    play(scene, clock=Clock(source=hands))


@pytest.mark.parametrize(
    ("query", "error"),
    [({"count": 51}, -210), ({"offset": 9_952}, -210), ({"offset": "0"}, -210), (None, -201)],
)
def test_list_beyond_its_limits_is_refused(query: dict[str, Any] | None, error: int) -> None:
    async def scene(client: Client) -> None:
        answer = await client.get(LIST, data="" if query is None else json.dumps(query))
        assert answer["error"] == error

    play(scene)


@pytest.mark.parametrize("user_id", [USER, int(USER)])
def test_tags_are_put_listed_and_taken_with_events(user_id: str | int) -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        tag = {"user_id": user_id, "tag_name": "Xã A"}
        assert await client.post("/v2.0/oa/tag/tagfollower", tag) == {
            "error": 0,
            "message": "Success",
        }
        assert (await client.get("/v2.0/oa/tag/gettagsofoa"))["data"] == ["Xã A"]
        (hook,) = await client.product.wait_for("add_user_to_tag")
        assert hook.body["tag"] == {"user_ids": [USER], "name": "Xã A"}
        person = await client.get("/v3.0/oa/user/detail", data=json.dumps({"user_id": USER}))
        assert person["data"]["tags_and_notes_info"]["tag_names"] == ["Xã A"]
        await client.post("/v2.0/oa/tag/rmfollowerfromtag", tag)
        await client.product.wait_for("remove_user_from_tag")
        assert (await client.get("/v2.0/oa/tag/gettagsofoa"))["data"] == []

    play(scene)


def test_tag_is_taken_from_everybody() -> None:
    async def scene(client: Client) -> None:
        for user_id in (USER, OTHER):
            await client.post("/_sandbox/follow", {"user_id": user_id, "follow": True})
            tag = {"user_id": user_id, "tag_name": "Xã A"}
            await client.post("/v2.0/oa/tag/tagfollower", tag)
        await client.post("/v2.0/oa/tag/rmtag", {"tag_name": "Xã A"})
        assert (await client.get("/v2.0/oa/tag/gettagsofoa"))["data"] == []

    play(scene)


@pytest.mark.parametrize("body", [{}, {"user_id": "404", "tag_name": "x"}, {"user_id": USER}])
def test_tag_of_nobody_is_refused(body: dict[str, Any]) -> None:
    async def scene(client: Client) -> None:
        assert (await client.post("/v2.0/oa/tag/tagfollower", body))["error"] == -201

    play(scene)


def test_details_that_were_shared_can_be_read_and_are_told() -> None:
    async def scene(client: Client) -> None:
        told = {"name": "Nguyễn Văn A", "phone": "84912000111", "address": "1 Nguyễn Huệ"}
        await client.post("/_sandbox/share", {"user_id": USER, **told})
        (hook,) = await client.product.wait_for("user_submit_info")
        assert (hook.body["sender"], hook.body["info"]["phone"]) == ({"id": USER}, "84912000111")
        person = await client.get("/v3.0/oa/user/detail", data=json.dumps({"user_id": USER}))
        assert person["data"]["shared_info"] == told | {"city": "", "district": ""}

    play(scene)


def test_account_writes_down_what_it_knows_of_a_person() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        noted = {"user_id": USER, "name": "Nguyễn Văn A", "address": "1 Nguyễn Huệ"}
        assert (await client.post("/v3.0/oa/updatefollowerinfo", noted))["error"] == 0
        person = await client.get("/v3.0/oa/user/detail", data=json.dumps({"user_id": USER}))
        assert person["data"]["shared_info"]["name"] == "Nguyễn Văn A"

    play(scene)


@pytest.mark.parametrize("path", ["/v2.0/oa/getprofile", "/v2.0/oa/getfollowers"])
def test_old_reads_are_shut_down(path: str) -> None:
    async def scene(client: Client) -> None:
        assert (await client.get(path, data="{}"))["error"] == -240

    play(scene)
