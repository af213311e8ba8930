"""Receipts and other events: early, late, twice, out of order, and by several workers at once."""

import random
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from pytest_django import Settings

from cases.models import Dossier
from common.tests.counted import forget_limits
from notifications import tracking
from notifications.models import (
    ChatReply,
    Delivery,
    WebhookBody,
    WebhookInbox,
    ZaloAccount,
    ZaloTemplate,
)
from notifications.models.webhook import InboxState
from notifications.services import inbox
from notifications.states import State
from notifications.tests.engine import link_zalo, sending, state_of, wait_until
from notifications.tests.fault_server import FaultServer, Reply
from notifications.tests.zalo_events import APP_ID, OA_ID, OA_SECRET, USER, post, receipt, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


@pytest.fixture(autouse=True)
def account_settings(settings: Settings) -> None:
    settings.ZALO_APP_ID, settings.ZALO_OA_ID = APP_ID, OA_ID
    settings.ZALO_OA_SECRET_KEY = OA_SECRET
    forget_limits()


@pytest.fixture
def sent_to_phone(dossier: Dossier) -> Delivery:
    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)
    return Delivery.objects.get()


@pytest.fixture
def sent_to_account(dossier: Dossier) -> Delivery:
    link_zalo(dossier.citizen, USER)
    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)
    return Delivery.objects.get()


def post_received(msg_id: str, **more: str) -> None:
    post("user_received_message", **receipt(msg_id, **more))


def post_seen(*msg_ids: str) -> None:
    message = {"msg_ids": list(msg_ids)}
    post("user_seen_message", sender={"id": OA_ID}, recipient={"id": USER}, message=message)


def states_of_inbox() -> list[str]:
    return list(WebhookInbox.objects.order_by("id").values_list("state", flat=True))


def make_due() -> None:
    WebhookInbox.objects.update(next_try_at=Now())


# ---- receipts ------------------------------------------------------------------------------------


def test_receipt_by_tracking_id_means_delivered(sent_to_phone: Delivery) -> None:
    tracking_id = tracking.encode(sent_to_phone.pk, 1)

    post_received("p-never-heard-of", tracking_id=tracking_id, recipient="84951000011")
    inbox.process()

    sent_to_phone.refresh_from_db()
    assert sent_to_phone.state == State.DELIVERED
    assert sent_to_phone.delivered_at is not None


def test_receipt_by_message_id_means_delivered_and_seen_means_seen(
    sent_to_account: Delivery,
) -> None:
    post_received("m1")
    inbox.process()
    assert state_of("received") == State.DELIVERED

    post_seen("m1")
    inbox.process()

    sent_to_account.refresh_from_db()
    assert sent_to_account.state == State.SEEN
    assert sent_to_account.seen_at is not None
    assert states_of_inbox() == [InboxState.DONE, InboxState.DONE]


def test_made_up_tracking_id_proves_nothing(sent_to_phone: Delivery) -> None:
    forged = "A" * 26 + "001"

    post_received("p9", tracking_id=forged)
    inbox.process()

    assert state_of("received") == State.ACCEPTED
    assert states_of_inbox() == [InboxState.WAITING]


def test_late_receipt_does_not_undo_seen(sent_to_account: Delivery) -> None:
    post_seen("m1")
    post_received("m1")

    inbox.process()

    assert state_of("received") == State.SEEN


def test_receipt_before_our_own_commit_is_matched_afterwards(dossier: Dossier) -> None:
    link_zalo(dossier.citizen, USER)
    post_received("m1")
    inbox.process()
    assert states_of_inbox() == [InboxState.WAITING]

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)
    inbox.process()

    assert state_of("received") == State.DELIVERED
    assert states_of_inbox() == [InboxState.DONE]


def test_seen_waits_for_the_one_of_its_messages_that_is_not_known_yet(
    sent_to_account: Delivery,
) -> None:
    post_seen("m1", "m2")

    inbox.process()

    assert state_of("received") == State.SEEN
    assert states_of_inbox() == [InboxState.WAITING]


def test_receipt_resolves_the_only_open_request_to_its_account(
    dossier: Dossier, zalo: FaultServer
) -> None:
    link_zalo(dossier.citizen, USER)
    zalo.answer(Reply(cut=True))
    with sending():
        wait_until(lambda: state_of("received") == State.UNKNOWN)

    post_received("m-unknown-to-us")
    inbox.process()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.msg_id) == (State.DELIVERED, "m-unknown-to-us")
    assert len(zalo.sent()) == 1


def test_receipt_from_another_account_resolves_nothing(dossier: Dossier, zalo: FaultServer) -> None:
    link_zalo(dossier.citizen, USER)
    zalo.answer(Reply(cut=True))
    with sending():
        wait_until(lambda: state_of("received") == State.UNKNOWN)

    post_received("m9", recipient="6630000000000000009")
    inbox.process()

    assert state_of("received") == State.UNKNOWN


