"""What goes wrong between us and Zalo, and what is promised then (delivery-rules 2 to 4)."""

import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.db.models.functions import Now
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from citizens.models import Citizen
from common import clock
from notifications.models import (
    ChannelHold,
    Delivery,
    DeliveryAttempt,
    WebhookInbox,
    ZaloAccount,
)
from notifications.services import evidence, sweep
from notifications.services.evidence import Receipt
from notifications.states import Reason, State, Why
from notifications.tests.engine import link_zalo, sending, state_of, states, wait_until
from notifications.tests.fault_server import BY_PHONE, BY_USER, FaultServer, Reply
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


@pytest.fixture
def linked(dossier: Dossier) -> Dossier:
    link_zalo(dossier.citizen)
    return dossier


def test_a_phone_without_zalo_is_not_tried_again_and_the_office_is_told_to_call(
    dossier: Dossier, zalo: FaultServer
) -> None:
    zalo.answer(Reply(error=-118, message="Zalo account not existed"))

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    delivery = Delivery.objects.get()
    assert delivery.reason == Reason.PERMANENT
    assert Citizen.objects.get(pk=dossier.citizen_id).zalo_phone_closed_until is not None
    assert len(zalo.sent()) == 1
    attempt = DeliveryAttempt.objects.get()
    assert (attempt.outcome, attempt.code) == ("recipient", -118)


def test_a_refusal_by_user_id_goes_on_by_phone_as_a_new_delivery(
    linked: Dossier, zalo: FaultServer
) -> None:
    zalo.answer(Reply(error=-213, message="user does not follow"), path=BY_USER)

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    assert [call.path for call in zalo.sent()] == [BY_USER, BY_PHONE]
    assert [(c, s) for _k, c, s, _r, _w in states()] == [
        ("zalo_user", State.FAILED),
        ("zalo_phone", State.ACCEPTED),
    ]
    assert linked.citizen.zalo_link.closed_until_contact is False
    linked.citizen.zalo_link.refresh_from_db()
    assert linked.citizen.zalo_link.closed_until_contact


def test_a_template_that_cannot_go_by_user_id_is_remembered_as_phone_only(
    linked: Dossier, account: ZaloAccount, zalo: FaultServer
) -> None:
    zalo.answer(Reply(error="-249", message="Template does not support send via UID"), path=BY_USER)

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    assert account.templates.get(phone_only=True).name == "received"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500, body=b"<html>"),
        Reply(status=502, body=b"<html>Bad gateway</html>"),
        Reply(status=504, body=b""),
        Reply(cut=True),
        Reply(status=200, body=b""),
        Reply(status=200, body=b"not json"),
        Reply(status=200, body=b'{"data": {}}'),
        Reply(status=302, body=b""),
    ],
    ids=["500", "502", "504", "cut", "empty", "garbage", "no error field", "redirect"],
)
def test_an_answer_that_proves_nothing_leaves_the_fate_unknown_and_is_not_sent_again(
    linked: Dossier, zalo: FaultServer, reply: Reply
) -> None:
    zalo.answer(reply)

    with sending():
        wait_until(lambda: state_of("received") == State.UNKNOWN)
        sweep.run()

    assert len(zalo.sent()) == 1
    assert Delivery.objects.count() == 1


