"""Pages of announcements in a real browser: the strict policy, axe, two widths, live parts."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from citizens.models import Purpose
from citizens.tests.cast import add_citizen
from common import clock
from notifications.models import Announcement, Delivery
from notifications.states import State
from notifications.tests.announcing_cast import BASE, send, submitted, write
from offices.models import Officer
from offices.tests.cast import officer_of
from onestop.tests.browsing import broken_rules, complaints_of, sideways_px

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OFFICE = "van-phong-uy-ban-tinh"


@pytest.fixture
def author() -> Officer:
    return officer_of(OFFICE, "announcer")


@pytest.fixture
def releaser() -> Officer:
    return officer_of(OFFICE, "releaser")


@pytest.fixture
def people() -> None:
    for number in range(1, 6):
        add_citizen(number, consents=(Purpose.NEWS,))


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page that complains of nothing by its end."""
    context = browser.new_context(base_url=live_server.url, locale="vi-VN")
    page = context.new_page()
    complaints = complaints_of(page)
    yield page
    context.close()
    assert complaints == []


def sign_in(page: Page, live_server: LiveServer, officer: Officer) -> None:
    client = Client()
    client.force_login(officer)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


@pytest.mark.parametrize("width", [320, 1366])
def test_pages_of_announcements_break_no_rule_of_access_and_never_scroll_sideways(
    page: Page, live_server: LiveServer, people: None, author: Officer, releaser: Officer,
    width: int,
) -> None:  # fmt: skip
    draft, waiting = write(author), submitted(author)
    sent, news = send(author, releaser), send(author, releaser, kind="policy_news")
    page.set_viewport_size({"width": width, "height": 768})
    one = f"{BASE}{waiting.token}/"
    by_officer: dict[Officer | None, list[str]] = {
        None: [f"/tin/{sent.token}", f"/tin/{news.token}", f"/tin/{news.token}/ngung"],
        author: [BASE, f"{BASE}soan/emergency/", f"{BASE}soan/policy_news/",
                 f"{BASE}{draft.token}/sua/", one, f"{one}dung/xac-nhan/", "/tai-khoan/"],
        releaser: [one, f"{one}duyet/xac-nhan/", f"{one}tra-lai/xac-nhan/",
                   f"{BASE}{sent.token}/"],
    }  # fmt: skip
    for officer, paths in by_officer.items():
        if officer is not None:
            sign_in(page, live_server, officer)
        for path in paths:
            page.goto(path)
            assert broken_rules(page) == [], f"{path} at {width}"
            assert sideways_px(page) == 0, f"{path} at {width}"


def test_preview_follows_what_is_typed_and_communes_are_found_without_accents(
    page: Page, live_server: LiveServer, people: None, author: Officer
) -> None:
    sign_in(page, live_server, author)
    page.goto(f"{BASE}soan/emergency/")

    page.fill("#id_text", "Chằng chống nhà cửa trước 15 giờ")
    page.select_option("#id_hazard", "storm")
    page.wait_for_selector("#preview >> text=Cảnh báo bão")
    page.wait_for_selector("#preview >> text=Việc cần làm: Chằng chống nhà cửa trước 15 giờ.")
    page.fill("#commune-find", "my tho")
    assert page.locator("#commune-list li:visible").count() < 5
    page.get_by_label("Phường Mỹ Tho").check()

    page.wait_for_selector("#preview dd >> text=5")
    assert not Announcement.objects.exists()


def test_numbers_move_while_the_page_is_open(
    page: Page, live_server: LiveServer, people: None, author: Officer, releaser: Officer
) -> None:
    announcement = send(author, releaser)
    sign_in(page, live_server, author)
    page.goto(f"{BASE}{announcement.token}/")
    assert page.inner_text("[data-number=sent]") == "0"

    Delivery.objects.update(state=State.DELIVERED, delivered_at=clock.now())

    page.wait_for_selector("[data-number=delivered] >> text=5")


def test_a_warning_is_written_and_released_by_two_officers(
    page: Page, live_server: LiveServer, people: None, author: Officer, releaser: Officer
) -> None:
    sign_in(page, live_server, author)
    page.goto(BASE)
    page.click("text=Soạn cảnh báo")
    page.select_option("#id_hazard", "flood")
    page.select_option("#id_level", "2")
    page.fill("#id_text", "Đưa người già và trẻ em đến nơi cao")
    page.fill("#id_area", "phường Mỹ Tho")
    until = clock.local(clock.now() + timedelta(hours=5))
    page.fill("#id_expires_at", until.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Phường Mỹ Tho").check()
    page.click("main >> text=Gửi duyệt")
    page.wait_for_selector(".notice")

    sign_in(page, live_server, releaser)
    page.reload()
    page.click(".actions >> text=Duyệt và gửi")
    page.click("form.confirm button")
    page.wait_for_selector(".notice")

    announcement = Announcement.objects.get()
    assert (announcement.author, announcement.releaser) == (author, releaser)