def test_receipt_that_nobody_asked_for_is_looked_at_for_a_week_and_then_parked() -> None:
    post_received("m-of-somebody-else")
    for _time in range(8):
        make_due()
        inbox.process()
    assert states_of_inbox() == [InboxState.WAITING]

    WebhookInbox.objects.update(received_at=Now() - timedelta(days=8))
    make_due()
    inbox.process()

    assert states_of_inbox() == [InboxState.PARKED]
    assert WebhookInbox.objects.get().processed_at is not None


def test_waiting_receipt_is_not_looked_at_all_the_time() -> None:
    post_received("m-of-somebody-else")

    assert [inbox.process(), inbox.process()] == [1, 0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_events_in_any_order_five_times_end_as_in_order(
    sent_to_account: Delivery, seed: int
) -> None:
    def received() -> None:
        post_received("m1")

    def seen() -> None:
        post_seen("m1")

    def said() -> None:
        say("1", msg_id="u1")

    events = [received, seen, said] * 5
    random.Random(seed).shuffle(events)
    for number, event in enumerate(events):
        event()
        if number % 4 == seed:
            inbox.process()
    inbox.process()

    assert state_of("received") == State.SEEN
    assert states_of_inbox() == [InboxState.DONE] * 3
    assert ChatReply.objects.count() == 1


# ---- faults of our own ---------------------------------------------------------------------------


def break_body(name: str) -> None:
    """What is stored of this event can no longer be read."""
    broken = WebhookInbox.objects.get(event_name=name).pk
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notifications_webhookbody SET body = 'broken' WHERE inbox_id = %s", [broken]
        )


@pytest.mark.parametrize("name", ["user_send_text", "user_send_image", "follow", "unfollow"])
def test_event_of_nobody_is_parked_and_nobody_is_answered(name: str) -> None:
    post(name, oa_id=OA_ID, sender=[], follower={"id": ""}, message="xin chào")

    inbox.process()

    assert states_of_inbox() == [InboxState.PARKED]
    assert not ChatReply.objects.exists()


def test_event_that_our_code_fails_on_is_parked_after_five_tries_and_blocks_nobody(
    sent_to_account: Delivery,
) -> None:
    say("xin chào", msg_id="u1")
    break_body("user_send_text")
    post_received("m1")
    post("follow", oa_id=OA_ID, follower={"id": USER})

    inbox.process()
    assert state_of("received") == State.DELIVERED
    assert WebhookInbox.objects.get(event_name="follow").state == InboxState.DONE
    for _time in range(4):
        make_due()
        inbox.process()

    broken = WebhookInbox.objects.get(event_name="user_send_text")
    assert (broken.state, broken.tries) == (InboxState.PARKED, 5)
    assert "InvalidToken" in broken.outcome


def test_event_whose_body_was_removed_ends() -> None:
    say("xin chào", msg_id="u1")
    WebhookBody.objects.all().delete()

    inbox.process()

    assert states_of_inbox() == [InboxState.IGNORED]


def test_bodies_are_forgotten_after_thirty_days_and_their_keys_stay() -> None:
    say("xin chào", msg_id="u1")
    inbox.process()
    WebhookBody.objects.update(received_at=Now() - timedelta(days=31))

    inbox.process()

    assert not WebhookBody.objects.exists()
    assert WebhookInbox.objects.count() == 1


# ---- several workers -----------------------------------------------------------------------------


def test_four_workers_do_each_event_once_and_in_the_order_of_its_person() -> None:
    people = [f"66300000000000001{number:02d}" for number in range(10)]
    for turn in range(3):
        for person in people:
            say(f"lời {turn}", user_id=person, msg_id=f"{person}-{turn}")

    def work() -> None:
        inbox.process()
        connection.close()

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    inbox.process()

    assert ChatReply.objects.count() == 30
    assert set(states_of_inbox()) == {InboxState.DONE}
    for person in people:
        mine = WebhookInbox.objects.filter(user_id=person).order_by("processed_at")
        assert [row.msg_id[-1] for row in mine] == ["0", "1", "2"]


def test_what_people_say_goes_before_receipts_that_came_earlier() -> None:
    for number in range(5):
        post_received(f"m-of-somebody-else-{number}")
    say("xin chào", msg_id="u1")

    assert inbox.process(limit=1) == 1

    assert WebhookInbox.objects.get(event_name="user_send_text").state == InboxState.DONE


# ---- templates -----------------------------------------------------------------------------------


def test_template_that_zalo_disables_is_known_at_once(account: ZaloAccount) -> None:
    template = ZaloTemplate.objects.get(name="received")

    post(
        "change_template_status",
        server="ZNS",
        oa_id=OA_ID,
        template_id=template.template_id,
        status={"prev_status": "ENABLE", "new_status": "DISABLE"},
    )
    inbox.process()

    template.refresh_from_db()
    assert template.status == "DISABLE"
