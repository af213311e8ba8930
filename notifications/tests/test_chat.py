"""What the chat tells whom, what stops, and following."""

import pytest
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.services import actions
from cases.tests.walk import fresh, take_in_case
from citizens.models import Citizen, Purpose, ZaloLink
from citizens.selectors import has_consent
from citizens.services import link_citizen, record_consent
from common import clock
from common.tests.counted import forget_limits
from notifications.models import ChatAnswer, ChatReply, WebhookInbox
from notifications.services import inbox
from notifications.services.chat_answers import DEFAULTS, Key
from notifications.tests import zalo_events
from notifications.tests.chatting import chat, keys, last_answer
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
