"""A client that others wrote for the real Zalo works against the sandbox unchanged.

PyPI zalo-sdk 0.3.0: its hosts are set to the sandbox, its fixed OAuth address is led there on the
socket. It has no check of webhook signatures and sends no templates by user id.
"""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from zalo_sdk import ZaloException, ZaloOAAuthTokenExpiredException
from zalo_sdk.oa import Client as OaClient
from zalo_sdk.oa import ZaloAction, ZaloAttachment, ZaloMessageBody, ZaloRecipient
from zalo_sdk.zns import Client as TemplateClient
from zalo_sdk.zns.Client import ZNSTemplateStatus

from sandbox.tests.running import ACCESS, NO_ZALO, PHONE, REFRESH, SETTINGS, USER, Client, play

OAUTH = "https://oauth.zaloapp.com"
VERIFIER = "A" * 43


def templates_of(client: Client, token: str = ACCESS) -> Any:
    return TemplateClient(
        SETTINGS.app_id, SETTINGS.app_secret, token, REFRESH, endpoint_prefix=client.url
    )


def account_of(client: Client, token: str = ACCESS) -> Any:
    return OaClient(
        SETTINGS.app_id, SETTINGS.app_secret, token, REFRESH, endpoint_prefix=client.url
    )


async def call(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """The client blocks, so it runs beside the server."""
    return await asyncio.to_thread(work, *arguments, **named)


@pytest.fixture
def lead_oauth_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[Client], None]:
    """Requests to the OAuth host go to a sandbox, any other but the sandbox nowhere."""

    def lead(client: Client) -> None:
        send = requests.Session.send

        def led(session: requests.Session, request: requests.PreparedRequest, **more: Any) -> Any:
            request.url = str(request.url).replace(OAUTH, client.url)
            assert request.url.startswith(client.url + "/"), request.url
            return send(session, request, **more)

        monkeypatch.setattr(requests.Session, "send", led)

    return lead


def test_template_client_lists_and_sends() -> None:
    async def scene(client: Client) -> None:
        other = templates_of(client)
        listed = await call(other.get_template_list, 0, 100)
        ids = {row["templateName"]: str(row["templateId"]) for row in listed["data"]}
        sent = await call(other.send_zns_message, PHONE, ids["ready"], client.data("ready"), "t1")
        (row,) = await client.get("/_sandbox/messages", phone=PHONE)
        assert row["msg_id"] == sent["data"]["msg_id"]
        for phone, dev_mode, words in (
            (NO_ZALO, False, "not existed"),
            (PHONE, True, "administrators"),
        ):
            with pytest.raises(ZaloException, match=words):
                await call(
                    other.send_zns_message,
                    phone,
                    ids["ready"],
                    client.data("ready"),
                    "t2",
                    dev_mode,
                )

    play(scene)


def test_template_client_filters_by_status() -> None:
    async def scene(client: Client) -> None:
        other = templates_of(client)
        await client.order(kind="template", template="ready", value="REJECT")
        for status, name in ((ZNSTemplateStatus.Reject, "ready"), (ZNSTemplateStatus.Disabled, "")):
            listed = await call(other.get_template_list, 0, 10, status)
            assert [row["templateName"] for row in listed["data"]] == ([name] if name else [])

    play(scene)


def test_chat_client_answers_a_person() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
        other = account_of(client)
        recipient, body = ZaloRecipient(user_id=USER), ZaloMessageBody(text="Chào Ông/Bà")
        await call(other.send_message, recipient, body)
        (row,) = await client.get("/_sandbox/messages", user_id=USER)
        assert row["text"] == "Chào Ông/Bà"
        with pytest.raises(ZaloException, match="-213"):
            await call(other.send_message, ZaloRecipient(user_id="663"), body)

    play(scene)


