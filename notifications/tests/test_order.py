"""Once, in order, and only while it is true: several senders on one backlog."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now
from pytest_django import Settings

from cases.models import Dossier, DossierEvent, ProcedureCase
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.tests.walk import OfficerOf, fresh, next_open_step, take_in_case
from citizens.models import Consent, Purpose, ZaloLink
from common.clock import VIETNAM
from notifications.models import Delivery, Notification
from notifications.services import dispatch, lease
from notifications.services.dispatch import Dispatcher, tellings_of
from notifications.services.enrol import Telling, enrol
from notifications.services.sources import DossierSource, Occurrence
from notifications.states import Reason, State, Why
from notifications.tests.conftest import set_clock
from notifications.tests.engine import (
    dispatch_all,
    link_zalo,
    sending,
    state_of,
    states,
    wait_until,
)
from notifications.tests.fault_server import FaultServer, Reply
from notifications.words import Lane
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


def ask_for_papers(dossier: Dossier, officer: Officer) -> Dossier:
    return actions.request_supplement(
        dossier=dossier,
        officer=officer,
        version=fresh(dossier).version,
        items=[MissingPaper(name="Bản vẽ")],
        reason="Thiếu bản vẽ",
    )


def test_four_senders_send_each_message_of_a_backlog_once(
    case: ProcedureCase, commune: Commune, front_desk: Officer, zalo: FaultServer
) -> None:
    for number in range(1, 31):
        take_in_case(case, commune=commune, officer=front_desk, number=number)

    with sending(senders=4):
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 30, within_s=30)

    phones = [call.body["phone"] for call in zalo.sent()]
    assert len(phones) == len(set(phones)) == 30


def test_a_dispatch_that_is_cut_off_before_its_commit_leaves_nothing_and_is_repeated(
    dossier: Dossier,
) -> None:
    source = DossierSource()
    with pytest.raises(RuntimeError), transaction.atomic():
        enrol(tellings_of(source.claim(500, after=0, skip=())))
        assert Notification.objects.exists()
        raise RuntimeError("as if the process died here")
    assert not Notification.objects.exists()
    assert DossierEvent.objects.filter(dispatched_at=None).exists()

    dispatch_all()

    assert Notification.objects.count() == 1


def test_an_event_is_never_told_twice_even_when_it_looks_undispatched(dossier: Dossier) -> None:
    dispatch_all()
    with transaction.atomic():
        enrol(tellings_of(DossierSource().claim(500, after=0, skip=())))

    assert Notification.objects.count() == Delivery.objects.count() == 1


def test_one_event_that_cannot_be_dispatched_does_not_hold_up_the_others(
    dossier: Dossier,
    case: ProcedureCase,
    commune: Commune,
    front_desk: Officer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = DossierEvent.objects.get(event="accepted").pk
    take_in_case(case, commune=commune, officer=front_desk, number=2)

    def fails_on_one(occurrences: Sequence[Occurrence]) -> list[Telling]:
        if any(occurrence.event_id == bad for occurrence in occurrences):
            raise ZeroDivisionError
        return tellings_of(occurrences)

    monkeypatch.setattr(dispatch, "tellings_of", fails_on_one)
    dispatcher = Dispatcher([Lane.PERSONAL])
    dispatcher.step()
    dispatcher.step()

    assert list(Notification.objects.values_list("kind", flat=True)) == ["received"]
    assert DossierEvent.objects.get(dispatched_at=None).pk == bad


def test_papers_that_arrived_meanwhile_are_not_asked_for(
    dossier: Dossier, front_desk: Officer, zalo: FaultServer
) -> None:
    asked = ask_for_papers(dossier, front_desk)
    actions.receive_supplement(dossier=asked, officer=front_desk, version=asked.version)

    with sending():
        wait_until(lambda: state_of("supplement_received") == State.ACCEPTED)

    assert [call.body["template_data"]["ma"] for call in zalo.sent()] == [dossier.code] * 2
    assert ("supplement", "zalo_phone", State.FAILED, "superseded", "") in states()


def hand_over(dossier: Dossier, officer_of: OfficerOf) -> Dossier:
    step = next_open_step(dossier)
    officer = step.officer or officer_of(step.office.code, step.role)
    return actions.hand_over(dossier=dossier, officer=officer, version=dossier.version)


def test_hand_overs_within_the_window_are_one_message(
    dossier: Dossier, officer_of: OfficerOf, settings: Settings
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.02
    for _turn in range(3):
        dossier = hand_over(dossier, officer_of)

    with sending():
        wait_until(lambda: state_of("handed_over") == State.ACCEPTED)
        wait_until(lambda: not Delivery.objects.filter(state=State.CREATED).exists())

    *earlier, newest = Delivery.objects.filter(kind="handed_over").order_by("id")
    assert newest.state == State.ACCEPTED
    assert {row.reason for row in earlier} == {Reason.SUPERSEDED}
    assert {row.superseded_by for row in earlier} == {newest.notification_id}


def test_a_hand_over_waits_for_its_window_and_an_acceptance_does_not(
    dossier: Dossier, officer_of: OfficerOf
) -> None:
    hand_over(dossier, officer_of)

    dispatch_all()

    waiting = Delivery.objects.filter(due_at__gt=Now() + timedelta(seconds=40))
    assert set(waiting.values_list("kind", flat=True)) == {"handed_over"}
    assert Delivery.objects.filter(kind="received", due_at__lte=Now()).exists()


def test_the_second_message_of_a_dossier_waits_while_the_first_is_under_way(
    dossier: Dossier, front_desk: Officer
) -> None:
    ask_for_papers(dossier, front_desk)
    dispatch_all()
    first, second = Delivery.objects.order_by("id")

    assert [row.id for row in lease.take(Lane.PERSONAL, me="a", limit=9)] == [first.id]
    Delivery.objects.filter(pk=first.pk).update(state=State.SENDING)
    assert lease.take(Lane.PERSONAL, me="b", limit=9) == []
    Delivery.objects.filter(pk=first.pk).update(state=State.ACCEPTED)
    assert [row.id for row in lease.take(Lane.PERSONAL, me="b", limit=9)] == [second.id]


def test_an_unknown_one_holds_up_the_next_for_two_minutes_at_most(
    dossier: Dossier, front_desk: Officer
) -> None:
    ask_for_papers(dossier, front_desk)
    dispatch_all()
    first, second = Delivery.objects.order_by("id")
    rows = Delivery.objects.filter(pk=first.pk)

    rows.update(state=State.UNKNOWN, unknown_since=Now() - timedelta(seconds=100))
    assert lease.take(Lane.PERSONAL, me="a", limit=9) == []
    rows.update(unknown_since=Now() - timedelta(seconds=121))
    assert [row.id for row in lease.take(Lane.PERSONAL, me="a", limit=9)] == [second.id]


def test_a_lease_is_exclusive_until_it_ends(dossier: Dossier) -> None:
    dispatch_all()

    assert len(lease.take(Lane.PERSONAL, me="a", limit=9)) == 1
    assert lease.take(Lane.PERSONAL, me="b", limit=9) == []
    Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert len(lease.take(Lane.PERSONAL, me="b", limit=9)) == 1


def test_consent_is_asked_again_when_the_message_leaves(
    dossier: Dossier, zalo: FaultServer
) -> None:
    dispatch_all()
    Consent.objects.create(
        citizen=dossier.citizen, purpose=Purpose.DOSSIER, granted=False, wording_version="test"
    )

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    assert Delivery.objects.get().reason == Reason.NO_CONSENT
    assert zalo.sent() == []


def test_without_consent_there_is_no_message_and_the_office_sees_why(
    case: ProcedureCase, commune: Commune, front_desk: Officer
) -> None:
    dossier = take_in_case(case, commune=commune, officer=front_desk, number=7)
    Consent.objects.create(
        citizen=dossier.citizen, purpose=Purpose.DOSSIER, granted=False, wording_version="test"
    )

    dispatch_all()

    assert states() == [("received", "none", State.FAILED, Reason.NO_CONSENT, "")]


def test_who_unlinked_after_the_dispatch_is_told_by_phone(
    dossier: Dossier, zalo: FaultServer
) -> None:
    link_zalo(dossier.citizen)
    dispatch_all()
    ZaloLink.objects.update(is_following=False)

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    assert [(c, s) for _k, c, s, _r, _w in states()] == [
        ("zalo_user", State.FAILED),
        ("zalo_phone", State.ACCEPTED),
    ]
    assert len(zalo.sent()) == 1


def test_at_night_messages_wait_for_the_morning(
    dossier: Dossier, zalo: FaultServer, settings: Settings
) -> None:
    set_clock(settings, datetime(2026, 12, 1, 23, 0, tzinfo=VIETNAM))

    with sending():
        wait_until(lambda: state_of("received") == State.DEFERRED)

    delivery = Delivery.objects.get()
    assert delivery.why == Why.NIGHT
    assert Delivery.objects.filter(
        due_at__gt=Now() + timedelta(hours=7), due_at__lt=Now() + timedelta(hours=7, minutes=16)
    ).exists()
    assert zalo.sent() == []


def test_a_message_that_is_too_old_is_not_sent(dossier: Dossier, zalo: FaultServer) -> None:
    dispatch_all()
    Delivery.objects.update(expires_at=Now() - timedelta(seconds=1))

    with sending():
        wait_until(lambda: state_of("received") == State.FAILED)

    assert Delivery.objects.get().reason == Reason.EXPIRED
    assert zalo.sent() == []


def test_an_undone_acceptance_that_nobody_heard_of_tells_nobody(
    dossier: Dossier, front_desk: Officer, zalo: FaultServer
) -> None:
    actions.cancel(
        dossier=dossier, officer=front_desk, version=dossier.version, reason="Nhầm thủ tục"
    )

    with sending():
        wait_until(lambda: state_of("intake_cancelled") == State.FAILED)

    assert {row[3] for row in states()} == {Reason.SUPERSEDED}
    assert zalo.sent() == []


def test_an_undone_acceptance_is_told_to_who_heard_of_it(
    dossier: Dossier, front_desk: Officer, zalo: FaultServer
) -> None:
    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)
        actions.cancel(
            dossier=dossier, officer=front_desk, version=dossier.version, reason="Nhầm thủ tục."
        )
        wait_until(lambda: state_of("intake_cancelled") == State.ACCEPTED)

    data = zalo.sent()[-1].body["template_data"]
    assert data["ly_do"] == "Nhầm thủ tục"
    assert data["han"] == "không còn hẹn"


def test_the_officer_who_gets_a_step_is_told_and_who_acted_is_not(
    dossier: Dossier, officer_of: OfficerOf, zalo: FaultServer, settings: Settings
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.01
    step = dossier.steps.order_by("position")[1]
    officer = officer_of(step.office.code, step.role)
    ZaloLink.objects.create(user_id="777", officer=officer)
    hand_over(dossier, officer_of)

    with sending():
        wait_until(lambda: state_of("assigned") == State.ACCEPTED)

    told = Notification.objects.filter(kind="assigned").exclude(officer=None)
    assert officer in [row.officer for row in told]
    call = next(call for call in zalo.sent() if call.body.get("user_id") == "777")
    assert call.body["template_data"]["ma"] == dossier.code
    assert "han" in call.body["template_data"]


def test_one_message_that_our_own_code_fails_on_does_not_hold_up_the_others(
    dossier: Dossier,
    case: ProcedureCase,
    commune: Commune,
    front_desk: Officer,
    settings: Settings,
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.01
    take_in_case(case, commune=commune, officer=front_desk, number=2)
    dispatch_all()
    bad = Notification.objects.get(dossier=dossier)
    Notification.objects.filter(pk=bad.pk).update(event_id=10**12)

    with sending():
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 1)
        wait_until(lambda: Delivery.objects.filter(reason=Reason.POISON).exists())

    assert Delivery.objects.get(reason=Reason.POISON).notification_id == bad.pk


def test_answers_that_come_slowly_do_not_hold_up_the_others(
    case: ProcedureCase, commune: Commune, front_desk: Officer, zalo: FaultServer
) -> None:
    zalo.answer(Reply(delay_s=3.0, error=-118))
    for number in range(1, 11):
        take_in_case(case, commune=commune, officer=front_desk, number=number)

    with sending():
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 9, within_s=2.8)
