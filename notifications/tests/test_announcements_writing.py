"""Who may come in, and writing an announcement, over HTTP."""

import unicodedata
from typing import Any

import pytest
from django.test import Client

from cases.tests.walk import OfficerOf
from citizens.tests.cast import add_citizen
from common.errors import DomainError
from notifications.models import Announcement
from notifications.services import announcements
from notifications.services.announcements import fingerprint_of
from notifications.tests.announcing_cast import (
    ANOTHER,
    BASE,
    MY_THO,
    TEXT,
    signed_in,
    status_of,
    submitted,
    warning,
    write,
)
from notifications.words import AnnouncementStatus
from offices.models import Officer
from offices.tests.cast import add_officer

pytestmark = pytest.mark.django_db


# ---- who may come in ----------------------------------------------------------------------------


def test_visitor_signs_in_first() -> None:
    answer = Client().get(BASE)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/dang-nhap/")


def every_page(announcement: Announcement) -> list[tuple[str, str]]:
    one = f"{BASE}{announcement.token}/"
    return [
        ("get", BASE),
        ("get", f"{BASE}soan/emergency/"),
        ("post", f"{BASE}soan/emergency/"),
        ("get", one),
        ("get", f"{one}so-lieu/"),
        ("get", f"{one}sua/"),
        ("post", f"{one}sua/"),
        ("post", f"{one}trinh/"),
        ("get", f"{one}duyet/xac-nhan/"),
        ("post", f"{one}duyet/xac-nhan/"),
        ("get", f"{one}tra-lai/xac-nhan/"),
        ("post", f"{one}tra-lai/xac-nhan/"),
        ("get", f"{one}dung/xac-nhan/"),
        ("post", f"{one}dung/xac-nhan/"),
    ]


def test_officer_without_the_roles_gets_403_that_names_them(
    author: Officer, front_desk: Officer
) -> None:
    add_citizen()
    announcement = submitted(author)
    client = signed_in(front_desk)

    for method, url in every_page(announcement):
        answer = getattr(client, method)(url)
        assert answer.status_code == 403, url
        assert "quản trị" in answer.content.decode().lower()
    assert status_of(announcement) == AnnouncementStatus.SUBMITTED


def test_announcer_cannot_release_and_releaser_cannot_write(
    author: Officer, releaser: Officer
) -> None:
    add_citizen()
    announcement = submitted(author)

    answer = signed_in(author).post(f"{BASE}{announcement.token}/duyet/xac-nhan/")
    assert answer.status_code == 403
    assert signed_in(releaser).get(f"{BASE}soan/emergency/").status_code == 403
    assert (
        signed_in(releaser).post(f"{BASE}{announcement.token}/sua/", warning()).status_code == 403
    )


def test_announcer_of_a_commune_reaches_that_commune_only(
    officer_of: OfficerOf, author: Officer
) -> None:
    local = officer_of("phuong-my-tho-28261", "announcer")
    elsewhere = write(author)
    client = signed_in(local)

    page = client.get(f"{BASE}soan/emergency/").content.decode()
    assert page.count('name="communes"') == 1
    refused = client.post(f"{BASE}soan/emergency/", warning(communes=[MY_THO, ANOTHER]))
    assert refused.status_code == 400
    assert client.get(f"{BASE}{elsewhere.token}/").status_code == 404
    assert write(local).communes.get().code == MY_THO


def test_releaser_of_a_commune_cannot_release_for_others(
    officer_of: OfficerOf, author: Officer
) -> None:
    local_author = officer_of("phuong-my-tho-28261", "announcer")
    local = officer_of("phuong-my-tho-28261", "releaser")
    add_citizen()
    announcement = submitted(local_author)
    announcement.communes.add(announcement.communes.model.objects.get(code=ANOTHER))

    with pytest.raises(DomainError):
        announcements.release(
            token=announcement.token, officer=local, fingerprint=fingerprint_of(announcement)
        )


def test_navigation_leads_to_announcements_for_their_roles_only(
    author: Officer, front_desk: Officer
) -> None:
    assert BASE in signed_in(author).get("/lam-viec/?queue=mine").content.decode()
    assert signed_in(author).get("/lam-viec/")["Location"] == BASE
    assert BASE not in signed_in(front_desk).get("/lam-viec/").content.decode()


# ---- writing ------------------------------------------------------------------------------------


