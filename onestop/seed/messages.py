"""The messages that the seeded history would have sent, written as sent: nothing leaves."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from django.db import connection, transaction

from citizens.models import Citizen, ZaloLink
from common import clock
from common.fields import keyed_hash
from notifications.models import Delivery, DeliveryAttempt
from notifications.policies import PHONE_CLOSED_DAYS
from notifications.services.dispatch import tellings_of
from notifications.services.enrol import enrol
from notifications.services.sources import DossierSource
from notifications.states import State
from offices.models import Officer
from onestop.seed.people import Person, zalo_user_id

_DISPATCH = """
UPDATE cases_dossierevent SET dispatched_at = at + interval '1 second'
WHERE dispatched_at IS NULL
"""
_DATE_BACK = """
UPDATE notifications_notification n SET created_at = e.at + interval '1 second'
FROM cases_dossierevent e WHERE n.source = 'dossier' AND n.event_id = e.id
"""
_ALL = 1_000_000


def link_accounts(people: Sequence[Person], officers: Sequence[Officer]) -> None:
    """Zalo accounts of linked citizens and of some officers, and phones known to have none."""
    now = clock.now()
    phones = {keyed_hash(p.applicant.phone): p.applicant.phone for p in people if p.applicant.phone}
    linked = {keyed_hash(p.applicant.phone) for p in people if p.is_linked and p.applicant.phone}
    links = [
        ZaloLink(
            user_id=zalo_user_id(phones[citizen.phone_hash]),
            citizen=citizen,
            linked_at=citizen.created_at,
            last_interaction_at=citizen.created_at,
        )
        for citizen in Citizen.objects.filter(phone_hash__in=linked)
    ]
    links += [
        ZaloLink(user_id=zalo_user_id(officer.username), officer=officer, linked_at=now)
        for officer in officers
    ]
    ZaloLink.objects.bulk_create(links, ignore_conflicts=True)
    without = [digest for digest, phone in phones.items() if phone.endswith("00")]
    Citizen.objects.filter(phone_hash__in=without).update(
        zalo_phone_closed_until=now + timedelta(days=PHONE_CLOSED_DAYS)
    )


@transaction.atomic
def write_as_sent(chance: Random) -> int:
    """Notifications for every event that waits, their deliveries finished; the number of events.

    The registry and the channels of real life decide; only the sending is left out.
    """
    occurrences = DossierSource().claim(_ALL, after=0, skip=[])
    enrol(tellings_of(occurrences))
    with connection.cursor() as cursor:
        cursor.execute(_DISPATCH)
        cursor.execute(_DATE_BACK)
    _finish(chance)
    return len(occurrences)


def _finish(chance: Random) -> None:
    """Deliveries that wait become delivered or seen, each with the attempt that did it."""
    waiting = Delivery.objects.filter(state=State.CREATED).select_related("notification")
    attempts = []
    for delivery in (rows := list(waiting)):
        sent = delivery.notification.created_at + timedelta(seconds=chance.uniform(0.3, 1.5))
        delivery.state = State.SEEN if chance.random() < 0.7 else State.DELIVERED
        delivery.accepted_at = sent
        delivery.delivered_at = sent + timedelta(seconds=chance.uniform(0.5, 20))
        if delivery.state == State.SEEN:
            delivery.seen_at = delivery.delivered_at + timedelta(minutes=chance.uniform(0.2, 300))
        delivery.attempt_no = 1
        delivery.due_at = delivery.notification.created_at
        delivery.expires_at = delivery.notification.created_at + timedelta(hours=24)
        delivery.msg_id = f"seed{delivery.pk}"
        attempts.append(
            DeliveryAttempt(
                delivery=delivery,
                no=1,
                started_at=delivery.notification.created_at,
                finished_at=sent,
                outcome="accepted",
                http_status=200,
                code=0,
                duration_ms=round((sent - delivery.notification.created_at).total_seconds() * 1e3),
                process="seed",
            )
        )
    Delivery.objects.bulk_update(
        rows,
        [
            "state", "accepted_at", "delivered_at", "seen_at", "attempt_no", "due_at",
            "expires_at", "msg_id",
        ],
        batch_size=500,
    )  # fmt: skip
    DeliveryAttempt.objects.bulk_create(attempts, batch_size=1000)
