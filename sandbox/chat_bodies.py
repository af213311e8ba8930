"""What a message to a person in the chat may hold: text, picture, file, request for details."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.answers import Refused
from sandbox.assets import Assets
from sandbox.people import USER_ID
from sandbox.templates import nfc

MAX_TEXT = 2_000
MEDIA = ("image", "gif", "sticker")
BAD_USER = (-201, "user_id is invalid")
EXPIRED = (-100, "attachment_id was expired")


@dataclass(frozen=True, slots=True)
class ChatBody:
    """A checked message: to whom, what the phone shows, and a picture's address if it has one."""

    user_id: str
    text: str
    image: str = ""


def read(body: Mapping[str, Any], assets: Assets) -> ChatBody:
    """The message of a body `{"recipient": {"user_id"}, "message": {…}}`; else Refused."""
    recipient, message = body.get("recipient"), body.get("message")
    user_id = recipient.get("user_id") if isinstance(recipient, dict) else None
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise Refused(*BAD_USER)
    if not isinstance(message, dict):
        raise Refused(-201, "message is invalid")
    text = message.get("text", "")
    if not isinstance(text, str):
        raise Refused(-201, "message.text is invalid")
    if len(nfc(text)) > MAX_TEXT:
        raise Refused(-210, f"message.text is over {MAX_TEXT} characters")
    quoted = message.get("quote_message_id")
    if quoted is not None and not isinstance(quoted, str):
        raise Refused(-201, "message.quote_message_id is invalid")
    if "attachment" in message:
        shown, image = _read_attachment(message["attachment"], assets)
    elif text.strip():
        shown, image = "", ""
    else:
        raise Refused(-201, "message.text is invalid")
    return ChatBody(user_id, "\n".join(part for part in (nfc(text), shown) if part), image)


def _read_attachment(attachment: object, assets: Assets) -> tuple[str, str]:
    """Words that stand for it on the phone, and its address."""
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(attachment, dict) or not isinstance(payload, dict):
        raise Refused(-201, "message.attachment is invalid")
    if attachment.get("type") == "file":
        _check_upload(assets, payload.get("token"), field="token")
        return "[tệp]", ""
    if attachment.get("type") != "template":
        raise Refused(-233, "Message type is not supported")
    if payload.get("template_type") == "media":
        return _read_media(_only_element(payload), assets)
    if payload.get("template_type") == "request_user_info":
        element = _only_element(payload)
        if not all(isinstance(element.get(key), str) for key in ("title", "subtitle", "image_url")):
            raise Refused(-201, "elements is invalid")
        return f"{element['title']}\n{element['subtitle']}", ""
    raise Refused(-233, "Message type is not supported")


def _read_media(element: Mapping[str, Any], assets: Assets) -> tuple[str, str]:
    kind, url, upload = (element.get(key) for key in ("media_type", "url", "attachment_id"))
    if kind not in MEDIA:
        raise Refused(-201, "media_type is invalid")
    if (url is None) == (upload is None):
        raise Refused(-201, "elements has url or attachment_id, not both")
    if kind == "gif" and not all(isinstance(element.get(key), int) for key in ("width", "height")):
        raise Refused(-201, "width or height is invalid")
    if upload is not None and kind != "sticker":
        _check_upload(assets, upload, field="attachment_id")
    return "[hình]", url if isinstance(url, str) and url.startswith("https://") else ""


def _only_element(payload: Mapping[str, Any]) -> dict[str, Any]:
    elements = payload.get("elements")
    if isinstance(elements, list) and len(elements) == 1 and isinstance(elements[0], dict):
        return elements[0]
    raise Refused(-201, "elements is invalid")


def _check_upload(assets: Assets, key: object, *, field: str) -> None:
    if not isinstance(key, str):
        raise Refused(-201, f"{field} is invalid")
    if not assets.is_alive(key):
        raise Refused(*EXPIRED)


def describe(attachment: object) -> str:
    """Words for a legacy message, whose parts are not looked into."""
    return f"[{json.dumps(attachment, ensure_ascii=False)[:200]}]"
