"""The next channel: when it is taken, and when it must not be."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from cases.models import Dossier, ProcedureCase
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.tests.walk import take_in_case
from common import clock
from notifications.models import Delivery, ZaloAccount
from notifications.services import evidence, fallover, holds, sweep
from notifications.services.evidence import Receipt
from notifications.states import Reason, State, Why
from notifications.tests.engine import dispatch_all, link_zalo, sending, state_of, wait_until
from notifications.tests.fault_server import BY_PHONE, BY_USER, FaultServer
from notifications.words import Channel
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


@pytest.fixture
def asked(
    account: ZaloAccount, case: ProcedureCase, commune: Commune, front_desk: Officer
) -> Delivery:
    """A request for papers (duty) to a linked citizen, dispatched and not yet sent."""
    dossier = take_in_case(case, commune=commune, officer=front_desk)
    link_zalo(dossier.citizen)
    ask_for_papers(dossier, front_desk)
    dispatch_all()
    Delivery.objects.filter(kind="received").update(state=State.DELIVERED)
    return Delivery.objects.get(kind="supplement")


def ask_for_papers(dossier: Dossier, officer: Officer) -> None:
    actions.request_supplement(
        dossier=dossier,
        officer=officer,
        version=dossier.version,
        items=[MissingPaper(name="Bản vẽ")],
        reason="Thiếu bản vẽ",
    )


def change(delivery: Delivery, **values: object) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(**values)


def ways() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(kind="supplement").order_by("id")
    return list(rows.values_list("channel", "state"))


def test_a_duty_message_without_a_receipt_takes_the_second_way_once(asked: Delivery) -> None:
    change(asked, state=State.ACCEPTED, confirm_by=Now() - timedelta(seconds=1))

    sweep.run()
    sweep.run()

    assert ways() == [
        (Channel.ZALO_USER, State.ACCEPTED),
        (Channel.ZALO_PHONE, State.CREATED),
    ]


def test_a_receipt_that_comes_then_calls_the_second_way_off(asked: Delivery) -> None:
    change(asked, state=State.ACCEPTED, msg_id="m1", confirm_by=Now() - timedelta(seconds=1))
    sweep.run()

    evidence.received([Receipt("m1", clock.now())])

    assert ways() == [(Channel.ZALO_USER, State.DELIVERED), (Channel.ZALO_PHONE, State.FAILED)]
    assert Delivery.objects.latest("id").reason == Reason.SUPERSEDED


def test_an_accepted_message_waits_for_its_receipt_before_a_second_way(
    asked: Delivery, zalo: FaultServer
) -> None:
    with sending():
        wait_until(lambda: state_of("supplement") == State.ACCEPTED)

    asked.refresh_from_db()
    assert asked.confirm_by is not None
    assert [call.path for call in zalo.sent()] == [BY_USER]


def test_what_is_held_longer_than_its_policy_goes_by_the_next_channel(
    asked: Delivery, zalo: FaultServer
) -> None:
    holds.put(holds.channel_key(Channel.ZALO_USER), Why.HELD, code=-240, detail="shut down")
    change(asked, state=State.DEFERRED, why=Why.HELD, held_since=Now() - timedelta(minutes=16))

    with sending():
        wait_until(lambda: ways()[-1] == (Channel.ZALO_PHONE, State.ACCEPTED))

    assert [call.path for call in zalo.sent()] == [BY_PHONE]


def test_what_is_held_for_a_short_time_waits(asked: Delivery, zalo: FaultServer) -> None:
    holds.put(holds.channel_key(Channel.ZALO_USER), Why.HELD, code=-240, detail="shut down")

    with sending():
        wait_until(lambda: ways() == [(Channel.ZALO_USER, State.DEFERRED)])

    assert zalo.sent() == []


@pytest.mark.parametrize("state", [State.CREATED, State.SENDING, State.UNKNOWN, State.ACCEPTED])
def test_no_second_way_while_another_is_under_way_or_arrived(asked: Delivery, state: State) -> None:
    change(asked, state=State.FAILED, reason=Reason.PERMANENT)
    asked.pk, asked.resend_no, asked.state, asked.reason = None, 1, state, ""
    asked.save()
    failed = Delivery.objects.get(kind="supplement", resend_no=0)

    assert fallover.go_on([failed.pk]) == 0


def test_nothing_goes_on_that_was_called_off_or_is_too_old(asked: Delivery) -> None:
    change(asked, state=State.FAILED, reason=Reason.PERMANENT, cancel_requested=True)
    assert fallover.go_on([asked.pk]) == 0

    change(asked, cancel_requested=False, expires_at=Now() - timedelta(seconds=1))
    assert fallover.go_on([asked.pk]) == 0


def test_an_orphan_receipt_belongs_to_the_one_open_unknown_of_the_account(
    asked: Delivery, zalo: FaultServer
) -> None:
    with sending():
        wait_until(lambda: state_of("supplement") == State.ACCEPTED)
    change(asked, state=State.UNKNOWN, msg_id=None, grace_until=Now() + timedelta(minutes=30))
    now = Delivery.objects.annotate(db_now=Now()).values_list("db_now", flat=True)[0]

    user = "6630000000000000003"
    assert not evidence.adopt(user_id="another", msg_id="m9", at=now)
    assert evidence.adopt(user_id=user, msg_id="m9", at=now)
    assert evidence.received([Receipt("m9", clock.now())]) == [True]

    asked.refresh_from_db()
    assert (asked.state, asked.msg_id, asked.resolution) == (State.DELIVERED, "m9", "receipt")
