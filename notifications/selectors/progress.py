"""Reads about how far announcements have come."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from notifications.states import State


@dataclass(frozen=True)
class Progress:
    """How far an announcement has come. `sent` includes delivered and seen, delivered the seen."""

    planned: int = 0
    waiting: int = 0
    sent: int = 0
    delivered: int = 0
    seen: int = 0
    failed: int = 0
    cancelled: int = 0
    failed_by_reason: dict[str, int] = field(default_factory=dict)


_PROGRESS = """
SELECT n.announcement_id, last.state, last.reason, count(*)
FROM notifications_notification n
CROSS JOIN LATERAL (
  SELECT d.state, d.reason FROM notifications_delivery d WHERE d.notification_id = n.id
  ORDER BY (d.state IN ('delivered', 'seen')) DESC, d.id DESC LIMIT 1) last
WHERE n.announcement_id = ANY(%s) GROUP BY 1, 2, 3
"""


def progress_of(announcement_ids: Iterable[int]) -> dict[int, Progress]:
    """By announcement, from its people's newest deliveries; one query."""
    wanted = list(announcement_ids)
    counts: dict[int, dict[tuple[str, str], int]] = {pk: {} for pk in wanted}
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, [wanted])
        for pk, state, reason, number in cursor.fetchall():
            counts[pk][state, reason] = number
    return {pk: _progress(by_state) for pk, by_state in counts.items()}


# As often as the page of an announcement asks.
_RECENT_S = 2.0
_counted: dict[int, tuple[float, Progress]] = {}
_counting = threading.Lock()


def recent_progress_of(announcement_ids: Iterable[int]) -> dict[int, Progress]:
    """As `progress_of`, at most two seconds old: however many watch, a process counts once.

    Who comes while somebody counts waits for that instead of counting beside it.
    """
    wanted = list(announcement_ids)
    with _counting:
        now = time.monotonic()
        for pk in [pk for pk, (at, _row) in _counted.items() if now - at >= _RECENT_S]:
            del _counted[pk]
        lacking = progress_of(pk for pk in wanted if pk not in _counted)
        counted_at = time.monotonic()
        _counted.update({pk: (counted_at, row) for pk, row in lacking.items()})
        return {pk: _counted[pk][1] for pk in wanted}


def _progress(counts: dict[tuple[str, str], int]) -> Progress:
    def total(*states: State) -> int:
        return sum(n for (state, _reason), n in counts.items() if state in states)

    return Progress(
        planned=sum(counts.values()),
        waiting=total(State.CREATED, State.DEFERRED, State.SENDING, State.UNKNOWN),
        sent=total(State.ACCEPTED, State.DELIVERED, State.SEEN),
        delivered=total(State.DELIVERED, State.SEEN),
        seen=total(State.SEEN),
        failed=total(State.FAILED),
        cancelled=total(State.CANCELLED),
        failed_by_reason={
            reason: n for (state, reason), n in sorted(counts.items()) if state == State.FAILED
        },
    )
