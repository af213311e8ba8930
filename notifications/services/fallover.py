"""Going on by the next channel: a new delivery, only after the last one certainly was not sent."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from citizens.models import Purpose
from notifications.kinds import KIND
from notifications.services import reach as reaches
from notifications.services.reach import Reach, next_way
from notifications.states import IN_PROGRESS
from notifications.words import Channel

_ENDED = """
SELECT d.id, d.channel, d.kind, n.citizen_id, n.officer_id
FROM notifications_delivery d JOIN notifications_notification n ON n.id = d.notification_id
WHERE d.id = ANY(%(ids)s) AND NOT d.cancel_requested AND d.expires_at > now()
  AND NOT EXISTS (SELECT 1 FROM notifications_delivery o
    WHERE o.notification_id = d.notification_id AND o.id <> d.id
      AND (o.state = ANY(%(in_progress)s) OR o.state IN ('accepted', 'delivered', 'seen')))
"""

_NEXT = """
INSERT INTO notifications_delivery
  (notification_id, channel, resend_no, kind, lane, priority, dossier_id, recipient_key,
   merge_group, state, reason, due_at, expires_at)
SELECT d.notification_id, v.channel, d.resend_no, d.kind, d.lane, d.priority, d.dossier_id,
  d.recipient_key, d.merge_group, 'created', '', now(), d.expires_at
FROM unnest(%s::bigint[], %s::text[]) AS v(id, channel)
JOIN notifications_delivery d ON d.id = v.id
ON CONFLICT DO NOTHING
RETURNING id
"""


def go_on(delivery_ids: Iterable[int]) -> int:
    """Start the next channel of each ended delivery that has one; how many were started.

    Not after a cancellation, not when it is too old, not beside another way that is under way.
    """
    wanted = list(delivery_ids)
    if not wanted:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ENDED, {"ids": wanted, "in_progress": sorted(IN_PROGRESS)})
        ended: list[tuple[Any, ...]] = list(cursor.fetchall())
        ways = [(row[0], way) for row in ended if (way := _way_behind(row)) is not None]
        if not ways:
            return 0
        cursor.execute(_NEXT, [[pk for pk, _way in ways], [way.value for _pk, way in ways]])
        return len(cursor.fetchall())


def has_next(kind_name: str, channel: Channel, reach: Reach) -> bool:
    """True when the kind has an open channel behind this one for the person."""
    kind = KIND.get(kind_name)
    return kind is not None and isinstance(next_way(kind, reach, after=channel), Channel)


def _way_behind(row: tuple[Any, ...]) -> Channel | None:
    _id, channel, kind_name, citizen_id, officer_id = row
    kind = KIND.get(kind_name)
    if kind is None:
        return None
    if citizen_id is not None:
        purpose = kind.consent or Purpose.DOSSIER
        reach = reaches.of_citizens([citizen_id], purpose).get(citizen_id, reaches.NOBODY)
    elif officer_id is not None:
        reach = reaches.of_officers([officer_id]).get(officer_id, reaches.NOBODY)
    else:
        return None
    way = next_way(kind, reach, after=Channel(channel))
    return way if isinstance(way, Channel) else None