def test_draft_is_kept_with_its_communes(author: Officer) -> None:
    announcement = write(author, communes=[MY_THO, ANOTHER])

    assert announcement.status == AnnouncementStatus.DRAFT
    assert announcement.author == author
    assert {c.code for c in announcement.communes.all()} == {MY_THO, ANOTHER}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ""}, "Ghi thành câu"),
        ({"text": "x" * 201}, "200"),
        ({"text": "Xem tại https://dongthap.gov.vn ngay"}, "nút"),
        ({"text": "Gọi ngay số 0277 3898 989 để được giúp"}, "số điện thoại"),
        ({"text": "Đến trụ sở UBND xã để nhận nước sạch"}, "UBND"),
        ({"area": "một nơi có cái tên rất dài ở ven sông"}, "30"),
        ({"area": ""}, "khu vực"),
        ({"expires_at": ""}, "sau"),
        ({"expires_at": "2020-01-01T10:00"}, "sau"),
        ({"expires_at": "không phải ngày"}, ""),
        ({"communes": []}, "xã"),
        ({"communes": ["99999"]}, ""),
        ({"hazard": ""}, ""),
        ({"level": "9"}, ""),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(
    author: Officer, change: dict[str, Any], words: str
) -> None:
    answer = signed_in(author).post(f"{BASE}soan/emergency/", warning(**change))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'class="errors"' in page
    assert words in page
    if "text" not in change:
        assert TEXT in page
    assert not Announcement.objects.exists()


def test_decomposed_text_is_kept_composed(author: Officer) -> None:
    announcement = write(author, text=unicodedata.normalize("NFD", TEXT))

    assert announcement.text == TEXT


def test_preview_shows_the_card_with_the_typed_values_and_the_people(author: Officer) -> None:
    add_citizen(1)
    add_citizen(2, commune=ANOTHER)
    data = warning(do="preview")

    answer = signed_in(author).post(f"{BASE}soan/emergency/", data, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "Cảnh báo lũ, ngập: 2 phường ven sông Tiền" in page
    assert f"Việc cần làm: {TEXT}." in page
    assert "Mức 2, nguy hiểm. Hiệu lực đến" in page
    assert f"{len(TEXT)} trên 200" in page
    assert not Announcement.objects.exists()


def test_preview_without_script_is_the_whole_page_and_complains_of_nothing(
    author: Officer,
) -> None:
    answer = signed_in(author).post(
        f"{BASE}soan/emergency/", warning(do="preview", text="Ngắn", hazard="", expires_at="")
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Cảnh báo …: 2 phường" in page
    assert 'class="errors"' not in page
    assert "Ngắn</textarea>" in page


def test_draft_opens_in_its_form_and_changes(author: Officer) -> None:
    announcement = write(author)
    client, url = signed_in(author), f"{BASE}{announcement.token}/sua/"

    page = client.get(url).content.decode()
    assert TEXT in page
    assert f'value="{MY_THO}" checked' in page
    client.post(url, warning(text="Không qua lại trên các cầu tạm", version=1))

    changed = Announcement.objects.get()
    assert changed.text == "Không qua lại trên các cầu tạm"
    assert changed.version == 2


def test_stale_draft_form_overwrites_nothing_and_keeps_what_was_typed(author: Officer) -> None:
    announcement = write(author)
    client, url = signed_in(author), f"{BASE}{announcement.token}/sua/"
    client.post(url, warning(text="Không qua lại trên các cầu tạm", version=1))

    answer = client.post(url, warning(text="Không ra sông khi có gió", version=1))

    assert answer.status_code == 400
    assert "Không ra sông khi có gió" in answer.content.decode()
    assert Announcement.objects.get().text == "Không qua lại trên các cầu tạm"


def test_nobody_else_changes_or_submits_a_draft(author: Officer, officer_of: OfficerOf) -> None:
    announcement = write(author)
    assert author.office is not None
    other = signed_in(add_officer(author.office, "announcer"))

    changed = other.post(
        f"{BASE}{announcement.token}/sua/", warning(text="Chữ khác hẳn", version=1)
    )
    sent = other.post(f"{BASE}{announcement.token}/trinh/", {"version": 1})

    assert (changed.status_code, sent.status_code) == (403, 403)
    assert Announcement.objects.get().text == TEXT
    assert status_of(announcement) == AnnouncementStatus.DRAFT


def test_what_nobody_would_get_is_not_submitted(author: Officer) -> None:
    announcement = write(author)

    answer = signed_in(author).post(
        f"{BASE}{announcement.token}/trinh/", {"version": 1}, follow=True
    )

    assert status_of(announcement) == AnnouncementStatus.DRAFT
    assert "Không có ai" in answer.content.decode()


def test_submitted_text_is_frozen(author: Officer) -> None:
    add_citizen()
    announcement = submitted(author)

    signed_in(author).post(
        f"{BASE}{announcement.token}/sua/", warning(text="Chữ khác hẳn đi", version=2)
    )

    assert Announcement.objects.get().text == TEXT
