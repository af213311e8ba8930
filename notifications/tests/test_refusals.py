"""What a refusal of Zalo closes, for whom, and what opens it again."""

from datetime import timedelta

import pytest

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from citizens.models import Citizen, Purpose, ZaloLink
from citizens.services import link_citizen, note_contact, note_follow, record_consent
from common import clock
from notifications.models import ChatReply, Notification
from notifications.services import reach
from notifications.services.chat_answers import Key, ensure_defaults
from notifications.states import State
from notifications.tests.by_hand import come, send_on
from notifications.tests.engine import link_zalo, sending, state_of, wait_until
from notifications.tests.fault_server import BY_PHONE, BY_USER, CHAT, FaultServer, Reply
from notifications.words import Channel
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]
ME, ANOTHER, STRANGER = "6630000000000000003", "6630000000000000077", "6630000000000000099"
DOES_NOT_FOLLOW = {"error": -213, "message": "user does not follow"}


@pytest.fixture
def both_linked(
    dossier: Dossier, case: ProcedureCase, commune: Commune, front_desk: Officer, zalo: FaultServer
) -> None:
    """Two citizens with linked accounts who were told of their acceptance."""
    other = take_in_case(case, commune=commune, officer=front_desk, number=2)
    with sending():
        wait_until(lambda: len(zalo.sent()) == 2)
    link_zalo(dossier.citizen, ME)
    link_zalo(other.citizen, ANOTHER)


def answer_in_chat(user_id: str) -> None:
    ensure_defaults()
    ChatReply.objects.create(event=Key.NOT_UNDERSTOOD, user_id=user_id, payload={})


def closed() -> set[str]:
    return {link.user_id for link in ZaloLink.objects.all() if not link.is_open}


def open_ways(citizen: Citizen) -> set[str]:
    found = reach.of_citizens([citizen.pk])[citizen.pk]
    return {way for way in (Channel.ZALO_USER, Channel.ZALO_PHONE) if found.is_open(way)}


# ---- whose ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asks", "expected"), [(STRANGER, set()), (ME, {ME})], ids=["not linked", "linked"]
)
@pytest.mark.usefixtures("both_linked")
def test_a_refused_answer_in_the_chat_closes_that_account_only(
    zalo: FaultServer, asks: str, expected: set[str]
) -> None:
    answer_in_chat(asks)
    zalo.answer(Reply(error=-213, message="user does not follow"), path=CHAT)

    with sending():
        wait_until(lambda: state_of("chat_answer") == State.FAILED)

    assert closed() == expected


@pytest.mark.usefixtures("both_linked")
def test_a_citizen_s_refusal_closes_no_other_s_account(
    case: ProcedureCase, commune: Commune, front_desk: Officer, zalo: FaultServer
) -> None:
    zalo.answer(Reply(error=-213, message="user does not follow"), path=BY_USER)
    take_in_case(case, commune=commune, officer=front_desk)

    with sending():
        wait_until(lambda: len(zalo.sent()) == 4)

    assert closed() == {ME}


def test_an_officer_s_refusal_closes_that_officer_s_account(
    dossier: Dossier, front_desk: Officer
) -> None:
    link_zalo(dossier.citizen, ME)
    ZaloLink.objects.create(user_id=ANOTHER, officer=front_desk)
    out = send_on()
    notification = out.row.notification_id
    ZaloLink.objects.filter(user_id=ME).delete()
    Notification.objects.filter(pk=notification).update(citizen=None, officer=front_desk)

    come(out, DOES_NOT_FOLLOW)

    assert closed() == {ANOTHER}


# ---- until when ----------------------------------------------------------------------------------


def refuse(code: int) -> None:
    """The only message that is due is refused with this code."""
    come(send_on(), {"error": code, "message": "refused"})


@pytest.mark.parametrize("code", [-213, -230, -232])
def test_what_is_closed_until_contact_opens_at_any_line_in_the_chat(
    dossier: Dossier, code: int
) -> None:
    link_zalo(dossier.citizen, ME)
    refuse(code)
    assert open_ways(dossier.citizen) == {Channel.ZALO_PHONE}

    note_contact(user_id=ME, at=clock.now())

    assert open_ways(dossier.citizen) == {Channel.ZALO_USER, Channel.ZALO_PHONE}


