"""Webhook events as Zalo writes them (zalo-contract 4), read tolerantly; the signature. No ORM.

Ids and instants are strings beyond 2^53 at Zalo; numbers are read as the digits that were sent.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

RECEIVED, SEEN = "user_received_message", "user_seen_message"
FOLLOW, UNFOLLOW = "follow", "unfollow"
SAID = "user_send_text"
FROM_USER = "user_send_"
TEMPLATE_STATUS = "change_template_status"

_LONGEST_KEY = 200
_LONGEST_ID = 64


@dataclass(frozen=True)
class Event:
    """One event. What a body does not have is empty.

    `person` is whose act it is (who wrote or follows; "" for receipts), `recipient` to whom it
    was addressed: our account, or for receipts the person (for templates by phone a phone number
    or its hash: never store it in the clear).
    """

    name: str
    person: str
    recipient: str
    msg_ids: tuple[str, ...]
    tracking_id: str
    text: str
    at: datetime | None
    body: Mapping[str, Any]

    @property
    def msg_id(self) -> str:
        """The only or first message id."""
        return self.msg_ids[0] if self.msg_ids else ""


def parse(raw: bytes) -> dict[str, Any] | None:
    """The JSON object of a body, numbers as strings; None for anything else."""
    try:
        body = json.loads(raw, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def read(body: Mapping[str, Any]) -> Event:
    """The event in a parsed body; never fails, whatever the shape."""
    name = _text(body.get("event_name"), 60)
    message = _object(body.get("message"))
    is_from_person = not name.startswith(("oa_", RECEIVED, SEEN))
    sender, recipient = _id_of(body.get("sender")), _id_of(body.get("recipient"))
    return Event(
        name=name,
        person=(_id_of(body.get("follower")) or sender) if is_from_person else "",
        recipient=recipient or _text(body.get("oa_id"), _LONGEST_ID),
        msg_ids=_message_ids(message),
        tracking_id=_text(message.get("tracking_id"), 48),
        text=_text(message.get("text"), 4_000),
        at=_instant(message.get("delivery_time")) or _instant(body.get("timestamp")),
        body=body,
    )


def message_id(value: object) -> str:
    """A message id as a column takes it, the same in answers and in events; "" for none."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return _text(str(value) if is_number else value, _LONGEST_ID)


def dedupe_key(event: Event, raw: bytes) -> str:
    """What makes a repetition of this event the same: name and message ids, else the whole body.

    Never the message id alone: the send echo and the receipts share it (delivery-rules 8.2).
    """
    if event.name and event.msg_ids:
        key = ":".join((event.name, *event.msg_ids))
        if len(key) <= _LONGEST_KEY:
            return key
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def signature(raw: bytes, *, app_id: str, timestamp: str, secret: str) -> str:
    """SHA-256 (no HMAC) over application id, the exact bytes, the body's timestamp and secret."""
    text = app_id.encode() + raw + timestamp.encode() + secret.encode()
    return hashlib.sha256(text).hexdigest()


def is_signed(
    raw: bytes, body: Mapping[str, Any], header: str, *, app_id: str, secrets: Iterable[str]
) -> bool:
    """True when the header's value is the signature under one of the secrets; constant time.

    `mac=` in front and upper case are accepted. An empty secret signs nothing.
    """
    given = header.strip().lower().removeprefix("mac=").encode("utf-8", "replace")
    timestamp = _text(body.get("timestamp"), 40)
    matches = [
        hmac.compare_digest(
            given, signature(raw, app_id=app_id, timestamp=timestamp, secret=secret).encode()
        )
        for secret in secrets
        if secret
    ]
    return any(matches)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object, longest: int) -> str:
    """A string without NUL and half surrogates, which no column takes."""
    if not isinstance(value, str):
        return ""
    return value[:longest].encode("utf-8", "replace").decode().replace("\x00", "")


def _id_of(value: object) -> str:
    return _text(_object(value).get("id"), _LONGEST_ID)


def _message_ids(message: Mapping[str, Any]) -> tuple[str, ...]:
    many = message.get("msg_ids")
    ids = [message_id(one) for one in many] if isinstance(many, list) else []
    ids.append(message_id(message.get("msg_id")))
    return tuple(dict.fromkeys(one for one in ids if one))


def _instant(value: object) -> datetime | None:
    """Milliseconds since 1970 as an aware UTC instant."""
    text = _text(value, 20)
    if not (text.isascii() and text.isdigit() and len(text) <= 14):
        return None
    return datetime.fromtimestamp(int(text) / 1000, UTC)
