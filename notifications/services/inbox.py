"""Stored webhooks, worked on later: each event once, in the order of its person, in any order else.

Each event has a transaction of its own; a row is taken with SKIP LOCKED, so any number of workers
may run (delivery-rules 8.4 and 8.5).
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from common import bell
from notifications import zalo_events
from notifications.models import WebhookBody
from notifications.models.webhook import InboxState
from notifications.policies import scaled
from notifications.services import webhook_effects
from notifications.services.webhook_effects import Effect

MOST_TRIES = 5
LONGEST_RUN_S = 25.0
_KEPT_DAYS = 30
_WEEK_S = 7 * 86_400.0
_HOUR_S = 3_600.0
# Ages at which a receipt without its message is looked at again, then each hour.
_AGES_S = (5.0, 30.0, 120.0, 600.0)
_FIRST_RETRY_S = 2.0

logger = logging.getLogger(__name__)

_COLUMNS = """i.id, i.state, i.tries, i.event_name, i.received_at,
  EXTRACT(epoch FROM statement_timestamp() - i.received_at)::float8"""

# What people do, before all receipts: an earlier event of the same person that is due goes first;
# one that failed does not block.
_CLAIM_OF_PERSON = f"""
SELECT {_COLUMNS} FROM notifications_webhookinbox i
WHERE i.state = 'new' AND i.user_id <> '' AND i.next_try_at <= statement_timestamp()
  AND NOT EXISTS (
    SELECT 1 FROM notifications_webhookinbox e
    WHERE e.state = 'new' AND e.user_id <> '' AND e.user_id = i.user_id AND e.id < i.id
      AND e.next_try_at <= statement_timestamp())
ORDER BY i.id LIMIT 1 FOR UPDATE OF i SKIP LOCKED
"""

_CLAIM_OTHER = f"""
SELECT {_COLUMNS} FROM notifications_webhookinbox i
WHERE i.state IN ('new', 'waiting') AND i.user_id = ''
  AND i.next_try_at <= statement_timestamp()
ORDER BY i.next_try_at, i.id LIMIT 1 FOR UPDATE OF i SKIP LOCKED
"""

_SETTLE = """
UPDATE notifications_webhookinbox SET state = %(state)s, outcome = %(outcome)s, tries = %(tries)s,
  processed_at = CASE WHEN %(ends)s THEN statement_timestamp() END,
  next_try_at = statement_timestamp() + %(wait)s * interval '1 second'
WHERE id = %(id)s
"""

_AGAIN = """
UPDATE notifications_webhookinbox i
SET state = 'new', tries = 0, processed_at = NULL, next_try_at = statement_timestamp()
WHERE i.id = ANY(%s) AND i.state = 'parked' AND i.verified
  AND EXISTS (SELECT 1 FROM notifications_webhookbody b WHERE b.inbox_id = i.id)
RETURNING i.id
"""

_FORGET = """
DELETE FROM notifications_webhookbody WHERE id IN (
  SELECT id FROM notifications_webhookbody
  WHERE received_at < now() - %s * interval '1 day' LIMIT 1000)
"""


@dataclass(frozen=True)
class _Row:
    id: int
    state: str
    tries: int
    event_name: str
    received_at: datetime
    age_s: float


def process(*, limit: int = 500, linger_s: float = 0.0) -> int:
    """Work on up to `limit` stored webhooks that are due; how many were.

    `linger_s`: wait this long for more before ending, for the events whose ring was too close to
    another one.
    """
    ends_at = time.monotonic() + LONGEST_RUN_S
    done, has_lingered = 0, linger_s <= 0
    while done < limit and time.monotonic() < ends_at:
        if _work_on_next():
            done += 1
            continue
        if has_lingered:
            break
        has_lingered = True
        time.sleep(linger_s)
    _forget_old_bodies()
    return done


def work_again(ids: Iterable[int]) -> list[int]:
    """Takes up parked webhooks once more, now; those whose body is still kept. Their ids.

    Safe to repeat: each effect may happen twice.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_AGAIN, [list(ids)])
        taken = [int(row[0]) for row in cursor.fetchall()]
        if taken:
            bell.ring_for_webhooks()
    return taken


def _work_on_next() -> bool:
    with transaction.atomic():
        row = _claim()
        if row is None:
            return False
        _work_on(row)
        return True


def _claim() -> _Row | None:
    with connection.cursor() as cursor:
        for sql in (_CLAIM_OF_PERSON, _CLAIM_OTHER):
            cursor.execute(sql)
            found = cursor.fetchone()
            if found is not None:
                return _Row(*found)
    return None


def _work_on(row: _Row) -> None:
    try:
        with transaction.atomic():
            effect = _effect_of(row)
    except Exception as error:
        if isinstance(error, DatabaseError) and not connection.is_usable():
            raise
        logger.exception("webhook %s (%s) failed", row.id, row.event_name)
        _settle_failed(row, type(error).__name__)
        return
    if effect.state == InboxState.WAITING:
        _settle_waiting(row, effect)
    else:
        _settle(row, effect)


def _effect_of(row: _Row) -> Effect:
    stored = WebhookBody.objects.filter(inbox_id=row.id).first()
    if stored is None:
        return Effect(InboxState.IGNORED, "its body is gone")
    body = zalo_events.parse(stored.body.encode("latin-1"))
    if body is None:
        return Effect(InboxState.PARKED, "not understood")
    return webhook_effects.apply(zalo_events.read(body), row.received_at)


def _settle_failed(row: _Row, error: str) -> None:
    tries = row.tries + 1
    if tries >= MOST_TRIES:
        _settle(row, Effect(InboxState.PARKED, f"failed {tries} times: {error}"), tries=tries)
    else:
        wait_s = scaled(_FIRST_RETRY_S * 4.0**row.tries)
        effect = Effect(InboxState(row.state), f"failed: {error}")
        _settle(row, effect, tries=tries, wait_s=wait_s)


def _settle_waiting(row: _Row, effect: Effect) -> None:
    """Looked at again at the next age; after a week a person may look at it."""
    if row.age_s >= scaled(_WEEK_S):
        _settle(row, Effect(InboxState.PARKED, "no such message in a week"))
        return
    next_age_s = next(
        (scaled(age) for age in _AGES_S if scaled(age) > row.age_s), row.age_s + scaled(_HOUR_S)
    )
    _settle(row, effect, wait_s=next_age_s - row.age_s)


def _settle(row: _Row, effect: Effect, *, tries: int | None = None, wait_s: float = 0.0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE,
            {
                "id": row.id,
                "state": effect.state.value,
                "outcome": effect.outcome[:80],
                "tries": row.tries if tries is None else tries,
                "ends": effect.state not in (InboxState.NEW, InboxState.WAITING),
                "wait": wait_s,
            },
        )


def _forget_old_bodies() -> None:
    """Bodies hold personal data and are kept for 30 days; their keys stay."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [_KEPT_DAYS])