@pytest.mark.parametrize("code", [-139, -141, -217])
def test_who_refused_us_is_not_asked_again_at_a_line_in_the_chat_or_a_follow(
    dossier: Dossier, code: int
) -> None:
    link_zalo(dossier.citizen, ME)
    refuse(code)

    note_contact(user_id=ME, at=clock.now())
    note_follow(user_id=ME, follows=True, at=clock.now())

    assert open_ways(dossier.citizen) == {Channel.ZALO_PHONE}


def test_who_refused_us_is_asked_again_after_a_new_consent(dossier: Dossier) -> None:
    citizen = dossier.citizen
    link_zalo(citizen, ME)
    refuse(-139)
    record_consent(citizen=citizen, purpose=Purpose.DOSSIER, granted=False, officer=None)
    assert open_ways(citizen) == {Channel.ZALO_PHONE}

    record_consent(citizen=citizen, purpose=Purpose.DOSSIER, granted=True, officer=None)

    assert open_ways(citizen) == {Channel.ZALO_USER, Channel.ZALO_PHONE}


def test_a_consent_that_was_there_before_is_no_new_one(dossier: Dossier) -> None:
    citizen = dossier.citizen
    link_zalo(citizen, ME)
    refuse(-141)

    record_consent(citizen=citizen, purpose=Purpose.DOSSIER, granted=True, officer=None)

    assert open_ways(citizen) == {Channel.ZALO_PHONE}


def test_who_refused_us_is_asked_again_after_linking_anew(dossier: Dossier) -> None:
    link_zalo(dossier.citizen, ME)
    refuse(-217)

    link_citizen(user_id=ME, citizen=dossier.citizen)

    assert open_ways(dossier.citizen) == {Channel.ZALO_USER, Channel.ZALO_PHONE}


@pytest.mark.parametrize(("code", "until_opt_in"), [(-118, False), (-139, True)])
def test_a_phone_without_zalo_waits_and_one_that_refused_us_waits_for_consent(
    dossier: Dossier, code: int, until_opt_in: bool
) -> None:
    refuse(code)
    assert open_ways(dossier.citizen) == set()
    citizen = Citizen.objects.get(pk=dossier.citizen_id)
    assert citizen.zalo_phone_closed_until_opt_in is until_opt_in
    assert (citizen.zalo_phone_closed_until is None) is until_opt_in

    for granted in (False, True):
        record_consent(citizen=citizen, purpose=Purpose.DOSSIER, granted=granted, officer=None)

    assert open_ways(citizen) == ({Channel.ZALO_PHONE} if until_opt_in else set())


# ---- late events ---------------------------------------------------------------------------------


def test_a_late_event_does_not_open_what_was_closed_after_it(dossier: Dossier) -> None:
    link_zalo(dossier.citizen, ME)
    before = clock.now()
    refuse(-213)

    note_contact(user_id=ME, at=before)
    note_follow(user_id=ME, follows=True, at=before)

    assert closed() == {ME}
    note_contact(user_id=ME, at=clock.now())
    assert closed() == set()


def test_a_late_event_does_not_set_the_last_interaction_back(dossier: Dossier) -> None:
    link_zalo(dossier.citizen, ME)
    now = clock.now()

    note_contact(user_id=ME, at=now)
    note_contact(user_id=ME, at=now - timedelta(hours=1))

    assert ZaloLink.objects.get().last_interaction_at == now


def test_a_refusal_by_user_id_leaves_the_phone_open(dossier: Dossier, zalo: FaultServer) -> None:
    link_zalo(dossier.citizen, ME)
    zalo.answer(Reply(error=-139, message="user refused"), path=BY_USER)

    with sending():
        wait_until(lambda: state_of("received") == State.ACCEPTED)

    assert [call.path for call in zalo.sent()] == [BY_USER, BY_PHONE]
    assert open_ways(dossier.citizen) == {Channel.ZALO_PHONE}
