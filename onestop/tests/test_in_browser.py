"""The sheet of components and the sign-in in a real browser: the strict policy, axe, two widths."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from onestop.tests.browsing import broken_rules, complaints_of, sideways_px

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/_components/",
    "/_components/?trang=can-bo",
    "/dang-nhap/",
    "/khong-co-trang-nay/",
    "/api/v1/docs/",
]


def opened(browser: Browser, address: str, width: int) -> tuple[Page, list[str]]:
    size: ViewportSize = {"width": width, "height": 768}
    page = browser.new_context(viewport=size, locale="vi-VN").new_page()
    complaints = complaints_of(page)
    page.goto(address)
    return page, complaints


@pytest.mark.parametrize("width", [360, 1366])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_neither_the_policy_nor_a_rule_of_access(
    browser: Browser, live_server: LiveServer, path: str, width: int
) -> None:
    page, complaints = opened(browser, live_server.url + path, width)
    found = broken_rules(page)
    page.context.close()
    assert found == []
    assert [text for text in complaints if "Content Security Policy" in text] == []


@pytest.mark.parametrize("size", ["m", "xl"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_the_smallest_screen(
    browser: Browser, live_server: LiveServer, path: str, size: str
) -> None:
    page, _complaints = opened(browser, f"{live_server.url}/co-chu/{size}/?next={path}", 320)
    wider = sideways_px(page)
    page.context.close()
    assert wider == 0


def test_the_page_opens_on_the_error_summary(browser: Browser, live_server: LiveServer) -> None:
    page, _complaints = opened(browser, live_server.url + "/dang-nhap/", 360)
    page.click("main button")
    page.wait_for_selector(".errors")
    focused = page.evaluate("document.activeElement.className")
    title = page.title()
    page.context.close()
    assert focused == "errors"
    assert title.startswith("Lỗi: ")


def test_an_action_that_is_off_leads_to_its_reason(
    browser: Browser, live_server: LiveServer
) -> None:
    page, _complaints = opened(browser, live_server.url + "/_components/", 1366)
    page.click("#give", force=True)
    focused = page.evaluate("document.activeElement.id")
    page.context.close()
    assert focused == "give-why"


@pytest.mark.parametrize("width", [360, 1366])
def test_the_description_of_the_api_is_whole_without_script(
    browser: Browser, live_server: LiveServer, width: int
) -> None:
    size: ViewportSize = {"width": width, "height": 768}
    page = browser.new_context(viewport=size, locale="en-GB", java_script_enabled=False).new_page()
    page.goto(live_server.url + "/api/v1/schema/")
    page.get_by_role("link", name="Take a dossier in").click()
    address = page.url
    page.get_by_text("Example of the answer: Take a dossier in").click()
    shown = page.locator("section[aria-labelledby=dossiers_take_in] details pre").last
    is_shown = shown.is_visible()
    page.context.close()
    assert address == live_server.url + "/api/v1/docs/#dossiers_take_in"
    assert is_shown


@pytest.mark.parametrize("width", [320, 1366])
def test_the_description_of_the_api_is_readable_with_everything_open(
    browser: Browser, live_server: LiveServer, width: int
) -> None:
    page, complaints = opened(browser, live_server.url + "/api/v1/docs/", width)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found, wider = broken_rules(page), sideways_px(page)
    page.context.close()
    assert (found, wider) == ([], 0)
    assert [text for text in complaints if "Content Security Policy" in text] == []
