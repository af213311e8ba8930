"""Answers that are odd or late: none is lost, none stops the others."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from notifications import zalo_events
from notifications.channels import zalo_answers
from notifications.channels.base import Answer, Result
from notifications.models import ChannelHold, Delivery, DeliveryAttempt, ZaloAccount
from notifications.services import holds, lease
from notifications.services.intent import Outgoing
from notifications.states import Reason, State
from notifications.tests.by_hand import ME, come, lose_leases, send_on, success
from notifications.tests.engine import link_zalo, sending, state_of, wait_until
from notifications.tests.fault_server import BY_PHONE, FaultServer, Reply
from notifications.words import Channel, Lane
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


# ---- late ----------------------------------------------------------------------------------------


def test_a_success_that_comes_after_the_sweep_is_kept_and_nothing_is_sent_again(
    dossier: Dossier,
) -> None:
    out = send_on()
    lose_leases()

    come(out, success("m1"))

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.msg_id) == (State.ACCEPTED, "m1")
    assert (delivery.resolution, delivery.grace_until) == ("late_answer", None)
    assert DeliveryAttempt.objects.get().outcome == "accepted"


def test_a_success_that_comes_while_the_resend_waits_calls_the_resend_off(
    dossier: Dossier,
) -> None:
    out = send_on()
    lose_leases()
    Delivery.objects.update(state=State.CREATED, resends=1, grace_until=None)

    come(out, success("m1"))

    assert Delivery.objects.get().state == State.ACCEPTED
    assert lease.take(Lane.PERSONAL, me=ME, limit=9) == []


def test_a_late_answer_of_an_earlier_attempt_changes_nothing(dossier: Dossier) -> None:
    out = send_on()
    lose_leases()
    Delivery.objects.update(state=State.CREATED, resends=1, grace_until=None)
    send_on()

    come(out, success("m1"))

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempt_no, delivery.msg_id) == (State.SENDING, 2, None)


def test_a_late_refusal_takes_the_next_channel_at_once(dossier: Dossier) -> None:
    link_zalo(dossier.citizen)
    out = send_on()
    lose_leases()

    come(out, {"error": -213, "message": "user does not follow"})

    assert list(Delivery.objects.order_by("id").values_list("channel", "state", "reason")) == [
        (Channel.ZALO_USER, State.FAILED, Reason.PERMANENT),
        (Channel.ZALO_PHONE, State.CREATED, ""),
    ]


def test_a_late_certain_non_send_is_tried_again_and_is_unknown_no_more(dossier: Dossier) -> None:
    out = send_on()
    lose_leases()

    come(out, {"error": -100, "message": "retry later"})

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.failures) == (State.CREATED, 1)
    assert delivery.unknown_since is None


def test_a_late_answer_does_not_lower_what_a_receipt_proved(dossier: Dossier) -> None:
    out = send_on()
    Delivery.objects.update(state=State.DELIVERED, lease_until=None)

    come(out, {"error": -118, "message": "no account"})

    assert Delivery.objects.get().state == State.DELIVERED


# ---- odd -----------------------------------------------------------------------------------------

ODD = [
    success("x" * 65),
    success("a\x00b"),
    success("\ud800"),
    {"error": 99999999999, "message": "?"},
    {"error": "-99999999999"},
    {"error": 0, "data": {"msg_id": {"a": 1}}},
    {"error": 0, "data": {"msg_id": 12345678901234567890}},
]


@pytest.mark.parametrize("body", ODD, ids=lambda body: json.dumps(body)[:40])
def test_an_odd_answer_does_not_stop_the_sender(
    dossier: Dossier,
    case: ProcedureCase,
    commune: Commune,
    front_desk: Officer,
    zalo: FaultServer,
    body: dict[str, Any],
) -> None:
    zalo.answer(Reply(body=json.dumps(body).encode()), path=BY_PHONE)

    with sending():
        wait_until(lambda: len(zalo.sent()) == 1)
        other = take_in_case(case, commune=commune, officer=front_desk, number=2)
        theirs = Delivery.objects.filter(dossier=other)
        wait_until(lambda: theirs.filter(state=State.ACCEPTED).exists())
        wait_until(lambda: not Delivery.objects.filter(state=State.SENDING).exists())


@pytest.mark.parametrize("given", ["x" * 65, "a\x00b", "\ud800c", "p-1", 123])
def test_a_message_id_is_read_the_same_from_an_answer_and_from_its_receipt(
    given: str | int,
) -> None:
    answer = Answer(status=200, body=json.dumps({"error": 0, "data": {"msg_id": given}}).encode())
    receipt = json.dumps({"event_name": "user_received_message", "message": {"msg_id": given}})
    parsed = zalo_events.parse(receipt.encode())
    assert parsed is not None

    outcome = zalo_answers.read(answer, msg_id_field="msg_id")

    assert outcome.result is Result.ACCEPTED
    assert outcome.msg_id == zalo_events.read(parsed).msg_id


def test_a_code_wider_than_any_is_an_unclassified_one() -> None:
    outcome = zalo_answers.read(Answer(status=200, body=b'{"error": 1e11}'), msg_id_field="msg_id")
    assert outcome.result is Result.UNKNOWN

    outcome = zalo_answers.read(
        Answer(status=200, body=b'{"error": 99999999999}'), msg_id_field="msg_id"
    )
    assert (outcome.result, outcome.code) == (Result.RETRY_FEW, None)


def test_one_message_id_given_twice_is_kept_once_and_both_count_as_sent(
    dossier: Dossier, case: ProcedureCase, commune: Commune, front_desk: Officer
) -> None:
    come(send_on(), success("m1"))
    take_in_case(case, commune=commune, officer=front_desk, number=2)

    come(send_on(), success("m1"))

    rows = Delivery.objects.order_by("id").values_list("state", "msg_id")
    assert list(rows) == [(State.ACCEPTED, "m1"), (State.ACCEPTED, None)]


def test_an_answer_that_the_database_refuses_leaves_the_fate_unknown(dossier: Dossier) -> None:
    out = send_on()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE notifications_delivery ADD CONSTRAINT never_accepted "
            "CHECK (state <> 'accepted') NOT VALID"
        )
    try:
        come(out, success("m1"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE notifications_delivery DROP CONSTRAINT never_accepted")

    assert Delivery.objects.get().state == State.UNKNOWN
    assert DeliveryAttempt.objects.get().detail == "answer could not be stored"


# ---- few tries, holds ----------------------------------------------------------------------------


def again() -> Outgoing:
    """The only delivery is due at once and its next attempt leaves."""
    Delivery.objects.update(due_at=Now())
    return send_on()


def probe() -> Outgoing:
    """The hold has ended, and the held one is tried."""
    holds.release([hold.key for hold in ChannelHold.objects.all()])
    holds.forget_cache()
    return again()


def test_an_unclassified_answer_has_three_tries_of_its_own_after_ordinary_failures(
    dossier: Dossier,
) -> None:
    come(send_on(), {"error": -100, "message": "retry later"})
    for _n in range(2):
        come(again(), {"error": -100, "message": "retry later"})
    for _n in range(3):
        come(again(), {"error": -987, "message": "?"})
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.failures) == (State.CREATED, 3)

    come(again(), {"error": -987, "message": "?"})

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == (State.FAILED, Reason.TECHNICAL)


def test_unclassified_answers_use_up_no_ordinary_try(dossier: Dossier) -> None:
    come(send_on(), {"error": -987, "message": "?"})

    assert Delivery.objects.get().failures == 0


def test_a_new_hold_begins_to_count_anew_after_any_other_answer(
    dossier: Dossier,
) -> None:
    come(send_on(), {"error": -131, "message": "template not approved"})
    Delivery.objects.update(held_since=Now() - timedelta(minutes=10))

    come(probe(), {"error": -131, "message": "template not approved"})
    assert Delivery.objects.filter(held_since__lt=Now() - timedelta(minutes=9)).exists()

    come(probe(), {"error": -100, "message": "retry later"})
    assert Delivery.objects.get().held_since is None


def test_a_template_that_only_phones_get_goes_by_phone_before_it_is_sent(
    dossier: Dossier, account: ZaloAccount, zalo: FaultServer
) -> None:
    link_zalo(dossier.citizen)
    account.templates.filter(name="received").update(phone_only=True)

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    assert [call.path for call in zalo.sent()] == [BY_PHONE]
