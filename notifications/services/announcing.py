"""The outbox of announcements: its people are frozen in chunks, the first already being sent."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F

from common import clock
from notifications.kinds import Fact, kinds_of
from notifications.models import Announcement, AnnouncementEvent, Delivery
from notifications.services import announcements, audience
from notifications.services.enrol import Telling, enrol
from notifications.services.sources import Addressee, citizen_key
from notifications.states import Cause, Reason, State, sources_of, target_of
from notifications.words import AnnouncementFact, AnnouncementKind, AnnouncementStatus, Source

FIRST_CHUNK = 1_000
CHUNK = 10_000
# A news item is of use for a day at most, whatever its own expiry says.
_NEWS_LIFETIME = timedelta(hours=24)

logger = logging.getLogger(__name__)

_CLAIM = """
SELECT e.id FROM notifications_announcementevent e
JOIN notifications_announcement a ON a.id = e.announcement_id
WHERE e.dispatched_at IS NULL AND a.kind = ANY(%s) AND NOT e.id = ANY(%s::bigint[])
ORDER BY a.kind <> 'emergency', a.planned, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED
"""


class StepFailed(Exception):
    """One announcement cannot go on; the others can."""

    def __init__(self, event_id: int) -> None:
        super().__init__(f"the announcement of event {event_id} cannot go on")
        self.event_id = event_id


def step(kinds: tuple[AnnouncementKind, ...], *, skip: Sequence[int] = ()) -> bool:
    """One chunk of one announcement in one transaction; False when there is nothing to do.

    The event stays undispatched until its last person is written down, so a crash repeats at most
    one chunk, which then changes nothing. Raises StepFailed with the event that is to be skipped.
    """
    with transaction.atomic():
        event_id = _claim(kinds, skip)
        if event_id is None:
            return False
        try:
            _go_on(event_id)
        except Exception as error:
            raise StepFailed(event_id) from error
        return True


def _claim(kinds: tuple[AnnouncementKind, ...], skip: Sequence[int]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [[kind.value for kind in kinds], list(skip)])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _go_on(event_id: int) -> None:
    event = AnnouncementEvent.objects.select_related("announcement").get(pk=event_id)
    if event.event == AnnouncementFact.RELEASED and not _tell_next(event):
        return
    if event.event == AnnouncementFact.CANCELLED:
        _call_off(event.announcement)
    AnnouncementEvent.objects.filter(pk=event.pk).update(dispatched_at=clock.now())


def _tell_next(event: AnnouncementEvent) -> bool:
    """Write down the next chunk of people; True when there are no more."""
    announcement = event.announcement
    fact = Fact(event.event, subject=announcement.kind)
    kinds = kinds_of(Source.ANNOUNCEMENT, fact)
    lifetime = _lifetime(announcement)
    is_running = announcement.status == AnnouncementStatus.RELEASED and lifetime > timedelta()
    if not kinds or not is_running:
        return True
    if not announcements.is_as_released(announcement):
        logger.critical("announcement %s differs from what was released", announcement.pk)
        announcements.halt(announcement)
        return True
    limit = CHUNK if announcement.freeze_cursor else FIRST_CHUNK
    people = audience.next_people(
        kind=AnnouncementKind(announcement.kind),
        communes=list(announcement.communes.values_list("pk", flat=True)),
        after=announcement.freeze_cursor,
        limit=limit,
    )
    made = enrol(
        [
            Telling(
                kind,
                Source.ANNOUNCEMENT,
                event.pk,
                Addressee(citizen_key(person), citizen_id=person),
                announcement_id=announcement.pk,
                lifetime_s=lifetime.total_seconds(),
            )
            for kind in kinds
            for person in people
        ]
    )
    if people:
        Announcement.objects.filter(pk=announcement.pk).update(
            freeze_cursor=people[-1], planned=F("planned") + made
        )
    return len(people) < limit


def _lifetime(announcement: Announcement) -> timedelta:
    left = announcement.expires_at - clock.now()
    if announcement.kind == AnnouncementKind.POLICY_NEWS:
        return min(left, _NEWS_LIFETIME)
    return left


def _call_off(announcement: Announcement) -> None:
    """What has not left is cancelled; the rest cannot be recalled and is not sent again.

    What waits for its resend may have arrived the first time: it ends as perhaps sent.
    """
    deliveries = Delivery.objects.filter(notification__announcement=announcement)
    deliveries.filter(state__in=sources_of(Cause.NOT_TRUE), resends__gt=0).update(
        state=target_of(Cause.NOT_TRUE),
        reason=Reason.PERHAPS_SENT,
        why="",
        cancel_requested=True,
        lease_until=None,
        lease_by="",
    )
    deliveries.filter(state__in=sources_of(Cause.CANCEL)).update(
        state=target_of(Cause.CANCEL), lease_until=None, lease_by=""
    )
    deliveries.filter(state__in=[State.SENDING, State.UNKNOWN, State.ACCEPTED]).update(
        cancel_requested=True
    )