def test_chat_client_uploads_a_picture_sends_it_and_reacts() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        other, recipient = account_of(client), ZaloRecipient(user_id=USER)
        uploaded = await call(other.upload_file, b"x", "image", "a.png", "image/png")
        element = {"media_type": "image", "attachment_id": uploaded["data"]["attachment_id"]}
        payload = {"template_type": "media", "elements": [element]}
        picture = ZaloMessageBody(text="Sơ đồ quầy", attachment=ZaloAttachment("template", payload))
        sent = await call(other.send_message, recipient, picture)
        assert sent["data"]["user_id"] == USER
        paper = await call(other.upload_file, b"x", "file", "a.pdf", "application/pdf")
        assert paper["data"]["token"]
        action = ZaloAction(react_icon="/-strong", react_message_id="u1")
        reacted = await call(other.send_message, recipient, action=action, category="action")
        assert reacted["data"]["message_id"]

    play(scene)


def test_chat_client_reads_people_tags_and_quotas() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/follow", {"user_id": USER, "follow": True})
        other = account_of(client)
        await call(other.tag_follower, USER, "Xã A")
        assert (await call(other.get_tags_of_oa))["data"] == ["Xã A"]
        person = (await call(other.get_user_detail, USER))["data"]
        assert (person["user_id"], person["user_is_follower"]) == (USER, True)
        query = {"offset": 0, "count": 50, "tag_name": "Xã A"}
        assert (await call(other.get_list, query))["data"]["users"] == [{"user_id": USER}]
        await call(other.rm_follower_from_tag, USER, "Xã A")
        await call(other.rm_tag, "Xã A")
        assert (await call(other.get_list, query))["data"]["total"] == 0
        assert (await call(other.get_zalo_user_quotas, USER))["data"]["cs_reply"]["total"] == 8
        owned = (await call(other.get_zalo_oa_quotas, "OA", "cs", "sub_quota"))["data"]
        assert [row["asset_id"] for row in owned] == ["AS1"]

    play(scene)


def test_chat_client_is_told_what_was_shut_down() -> None:
    async def scene(client: Client) -> None:
        other, body = account_of(client), ZaloMessageBody(text="x")
        for work, arguments in (
            (other.get_profile, (USER,)),
            (other.get_followers, ({"offset": 0, "count": 5},)),
            (other.send_message, (ZaloRecipient(user_id=USER), body, None, "transaction")),
            (other.send_message, (ZaloRecipient(user_id=USER), body, None, "action")),
        ):
            with pytest.raises(ZaloException, match="-240"):
                await call(work, *arguments)

    play(scene)


def test_client_asks_for_access_and_renews_its_tokens(
    lead_oauth_to: Callable[[Client], None],
) -> None:
    async def scene(client: Client) -> None:
        lead_oauth_to(client)
        other = account_of(client, token="")
        digest = hashlib.sha256(VERIFIER.encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        callback = f"{SETTINGS.public_url}/zalo/callback"
        url = other.request_authoriation_code_url(callback, challenge, "s1")
        answer = await call(requests.get, url, allow_redirects=False, timeout=5)
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert query["state"] == ["s1"]
        code = query["code"][0]
        access, refresh, expires = await call(
            other.get_access_token_from_authorization_code, code, VERIFIER
        )
        assert expires > 0
        renewed, next_refresh, _ = await call(other.refresh_acccess_token)
        assert len({access, renewed}) == len({refresh, next_refresh}) == 2
        assert (await call(other.get_tags_of_oa))["data"] == []
        other.refresh_token = refresh
        with pytest.raises(ZaloException, match="-14014"):
            await call(other.refresh_acccess_token)

    play(scene)


def test_client_takes_the_life_of_a_token_as_text_and_as_a_number(
    lead_oauth_to: Callable[[Client], None],
) -> None:
    async def scene(client: Client) -> None:
        lead_oauth_to(client)
        other, lives = account_of(client), []
        for value in ("string", "int"):
            await client.order(kind="expires_in", value=value)
            _, _, expires = await call(other.refresh_acccess_token)
            lives.append(expires)
        assert abs(lives[0] - lives[1]) < 60

    play(scene)


def test_template_client_knows_an_expired_token_by_its_code() -> None:
    async def scene(client: Client) -> None:
        await client.order(kind="access", value="expired")
        with pytest.raises(ZaloOAAuthTokenExpiredException):
            await call(templates_of(client).get_template_list, 0, 10)

    play(scene)
