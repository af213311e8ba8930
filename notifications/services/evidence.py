"""Proof from outside that a message arrived or was read: raises from any state, lowers nothing."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from notifications import tracking
from notifications.states import Cause, State, sources_of

logger = logging.getLogger(__name__)

_BY_MSG_ID = """
SELECT v.n, d.id FROM unnest(%s::int[], %s::text[]) AS v(n, msg_id)
JOIN notifications_delivery d ON d.msg_id = v.msg_id
"""

_RECEIVED = """
UPDATE notifications_delivery d SET
  resolution = CASE WHEN d.state IN ('accepted', 'delivered') THEN d.resolution ELSE 'receipt' END,
  state = 'delivered', reason = '', why = '', lease_until = NULL, lease_by = '',
  confirm_by = NULL, grace_until = NULL, msg_id = COALESCE(d.msg_id, v.msg_id),
  accepted_at = COALESCE(d.accepted_at, v.at), delivered_at = v.at
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) AS v(id, msg_id, at)
WHERE d.id = v.id AND d.state = ANY(%s)
RETURNING d.id
"""

# Another way of the same message that has not left is not needed any more.
_OVERTAKE = """
UPDATE notifications_delivery d SET state = 'failed', reason = 'superseded', why = '',
  lease_until = NULL, lease_by = ''
FROM notifications_delivery won
WHERE won.id = ANY(%s) AND d.notification_id = won.notification_id AND d.id <> won.id
  AND d.state = ANY(%s)
"""

_SEEN = """
UPDATE notifications_delivery d SET
  state = 'seen', reason = '', why = '', confirm_by = NULL, grace_until = NULL,
  delivered_at = COALESCE(d.delivered_at, %(at)s), accepted_at = COALESCE(d.accepted_at, %(at)s),
  seen_at = %(at)s
WHERE d.msg_id = ANY(%(ids)s) AND d.state = ANY(%(sources)s)
"""

# What an unclaimed message id of an account may belong to: the open unknowns whose time it fits,
# and whatever is being sent there, answers in the chat and warnings too.
_ORPHAN = """
SELECT d.id, d.state FROM notifications_delivery d
JOIN notifications_deliveryattempt a ON a.delivery_id = d.id AND a.no = d.attempt_no
LEFT JOIN notifications_notification n ON n.id = d.notification_id
LEFT JOIN citizens_zalolink l ON l.user_id = %(user)s
  AND (l.citizen_id = n.citizen_id OR l.officer_id = n.officer_id)
WHERE d.state IN ('sending', 'unknown') AND d.msg_id IS NULL
  AND d.channel IN ('zalo_user', 'zalo_chat')
  AND (l.id IS NOT NULL OR d.recipient_key = 'z' || %(user)s)
  AND a.started_at <= %(at)s::timestamptz + interval '5 seconds'
  AND (d.state = 'sending' OR %(at)s <= COALESCE(d.grace_until, now()))
LIMIT 2
"""


@dataclass(frozen=True)
class Receipt:
    """A delivery receipt. `at` is when the phone got it, in business time."""

    msg_id: str
    at: datetime
    tracking_id: str = ""


@transaction.atomic
def received(receipts: Sequence[Receipt]) -> list[bool]:
    """Raise each receipt's delivery to delivered; which receipts found one. Idempotent.

    A tracking id names the delivery even when we never learned its message id.
    """
    found = _deliveries_of(receipts)
    known = [(found[n], receipt) for n, receipt in enumerate(receipts) if n in found]
    if known:
        with connection.cursor() as cursor:
            cursor.execute(
                _RECEIVED,
                [
                    [pk for pk, _receipt in known],
                    [receipt.msg_id or None for _pk, receipt in known],
                    [receipt.at for _pk, receipt in known],
                    sources_of(Cause.RECEIPT),
                ],
            )
            ids = [pk for pk, _receipt in known]
            cursor.execute(_OVERTAKE, [ids, sources_of(Cause.NOT_TRUE)])
    return [n in found for n in range(len(receipts))]


def seen(msg_ids: Sequence[str], at: datetime) -> set[str]:
    """Raise the deliveries of these message ids to seen; the ids that are known. Idempotent."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"ids": list(msg_ids), "at": at, "sources": sources_of(Cause.SEEN)})
        cursor.execute(
            "SELECT msg_id FROM notifications_delivery WHERE msg_id = ANY(%s)", [list(msg_ids)]
        )
        return {row[0] for row in cursor.fetchall()}


def adopt(*, user_id: str, msg_id: str, at: datetime) -> bool:
    """An event names a message id that nobody knows: the one open unknown of that account has it.

    `at` is on the database's clock. With two candidates nothing is decided, nor while anything is
    being sent to that account: its answer may name the same message id. True when the delivery is
    known now; it counts as accepted by the event that follows.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ORPHAN, {"user": user_id, "at": at})
        rows = cursor.fetchall()
        if len(rows) != 1 or rows[0][1] != State.UNKNOWN:
            if rows:
                logger.warning("an event of an account fits several messages, or one on its way")
            return False
        cursor.execute(
            "UPDATE notifications_delivery SET msg_id = %s WHERE id = %s AND msg_id IS NULL",
            [msg_id, rows[0][0]],
        )
        return bool(cursor.rowcount == 1)


def _deliveries_of(receipts: Sequence[Receipt]) -> dict[int, int]:
    """Delivery id by the receipt's place in the list."""
    found: dict[int, int] = {}
    for n, receipt in enumerate(receipts):
        if (named := tracking.decode(receipt.tracking_id)) is not None:
            found[n] = named[0]
    rest = [n for n, receipt in enumerate(receipts) if n not in found and receipt.msg_id]
    if rest:
        with connection.cursor() as cursor:
            cursor.execute(_BY_MSG_ID, [rest, [receipts[n].msg_id for n in rest]])
            found |= dict(cursor.fetchall())
    return found
