"""Linking an account in the chat: by a receipt, or by an officer's one-time code."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from citizens.models import Citizen, Consent, LinkCode, Purpose, ZaloLink
from citizens.services import issue_link_code, link_citizen, record_consent
from common import clock
from common.tests.counted import forget_limits
from notifications.models import ChatReply
from notifications.services import inbox
from notifications.services.chat_answers import DEFAULTS, Key
from notifications.tests.chatting import chat, keys
from notifications.tests.zalo_events import APP_ID, OA_ID, OA_SECRET, USER, say
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db
OTHER = "6630000000000000009"


@pytest.fixture(autouse=True)
def account_settings(settings: Settings) -> None:
    settings.ZALO_APP_ID, settings.ZALO_OA_ID = APP_ID, OA_ID
    settings.ZALO_OA_SECRET_KEY = OA_SECRET
    forget_limits()


@pytest.fixture
def dossier(case: ProcedureCase, commune: Commune, front_desk: Officer) -> Dossier:
    return take_in_case(case, commune=commune, officer=front_desk)


@pytest.fixture
def others_dossier(case: ProcedureCase, commune: Commune, front_desk: Officer) -> Dossier:
    return take_in_case(case, commune=commune, officer=front_desk, number=2)


@pytest.fixture
def linked(dossier: Dossier) -> Dossier:
    link_citizen(user_id=USER, citizen=dossier.citizen)
    return dossier


def citizen_of(user_id: str) -> Citizen | None:
    link = ZaloLink.objects.filter(user_id=user_id).first()
    return link.citizen if link else None


# ---- linking -------------------------------------------------------------------------------------


def test_code_and_look_up_code_link_the_account_and_say_whom(dossier: Dossier) -> None:
    answer = chat(f"{dossier.code} {dossier.lookup_code}")

    assert citizen_of(USER) == dossier.citizen
    assert "Nguyễn T** Ư**" in answer
    assert dossier.citizen.full_name not in answer
    assert f"/t/{dossier.lookup_token}" in answer


def test_last_four_digits_of_the_phone_link_as_well(dossier: Dossier) -> None:
    chat(f"{dossier.citizen.phone[-4:]} {dossier.code}")

    assert citizen_of(USER) == dossier.citizen


def test_secret_may_follow_in_a_line_of_its_own(dossier: Dossier) -> None:
    assert "mã tra cứu" in chat(str(dossier.code))

    chat(dossier.lookup_code.lower())

    assert citizen_of(USER) == dossier.citizen
    assert keys() == [Key.ASK_SECRET, Key.LINKED]


def test_secret_after_another_question_is_not_tried(dossier: Dossier) -> None:
    chat(str(dossier.code))
    chat("1")

    chat(dossier.lookup_code)

    assert citizen_of(USER) is None


def test_wrong_secret_links_nobody(dossier: Dossier) -> None:
    answer = chat(f"{dossier.code} 2222")

    assert citizen_of(USER) is None
    assert answer == DEFAULTS[Key.WRONG_PAIR][1]


def test_wrong_code_and_wrong_secret_get_the_same_answer(dossier: Dossier) -> None:
    unknown = chat("H20.102-261124-9999 2222")

    assert chat(f"{dossier.code} 2222") == unknown


def test_tries_are_limited_for_an_account_as_for_an_address(
    dossier: Dossier, settings: Settings
) -> None:
    settings.LOOKUP_LIMITS = {"code": 100, "address": 3, "all": 600}
    for number in range(3):
        chat(f"H20.102-261124-000{number} 2222")

    answer = chat(f"{dossier.code} {dossier.lookup_code}")

    assert citizen_of(USER) is None
    assert "15 phút" in answer
    chat(f"{dossier.code} {dossier.lookup_code}", user_id=OTHER)
    assert citizen_of(OTHER) == dossier.citizen


def test_tries_are_limited_for_a_code_from_many_accounts(
    dossier: Dossier, settings: Settings
) -> None:
    settings.LOOKUP_LIMITS = {"code": 2, "address": 30, "all": 600}
    for number in range(2):
        chat(f"{dossier.code} 2222", user_id=f"{OTHER}{number}")

    chat(f"{dossier.code} {dossier.lookup_code}")

    assert citizen_of(USER) is None
    assert keys()[-1] == Key.TOO_MANY


def test_newest_account_of_a_citizen_wins(dossier: Dossier) -> None:
    pair = f"{dossier.code} {dossier.lookup_code}"
    chat(pair, user_id=OTHER)

    chat(pair)

    assert [link.user_id for link in ZaloLink.objects.all()] == [USER]


def test_account_belongs_to_one_citizen_and_the_change_is_said(
    linked: Dossier, others_dossier: Dossier
) -> None:
    answer = chat(f"{others_dossier.code} {others_dossier.lookup_code}")

    assert citizen_of(USER) == others_dossier.citizen
    assert ZaloLink.objects.count() == 1
    assert "thay cho" in answer


def test_linking_asks_for_messages_again_after_they_were_refused(dossier: Dossier) -> None:
    citizen = dossier.citizen
    record_consent(citizen=citizen, purpose=Purpose.DOSSIER, granted=False, officer=None)

    chat(f"{dossier.code} {dossier.lookup_code}")

    newest = Consent.objects.filter(citizen=citizen, purpose=Purpose.DOSSIER).latest("id")
    assert newest.granted
    assert newest.recorded_by is None
    assert newest.wording_version.startswith("chat")


def test_a_repeated_line_is_answered_once(dossier: Dossier) -> None:
    for _time in range(3):
        say(f"{dossier.code} {dossier.lookup_code}", msg_id="u1")
        inbox.process()

    assert keys() == [Key.LINKED]


def test_the_outbox_of_the_chat_holds_no_name_phone_or_secret(dossier: Dossier) -> None:
    chat(f"{dossier.code} {dossier.lookup_code}")
    chat("1")
    chat(f"{dossier.code} 2222")

    kept = str(list(ChatReply.objects.values("event", "payload", "dossier")))
    for secret in (dossier.citizen.full_name, dossier.citizen.phone, dossier.lookup_code, "2222"):
        assert secret not in kept


# ---- officers ------------------------------------------------------------------------------------


def test_officer_links_by_the_one_time_code(front_desk: Officer) -> None:
    new = issue_link_code(officer=front_desk)

    answer = chat(new.code.lower())

    assert ZaloLink.objects.get(user_id=USER).officer == front_desk
    assert front_desk.full_name in answer


def test_one_time_code_serves_once(front_desk: Officer) -> None:
    new = issue_link_code(officer=front_desk)
    chat(new.code)

    chat(new.code, user_id=OTHER)

    assert not ZaloLink.objects.filter(user_id=OTHER).exists()
    assert not LinkCode.objects.exists()


def test_one_time_code_dies_after_ten_minutes(front_desk: Officer) -> None:
    new = issue_link_code(officer=front_desk)
    assert new.expires_at - clock.now() <= timedelta(minutes=10)
    LinkCode.objects.update(expires_at=clock.now())

    chat(new.code)

    assert not ZaloLink.objects.exists()
    assert keys() == [Key.OFFICER_CODE_OLD]


def test_new_one_time_code_makes_the_earlier_one_void(front_desk: Officer) -> None:
    first = issue_link_code(officer=front_desk)
    issue_link_code(officer=front_desk)

    chat(first.code)

    assert not ZaloLink.objects.exists()


def test_one_time_codes_cannot_be_guessed_without_end(front_desk: Officer) -> None:
    new = issue_link_code(officer=front_desk)
    for number in range(10):
        chat(f"2222222{number % 7 + 2}")

    chat(new.code)

    assert not ZaloLink.objects.exists()
    assert keys()[-1] == Key.TOO_MANY


def test_officers_account_stays_theirs_when_they_look_up_a_dossier(
    front_desk: Officer, dossier: Dossier
) -> None:
    chat(issue_link_code(officer=front_desk).code)

    answer = chat(f"{dossier.code} {dossier.lookup_code}")

    assert ZaloLink.objects.get(user_id=USER).officer == front_desk
    assert f"/t/{dossier.lookup_token}" in answer


def test_code_of_an_officer_who_left_is_refused(front_desk: Officer) -> None:
    new = issue_link_code(officer=front_desk)
    Officer.objects.filter(pk=front_desk.pk).update(is_active=False)

    chat(new.code)

    assert not ZaloLink.objects.exists()
