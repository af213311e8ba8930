"""Template message to a linked account (zalo-contract 3.2). It carries no tracking id."""

import json

from django.conf import settings

from notifications.channels import zalo_answers
from notifications.channels.base import Answer, HttpRequest, Message, Outcome
from notifications.words import Channel


class ZaloUser:
    """POST openapi /v3.0/oa/message/template."""

    name = Channel.ZALO_USER

    def request(self, message: Message, access_token: str) -> HttpRequest:
        body = {
            "user_id": message.address,
            "template_id": message.template_id,
            "template_data": dict(message.template_data),
        }
        return HttpRequest(
            f"{settings.ZALO_OPENAPI_BASE_URL}/v3.0/oa/message/template",
            {"access_token": access_token, "Content-Type": "application/json"},
            json.dumps(body, ensure_ascii=False).encode(),
        )

    def read(self, answer: Answer) -> Outcome:
        return zalo_answers.read(answer, msg_id_field="message_id")
