"""A client that others wrote for the real Zalo works against the sandbox unchanged."""

import asyncio

import pytest
from zalo_sdk import ZaloException
from zalo_sdk.oa import Client as OaClient
from zalo_sdk.oa import ZaloMessageBody, ZaloRecipient
from zalo_sdk.zns import Client as TemplateClient

from sandbox.tests.running import ACCESS, NO_ZALO, PHONE, SETTINGS, USER, Client, play


def test_template_client_lists_and_sends() -> None:
    async def scene(client: Client) -> None:
        other = TemplateClient(
            SETTINGS.app_id, SETTINGS.app_secret, ACCESS, endpoint_prefix=client.url
        )
        listed = await asyncio.to_thread(other.get_template_list, 0, 100)
        ids = {row["templateName"]: str(row["templateId"]) for row in listed["data"]}
        sent = await asyncio.to_thread(
            other.send_zns_message, PHONE, ids["ready"], client.data("ready"), "t1"
        )
        (row,) = await client.get("/_sandbox/messages", phone=PHONE)
        assert row["msg_id"] == sent["data"]["msg_id"]
        with pytest.raises(ZaloException, match="not existed"):
            await asyncio.to_thread(
                other.send_zns_message, NO_ZALO, ids["ready"], client.data("ready"), "t2"
            )

    play(scene)


def test_chat_client_answers_a_person() -> None:
    async def scene(client: Client) -> None:
        await client.post("/_sandbox/say", {"user_id": USER, "text": "xin chào"})
        other = OaClient(SETTINGS.app_id, SETTINGS.app_secret, ACCESS, endpoint_prefix=client.url)
        recipient, body = ZaloRecipient(user_id=USER), ZaloMessageBody(text="Chào Ông/Bà")
        await asyncio.to_thread(other.send_message, recipient, body)
        (row,) = await client.get("/_sandbox/messages", user_id=USER)
        assert row["text"] == "Chào Ông/Bà"

    play(scene)
