"""Free text in a chat, only ever as an answer (zalo-contract 2)."""

import json

from django.conf import settings

from notifications.channels import zalo_answers
from notifications.channels.base import Answer, HttpRequest, Message, Outcome
from notifications.words import Channel


class ZaloChat:
    """POST openapi /v3.0/oa/message/cs."""

    name = Channel.ZALO_CHAT

    def request(self, message: Message, access_token: str) -> HttpRequest:
        body = {"recipient": {"user_id": message.address}, "message": {"text": message.text}}
        return HttpRequest(
            f"{settings.ZALO_OPENAPI_BASE_URL}/v3.0/oa/message/cs",
            {"access_token": access_token, "Content-Type": "application/json"},
            json.dumps(body, ensure_ascii=False).encode(),
        )

    def read(self, answer: Answer) -> Outcome:
        return zalo_answers.read(answer, msg_id_field="message_id")
