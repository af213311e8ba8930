"""Template message by phone number (zalo-contract 3.1); receipts name the tracking id."""

import json

from django.conf import settings

from citizens.identity import international
from notifications.channels import zalo_answers
from notifications.channels.base import Answer, HttpRequest, Message, Outcome
from notifications.words import Channel


class ZaloPhone:
    """POST business /message/template."""

    name = Channel.ZALO_PHONE

    def request(self, message: Message, access_token: str) -> HttpRequest:
        body = {
            "phone": international(message.address),
            "template_id": message.template_id,
            "template_data": dict(message.template_data),
            "tracking_id": message.tracking_id,
        }
        return HttpRequest(
            f"{settings.ZALO_BUSINESS_BASE_URL}/message/template",
            {"access_token": access_token, "Content-Type": "application/json"},
            json.dumps(body, ensure_ascii=False).encode(),
        )

    def read(self, answer: Answer) -> Outcome:
        return zalo_answers.read(answer, msg_id_field="msg_id")
