"""Signed webhook calls, as Zalo makes them, for tests."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from common import clock

URL = "/webhooks/zalo/"
APP_ID, OA_ID, OA_SECRET = "4410000000000000001", "5520000000000000002", "oa-secret-for-tests"
USER = "6630000000000000003"


def sign(raw: bytes, *, secret: str = OA_SECRET) -> str:
    """The contract's formula, written out anew."""
    timestamp = json.loads(raw)["timestamp"]
    return (
        "mac=" + hashlib.sha256(APP_ID.encode() + raw + f"{timestamp}{secret}".encode()).hexdigest()
    )


def post_raw(raw: bytes, *, signature: str = "", server: str = "OA OpenAPI") -> int:
    """The status of a call with exactly these bytes."""
    headers = {"X-ZEvent-Server": server, "User-Agent": "ZaloWebhook"}
    if signature:
        headers["X-ZEvent-Signature"] = signature
    answer = _caller().post(URL, raw, content_type="application/json", headers=headers)
    return answer.status_code


@cache
def _caller() -> Client:
    """One for all calls: a new one loads the whole middleware anew."""
    return Client()


def body(event_name: str, **parts: Any) -> bytes:
    """An event as Zalo writes it; `timestamp` is now unless given."""
    timestamp = parts.pop("timestamp", None) or str(int(clock.now().timestamp() * 1000))
    event = {"app_id": APP_ID, "event_name": event_name, **parts, "timestamp": timestamp}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def post(event_name: str, *, server: str = "OA OpenAPI", **parts: Any) -> int:
    """The status of a rightly signed event."""
    raw = body(event_name, **parts)
    return post_raw(raw, signature=sign(raw), server=server)


def say(text: str, *, user_id: str = USER, msg_id: str = "") -> int:
    """The person writes in the chat."""
    msg_id = msg_id or f"u{timezone.now().timestamp()}"
    return post(
        "user_send_text",
        sender={"id": user_id},
        recipient={"id": settings.ZALO_OA_ID},
        message={"text": text, "msg_id": msg_id},
    )


def follow(*, follows: bool = True, user_id: str = USER, at_ms: int | None = None) -> int:
    """The person follows the account, or no longer does."""
    return post(
        "follow" if follows else "unfollow",
        oa_id=settings.ZALO_OA_ID,
        follower={"id": user_id},
        source="oa_profile",
        timestamp=None if at_ms is None else str(at_ms),
    )


def receipt(msg_id: str, *, tracking_id: str = "", recipient: str = USER) -> Mapping[str, Any]:
    """The parts of a delivery receipt; with a tracking id it is one of the phone channel."""
    message = {"msg_id": msg_id}
    if tracking_id:
        message |= {
            "tracking_id": tracking_id,
            "delivery_time": str(int(clock.now().timestamp() * 1000)),
        }
    return {"sender": {"id": OA_ID}, "recipient": {"id": recipient}, "message": message}