def test_a_time_out_leaves_the_fate_unknown_within_the_deadline(
    dossier: Dossier, zalo: FaultServer, settings: Settings
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.05
    hold = threading.Event()
    zalo.answer(Reply(hold=hold))

    with sending():
        wait_until(lambda: state_of("received") == State.UNKNOWN)
    hold.set()

    assert Delivery.objects.get().unknown_since is not None
    assert len(zalo.sent()) == 1


def grace_is_over(*, unknown_for_h: int = 0) -> None:
    """As if the grace of every unknown delivery had just ended."""
    rows = Delivery.objects.filter(state=State.UNKNOWN)
    rows.update(grace_until=Now() - timedelta(seconds=1))
    if unknown_for_h:
        rows.update(unknown_since=Now() - timedelta(hours=unknown_for_h))


@pytest.fixture
def unknown(dossier: Dossier, zalo: FaultServer) -> Delivery:
    """The message of the acceptance was read by Zalo, and then the connection was cut."""
    zalo.answer(Reply(cut=True))
    with sending():
        wait_until(lambda: state_of("received") == State.UNKNOWN)
    return Delivery.objects.get()


def test_an_unknown_status_message_is_resent_once_while_receipts_of_others_arrive(
    unknown: Delivery, zalo: FaultServer
) -> None:
    WebhookInbox.objects.create(
        dedupe_key="another", event_name="user_received_message", verified=True
    )
    grace_is_over()

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    assert len(zalo.sent()) == 2
    assert DeliveryAttempt.objects.filter(is_resend=True).count() == 1


def test_an_unknown_status_message_is_not_resent_while_no_receipts_arrive(
    unknown: Delivery,
) -> None:
    grace_is_over()

    sweep.run()

    unknown.refresh_from_db()
    assert (unknown.state, unknown.resends) == (State.UNKNOWN, 0)


def test_an_unknown_fate_ends_as_perhaps_sent_when_its_policy_gives_up(unknown: Delivery) -> None:
    grace_is_over(unknown_for_h=3)

    sweep.run()

    unknown.refresh_from_db()
    assert (unknown.state, unknown.reason) == (State.FAILED, Reason.PERHAPS_SENT)


def test_a_receipt_proves_an_unknown_one_and_even_one_that_was_given_up(unknown: Delivery) -> None:
    grace_is_over(unknown_for_h=3)
    sweep.run()
    tracking_id = DeliveryAttempt.objects.get().tracking_id

    found = evidence.received([Receipt(tracking_id=tracking_id, msg_id="p1", at=clock.now())])

    unknown.refresh_from_db()
    assert found == [True]
    assert (unknown.state, unknown.msg_id, unknown.reason) == (State.DELIVERED, "p1", "")


def test_a_refused_connection_is_retried_with_the_failure_counted(
    dossier: Dossier, zalo: FaultServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.05
    url = settings.ZALO_BUSINESS_BASE_URL
    settings.ZALO_BUSINESS_BASE_URL = "http://127.0.0.1:9"

    with sending():
        wait_until(lambda: Delivery.objects.get().failures >= 1 if states() else False)
        assert state_of("received") in (State.CREATED, State.SENDING)
        settings.ZALO_BUSINESS_BASE_URL = url
        wait_until(lambda: state_of("received") == State.ACCEPTED, within_s=20)

    assert len(zalo.sent()) == 1
    assert Delivery.objects.get().attempt_no >= 2


def test_too_many_calls_pause_the_channel_and_cost_no_attempt(
    dossier: Dossier, zalo: FaultServer
) -> None:
    zalo.answer(Reply(status=429, body=b"", headers={"Retry-After": "1"}))

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    first, second = zalo.sent()
    assert second.at - first.at >= 0.9
    assert Delivery.objects.get().failures == 0


def test_the_provider_s_night_waits_for_the_morning(dossier: Dossier, zalo: FaultServer) -> None:
    zalo.answer(Reply(error=-133, message="not at night"))

    with sending():
        wait_until(lambda: state_of("received") == State.DEFERRED)

    delivery = Delivery.objects.get()
    assert delivery.why == Why.NIGHT
    assert len(zalo.sent()) == 1


def test_used_up_quota_waits_for_the_next_day(dossier: Dossier, zalo: FaultServer) -> None:
    zalo.answer(Reply(error=-144, message="daily quota"))

    with sending():
        wait_until(lambda: state_of("received") == State.DEFERRED)

    assert Delivery.objects.get().why == Why.QUOTA


def test_a_configuration_failure_holds_the_narrowest_thing_and_a_success_frees_it(
    dossier: Dossier, zalo: FaultServer, settings: Settings
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.05
    zalo.answer(Reply(error=-131, message="template not approved"))

    with sending():
        wait_until(lambda: ChannelHold.objects.filter(key="template:received").exists())
        wait_until(lambda: state_of("received") == State.ACCEPTED)
        wait_until(lambda: not ChannelHold.objects.exists())

    assert len(zalo.sent()) == 2
    assert Delivery.objects.get().failures == 0


def test_a_refused_text_is_not_repeated_on_the_other_zalo_channel(
    linked: Dossier, zalo: FaultServer
) -> None:
    zalo.answer(Reply(error=-1122, message="parameter missing"))

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    assert Delivery.objects.get().reason == Reason.PERMANENT
    assert len(zalo.sent()) == 1


def test_a_code_that_nobody_knows_is_tried_a_few_times_and_reported(
    dossier: Dossier, zalo: FaultServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.01
    zalo.answer(Reply(error=-987, message="?"), times=9)

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED, within_s=20)

    assert len(zalo.sent()) == 4
    assert Delivery.objects.get().reason == Reason.TECHNICAL
    assert "unclassified answer -987" in caplog.text


def test_connections_that_the_database_drops_lose_nothing_and_repeat_nothing(
    case: ProcedureCase,
    commune: Commune,
    front_desk: Officer,
    zalo: FaultServer,
    settings: Settings,
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.2
    for number in range(1, 21):
        take_in_case(case, commune=commune, officer=front_desk, number=number)
    zalo.rules.append(lambda call: time.sleep(0.2))

    with sending(senders=2):
        for sent in (1, 8, 15):
            wait_until(partial(has_sent, zalo, sent))
            drop_other_connections()
        wait_until(lambda: not_settled() == 0, within_s=30)

    phones = [call.body["phone"] for call in zalo.sent()]
    assert len(phones) == len(set(phones))
    assert Delivery.objects.filter(state=State.ACCEPTED).count() >= 20 - lost_answers()


def has_sent(zalo: FaultServer, number: int) -> bool:
    return len(zalo.sent()) >= number


def not_settled() -> int:
    open_states = [State.CREATED, State.DEFERRED, State.SENDING]
    return Delivery.objects.filter(state__in=open_states).count()


def lost_answers() -> int:
    return Delivery.objects.filter(state__in=[State.UNKNOWN, State.FAILED]).count()


def drop_other_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
