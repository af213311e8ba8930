"""Reads about the messages of a dossier."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

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
