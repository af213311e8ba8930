"""The bodies of webhook events (contract 4): all ids and instants are strings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CHAT_SERVER, TEMPLATE_SERVER = "OA OpenAPI", "ZNS"


@dataclass(frozen=True, slots=True)
class Event:
    """One event and the server it comes from (header X-ZEvent-Server)."""

    name: str
    server: str
    body: Mapping[str, Any]


def received_by_phone(
    *, oa_id: str, phone: str, msg_id: str, tracking_id: str, at_ms: int
) -> Event:
    """Receipt of a template sent by phone (or its hash): with tracking id and delivery time."""
    message = {"delivery_time": str(at_ms), "msg_id": msg_id, "tracking_id": tracking_id}
    body = {**_parties(oa_id, phone), "message": message}
    return Event("user_received_message", TEMPLATE_SERVER, body)


def received_by_user(*, oa_id: str, user_id: str, msg_id: str) -> Event:
    """Receipt of a template sent by user id or of a chat text."""
    body = {**_parties(oa_id, user_id), "message": {"msg_id": msg_id}}
    return Event("user_received_message", CHAT_SERVER, body)


def seen(*, oa_id: str, recipient: str, msg_ids: Sequence[str], by_phone: bool) -> Event:
    """The recipient (user id, or phone for templates sent by phone) looked at the messages."""
    body = {**_parties(oa_id, recipient), "message": {"msg_ids": list(msg_ids)}}
    return Event("user_seen_message", TEMPLATE_SERVER if by_phone else CHAT_SERVER, body)


def said(*, oa_id: str, user_id: str, text: str, msg_id: str) -> Event:
    """The person wrote in the chat."""
    message = {"text": text, "msg_id": msg_id}
    return Event("user_send_text", CHAT_SERVER, {**_parties(user_id, oa_id), "message": message})


def showed(*, oa_id: str, user_id: str, text: str, image: str, msg_id: str) -> Event:
    """The person sent a picture, with words or without."""
    payload = {"thumbnail": image, "url": image}
    message: dict[str, Any] = {
        "msg_id": msg_id,
        "attachments": [{"type": "image", "payload": payload}],
    }
    if text:
        message["text"] = text
    return Event("user_send_image", CHAT_SERVER, {**_parties(user_id, oa_id), "message": message})


def echoed(*, oa_id: str, user_id: str, kind: str, text: str, msg_id: str) -> Event:
    """What the account itself sent to a user id; `kind` is text or template."""
    message = {"text": text, "msg_id": msg_id}
    return Event(f"oa_send_{kind}", CHAT_SERVER, {**_parties(oa_id, user_id), "message": message})


def rated(*, oa_id: str, rating: Mapping[str, Any]) -> Event:
    """Somebody answered a rating template: names the message and not the person."""
    return Event("user_feedback", TEMPLATE_SERVER, {"oa_id": oa_id, "message": dict(rating)})


def template_changed(
    *, oa_id: str, template_id: str, before: str, after: str, reason: str
) -> Event:
    """A template was reviewed, disabled or deleted."""
    status = {"prev_status": before, "new_status": after}
    body = {"oa_id": oa_id, "template_id": template_id, "status": status, "reason": reason}
    return Event("change_template_status", TEMPLATE_SERVER, body)


def tagged(*, oa_id: str, user_id: str, tag: str, added: bool) -> Event:
    """A follower was put under a tag or taken from it."""
    body = {"oa_id": oa_id, "tag": {"user_ids": [user_id], "name": tag}}
    return Event("add_user_to_tag" if added else "remove_user_from_tag", CHAT_SERVER, body)


def shared(*, oa_id: str, user_id: str, info: Mapping[str, Any]) -> Event:
    """The person answered the request for their details (shape of 2026)."""
    body = {**_parties(user_id, oa_id), "info": dict(info)}
    return Event("user_submit_info", CHAT_SERVER, body)


def followed(*, oa_id: str, user_id: str, follows: bool) -> Event:
    """The person follows the official account, or no longer does. These have no sender."""
    body = {"oa_id": oa_id, "follower": {"id": user_id}, "source": "oa_profile"}
    return Event("follow" if follows else "unfollow", CHAT_SERVER, body)


# The Test button of the console: parties that exist nowhere.
CONSOLE_TEST = Event(
    "user_send_text",
    CHAT_SERVER,
    {
        "sender": {"id": "1"},
        "recipient": {"id": "2"},
        "message": {"text": "This is testing message", "msg_id": "This is message id"},
    },
)


def _parties(sender: str, recipient: str) -> dict[str, Any]:
    return {"sender": {"id": sender}, "recipient": {"id": recipient}}
