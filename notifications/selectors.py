"""Reads about messages: those of a dossier, and how far an announcement has come."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from django.db import connection

from cases.models import Dossier
from notifications.models import Delivery
from notifications.states import COULD_NOT, OUR_FAULT, Reason, State
from notifications.words import Channel, Source

# A person must be told by telephone where Zalo could not or perhaps did not.
NEEDS_CALL = COULD_NOT | OUR_FAULT | {Reason.NO_CONSENT}
_SHOWN = 200


@dataclass(frozen=True)
class Told:
    """One notification as its newest delivery stands; `attempts` counts those of all deliveries."""

    notification_id: int
    kind: str
    to_officer: bool
    officer_name: str
    channel: Channel
    state: State
    reason: str
    why: str
    attempts: int
    created_at: datetime
    accepted_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime | None
    earlier: tuple["Told", ...] = ()

    @property
    def at(self) -> datetime:
        """When it was seen, delivered or sent, the latest of these.

        A message that failed or waits has the time when it was decided to tell.
        """
        return self.seen_at or self.delivered_at or self.accepted_at or self.created_at

    @property
    def needs_call(self) -> bool:
        """True where the office should telephone this citizen."""
        return not self.to_officer and self.state == State.FAILED and self.reason in NEEDS_CALL


def told_about(dossier: Dossier) -> list[Told]:
    """What was told about a dossier, oldest first, the newest of very many; one query.

    Answers in the chat about it are between one account and us, whoever asked: they tell nobody
    of the dossier's people anything.
    """
    newest = (
        Delivery.objects.filter(notification__dossier=dossier)
        .exclude(notification__source=Source.CHAT)
        .select_related("notification", "notification__officer")
        .order_by("-notification_id", "-id")
    )[:_SHOWN]
    rows = reversed(newest)
    return [
        _told(list(group)) for _key, group in groupby(rows, key=lambda row: row.notification_id)
    ]


def _told(deliveries: list[Delivery]) -> Told:
    *earlier, newest = [_of(row, row.attempt_no) for row in deliveries]
    total = sum(row.attempt_no for row in deliveries)
    best = max([*earlier, newest], key=lambda told: (_arrived(told), told is newest))
    return replace(best, attempts=total, earlier=tuple(earlier))


def _arrived(told: Told) -> bool:
    return told.state in (State.DELIVERED, State.SEEN)


def _of(row: Delivery, attempts: int) -> Told:
    notification = row.notification
    return Told(
        notification_id=notification.pk,
        kind=notification.kind,
        to_officer=notification.officer_id is not None,
        officer_name=notification.officer.full_name if notification.officer else "",
        channel=Channel(row.channel),
        state=State(row.state),
        reason=row.reason,
        why=row.why,
        attempts=attempts,
        created_at=notification.created_at,
        accepted_at=row.accepted_at,
        delivered_at=row.delivered_at,
        seen_at=row.seen_at,
    )


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
