"""Linking an account in the chat, and what the chat tells whom."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.services import actions
from cases.tests.walk import fresh, take_in_case
from citizens.models import Citizen, Consent, LinkCode, Purpose, ZaloLink
from citizens.selectors import has_consent
from citizens.services import issue_link_code, link_citizen, record_consent
from common import clock
from notifications.models import ChatAnswer, ChatReply, WebhookInbox
from notifications.services import inbox
from notifications.services.chat_answers import DEFAULTS, Key
from notifications.tests import zalo_events
from notifications.tests.chatting import chat, forget_limits, keys, last_answer
from notifications.tests.zalo_events import APP_ID, OA_ID, OA_SECRET, USER, follow, say
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


# ---- questions -----------------------------------------------------------------------------------


def test_own_code_is_answered_with_the_state(linked: Dossier) -> None:
    lines = chat(str(linked.code)).splitlines()

    assert lines[0].endswith("/2026.")
    assert "đang giải quyết hồ sơ" in lines[0]
    assert lines[1].startswith("Cán bộ: Lê Thị Tiếp Nhận")
    assert lines[2].startswith("Hẹn trả: 17:00, thứ")
    assert lines[3].endswith(f"/t/{linked.lookup_token}")


def test_answer_tells_the_state_at_the_moment_when_it_leaves(
    linked: Dossier, front_desk: Officer
) -> None:
    say(str(linked.code))
    inbox.process()
    actions.withdraw(
        dossier=fresh(linked), officer=front_desk, version=linked.version, reason="Đổi ý"
    )

    assert last_answer().startswith("Đã dừng giải quyết")


def test_anothers_code_and_an_unknown_one_get_the_same_question(
    linked: Dossier, others_dossier: Dossier
) -> None:
    theirs = chat(str(others_dossier.code))
    unknown = chat("H20.102-261124-9999")

    assert theirs.replace(str(others_dossier.code), "") == unknown.replace(
        "H20.102-261124-9999", ""
    )
    assert others_dossier.procedure_version.short_name not in theirs


def test_unlinked_account_is_asked_for_the_look_up_code(dossier: Dossier) -> None:
    answer = chat(str(dossier.code))

    assert str(dossier.code) in answer
    assert "mã tra cứu" in answer


def test_own_open_dossiers_are_listed_five_at_most(
    linked: Dossier, case: ProcedureCase, commune: Commune, front_desk: Officer
) -> None:
    more = [take_in_case(case, commune=commune, officer=front_desk) for _n in range(5)]

    answer = chat("hồ sơ của tôi")

    lines = answer.splitlines()[1:]
    assert len(lines) == 5
    assert str(linked.code) not in answer
    assert all(str(dossier.code) in answer for dossier in more)
    assert len(answer) <= 2000


def test_closed_dossiers_are_not_listed(linked: Dossier, front_desk: Officer) -> None:
    actions.withdraw(
        dossier=fresh(linked), officer=front_desk, version=linked.version, reason="Đổi ý"
    )

    chat("1")

    assert keys() == [Key.NO_DOSSIER]


def test_list_without_a_link_says_how_to_link() -> None:
    chat("1")

    assert keys() == [Key.ASK_LINK]


def test_what_is_not_understood_is_answered_with_what_works(linked: Dossier) -> None:
    answer = chat("trời hôm nay đẹp quá")

    assert "1 Hồ sơ của tôi" in answer
    assert "5 Dừng" in answer
    for missing in ("ảnh", "Đánh giá", "Tin tức"):
        assert missing not in answer


def test_a_picture_is_answered_like_what_is_not_understood() -> None:
    zalo_events.post(
        "user_send_image",
        sender={"id": USER},
        recipient={"id": OA_ID},
        message={"msg_id": "u9"},
    )

    inbox.process()

    assert keys() == [Key.NOT_UNDERSTOOD]


def test_words_changed_by_an_administrator_are_said_at_once(linked: Dossier) -> None:
    chat("xin chào")
    ChatAnswer.objects.filter(key=Key.NOT_UNDERSTOOD).update(text="Dạ, xin gọi {hotline}.")

    assert chat("xin chào") == "Dạ, xin gọi 0277 3898989."


def test_an_answer_that_is_not_there_comes_back_with_its_first_words() -> None:
    ChatAnswer.objects.filter(key=Key.NOT_UNDERSTOOD).delete()

    assert chat("xin chào").startswith("Tôi chưa hiểu.")


def test_an_account_that_writes_without_end_is_not_answered_without_end() -> None:
    for number in range(45):
        say(f"tin {number}")
    inbox.process()

    assert ChatReply.objects.count() == 40
    assert WebhookInbox.objects.filter(outcome="answered too often").count() == 5


def test_messages_to_another_account_are_left_alone() -> None:
    zalo_events.post(
        "user_send_text",
        sender={"id": "1"},
        recipient={"id": "2"},
        message={"text": "This is testing message", "msg_id": "This is message id"},
    )

    inbox.process()

    assert keys() == []


@pytest.mark.parametrize("key", list(Key))
def test_first_words_hold_only_names_that_are_filled_in(key: Key) -> None:
    when, text = DEFAULTS[key]

    ChatAnswer(key=key, when=when, text=text).clean()


# ---- stopping ------------------------------------------------------------------------------------


def test_stop_withdraws_consent_to_dossier_messages_and_news(linked: Dossier) -> None:
    citizen = linked.citizen
    record_consent(citizen=citizen, purpose=Purpose.NEWS, granted=True, officer=None)

    chat("Dừng")

    assert has_consent(citizen, Purpose.DOSSIER) is False
    assert has_consent(citizen, Purpose.NEWS) is False
    assert has_consent(citizen, Purpose.WARNINGS) is None


def test_stop_of_the_news_leaves_dossier_messages(linked: Dossier) -> None:
    record_consent(citizen=linked.citizen, purpose=Purpose.NEWS, granted=True, officer=None)

    chat("dừng tin")

    assert has_consent(linked.citizen, Purpose.DOSSIER) is True
    assert has_consent(linked.citizen, Purpose.NEWS) is False


def test_stop_from_an_account_that_nobody_linked_says_how(dossier: Dossier) -> None:
    answer = chat("5")

    assert keys() == [Key.NOTHING_TO_STOP]
    assert "0277 3898989" in answer


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


# ---- following -----------------------------------------------------------------------------------


def ms(seconds: int) -> int:
    return int(clock.now().timestamp() * 1000) - 60_000 + seconds * 1000


def test_unfollow_closes_the_account_and_follow_opens_it(linked: Dossier) -> None:
    follow(follows=False, at_ms=ms(1))
    inbox.process()
    assert not ZaloLink.objects.get().is_following

    ZaloLink.objects.update(closed_until_contact=True)
    follow(at_ms=ms(2))
    inbox.process()

    link = ZaloLink.objects.get()
    assert link.is_following
    assert not link.closed_until_contact
    assert keys() == []


def test_follow_and_unfollow_in_the_wrong_order_end_as_in_the_right_one(linked: Dossier) -> None:
    for follows, second in ((False, 3), (True, 2), (False, 1), (True, 2)):
        follow(follows=follows, at_ms=ms(second))
        inbox.process()

    assert not ZaloLink.objects.get().is_following


def test_somebody_new_who_follows_is_told_how_to_link() -> None:
    follow()
    inbox.process()

    assert "mã hồ sơ và mã tra cứu" in last_answer()


def test_a_line_in_the_chat_opens_a_closed_account(linked: Dossier) -> None:
    ZaloLink.objects.update(closed_until_contact=True)

    chat("1")

    assert not ZaloLink.objects.get().closed_until_contact
