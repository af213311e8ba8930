"""Leases: many rows are taken at once, none is locked while bytes are on the wire."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from notifications import policies
from notifications.kinds import KIND, Kind
from notifications.policies import scaled
from notifications.states import Cause, sources_of
from notifications.words import Channel, Lane


@dataclass(frozen=True)
class Leased:
    """A delivery that this process may work on until its lease ends."""

    id: int
    notification_id: int
    channel: Channel
    kind_name: str
    lane: Lane
    attempt_no: int
    failures: int
    token_refusals: int
    resends: int
    crashes: int
    dossier_id: int | None
    recipient_key: str
    lifetime_s: float
    held_s: float | None

    @property
    def kind(self) -> Kind | None:
        """The kind, or None when the registry no longer has it."""
        return KIND.get(self.kind_name)


# One delivery of a dossier and recipient is on its way at a time, and an earlier one goes first; on
# the channel by user id one request to an account is resolved before the next. Emergency and chat
# (priority 0 and 1) are never held up.
_IN_ORDER = """
(d.dossier_id IS NULL OR d.priority < 2 OR NOT EXISTS (
  SELECT 1 FROM notifications_delivery e
  WHERE e.dossier_id = d.dossier_id AND e.recipient_key = d.recipient_key AND e.id <> d.id
    AND e.priority >= 2 AND e.state IN ('created', 'deferred', 'sending', 'unknown')
    AND (e.state = 'sending' OR e.id < d.id AND (
      e.state = 'unknown' AND e.unknown_since > now() - %(hold)s * interval '1 second'
      OR e.state = 'created' AND e.due_at <= now()))))
AND (d.channel <> 'zalo_user' OR d.priority < 2 OR NOT EXISTS (
  SELECT 1 FROM notifications_delivery e
  WHERE e.recipient_key = d.recipient_key AND e.id <> d.id AND e.channel = 'zalo_user'
    AND (e.state = 'sending'
      OR (e.state = 'unknown' AND e.unknown_since > now() - %(hold)s * interval '1 second'))
    AND e.state IN ('sending', 'unknown')))
"""

_TAKE = f"""
WITH pick AS MATERIALIZED (
  SELECT d.id FROM notifications_delivery d
  WHERE d.lane = %(lane)s AND d.state IN ('created', 'deferred') AND d.due_at <= now()
    AND (d.lease_until IS NULL OR d.lease_until < now())
    AND {_IN_ORDER}
  ORDER BY d.priority, d.due_at, d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED)
UPDATE notifications_delivery d SET
  crashes = CASE WHEN d.lease_until IS NOT NULL THEN GREATEST(d.crashes, 1) ELSE d.crashes END,
  lease_until = now() + %(lease)s * interval '1 second', lease_by = %(me)s
WHERE d.id = ANY(ARRAY(SELECT id FROM pick))
RETURNING d.id, d.notification_id, d.channel, d.kind, d.lane, d.attempt_no, d.failures,
  d.token_refusals, d.resends, d.crashes, d.dossier_id, d.recipient_key,
  EXTRACT(epoch FROM d.expires_at - now())::float8,
  EXTRACT(epoch FROM now() - d.held_since)::float8, d.priority, d.due_at
"""

_FREE = (
    """
SELECT d.id FROM notifications_delivery d
WHERE d.id = ANY(%(ids)s) AND d.lease_by = %(me)s AND d.lease_until > now()
  AND d.state = ANY(%(sources)s) AND d.due_at <= now() AND
"""
    + _IN_ORDER
)

_GIVE_BACK = """
UPDATE notifications_delivery d SET lease_until = NULL, lease_by = '', crashes = v.crashes
FROM unnest(%s::bigint[], %s::int[]) AS v(id, crashes)
WHERE d.id = v.id AND d.lease_by = %s AND d.state = ANY(%s)
"""


def take(lane: Lane, *, me: str, limit: int) -> list[Leased]:
    """Lease up to `limit` due deliveries of a lane, the most urgent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "lane": lane.value,
                "limit": limit,
                "me": me,
                "lease": scaled(policies.LEASE_S),
                "hold": scaled(policies.ORDER_HOLD_S),
            },
        )
        rows: list[tuple[Any, ...]] = list(cursor.fetchall())
    rows.sort(key=lambda row: (row[-2], row[-1], row[0]))
    return [
        Leased(row[0], row[1], Channel(row[2]), row[3], Lane(row[4]), *row[5:-2]) for row in rows
    ]


def still_free(ids: Iterable[int], *, me: str) -> set[int]:
    """Which of the leased deliveries are still ours and not behind another. Locks none."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FREE,
            {
                "ids": list(ids),
                "me": me,
                "sources": sources_of(Cause.PICKED),
                "hold": scaled(policies.ORDER_HOLD_S),
            },
        )
        return {row[0] for row in cursor.fetchall()}


def give_back(rows: Iterable[Leased], *, me: str) -> None:
    """Hand leases back that were not used; others may take the rows at once.

    Crashes that were noted under the lease are taken back: nothing was tried.
    """
    wanted = list(rows)
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _GIVE_BACK,
            [
                [row.id for row in wanted],
                [row.crashes for row in wanted],
                me,
                sources_of(Cause.PICKED),
            ],
        )


def count_crash(delivery_id: int, *, me: str) -> int:
    """Note before the work that our code may fail on this row; how often it was noted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_delivery SET crashes = crashes + 1 "
            "WHERE id = %s AND lease_by = %s RETURNING crashes",
            [delivery_id, me],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
