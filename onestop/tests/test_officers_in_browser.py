"""Officers' pages in a real browser: the strict policy, axe, three widths, and the keys."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Dossier
from cases.tests.cast import SPLIT_PLOT, current
from cases.tests.walk import take_in_case
from offices.models import Commune, Officer
from offices.tests.cast import MY_THO, officer_of
from onestop.tests.browsing import broken_rules, sideways_px

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CARD = "082168000142|341234567|Pham Thi Ngoc Hanh|14031968|Nu|12 Ap Bac, Mỹ Tho|01012022"
_WAIT_FOR_THE_NEXT_TRIGGER = """
() => {
  const check = document.getElementById("check");
  window.triggered = new Promise(done => {
    check.addEventListener("htmx:trigger", () => done(true), {once: true});
  });
}
"""
# Screenshots of Playwright are not taken here: they put a style into the page.
PATHS = (
    "/lam-viec/?queue=office",
    "/lam-viec/?queue=late",
    "/lam-viec/?q=nguyen",
    "/ho-so/{code}/",
    "/ho-so/{code}/hand_over/xac-nhan/",
    "/ho-so/{code}/request_supplement/xac-nhan/",
    "/ho-so/{code}/return_result/xac-nhan/",
    f"/tiep-nhan/?procedure={SPLIT_PLOT}",
    "/tiep-nhan/{code}/",
    "/tai-khoan/",
)


@pytest.fixture
def desk() -> Officer:
    return officer_of(f"{MY_THO}-mot-cua", "front_desk")


@pytest.fixture
def dossiers(desk: Officer) -> list[Dossier]:
    """Ten dossiers at the counter."""
    version = current(SPLIT_PLOT)
    case, commune = version.cases.all()[0], Commune.objects.get(code="28261")
    return [
        take_in_case(case, commune=commune, officer=desk, number=number) for number in range(1, 11)
    ]


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServer, client: Client, desk: Officer
) -> Iterator[Page]:
    """A page in which the front desk is signed in; at the end it has complained of nothing."""
    client.force_login(desk)
    context = browser.new_context(base_url=live_server.url, locale="vi-VN")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert [text for text in complaints if "Content Security Policy" in text] == []
    assert errors == []


def scan(page: Page, text: str) -> None:
    """Types like a scanner, at whatever speed this machine has, ended by Enter."""
    page.evaluate("document.body.dataset.scanGap = 2000")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [320, 1366])
def test_pages_of_officers_break_no_rule_of_access_and_never_scroll_sideways(
    page: Page, dossiers: list[Dossier], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    for path in PATHS:
        page.goto(path.format(code=dossiers[0].code))
        page.wait_for_load_state("networkidle")
        assert broken_rules(page) == [], f"{path} at {width}"
        assert sideways_px(page) == 0, f"{path} at {width}"


def test_nine_rows_of_a_queue_stand_above_the_fold(page: Page, dossiers: list[Dossier]) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/lam-viec/?queue=mine")

    bottoms = page.evaluate(
        "[...document.querySelectorAll('.queue tbody tr')]"
        ".map(row => row.getBoundingClientRect().bottom)"
    )

    assert sum(bottom <= 768 for bottom in bottoms) >= 9


def test_arrows_go_from_row_to_row_and_f4_to_the_scan_field(
    page: Page, dossiers: list[Dossier]
) -> None:
    page.goto("/lam-viec/?queue=mine")
    page.focus(".queue tbody th a >> nth=0")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == dossiers[2].code
    page.keyboard.press("F4")
    assert page.evaluate("document.activeElement.id") == "scan"
    page.keyboard.type(str(dossiers[4].code))
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/ho-so/{dossiers[4].code}/")


def test_scanned_receipt_opens_its_dossier_wherever_the_focus_is(
    page: Page, dossiers: list[Dossier]
) -> None:
    page.goto("/lam-viec/?queue=mine")
    page.focus("[name=f]")

    scan(page, f"https://x.test/t/{dossiers[3].lookup_token}")

    page.wait_for_url(f"**/ho-so/{dossiers[3].code}/")


def test_a_counter_takes_in_a_land_dossier_by_scanner_and_keys(page: Page, desk: Officer) -> None:
    page.goto("/tiep-nhan/")
    page.focus("[name=address]")
    scan(page, CARD)
    page.wait_for_selector("[data-said] .tag")
    assert page.input_value("[name=identity_number]") == "082168000142"
    assert page.input_value("[name=commune]") == "Phường Mỹ Tho"

    page.fill("[name=procedure_words]", "tach thua")
    page.keyboard.press("Tab")
    page.wait_for_selector("[data-checklist]")
    page.focus("[data-checklist] input[type=radio] >> nth=0")
    for key in ("1", "1", "0"):
        page.keyboard.press(key)
    page.wait_for_selector("#b-supplement[data-key=F9]:not([aria-disabled])")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("1")
    page.wait_for_selector("#b-accept:not([aria-disabled])")
    page.keyboard.press("F9")

    page.wait_for_url(re.compile(r"/tiep-nhan/H20\."))
    dossier = Dossier.objects.get()
    assert page.inner_text(".code-big >> nth=0") == dossier.code
    assert page.evaluate("document.activeElement.dataset.key") == "F9", "Enter prints"


def test_accepting_is_off_with_its_reasons_until_nothing_is_open(page: Page, desk: Officer) -> None:
    page.goto(f"/tiep-nhan/?procedure={SPLIT_PLOT}")
    page.wait_for_selector("#b-accept[aria-disabled=true]")

    page.keyboard.press("F9")

    assert page.evaluate("document.activeElement.id") == "why"
    assert not Dossier.objects.exists()


def test_a_paper_ticked_while_an_answer_is_under_way_counts(page: Page, desk: Officer) -> None:
    page.goto(f"/tiep-nhan/?procedure={SPLIT_PLOT}")
    page.wait_for_selector("[data-checklist]")
    page.wait_for_load_state("networkidle")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    page.route("**/tiep-nhan/", hold_the_first)
    papers = page.locator("[data-checklist] input[value=original]")

    with page.expect_request("**/tiep-nhan/"):
        papers.nth(0).check(force=True)
    page.evaluate(_WAIT_FOR_THE_NEXT_TRIGGER)
    papers.nth(1).check(force=True)
    page.evaluate("window.triggered")
    held[0].continue_()

    expect(page.locator("#papers-checked")).to_contain_text("2 ")
