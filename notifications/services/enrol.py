"""Making notifications and their first deliveries: set-based, each once however often it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from citizens.models import Purpose
from common import clock
from notifications.kinds import Kind, Recipient
from notifications.policies import scaled
from notifications.services import reach as reaches
from notifications.services.reach import Reach, next_way
from notifications.services.sources import Addressee
from notifications.states import Reason, State
from notifications.words import Channel, Source
from offices.selectors.calendars import calendar_for


@dataclass(frozen=True)
class Telling:
    """One kind for one addressee because of one event."""

    kind: Kind
    source: Source
    event_id: int
    addressee: Addressee
    dossier_id: int | None = None
    announcement_id: int | None = None
    lifetime_s: float | None = None  # only where the kind has none of its own


_NOTIFY = """
INSERT INTO notifications_notification
  (source, event_id, kind, recipient_key, dossier_id, announcement_id, citizen_id, officer_id,
   created_at)
SELECT v.*, %s FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::bigint[],
  %s::bigint[], %s::bigint[], %s::bigint[]) AS v
ON CONFLICT DO NOTHING
RETURNING id, source, event_id, kind, recipient_key
"""

_DELIVER = """
INSERT INTO notifications_delivery
  (notification_id, channel, resend_no, kind, lane, priority, dossier_id, recipient_key,
   merge_group, state, reason, due_at, expires_at)
SELECT v.notification_id, v.channel, 0, v.kind, v.lane, v.priority, v.dossier_id, v.recipient_key,
  v.merge_group, v.state, v.reason, now() + v.window_s * interval '1 second',
  now() + v.lifetime_s * interval '1 second'
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::int[], %s::bigint[], %s::text[],
  %s::text[], %s::text[], %s::text[], %s::float8[], %s::float8[])
  AS v(notification_id, channel, kind, lane, priority, dossier_id, recipient_key, merge_group,
       state, reason, window_s, lifetime_s)
ON CONFLICT DO NOTHING
"""


def enrol(tellings: Sequence[Telling]) -> int:
    """Insert what is not there yet; the number of new notifications. Must run in a transaction."""
    if not tellings:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_NOTIFY, [clock.now(), *_notification_columns(tellings)])
        new = {(row[1], row[2], row[3], row[4]): row[0] for row in cursor.fetchall()}
    fresh = [(new[_key(t)], t) for t in tellings if _key(t) in new]
    ways = _first_ways([t for _id, t in fresh])
    officers_s = _officers_lifetime_s() if any(_is_officers(t.kind) for _id, t in fresh) else 0.0
    if fresh:
        with connection.cursor() as cursor:
            cursor.execute(_DELIVER, _delivery_columns(fresh, ways, officers_s))
    return len(fresh)


def _key(telling: Telling) -> tuple[str, int, str, str]:
    return (
        telling.source.value,
        telling.event_id,
        telling.kind.name,
        telling.addressee.key,
    )


def _notification_columns(tellings: Sequence[Telling]) -> list[list[object]]:
    return [
        [t.source.value for t in tellings],
        [t.event_id for t in tellings],
        [t.kind.name for t in tellings],
        [t.addressee.key for t in tellings],
        [t.dossier_id for t in tellings],
        [t.announcement_id for t in tellings],
        [t.addressee.citizen_id for t in tellings],
        [t.addressee.officer_id for t in tellings],
    ]


def _first_ways(tellings: Sequence[Telling]) -> list[Channel | Reason]:
    """The first channel of each telling, or why there is none; at most one query per purpose."""
    people: dict[Purpose, dict[int, Reach]] = {}
    for purpose in {t.kind.consent or Purpose.DOSSIER for t in tellings}:
        people[purpose] = reaches.of_citizens(
            [
                t.addressee.citizen_id
                for t in tellings
                if t.addressee.citizen_id and (t.kind.consent or Purpose.DOSSIER) == purpose
            ],
            purpose,
        )
    officers = reaches.of_officers(
        t.addressee.officer_id for t in tellings if t.addressee.officer_id
    )
    return [next_way(t.kind, _reach(t, people, officers)) for t in tellings]


def _reach(
    telling: Telling, people: dict[Purpose, dict[int, Reach]], officers: dict[int, Reach]
) -> Reach:
    who = telling.addressee
    if who.citizen_id is not None:
        purpose = telling.kind.consent or Purpose.DOSSIER
        return people[purpose].get(who.citizen_id, reaches.NOBODY)
    if who.officer_id is not None:
        return officers.get(who.officer_id, reaches.NOBODY)
    return reaches.CHAT


def _is_officers(kind: Kind) -> bool:
    return kind.recipient is Recipient.STEP_OFFICER


def _officers_lifetime_s() -> float:
    """Eight working hours from now on the common calendar, in seconds."""
    now = clock.now()
    return (calendar_for(None).after_working(now, timedelta(hours=8)) - now).total_seconds()


def _lifetime_s(telling: Telling, officers_s: float) -> float:
    stale = telling.kind.stale_after_s
    if stale is None:
        return telling.lifetime_s or 0.0
    return scaled(stale or officers_s)


def _delivery_columns(
    fresh: Sequence[tuple[int, Telling]], ways: Sequence[Channel | Reason], officers_s: float
) -> list[list[object]]:
    rows = [
        (
            pk,
            way.value if isinstance(way, Channel) else Channel.NONE.value,
            t.kind.name,
            t.kind.lane.value,
            t.kind.priority,
            t.dossier_id,
            t.addressee.key,
            t.kind.merge_group,
            State.CREATED.value if isinstance(way, Channel) else State.FAILED.value,
            "" if isinstance(way, Channel) else way.value,
            scaled(t.kind.merge_window_s),
            _lifetime_s(t, officers_s),
        )
        for (pk, t), way in zip(fresh, ways, strict=True)
    ]
    return [list(column) for column in zip(*rows, strict=True)]
