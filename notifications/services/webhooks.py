"""Webhooks in: verified on the raw bytes, stored by one statement, worked on later."""

import json
import logging
from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import connection

from common import bell
from common.fields import encrypt
from notifications import zalo_events
from notifications.models import WebhookInbox
from notifications.models.webhook import InboxState
from notifications.zalo_events import Event

logger = logging.getLogger(__name__)

# Kept beside the body; the signature is not, it proves nothing later.
_HEADERS = ("X-ZEvent-Server", "User-Agent", "num_retry")

_STORE = """
WITH stored AS (
  INSERT INTO notifications_webhookinbox
    (dedupe_key, event_name, verified, state, user_id, msg_id, tracking_id)
  VALUES (%(key)s, %(name)s, %(verified)s, %(state)s, %(user)s, %(msg)s, %(tracking)s)
  ON CONFLICT (dedupe_key) DO NOTHING RETURNING id)
INSERT INTO notifications_webhookbody (inbox_id, headers, body, received_at)
SELECT id, %(headers)s::jsonb, %(body)s, now() FROM stored
"""


class Reception(Enum):
    """What became of a request."""

    STORED = "stored, or there already"
    PROBE = "a probe: an unsigned empty body"
    FORGED = "not signed by Zalo, no effect"


def receive(*, raw: bytes, signature: str, headers: Mapping[str, str]) -> Reception:
    """Verify and store one webhook; a repetition changes nothing. One statement, no other work.

    `headers` is read for the server's name and the number of the retry. Raises DatabaseError when
    it cannot be stored; Zalo tries again then.
    """
    body = zalo_events.parse(raw)
    if not signature and (not raw.strip() or body == {}):
        _store(zalo_events.read({}), raw, headers, verified=False, state=InboxState.PROBE)
        return Reception.PROBE
    if body is None or not _is_signed(raw, body, signature):
        logger.warning("a webhook with a bad signature has no effect")
        return Reception.FORGED
    _store(zalo_events.read(body), raw, headers, verified=True, state=InboxState.NEW)
    bell.ring_for_webhooks()
    return Reception.STORED


def has_verified_once() -> bool:
    """True once an event was signed as we expect: then the secret is right and forgers are told."""
    return WebhookInbox.objects.filter(verified=True).exists()


def _is_signed(raw: bytes, body: Mapping[str, Any], header: str) -> bool:
    return zalo_events.is_signed(
        raw,
        body,
        header,
        app_id=settings.ZALO_APP_ID,
        secrets=(settings.ZALO_OA_SECRET_KEY, settings.ZALO_OA_SECRET_KEY_PREVIOUS),
    )


def _store(
    event: Event, raw: bytes, headers: Mapping[str, str], *, verified: bool, state: InboxState
) -> None:
    kept = {name: headers[name][:200] for name in _HEADERS if name in headers}
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE,
            {
                "key": zalo_events.dedupe_key(event, raw),
                "name": event.name,
                "verified": verified,
                "state": state.value,
                "user": event.person[:40],
                "msg": event.msg_id,
                "tracking": event.tracking_id,
                "headers": json.dumps(kept),
                "body": encrypt(raw.decode("latin-1")),
            },
        )
