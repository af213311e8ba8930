"""What time alone does to deliveries: lost leases, unknown fates, receipts that never came.

Runs in every drain loop and as a periodic task; an advisory lock lets one run at a time, and each
step may run twice.
"""

import logging
from typing import Any

from django.db import connection, transaction

from notifications.kinds import KIND
from notifications.policies import STATUS, scaled
from notifications.services import moves
from notifications.services.fallover import go_on
from notifications.services.moves import Change
from notifications.states import Cause, Reason

_LOCK = 0x6F6E6573  # "ones"
_LIMIT = 500
# Receipts of other messages are arriving: the provider delivers, so silence about one means more.
_RECEIPTS_WITHIN_S = 600.0
_RECEIPTS_LOOK_BACK = 500

logger = logging.getLogger(__name__)

_LOST = """
SELECT id, kind, attempt_no FROM notifications_delivery
WHERE state = 'sending' AND lease_until < now() ORDER BY lease_until LIMIT %s
"""

_GRACE_OVER = """
SELECT id, kind, attempt_no, resends, cancel_requested,
  EXTRACT(epoch FROM now() - unknown_since)::float8, expires_at > now()
FROM notifications_delivery WHERE state = 'unknown' AND grace_until < now()
ORDER BY grace_until LIMIT %s
"""

_UNCONFIRMED = """
UPDATE notifications_delivery SET confirm_by = NULL, resolution = 'unconfirmed'
WHERE id IN (SELECT id FROM notifications_delivery
             WHERE state = 'accepted' AND confirm_by < now() ORDER BY confirm_by LIMIT %s)
RETURNING id
"""

_CLOSE_LOST = """
UPDATE notifications_deliveryattempt SET finished_at = now(), outcome = 'unknown',
  detail = 'lease lost'
WHERE delivery_id = ANY(%s) AND finished_at IS NULL
"""

_RECEIPTS = """
SELECT EXISTS (SELECT 1 FROM (
  SELECT event_name, received_at FROM notifications_webhookinbox ORDER BY id DESC LIMIT %s) r
  WHERE r.event_name = 'user_received_message'
    AND r.received_at > now() - %s * interval '1 second')
"""


def run() -> bool:
    """One round; False when another process is just doing it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            row = cursor.fetchone()
        if not row or not row[0]:
            return False
        _mark_lost()
        _end_graces()
        _take_second_ways()
        return True


def _fetch(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _mark_lost() -> None:
    """A lease that ended while sending: the request may or may not have left. Any age."""
    changes = [
        Change(pk, Cause.AMBIGUOUS, no, grace_s=_grace_s(kind))
        for pk, kind, no in _fetch(_LOST, [_LIMIT])
    ]
    moved = moves.settle(changes)
    if moved:
        logger.warning("%s deliveries lost their sender and are of unknown fate", len(moved))
        with connection.cursor() as cursor:
            cursor.execute(_CLOSE_LOST, [list(moved)])


def _grace_s(kind: str) -> float:
    return scaled(KIND[kind].policy.grace_s) if kind in KIND else 0.0


def _end_graces() -> None:
    rows = _fetch(_GRACE_OVER, [_LIMIT])
    if not rows:
        return
    arriving = bool(_fetch(_RECEIPTS, [_RECEIPTS_LOOK_BACK, scaled(_RECEIPTS_WITHIN_S)])[0][0])
    changes: list[Change] = []
    waiting: list[tuple[int, float]] = []
    for row in rows:
        verdict = _after_grace(row, receipts_arrive=arriving)
        if isinstance(verdict, Change):
            changes.append(verdict)
        else:
            waiting.append((row[0], verdict))
    moved = moves.settle(changes)
    ended = {
        change.delivery_id
        for change in changes
        if change.cause is Cause.GRACE_OVER and change.delivery_id in moved
    }
    go_on(
        pk
        for pk, kind, *_rest in rows
        if pk in ended and kind in KIND and KIND[kind].policy.next_after_unknown
    )
    _wait_on(waiting)


def _after_grace(row: tuple[Any, ...], *, receipts_arrive: bool) -> Change | float:
    """One resend where the policy has one, else the end; or how many seconds to wait for that.

    A kind that the registry has no more can only end, so that it stands before no other.
    """
    pk, kind, no, resends, is_cancelled, age_s, is_of_use = row
    end = Change(pk, Cause.GRACE_OVER, no, reason=Reason.PERHAPS_SENT)
    if kind not in KIND:
        return end
    policy = KIND[kind].policy
    left_s = scaled(policy.give_up_s) - float(age_s)
    may_resend = policy.resends and not resends and not is_cancelled and is_of_use and left_s > 0
    if may_resend and (policy is not STATUS or receipts_arrive):
        return Change(pk, Cause.RESEND, no, due_s=0.0, resent=True)
    if left_s > 0 and policy.resends:
        return left_s
    return end


def _wait_on(waiting: list[tuple[int, float]]) -> None:
    if waiting:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notifications_delivery d SET "
                "grace_until = now() + v.left_s * interval '1 second' "
                "FROM unnest(%s::bigint[], %s::float8[]) AS v(id, left_s) "
                "WHERE d.id = v.id AND d.state = 'unknown'",
                [[pk for pk, _left in waiting], [left for _pk, left in waiting]],
            )


def _take_second_ways() -> None:
    """No receipt in time: duty and emergency take the next channel as a planned second way."""
    unconfirmed = [row[0] for row in _fetch(_UNCONFIRMED, [_LIMIT])]
    go_on(unconfirmed)
