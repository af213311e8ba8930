"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from notifications.models import Delivery, DeliveryAttempt, Notification, ZaloAccount
from notifications.states import IN_PROGRESS, Reason, State
from notifications.tests.engine import dispatch_all
from notifications.words import Channel
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", "notifications", "citizens")


@pytest.fixture
def dossier(case: ProcedureCase, commune: Commune, front_desk: Officer) -> Dossier:
    dossier = take_in_case(case, commune=commune, officer=front_desk)
    dispatch_all()
    return dossier


@pytest.fixture
def delivery(dossier: Dossier) -> Delivery:
    """Of the acceptance, by phone, not sent yet."""
    return Delivery.objects.get()


@pytest.fixture
def account(db: None) -> ZaloAccount:
    return ZaloAccount.objects.create(oa_id="1", access_token="a", refresh_token="r")


def copy_of(row: Delivery, **changes: Any) -> Delivery:
    """Another delivery like `row`, stored."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in Delivery._meta.concrete_fields
        if not field.primary_key
    }
    return Delivery.objects.create(**values | changes)


def another(row: Notification, **changes: Any) -> Notification:
    """Another notification like `row`, stored."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in Notification._meta.concrete_fields
        if not field.primary_key
    }
    return Notification.objects.create(**values | changes)


def refuses(constraint: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


# ---- notifications -------------------------------------------------------------------------------


def test_one_event_is_told_to_one_recipient_once(delivery: Delivery) -> None:
    row = delivery.notification
    refuses("notification_once", lambda: another(row))

    assert another(row, recipient_key="c0").pk
    assert another(row, kind="returned").pk
    assert another(row, event_id=0).pk
    assert another(row, source="chat").pk


def test_a_notification_is_for_a_citizen_or_an_officer_and_not_for_both(
    delivery: Delivery, front_desk: Officer
) -> None:
    row = delivery.notification
    refuses(
        "notification_one_recipient",
        lambda: another(row, event_id=0, officer_id=front_desk.pk),
    )
    assert another(row, event_id=0, citizen_id=None, officer_id=front_desk.pk).pk
    assert another(row, event_id=1, citizen_id=None).pk


# ---- deliveries ----------------------------------------------------------------------------------


def test_a_notification_goes_once_by_each_channel_but_for_a_numbered_resend(
    delivery: Delivery,
) -> None:
    end(delivery, State.FAILED)
    refuses("delivery_once", lambda: copy_of(delivery))

    assert copy_of(delivery, resend_no=1).pk


def end(row: Delivery, state: State) -> None:
    row.state, row.reason = state, Reason.PERMANENT if state == State.FAILED else ""
    row.save()


@pytest.mark.parametrize("first", sorted(IN_PROGRESS))
@pytest.mark.parametrize("second", sorted(IN_PROGRESS))
def test_a_notification_is_on_one_way_at_a_time(
    delivery: Delivery, first: State, second: State
) -> None:
    end(delivery, first)

    refuses(
        "delivery_one_in_progress",
        lambda: copy_of(delivery, channel=Channel.ZALO_USER, state=second),
    )


@pytest.mark.parametrize("ended", sorted(set(State) - IN_PROGRESS))
def test_the_next_way_may_begin_when_one_has_ended(delivery: Delivery, ended: State) -> None:
    end(delivery, ended)

    assert copy_of(delivery, channel=Channel.ZALO_USER, state=State.CREATED, reason="").pk


def test_one_message_of_a_dossier_is_on_its_way_to_a_person_at_a_time(delivery: Delivery) -> None:
    end(delivery, State.SENDING)
    later = another(delivery.notification, event_id=0)
    other_person = another(delivery.notification, event_id=1, recipient_key="c0")

    refuses("delivery_one_sending_per_dossier", lambda: copy_of(delivery, notification_id=later.pk))

    assert copy_of(delivery, notification_id=later.pk, state=State.CREATED).pk
    assert copy_of(delivery, notification_id=other_person.pk, recipient_key="c0").pk


def test_one_request_is_on_its_way_to_an_account_at_a_time_but_for_chat_and_warnings(
    delivery: Delivery,
) -> None:
    delivery.channel = Channel.ZALO_USER
    end(delivery, State.SENDING)
    no_dossier = {"dossier_id": None}
    others = [another(delivery.notification, event_id=n) for n in range(3)]

    refuses(
        "delivery_one_sending_per_user",
        lambda: copy_of(delivery, notification_id=others[0].pk, **no_dossier),
    )

    for priority, other in enumerate(others[1:]):
        assert copy_of(delivery, notification_id=other.pk, priority=priority, **no_dossier).pk
    by_phone = {"channel": Channel.ZALO_PHONE, **no_dossier}
    assert copy_of(delivery, notification_id=others[0].pk, **by_phone).pk


def test_an_account_gives_a_message_id_once_and_many_have_none(
    delivery: Delivery, account: ZaloAccount
) -> None:
    delivery.account, delivery.msg_id = account, "m1"
    end(delivery, State.ACCEPTED)

    refuses("delivery_msg_id_once", lambda: copy_of(delivery, resend_no=1))

    for number in (2, 3):
        assert copy_of(delivery, resend_no=number, msg_id=None).pk


def test_a_failed_delivery_says_why(delivery: Delivery) -> None:
    refuses(
        "delivery_failed_has_reason",
        lambda: Delivery.objects.filter(pk=delivery.pk).update(state=State.FAILED, reason=""),
    )
    assert Delivery.objects.filter(pk=delivery.pk).update(
        state=State.FAILED, reason=Reason.EXPIRED, expires_at=Now() - timedelta(hours=1)
    )


def test_an_attempt_has_its_number_once(delivery: Delivery) -> None:
    DeliveryAttempt.objects.create(delivery=delivery, no=1, process="p")

    refuses(
        "delivery_attempt_once",
        lambda: DeliveryAttempt.objects.create(delivery=delivery, no=1, process="q"),
    )
