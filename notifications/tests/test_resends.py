"""What was to be sent once more, because its fate was unknown, and then was not."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from cases.models import Dossier
from cases.services import actions
from cases.tests.walk import OfficerOf, fresh
from citizens.models import Consent, Purpose, ZaloLink
from citizens.services import record_consent
from notifications.models import Delivery, WebhookInbox
from notifications.selectors.progress import progress_of
from notifications.services import announcing, siblings, sweep
from notifications.states import Reason, State
from notifications.tests.engine import dispatch_all, link_zalo, sending, state_of, wait_until
from notifications.tests.fault_server import BY_PHONE, BY_USER, FaultServer, Reply
from notifications.tests.test_announcing import people, released
from notifications.words import AnnouncementFact, AnnouncementKind, AnnouncementStatus, Lane
from offices.models import Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


def wait_for_resend(zalo: FaultServer, *, lanes: tuple[Lane, ...] = (Lane.PERSONAL,)) -> Delivery:
    """The first request was read and cut off; its grace is over and it is due once more."""
    zalo.answer(Reply(cut=True))
    with sending(lanes):
        wait_until(lambda: Delivery.objects.filter(state=State.UNKNOWN).exists())
    WebhookInbox.objects.create(
        dedupe_key="another", event_name="user_received_message", verified=True
    )
    Delivery.objects.filter(state=State.UNKNOWN).update(grace_until=Now() - timedelta(seconds=1))
    sweep.run()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.resends) == (State.CREATED, 1)
    return delivery


def test_what_became_untrue_before_its_resend_ends_as_perhaps_sent(
    dossier: Dossier, front_desk: Officer, zalo: FaultServer
) -> None:
    wait_for_resend(zalo)
    actions.cancel(
        dossier=dossier, officer=front_desk, version=fresh(dossier).version, reason="Nhầm thủ tục"
    )

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    received = Delivery.objects.get(kind="received")
    assert received.reason == Reason.PERHAPS_SENT


def test_who_perhaps_heard_of_an_acceptance_is_told_that_it_was_undone(
    dossier: Dossier, front_desk: Officer, zalo: FaultServer
) -> None:
    wait_for_resend(zalo)
    actions.cancel(
        dossier=dossier, officer=front_desk, version=fresh(dossier).version, reason="Nhầm thủ tục"
    )

    with sending():
        wait_until(lambda: state_of("intake_cancelled") == State.ACCEPTED)

    assert len(zalo.sent()) == 2


def test_what_waits_for_its_resend_counts_as_having_left(
    dossier: Dossier, zalo: FaultServer
) -> None:
    wait_for_resend(zalo)

    [sibling] = siblings.siblings_of([dossier.pk])[dossier.pk]

    assert sibling.has_left


def test_without_consent_a_resend_ends_as_perhaps_sent(dossier: Dossier, zalo: FaultServer) -> None:
    delivery = wait_for_resend(zalo)
    record_consent(citizen=dossier.citizen, purpose=Purpose.DOSSIER, granted=False, officer=None)

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    delivery.refresh_from_db()
    assert delivery.reason == Reason.PERHAPS_SENT
    assert Consent.objects.filter(granted=False).count() == 1


def test_a_status_message_whose_account_went_away_before_its_resend_takes_no_second_way(
    dossier: Dossier, zalo: FaultServer
) -> None:
    link_zalo(dossier.citizen)
    wait_for_resend(zalo)
    ZaloLink.objects.all().delete()

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    delivery = Delivery.objects.get()
    assert delivery.reason == Reason.PERHAPS_SENT
    assert [call.path for call in zalo.sent()] == [BY_USER]


def test_a_warning_whose_account_went_away_before_its_resend_goes_by_phone(
    officer_of: OfficerOf, zalo: FaultServer
) -> None:
    people(1)
    announcement = released(officer_of)
    dispatch_all()
    citizen = Delivery.objects.get().notification.citizen
    assert citizen is not None
    link_zalo(citizen)
    Delivery.objects.update(channel="zalo_user")
    wait_for_resend(zalo, lanes=(Lane.EMERGENCY,))
    ZaloLink.objects.all().delete()

    with sending([Lane.EMERGENCY]):
        wait_until(lambda: state_of("emergency") == State.ACCEPTED)

    assert [call.path for call in zalo.sent()] == [BY_USER, BY_PHONE]
    first = Delivery.objects.earliest("id")
    assert (first.state, first.reason) == (State.FAILED, Reason.PERHAPS_SENT)
    assert progress_of([announcement.pk])[announcement.pk].sent == 1


def test_a_warning_that_is_called_off_before_its_resend_perhaps_arrived(
    officer_of: OfficerOf, zalo: FaultServer
) -> None:
    people(1)
    announcement = released(officer_of)
    wait_for_resend(zalo, lanes=(Lane.EMERGENCY,))
    announcement.status = AnnouncementStatus.CANCELLED
    announcement.save(update_fields=["status"])
    announcement.events.create(event=AnnouncementFact.CANCELLED, actor=announcement.author)

    while announcing.step((AnnouncementKind.EMERGENCY,)):
        pass

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.reason) == (State.FAILED, Reason.PERHAPS_SENT)
    assert delivery.cancel_requested
