"""Whose turn it is: one message of a dossier at a time, and chat waits for none."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from cases.models import Dossier
from cases.tests.walk import OfficerOf, next_open_step
from notifications.models import ChatReply, Delivery
from notifications.services import intent, lease, tokens
from notifications.services.chat_answers import ensure_defaults
from notifications.states import State
from notifications.tests.engine import dispatch_all, sending, state_of, wait_until
from notifications.tests.fault_server import FaultServer, Reply
from notifications.tests.test_order import ask_for_papers, hand_over
from notifications.words import Lane
from offices.models import Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


def test_an_earlier_message_waits_while_a_later_one_of_its_dossier_is_under_way(
    dossier: Dossier, front_desk: Officer
) -> None:
    ask_for_papers(dossier, front_desk)
    dispatch_all()
    first, second = Delivery.objects.order_by("id")
    Delivery.objects.filter(pk=second.pk).update(state=State.SENDING)

    assert lease.take(Lane.PERSONAL, me="a", limit=9) == []
    Delivery.objects.filter(pk=second.pk).update(state=State.ACCEPTED)
    assert [row.id for row in lease.take(Lane.PERSONAL, me="a", limit=9)] == [first.id]


def test_an_earlier_message_is_sent_after_a_later_one_that_took_long(
    dossier: Dossier, front_desk: Officer, officer_of: OfficerOf, zalo: FaultServer
) -> None:
    dispatch_all()
    Delivery.objects.update(state=State.DELIVERED)
    handed_over = hand_over(dossier, officer_of)
    step = next_open_step(handed_over)
    ask_for_papers(handed_over, step.officer or officer_of(step.office.code, step.role))
    dispatch_all()
    answer = threading.Event()
    zalo.answer(Reply(hold=answer, body=b'{"error": 0, "data": {"msg_id": "m"}}'))

    with sending():
        wait_until(lambda: len(zalo.sent()) == 1)
        Delivery.objects.filter(kind="handed_over").update(due_at=Now())
        time.sleep(1.0)  # nothing may happen: several polls pass
        assert state_of("handed_over") == State.CREATED
        answer.set()
        wait_until(lambda: state_of("handed_over") == State.ACCEPTED)

    assert state_of("supplement") == State.ACCEPTED
    assert set(Delivery.objects.values_list("crashes", flat=True)) == {0}


@pytest.mark.parametrize("crashes", [0, 1], ids=["in a group", "alone"])
def test_who_meets_the_index_of_the_order_has_not_crashed(
    dossier: Dossier, front_desk: Officer, crashes: int
) -> None:
    ask_for_papers(dossier, front_desk)
    dispatch_all()
    first, second = Delivery.objects.order_by("id")
    Delivery.objects.update(crashes=crashes)
    credential = tokens.credential()
    assert credential is not None
    for _turn in range(6):
        rows = lease.take(Lane.PERSONAL, me="a", limit=9)
        assert [row.id for row in rows] == [first.id]
        with another_begins(second.id):
            assert intent.intend(rows, credential=credential, me="a") == []

    first.refresh_from_db()
    assert (first.state, first.crashes, first.lease_by) == (State.CREATED, crashes, "")


@contextmanager
def another_begins(delivery_id: int) -> Iterator[None]:
    """Another process commits its intent after the order was looked at and before ours is."""
    is_free, goes_on = threading.Event(), threading.Event()

    def begin() -> None:
        with transaction.atomic():
            rows = Delivery.objects.filter(pk=delivery_id)
            rows.update(state=State.SENDING)
            is_free.set()
            goes_on.wait(10)
        connection.close()

    thread = threading.Thread(target=begin)
    thread.start()
    assert is_free.wait(10)
    timer = threading.Timer(0.2, goes_on.set)
    timer.start()
    try:
        yield
    finally:
        thread.join()
        Delivery.objects.filter(pk=delivery_id).update(state=State.CREATED)


def test_a_chat_answer_about_a_dossier_waits_for_no_other(dossier: Dossier) -> None:
    ensure_defaults()
    dispatch_all()
    Delivery.objects.update(state=State.DELIVERED)
    for _turn in range(3):
        ChatReply.objects.create(event="state", user_id="999", dossier=dossier, payload={})
    dispatch_all()
    unknown, sent, waiting = Delivery.objects.filter(kind="chat_answer").order_by("id")
    Delivery.objects.filter(pk=unknown.pk).update(state=State.UNKNOWN, unknown_since=Now())
    Delivery.objects.filter(pk=sent.pk).update(state=State.SENDING)
    credential = tokens.credential()
    assert credential is not None

    rows = lease.take(Lane.PERSONAL, me="a", limit=9)

    assert [row.id for row in rows] == [waiting.id]
    assert len(intent.intend(rows, credential=credential, me="a")) == 1
